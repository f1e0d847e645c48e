package io.postern.run.connector;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.postern.base.HostPort;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.connector.link.LinkStatus;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// `/metrics`, `/healthz` (the process lives) and `/readyz` (tunnels are up), on a port of their own.
final class MetricsEndpoint implements AutoCloseable {
    private final HttpServer server;
    private final PrometheusRegistry registry;
    private final Supplier<LinkStatus> status;
    private final PrometheusTextFormatWriter writer =
            PrometheusTextFormatWriter.builder().build();

    private MetricsEndpoint(HttpServer server, PrometheusRegistry registry, Supplier<LinkStatus> status) {
        this.server = server;
        this.registry = registry;
        this.status = status;
    }

    static MetricsEndpoint open(HostPort listen, PrometheusRegistry registry, Supplier<LinkStatus> status) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(listen.host(), listen.port()), 16);
            var endpoint = new MetricsEndpoint(server, registry, status);
            server.createContext("/", endpoint::answer);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return endpoint;
        } catch (IOException | RuntimeException e) {
            throw new ConnectorFault(
                    Kind.USAGE,
                    "metrics cannot listen at " + listen + " (" + e.getMessage() + "); give another 'metrics-listen',"
                            + " or port 0 for any free one",
                    e);
        }
    }

    String url() {
        InetSocketAddress at = server.getAddress();
        return "http://" + new HostPort(at.getAddress().getHostAddress(), at.getPort()) + "/metrics";
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                send(exchange, 405, "text/plain; charset=utf-8", "only GET\n");
                return;
            }
            LinkStatus now = status.get();
            switch (exchange.getRequestURI().getPath()) {
                case "/metrics" -> {
                    var text = new ByteArrayOutputStream(8 * 1024);
                    writer.write(text, registry.scrape());
                    send(exchange, 200, writer.getContentType(), text.toString(StandardCharsets.UTF_8));
                }
                case "/healthz" -> send(exchange, 200, "text/plain; charset=utf-8", "alive\n");
                case "/readyz" ->
                    send(
                            exchange,
                            now.isReady() ? 200 : 503,
                            "text/plain; charset=utf-8",
                            now.tunnels() + " of " + now.wanted() + " tunnels, " + now.backends() + " backends"
                                    + (now.problem().isEmpty() ? "" : "; " + now.problem()) + "\n");
                default -> send(exchange, 404, "text/plain; charset=utf-8", "/metrics, /healthz or /readyz\n");
            }
        }
    }

    private static void send(HttpExchange exchange, int code, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
    }
}
