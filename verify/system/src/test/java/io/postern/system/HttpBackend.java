package io.postern.system;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A backend in the test's own process: notes the fields of requests, answers as the test says.
final class HttpBackend implements AutoCloseable {
    interface Answering {
        void answer(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final BlockingQueue<Headers> seen = new LinkedBlockingQueue<>();
    private volatile Answering answering;

    /// On any free port of loopback.
    HttpBackend(Answering answering) {
        this.answering = answering;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("HEAD")) { // a probe
                seen.add(exchange.getRequestHeaders());
            }
            answering.answer(exchange);
        }
    }

    void answers(Answering next) {
        answering = next;
    }

    static void empty(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(204, -1);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /// Fields of the next request that is no probe.
    Headers next() {
        try {
            return Optional.ofNullable(seen.poll(30, TimeUnit.SECONDS))
                    .orElseThrow(() -> new AssertionError("no request within 30 s"));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
