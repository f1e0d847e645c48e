package io.postern.run.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.postern.base.HostPort;
import io.postern.run.Fault;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What operators look at, on a loopback port of its own: `/metrics` for Prometheus, `/healthz` (the
/// process lives), `/readyz` (it can serve; 503 with the reason when not). Nobody is asked to sign in
/// here, so nothing secret is told. Handlers run on virtual threads.
final class Observatory implements AutoCloseable {
    /// One thing that must be well for the service to serve.
    ///
    /// @param problem empty when it is well
    record Check(String name, String problem) {
        boolean isWell() {
            return problem.isEmpty();
        }
    }

    private final HttpServer server;
    private final PrometheusRegistry metrics;
    private final Supplier<List<Check>> checks;
    private final Instant started = Instant.now();

    private Observatory(HttpServer server, PrometheusRegistry metrics, Supplier<List<Check>> checks) {
        this.server = server;
        this.metrics = metrics;
        this.checks = checks;
    }

    /// @param checks asked at each visit of `/readyz`; may block shortly
    static Observatory start(HostPort listen, PrometheusRegistry metrics, Supplier<List<Check>> checks) {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(listen.host(), listen.port()), 16);
        } catch (IOException e) {
            throw new Fault(
                    "metrics cannot listen on " + listen + " (" + e.getMessage() + "); choose another port with"
                            + " 'metrics-listen', 0 means any free one",
                    e);
        }
        var observatory = new Observatory(server, metrics, checks);
        server.createContext("/metrics", observatory::metrics);
        server.createContext("/healthz", observatory::health);
        server.createContext("/readyz", observatory::ready);
        server.setExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("observatory-", 0).factory()));
        server.start();
        return observatory;
    }

    int port() {
        return server.getAddress().getPort();
    }

    String metricsUrl() {
        return "http://" + new HostPort(server.getAddress().getAddress().getHostAddress(), port()) + "/metrics";
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void metrics(HttpExchange exchange) throws IOException {
        var out = new ByteArrayOutputStream(16 * 1024);
        PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
        writer.write(out, metrics.scrape());
        answer(exchange, 200, writer.getContentType(), out.toByteArray());
    }

    private void health(HttpExchange exchange) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", "up");
        body.put("upSeconds", Duration.between(started, Instant.now()).toSeconds());
        answer(exchange, 200, "application/json", json(body));
    }

    private void ready(HttpExchange exchange) throws IOException {
        List<Check> results = checks.get();
        boolean well = results.stream().allMatch(Check::isWell);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", well ? "ready" : "not ready");
        ObjectNode parts = body.putObject("checks");
        results.forEach(c -> parts.put(c.name(), c.isWell() ? "ok" : c.problem()));
        answer(exchange, well ? 200 : 503, "application/json", json(body));
    }

    private static byte[] json(ObjectNode body) {
        return (body + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        try (exchange) {
            boolean read = exchange.getRequestMethod().equals("GET")
                    || exchange.getRequestMethod().equals("HEAD");
            if (!read) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
