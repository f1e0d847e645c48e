package io.postern.system;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A user agent without JavaScript: keeps cookies per host, follows redirects by hand, fills in the
/// sign-in form. What it cannot do the product must not need.
final class Browser {
    private static final int STEPS_MAX = 12;
    private static final Pattern FORM = Pattern.compile("(?s)<form\\b([^>]*)>(.*?)</form>");
    private static final Pattern INPUT = Pattern.compile("(?s)<input\\b([^>]*)>");
    private static final Pattern ATTRIBUTE = Pattern.compile("([a-zA-Z-]+)\\s*=\\s*\"([^\"]*)\"");

    private final HttpClient client;
    private final Map<String, Map<String, String>> cookies = new TreeMap<>();

    Browser(Path authority) {
        this.client = client(authority);
    }

    /// A plain client that trusts the given authority only.
    static HttpClient client(Path authority) {
        return HttpClient.newBuilder()
                .sslContext(trusting(authority))
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    static SSLContext trusting(Path authority) {
        try (InputStream pem = Files.newInputStream(authority)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot trust " + authority, e);
        }
    }

    HttpClient client() {
        return client;
    }

    /// Where a walk came to rest.
    record Page(URI uri, int status, String body, Map<String, String> fields) {}

    /// One navigation, redirects not followed.
    Page step(URI uri) {
        return send(
                HttpRequest.newBuilder(uri)
                        .header("Accept", "text/html,application/xhtml+xml")
                        .header("Sec-Fetch-Mode", "navigate")
                        .GET(),
                uri);
    }

    /// Follows redirects until something else comes.
    Page open(URI uri) {
        Page page = step(uri);
        for (int i = 0; i < STEPS_MAX && page.status() >= 300 && page.status() < 400; i++) {
            page = step(page.uri().resolve(page.fields().get("location")));
        }
        return page;
    }

    /// Opens a page, signing in on the way when asked to.
    Page openSignedIn(URI uri, String user, String password) {
        Page page = open(uri);
        return page.body().contains("type=\"password\"") ? submit(page, user, password) : page;
    }

    /// Fills in the sign-in form and goes on to where that leads.
    Page submit(Page page, String user, String password) {
        return fill(page, Map.of("text", user, "email", user, "password", password));
    }

    /// Fills in the first form that asks for a password and goes on to where that leads.
    ///
    /// @param typed what to type, by an input's name or else by its type
    Page fill(Page page, Map<String, String> typed) {
        var form = FORM.matcher(page.body());
        while (form.find()) {
            if (!form.group(2).contains("type=\"password\"")) {
                continue;
            }
            var fields = new LinkedHashMap<String, String>();
            var input = INPUT.matcher(form.group(2));
            while (input.find()) {
                Map<String, String> attributes = attributes(input.group(1));
                String name = attributes.get("name");
                if (name != null) {
                    String type = attributes.getOrDefault("type", "text");
                    String value = type.equals("hidden") ? null : typed.getOrDefault(name, typed.get(type));
                    fields.put(name, value != null ? value : unescape(attributes.getOrDefault("value", "")));
                }
            }
            URI action = page.uri().resolve(unescape(attributes(form.group(1)).getOrDefault("action", "")));
            Page answer = post(action, fields);
            return answer.status() >= 300 && answer.status() < 400
                    ? open(answer.uri().resolve(answer.fields().get("location")))
                    : answer;
        }
        throw new AssertionError("no form with a password at " + page.uri() + ":\n" + page.body());
    }

    Page post(URI uri, Map<String, String> fields) {
        String body = fields.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
        return send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Origin", uri.getScheme() + "://" + uri.getAuthority())
                        .header("Accept", "text/html")
                        .header("Sec-Fetch-Mode", "navigate")
                        .header("Sec-Fetch-Site", "same-origin")
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                uri);
    }

    /// The `Cookie` value that this browser would send to a host.
    String cookiesFor(String host) {
        return cookies.getOrDefault(host, Map.of()).entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining("; "));
    }

    Page send(HttpRequest.Builder request, URI uri) {
        String cookie = cookiesFor(uri.getHost());
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        try {
            HttpResponse<String> response =
                    client.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
            response.headers().allValues("set-cookie").forEach(c -> keep(uri.getHost(), c));
            var fields = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            response.headers().map().forEach((name, values) -> fields.put(name, String.join(", ", values)));
            return new Page(uri, response.statusCode(), response.body(), fields);
        } catch (IOException e) {
            throw new AssertionError("no answer from " + uri + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void keep(String host, String setCookie) {
        String pair = setCookie.split(";", 2)[0];
        int equals = pair.indexOf('=');
        var jar = cookies.computeIfAbsent(host, h -> new LinkedHashMap<>());
        if (setCookie.toLowerCase(java.util.Locale.ROOT).contains("max-age=0")) {
            jar.remove(pair.substring(0, equals).strip());
        } else {
            jar.put(
                    pair.substring(0, equals).strip(),
                    pair.substring(equals + 1).strip());
        }
    }

    private static Map<String, String> attributes(String tag) {
        var result = new LinkedHashMap<String, String>();
        var matcher = ATTRIBUTE.matcher(tag);
        while (matcher.find()) {
            result.put(matcher.group(1), matcher.group(2));
        }
        return result;
    }

    private static String unescape(String text) {
        return text.replace("&#34;", "\"")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
