package io.postern.identity.federation;

import io.postern.domain.ServiceAddress;
import io.postern.domain.TenantId;
import io.postern.identity.federation.UpstreamFault.Kind;
import io.postern.identity.protocol.Destinations;
import io.postern.store.Store;
import io.postern.web.Parameters;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/// Asks upstream identity providers. https alone, no redirects, limits of size and time. Thread-safe; blocking.
final class UpstreamClient implements AutoCloseable {
    private static final int BYTES_MAX = 1024 * 1024;
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final Duration TIME_MAX = Duration.ofSeconds(10);

    private final Destinations destinations;
    private final boolean internal;
    private final HttpClient client;
    private final Timer timer = new Timer("upstream-time-limit", true);

    /// @param tls whose certificates are trusted
    /// @param internal private addresses may be asked for any tenant
    UpstreamClient(Store store, ServiceAddress address, SSLContext tls, boolean internal) {
        this.destinations = new Destinations(store, address);
        this.internal = internal;
        this.client = HttpClient.newBuilder()
                .sslContext(tls)
                .connectTimeout(CONNECT_MAX)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /// @param status of any kind
    record Answer(int status, String body) {}

    String get(TenantId tenant, String url) throws UpstreamFault {
        return good(url, send(tenant, url, HttpRequest.newBuilder().GET()));
    }

    String get(TenantId tenant, String url, String bearer) throws UpstreamFault {
        return good(
                url,
                send(
                        tenant,
                        url,
                        HttpRequest.newBuilder()
                                .header("authorization", "Bearer " + bearer)
                                .GET()));
    }

    /// @param authorization value of the field; empty for none
    Answer post(TenantId tenant, String url, Map<String, String> form, Optional<String> authorization)
            throws UpstreamFault {
        String body = form.entrySet().stream()
                .map(e -> Parameters.encode(e.getKey()) + "=" + Parameters.encode(e.getValue()))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        authorization.ifPresent(value -> request.header("authorization", value));
        return send(tenant, url, request);
    }

    private static String good(String url, Answer answer) throws UpstreamFault {
        if (answer.status() != 200) {
            throw unreachable("'" + url + "' answers " + answer.status() + " where 200 is needed");
        }
        return answer.body();
    }

    private Answer send(TenantId tenant, String url, HttpRequest.Builder request) throws UpstreamFault {
        Optional<String> refusal = destinations.refusal(tenant, url, false, internal);
        if (refusal.isPresent()) {
            throw unreachable("'" + url + "' is not asked: " + refusal.get());
        }
        try {
            HttpResponse<InputStream> response = client.send(
                    request.uri(URI.create(url))
                            .timeout(TIME_MAX)
                            .header("accept", "application/json, application/samlmetadata+xml, */*;q=0.5")
                            .header("user-agent", "Postern")
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            return new Answer(response.statusCode(), body(url, response.body()));
        } catch (IOException e) {
            throw unreachable("'" + url + "' cannot be reached (" + e.getMessage() + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("interrupted");
        }
    }

    /// The client's own limit ends with the head; who sends the body drop by drop is cut off here.
    private String body(String url, InputStream in) throws IOException, UpstreamFault {
        var cut = new TimerTask() {
            @Override
            public void run() {
                try {
                    in.close();
                } catch (IOException e) {
                    cancel(); // it is over either way
                }
            }
        };
        timer.schedule(cut, TIME_MAX.toMillis());
        try (in) {
            byte[] body = in.readNBytes(BYTES_MAX + 1);
            if (body.length > BYTES_MAX) {
                throw unreachable("'" + url + "' answers with more than " + BYTES_MAX + " bytes");
            }
            return new String(body, StandardCharsets.UTF_8);
        } finally {
            cut.cancel();
        }
    }

    private static UpstreamFault unreachable(String why) {
        return new UpstreamFault(Kind.UNREACHABLE, why);
    }

    @Override
    public void close() {
        timer.cancel();
        client.close();
    }
}
