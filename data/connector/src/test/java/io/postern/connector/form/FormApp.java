package io.postern.connector.form;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/// An application with a sign-on form of its own: a token against forgery in a hidden field and a cookie before the
/// sign-in, another cookie after it. It strictly refuses what a browser would not send.
final class FormApp implements AutoCloseable {
    private static final String PASSWORD_CHANGE = """
            <form method=post><input name=username><input type=password name=pw><input type=password name=new></form>
            """;

    final AtomicInteger signIns = new AtomicInteger();
    final AtomicInteger refusals = new AtomicInteger();
    final List<String> seen = new CopyOnWriteArrayList<>(); // method, path and cookies
    volatile String user = "alice";
    volatile String password = "s3cret&=ü+ %";
    volatile Optional<String> formAction = Optional.empty();
    volatile Optional<String> elsewhere = Optional.empty();

    private final HttpServer server;
    private final Set<String> sessions = ConcurrentHashMap.newKeySet();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    FormApp() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// As its own time limit would.
    void forgetSessions() {
        sessions.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String cookies = exchange.getRequestHeaders().getOrDefault("Cookie", List.of()).stream()
                .collect(Collectors.joining("; "));
        seen.add(exchange.getRequestMethod() + " " + path + " " + cookies);
        boolean isKnown = sessions.contains(cookie(cookies, "sid"));
        switch (path) {
            case "/login" -> {
                if (exchange.getRequestMethod().equals("POST")) {
                    signIn(exchange, cookies);
                } else if (isKnown) {
                    redirect(exchange, "/home");
                } else {
                    form(exchange);
                }
            }
            case "/logout" -> {
                sessions.remove(cookie(cookies, "sid"));
                redirect(exchange, "/login");
            }
            case "/api" -> send(exchange, isKnown ? 200 : 401, isKnown ? "api" : "who?");
            case "/forbidden" -> send(exchange, 403, "not for you");
            case "/save" -> redirect(exchange, "/login?saved=100%");
            case "/inplace" -> {
                if (isKnown) {
                    send(exchange, 200, "a page with a <form action=/find><input name=q></form>");
                } else {
                    form(exchange);
                }
            }
            case "/elsewhere" -> redirect(exchange, elsewhere.orElseThrow());
            case "/account" -> send(exchange, isKnown ? 200 : 401, PASSWORD_CHANGE);
            case "/rotate" -> {
                String next = UUID.randomUUID().toString();
                sessions.add(next);
                exchange.getResponseHeaders().add("Set-Cookie", "sid=" + next + "; Path=/; HttpOnly");
                exchange.getResponseHeaders().add("Set-Cookie", "theme=dark; Path=/");
                send(exchange, 200, "rotated");
            }
            default -> {
                if (isKnown) {
                    send(
                            exchange,
                            200,
                            "welcome " + user + " body=" + read(exchange).length());
                } else {
                    redirect(exchange, "/login?from=" + path);
                }
            }
        }
    }

    private void form(HttpExchange exchange) throws IOException {
        String before = UUID.randomUUID().toString();
        String token = UUID.randomUUID().toString();
        tokens.put(before, token);
        exchange.getResponseHeaders().add("Set-Cookie", "pre=" + before + "; HttpOnly");
        send(exchange, 200, """
                <!doctype html><title>Sign in</title>
                <form action="/search"><input name=q><button>Go</button></form>
                <form method=post action="%s">
                  <input type=hidden name=csrf value="%s">
                  <input name=username autocomplete=username><input type=password name=pw>
                  <select name=lang><option value=de>Deutsch<option value=en selected>English</select>
                  <input type=checkbox name=keep value=1><input type=checkbox name=terms checked>
                  <button name=do value=in>Sign in</button><button name=do value=forgot>Forgot</button>
                </form>""".formatted(formAction.orElse("login"), token));
    }

    private void signIn(HttpExchange exchange, String cookies) throws IOException {
        Map<String, String> fields = Arrays.stream(read(exchange).split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8), (a, b) -> a + b));
        String token = tokens.getOrDefault(cookie(cookies, "pre"), "none");
        String origin = "http://" + exchange.getRequestHeaders().getFirst("Host");
        boolean isBrowsers = token.equals(fields.get("csrf"))
                && "in".equals(fields.get("do"))
                && "en".equals(fields.get("lang"))
                && "on".equals(fields.get("terms"))
                && !fields.containsKey("keep")
                && origin.equals(exchange.getRequestHeaders().getFirst("Origin"))
                && String.valueOf(exchange.getRequestHeaders().getFirst("Referer"))
                        .startsWith(origin + "/login");
        if (!isBrowsers) {
            send(exchange, 400, "no browser sends that: " + fields.keySet());
        } else if (user.equals(fields.get("username")) && password.equals(fields.get("pw"))) {
            signIns.incrementAndGet();
            String session = UUID.randomUUID().toString();
            sessions.add(session);
            exchange.getResponseHeaders().add("Set-Cookie", "sid=" + session + "; Path=/; HttpOnly");
            redirect(exchange, "http://" + exchange.getRequestHeaders().getFirst("Host") + "/home");
        } else {
            refusals.incrementAndGet();
            form(exchange);
        }
    }

    private static String read(HttpExchange exchange) {
        try {
            return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String cookie(String cookies, String name) {
        return Arrays.stream(cookies.split("; "))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().add("Location", to);
        exchange.sendResponseHeaders(302, -1);
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (exchange.getRequestHeaders().getFirst("Accept-Encoding") instanceof String codings
                && codings.contains("gzip")) {
            exchange.getResponseHeaders().add("Content-Encoding", "gzip");
            bytes = zipped(bytes);
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static byte[] zipped(byte[] bytes) throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write(bytes);
        }
        return zipped.toByteArray();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
