package io.postern.identity;

import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The other half of a user agent: what it does at one service provider on loopback, with its cookies there.
final class SpBrowser implements AutoCloseable {
    /// One answer.
    record Answer(int status, String body, Optional<String> location, Optional<String> user) {}

    private final String origin;
    private final HttpClient client;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    SpBrowser(TestCertificates authority, int port) {
        this(authority, "https://localhost:" + port);
    }

    /// @param origin with scheme and port, without a path
    SpBrowser(TestCertificates authority, String origin) {
        this.origin = origin;
        client = HttpClient.newBuilder().sslContext(trusting(authority)).build();
    }

    String origin() {
        return origin;
    }

    Answer get(String pathOrUrl) {
        return send(request(pathOrUrl).GET());
    }

    Answer post(String url, Map<String, String> form) {
        var body = new StringBuilder();
        form.forEach((name, value) -> body.append(body.isEmpty() ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return send(request(url)
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    /// Goes on while redirects stay at this service provider.
    Answer follow(Answer answer) {
        Answer at = answer;
        for (int hops = 0; hops < 10; hops++) {
            Optional<String> next = at.location().filter(l -> l.startsWith("/") || l.startsWith(origin + "/"));
            if (next.isEmpty()) {
                return at;
            }
            at = get(next.get());
        }
        throw new AssertionError("redirect loop at " + at.location());
    }

    private HttpRequest.Builder request(String pathOrUrl) {
        URI uri = URI.create(pathOrUrl.startsWith("/") ? origin + pathOrUrl : pathOrUrl);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("accept", "text/html"); // scripts get a 401
        if (!cookies.isEmpty()) {
            var field = new StringBuilder();
            cookies.forEach((name, value) -> field.append(field.isEmpty() ? "" : "; ")
                    .append(name)
                    .append('=')
                    .append(value));
            request.header("cookie", field.toString());
        }
        return request;
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            response.headers().allValues("set-cookie").forEach(this::keep);
            return new Answer(
                    response.statusCode(),
                    response.body(),
                    response.headers().firstValue("location"),
                    response.headers().firstValue("x-remote-user"));
        } catch (IOException e) {
            throw new AssertionError(origin + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// As browsers do: a cookie for all sites that is not Secure is dropped.
    private void keep(String field) {
        String attributes = field.toLowerCase(Locale.ROOT);
        if (attributes.contains("samesite=none") && !attributes.contains("secure")) {
            return;
        }
        String pair = field.split(";", 2)[0];
        int equals = pair.indexOf('=');
        String value = pair.substring(equals + 1);
        if (value.isEmpty()) {
            cookies.remove(pair.substring(0, equals));
        } else {
            cookies.put(pair.substring(0, equals), value);
        }
    }

    static SSLContext trusting(TestCertificates authority) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("ca", authority.authority());
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
