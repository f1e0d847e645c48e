package io.postern.identity;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A user agent of few words: keeps cookies, fills forms, shows what it got. Stands behind the gateway, so
/// it sends the gateway's fields too.
final class Browser {
    static final String ORIGIN = "https://login.postern.localhost:8443";
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"");
    private static final Pattern KEPT =
            Pattern.compile("(?s)<footer.*<input type=\"hidden\" name=\"page\" value=\"([^\"]*)\"");
    private static final Pattern ACTION = Pattern.compile("<form method=\"post\" action=\"([^\"]+)\"");
    private static final Pattern FRAME = Pattern.compile("<iframe src=\"([^\"]+)\"");
    private static final HttpClient PLAIN = HttpClient.newHttpClient();

    /// One answer.
    record Answer(int status, String body, Map<String, String> fields) {
        Optional<String> location() {
            return Optional.ofNullable(fields.get("location"));
        }

        /// Parameter of the query or fragment of the redirect.
        Optional<String> parameter(String name) {
            Matcher found = Pattern.compile("[?&#]" + name + "=([^&]*)")
                    .matcher(location().orElse(""));
            return found.find() ? Optional.of(decode(found.group(1))) : Optional.empty();
        }

        /// Hidden fields of the page's form; not those of the one at its foot, which changes the language.
        Map<String, String> hidden() {
            var hidden = new LinkedHashMap<String, String>();
            Matcher field = HIDDEN.matcher(body.replaceAll("(?s)<footer.*</footer>", ""));
            while (field.find()) {
                hidden.put(field.group(1), unescape(field.group(2)));
            }
            return hidden;
        }

        /// The page itself, sealed in the form at its foot.
        Optional<String> kept() {
            Matcher found = KEPT.matcher(body);
            return found.find() ? Optional.of(found.group(1)) : Optional.empty();
        }

        String language() {
            return body.replaceAll("(?s).*<html lang=\"(..)\".*", "$1");
        }

        /// Addresses of the page's frames.
        List<String> frames() {
            return FRAME.matcher(body)
                    .results()
                    .map(found -> unescape(found.group(1)))
                    .toList();
        }

        String action() {
            Matcher action = ACTION.matcher(body);
            if (!action.find()) {
                throw new AssertionError("no form in " + status + " " + body);
            }
            return unescape(action.group(1));
        }
    }

    final Map<String, String> cookies = new LinkedHashMap<>();
    private final HttpClient client;
    private final String base;
    private final String clientAddress;
    private java.util.function.Supplier<String> exchange = () -> "0123456789abcdef0123456789abcdef";

    Browser(int port, String clientAddress) {
        this(PLAIN, "http://127.0.0.1:" + port, clientAddress);
    }

    /// @param base with scheme and port, without a path
    Browser(HttpClient client, String base, String clientAddress) {
        this.client = client;
        this.base = base;
        this.clientAddress = clientAddress;
    }

    /// The first exchange has this id, each further one a number more.
    Browser everyExchangeAnew(String first) {
        var number = new java.util.concurrent.atomic.AtomicInteger();
        exchange = () -> number.getAndIncrement() == 0 ? first : first + number.get();
        return this;
    }

    Answer get(String path, String... fields) {
        return send(request(path, fields).GET().build());
    }

    Answer post(String path, Map<String, String> form, String... fields) {
        var body = new StringBuilder();
        form.forEach((name, value) -> body.append(body.isEmpty() ? "" : "&")
                .append(encode(name))
                .append('=')
                .append(encode(value)));
        return postRaw(path, body.toString(), fields);
    }

    Answer postRaw(String path, String body, String... fields) {
        return send(request(path, fields)
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /// Fills the page's form as it stands and posts it, as a browser does.
    Answer submit(Answer page, Map<String, String> typed) {
        var form = new LinkedHashMap<>(page.hidden());
        form.putAll(typed);
        return post(page.action(), form, "origin", ORIGIN, "sec-fetch-site", "same-origin");
    }

    /// With the form at the foot of the page.
    Answer chooseLanguage(Answer page, String language) {
        var form = new LinkedHashMap<String, String>();
        page.kept().ifPresent(kept -> form.put("page", kept));
        form.put("language", language);
        return post("/language", form, "origin", ORIGIN, "sec-fetch-site", "same-origin", "accept-language", "en");
    }

    Answer signIn(Answer page, String userName, String password) {
        return staysNot(submit(page, Map.of("username", userName, "password", password)));
    }

    /// Answers No where the page asks whether to stay signed in.
    Answer staysNot(Answer page) {
        return page.body().contains("name=\"stay\"") ? submit(page, Map.of("stay", "no")) : page;
    }

    /// Goes on from redirect to redirect while they stay on the login host.
    Answer followRedirects(Answer answer) {
        Answer at = answer;
        for (int hops = 0; hops < 10; hops++) {
            Optional<String> next = at.location().filter(l -> l.startsWith("/") || l.startsWith(ORIGIN + "/"));
            if (next.isEmpty()) {
                return at;
            }
            at = get(next.get().replace(ORIGIN, ""));
        }
        throw new AssertionError("redirect loop at " + at.location());
    }

    /// Opens a sign-out and says yes where the page asks.
    Answer signOut(String path) {
        return signOut(get(path));
    }

    Answer signOut(Answer page) {
        return page.body().contains("name=\"csrf\"") ? submit(page, Map.of()) : page;
    }

    static String encode(String text) {
        return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        return java.net.URLDecoder.decode(text, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String unescape(String html) {
        return html.replace("&#34;", "\"")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }

    private HttpRequest.Builder request(String path, String... fields) {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .header("postern-client-address", clientAddress)
                .header("postern-exchange", exchange.get())
                .header("postern-origin", ORIGIN);
        if (!cookies.isEmpty()) {
            var field = new StringBuilder();
            cookies.forEach((name, value) -> field.append(field.isEmpty() ? "" : "; ")
                    .append(name)
                    .append('=')
                    .append(value));
            request.header("cookie", field.toString());
        }
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        return request;
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            for (String cookie : response.headers().allValues("set-cookie")) {
                String pair = cookie.split(";", 2)[0];
                String name = pair.substring(0, pair.indexOf('='));
                if (cookie.contains("Max-Age=0")) {
                    cookies.remove(name);
                } else {
                    cookies.put(name, pair.substring(pair.indexOf('=') + 1));
                }
            }
            var fields = new LinkedHashMap<String, String>();
            response.headers().map().forEach((name, values) -> fields.put(name, String.join("\n", values)));
            return new Answer(response.statusCode(), response.body(), fields);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
