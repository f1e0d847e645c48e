package io.postern.gateway.page;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.TenantId;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.PageLanguages;
import io.postern.domain.publish.TenantSettings;
import io.postern.domain.snapshot.Snapshot;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.RequestCookies;
import io.postern.gateway.exchange.RequestHead;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.json.JsonMapper;

/// Makes the answer for a fault, in the form that the client reads: a page for people, JSON for
/// programs that ask for it, plain text for the rest. Only the page is in the user's language: what programs read is
/// the same for everybody. Immutable and thread-safe.
public final class ErrorPages {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// Here, so that texts are read when the gateway starts, and not on an event loop.
    private static final Texts ENGLISH = Texts.ENGLISH;

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
        if (form != Form.HTML) {
            String body = form == Form.JSON ? json(kind, remark, facts) : text(kind, remark, facts);
            return answer(cause, kind, fields(kind, form, ENGLISH), body);
        }
        // the page of our own fault leans on nothing that may be at fault
        TenantSettings tenant = kind == ErrorKind.INTERNAL ? TenantSettings.DEFAULT : tenant(head, client);
        Texts texts = texts(head.fields(), tenant);
        Http2Headers fields =
                fields(kind, form, texts).set("content-security-policy", html.contentSecurityPolicy(tenant.branding()));
        boolean repeatable = head.method().equals("GET");
        return answer(cause, kind, fields, html.render(texts, kind, remark, facts, repeatable, tenant.branding()));
    }

    private static Answer answer(Cause cause, ErrorKind kind, Http2Headers fields, String body) {
        return new Answer(kind.status(), fields, body, kind.outcome(), Optional.of(cause));
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

    /// In the order of the identity provider's pages, as far as it is known here: what the user chose at the foot of
    /// one of them, which only their own hosts are told, what the browser accepts, what the tenant prefers. Else
    /// English.
    private static Texts texts(Http2Headers fields, TenantSettings tenant) {
        return RequestCookies.find(fields, PageLanguages.COOKIE)
                .value()
                .flatMap(chosen -> PageLanguages.named(chosen.toString()))
                .or(() -> PageLanguages.accepted(String.join(",", fields.getAll("accept-language"))))
                .or(tenant::language)
                .map(Texts::of)
                .orElse(ENGLISH);
    }

    /// Of the tenant whose host was asked for; on any other host those of the only tenant.
    private static TenantSettings tenant(RequestHead head, ClientFacts client) {
        Snapshot snapshot = client.snapshot();
        Map<TenantId, TenantSettings> settings = snapshot.tenantSettings();
        if (settings.isEmpty()) {
            return TenantSettings.DEFAULT;
        }
        if (snapshot.tenantNames().size() == 1) {
            return settings.values().iterator().next();
        }
        int colon = head.authority().indexOf(':');
        String host = colon < 0 ? head.authority() : head.authority().substring(0, colon);
        return snapshot.applications().stream()
                .filter(a -> a.externalUrl().host().value().equalsIgnoreCase(host))
                .findFirst()
                .map(a -> settings.getOrDefault(a.tenant(), TenantSettings.DEFAULT))
                .orElse(TenantSettings.DEFAULT);
    }

    private static Http2Headers fields(ErrorKind kind, Form form, Texts texts) {
        Http2Headers fields = new DefaultHttp2Headers()
                .set("content-type", form.contentType)
                .set("content-language", texts.language())
                .set("cache-control", "no-store")
                .set("x-content-type-options", "nosniff")
                .set("referrer-policy", "no-referrer"); // the path may hold a secret
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
                .put("message", message(kind, remark))
                .put("exchange", facts.exchange())
                .put("time", facts.time());
        return JSON.writeValueAsString(json) + "\n";
    }

    private static String text(ErrorKind kind, Remark remark, Facts facts) {
        return kind.status() + " " + ENGLISH.said(kind).status() + "\n"
                + message(kind, remark) + "\n"
                + "exchange " + facts.exchange() + " at " + facts.time() + "\n";
    }

    private static String message(ErrorKind kind, Remark remark) {
        String more = ENGLISH.said(remark);
        return more.isEmpty() ? ENGLISH.said(kind).explanation() : more;
    }
}
