package io.postern.run.connector.update;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.ssl.SslContext;
import io.postern.net.TlsContexts;
import io.postern.net.dial.Dialler;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/// Fetches over HTTPS, on the way that the connector takes to the service too: through the proxy where there is one.
/// The system's trust store decides whom to believe. Blocks; any thread but an event loop.
final class HttpsFetch {
    private static final int REDIRECTS_MAX = 5;

    private final Dialler dialler;
    private final SslContext tls;

    HttpsFetch(Dialler dialler) {
        this(dialler, TlsContexts.backend(true));
    }

    /// @param tls for tests, whose servers no system knows
    HttpsFetch(Dialler dialler, SslContext tls) {
        this.dialler = dialler;
        this.tls = tls;
    }

    /// Follows redirects, from https to https only.
    ///
    /// @return the content; to be closed
    /// @throws IOException that says what is in the way; also for any status but 200
    InputStream open(URI uri) throws IOException {
        URI at = uri;
        for (int hop = 0; hop <= REDIRECTS_MAX; hop++) {
            if (!"https".equalsIgnoreCase(at.getScheme()) || at.getHost() == null) {
                throw new IOException("it leads to " + at + ", which is no https URL");
            }
            var answer = HttpsAnswer.ask(dialler, tls, at);
            boolean wanted = false;
            try {
                HttpResponse head = answer.head();
                wanted = head.status().code() == 200;
                if (wanted) {
                    return answer;
                }
                at = at.resolve(elsewhere(head));
            } catch (IllegalArgumentException e) {
                throw new IOException("it leads to an address that is none (" + e.getMessage() + ")", e);
            } finally {
                if (!wanted) {
                    answer.close();
                }
            }
        }
        throw new IOException("it leads on and on, " + REDIRECTS_MAX + " times and more");
    }

    private static String elsewhere(HttpResponse head) throws IOException {
        String location = head.headers().get(HttpHeaderNames.LOCATION, "");
        boolean leadsOn = switch (head.status().code()) {
            case 301, 302, 303, 307, 308 -> !location.isEmpty();
            default -> false;
        };
        if (!leadsOn) {
            throw new IOException("status " + head.status());
        }
        return location;
    }
}
