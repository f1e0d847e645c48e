package io.postern.gateway.admit;

import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.exchange.RequestHead;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/// Tells page loads from what scripts send, and our own pages' WebSockets from those of other sites.
final class RequestKind {
    private RequestKind() {}

    /// True for what a user sees as going to a page: only then is a redirect to sign-in of any use. A
    /// script would meet a cross-origin redirect that looks like a network fault (PRE-3).
    static boolean isPageLoad(RequestHead head) {
        boolean safe = head.method().equals("GET") || head.method().equals("HEAD");
        return safe && !head.webSocket() && isNavigation(head);
    }

    /// Whether its answer becomes a page, whatever the method.
    static boolean isNavigation(RequestHead head) {
        Http2Headers fields = head.fields();
        if (fields.contains("sec-fetch-mode")
                || fields.contains("sec-fetch-dest")
                || fields.contains("sec-fetch-site")) {
            return "navigate".contentEquals(fields.get("sec-fetch-mode", ""));
        }
        return !fields.contains("x-requested-with") && acceptsHtml(fields);
    }

    static boolean acceptsHtml(Http2Headers fields) {
        return fields.getAll("accept").stream()
                .anyMatch(v -> v.toString().toLowerCase(Locale.ROOT).contains("text/html"));
    }

    /// Whether the page that opens a WebSocket belongs to the application's own host. Browsers attach
    /// cookies to WebSockets of any site and no CORS applies, so the server has to look (RFC 6455
    /// §10.2). A neighbour under the same registrable domain may be another tenant's and is foreign.
    /// Programs that are no browsers send no Origin.
    static boolean isOwnOrigin(Http2Headers fields, PublishedApplication application) {
        List<CharSequence> origins = fields.getAll("origin");
        if (origins.isEmpty()) {
            return true;
        }
        if (origins.size() > 1) {
            return false;
        }
        try {
            URI origin = new URI(origins.getFirst().toString());
            // no port: cookies do not tell ports apart either
            return application.externalUrl().scheme().equalsIgnoreCase(origin.getScheme())
                    && application.externalUrl().host().value().equalsIgnoreCase(hostOf(origin))
                    && origin.getRawUserInfo() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String hostOf(URI origin) {
        String host = origin.getHost() == null ? "" : origin.getHost();
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }
}
