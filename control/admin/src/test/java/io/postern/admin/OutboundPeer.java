package io.postern.admin;

import com.sun.net.httpserver.HttpExchange;
import io.postern.fixtures.HttpsSite;
import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;

/// An application that takes users and groups by SCIM: a second installation of ours behind a site with TLS, which
/// answers otherwise where a test wants it.
final class OutboundPeer implements AutoCloseable {
    /// What is answered in place of the application's own word.
    ///
    /// @param method of requests that it is for
    record Scripted(String method, int status, Map<String, String> fields, String body) {
        static Scripted of(String method, int status, String body) {
            return new Scripted(method, status, Map.of(), body);
        }
    }

    final Installation application;
    final ScimInstallation scim;
    private final HttpsSite site;
    private final HttpClient client = HttpClient.newHttpClient();
    final Queue<Scripted> script = new ConcurrentLinkedQueue<>();
    final List<String> calls = new CopyOnWriteArrayList<>();

    OutboundPeer(Path folder, TestCertificates.Issued certificate) throws IOException {
        application = new Installation(Files.createDirectories(folder), Clock.systemUTC());
        scim = ScimInstallation.of(application, "postern");
        site = HttpsSite.start(certificate, this::answer);
    }

    String url() {
        return "https://127.0.0.1:" + site.port() + ScimInstallation.BASE;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] sent = exchange.getRequestBody().readAllBytes();
            String method = exchange.getRequestMethod();
            calls.add(
                    method + " " + exchange.getRequestURI().getPath() + " " + new String(sent, StandardCharsets.UTF_8));
            Optional<Scripted> scripted =
                    Optional.ofNullable(script.peek()).filter(s -> s.method().equals(method));
            if (scripted.isPresent()) {
                script.remove();
                scripted.get().fields().forEach(exchange.getResponseHeaders()::set);
                byte[] body = scripted.get().body().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(scripted.get().status(), body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
                return;
            }
            HttpResponse<byte[]> real = forward(exchange, method, sent);
            real.headers()
                    .firstValue("content-type")
                    .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
            exchange.sendResponseHeaders(real.statusCode(), real.body().length == 0 ? -1 : real.body().length);
            exchange.getResponseBody().write(real.body());
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, String method, byte[] sent) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + application.apiPort() + exchange.getRequestURI()))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(sent));
        for (String name : List.of("Authorization", "Content-Type", "Accept")) {
            Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).ifPresent(v -> request.header(name, v));
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /// As the application shows him; empty when it has none of that name.
    Optional<JsonNode> user(String userName) {
        Installation.Response found = scim.find("Users", "userName eq \"" + userName + "\"");
        return Optional.ofNullable(found.json().path("Resources").get(0));
    }

    Optional<JsonNode> group(String displayName) {
        Installation.Response found = scim.find("Groups", "displayName eq \"" + displayName + "\"");
        return Optional.ofNullable(found.json().path("Resources").get(0));
    }

    long count(String prefix) {
        return calls.stream().filter(call -> call.startsWith(prefix)).count();
    }

    @Override
    public void close() {
        site.close();
        client.close();
        application.close();
    }
}
