package io.postern.connector.form;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// An application that knows its user by HTTP Basic and counts who was right.
final class BasicApp implements AutoCloseable {
    final List<Boolean> tries = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    BasicApp(String user, String password) throws IOException {
        String wanted =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                boolean isRight =
                        List.of(wanted).equals(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
                tries.add(isRight);
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=app");
                boolean isForbidden = exchange.getRequestURI().getPath().equals("/private"); // as Apache says it
                exchange.sendResponseHeaders(isRight && !isForbidden ? 200 : 401, -1);
            }
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
