package io.postern.gateway.page;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.TenantId;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.Branding;
import io.postern.domain.publish.TenantSettings;
import io.postern.domain.snapshot.Snapshot;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.RequestHead;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.json.JsonMapper;

/// Makes the answer for a fault, in the form that the client reads: a page for people, JSON for
/// programs that ask for it, plain text for the rest. Immutable and thread-safe.
public final class ErrorPages {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// Overload is over within a second or two, or lasts; then asking seldom is no kinder.
    private static final int OVERLOAD_SECONDS = 2;

    private static final int MAINTENANCE_SECONDS = 60;

    private enum Form {
        HTML("text/html; charset=utf-8"),
        JSON("application/json"),
        TEXT("text/plain; charset=utf-8");

        private final String contentType;

        Form(String contentType) {
            this.contentType = contentType;
        }
    }

    private final HtmlPage html = new HtmlPage();

    public Answer page(Cause cause, RequestHead head, ClientFacts client) {
        return page(cause, head, client, Remark.NONE);
    }

    public Answer page(Cause cause, RequestHead head, ClientFacts client, Remark remark) {
        ErrorKind kind = ErrorKind.of(cause);
        String time = DateTimeFormatter.ISO_INSTANT.format(client.now().truncatedTo(ChronoUnit.SECONDS));
        var facts = new Facts(client.exchangeId(), time);
        Form form = form(head.fields());
        // the page of our own fault leans on nothing that may be at fault
        Branding brand = kind == ErrorKind.INTERNAL ? Branding.NONE : brand(head, client);
        String body = switch (form) {
            case HTML -> html.render(kind, remark, facts, head.method().equals("GET"), brand);
            case JSON -> json(kind, remark, facts);
            case TEXT -> text(kind, remark, facts);
        };
        return new Answer(kind.status(), fields(kind, form, brand), body, kind.outcome(), Optional.of(cause));
    }

    /// What support needs to find the exchange in the logs.
    record Facts(String exchange, String time) {}

    private static Form form(Http2Headers fields) {
        String accept = String.join(",", fields.getAll("accept")).toLowerCase(Locale.ROOT);
        if (accept.contains("text/html")) {
            return Form.HTML;
        }
        return accept.contains("application/json") || accept.contains("+json") ? Form.JSON : Form.TEXT;
    }

    /// Of the tenant whose host was asked for; on any other host that of the only tenant.
    private static Branding brand(RequestHead head, ClientFacts client) {
        Snapshot snapshot = client.snapshot();
        Map<TenantId, TenantSettings> settings = snapshot.tenantSettings();
        if (settings.isEmpty()) {
            return Branding.NONE;
        }
        if (snapshot.tenantNames().size() == 1) {
            return settings.values().iterator().next().branding();
        }
        int colon = head.authority().indexOf(':');
        String host = colon < 0 ? head.authority() : head.authority().substring(0, colon);
        return snapshot.applications().stream()
                .filter(a -> a.externalUrl().host().value().equalsIgnoreCase(host))
                .findFirst()
                .map(a -> settings.getOrDefault(a.tenant(), TenantSettings.DEFAULT)
                        .branding())
                .orElse(Branding.NONE);
    }

    private Http2Headers fields(ErrorKind kind, Form form, Branding brand) {
        Http2Headers fields = new DefaultHttp2Headers()
                .set("content-type", form.contentType)
                .set("cache-control", "no-store")
                .set("x-content-type-options", "nosniff")
                .set("referrer-policy", "no-referrer"); // the path may hold a secret
        if (form == Form.HTML) {
            fields.set("content-security-policy", html.contentSecurityPolicy(brand));
        }
        if (kind == ErrorKind.METHOD_NOT_ALLOWED) {
            fields.set("allow", "GET"); // RFC 9110 §15.5.6
        }
        int retry = retrySeconds(kind);
        if (retry > 0) {
            // not the same for all: who was refused together must not come back together
            fields.setInt("retry-after", ThreadLocalRandom.current().nextInt(retry, 2 * retry));
        }
        return fields;
    }

    /// At least, and less than twice that; zero where time alone mends nothing.
    private static int retrySeconds(ErrorKind kind) {
        if (kind == ErrorKind.MAINTENANCE) {
            return MAINTENANCE_SECONDS;
        }
        return kind.status() == 503 || kind == ErrorKind.TOO_MANY_REQUESTS ? OVERLOAD_SECONDS : 0;
    }

    private static String json(ErrorKind kind, Remark remark, Facts facts) {
        var json = JSON.createObjectNode();
        json.putObject("error")
                .put("code", kind.outcome())
                .put("status", kind.status())
                .put("message", remark.text().isEmpty() ? kind.explanation() : remark.text())
                .put("exchange", facts.exchange())
                .put("time", facts.time());
        return JSON.writeValueAsString(json) + "\n";
    }

    private static String text(ErrorKind kind, Remark remark, Facts facts) {
        return kind.status() + " " + kind.text() + "\n"
                + (remark.text().isEmpty() ? kind.explanation() : remark.text()) + "\n"
                + "exchange " + facts.exchange() + " at " + facts.time() + "\n";
    }
}
