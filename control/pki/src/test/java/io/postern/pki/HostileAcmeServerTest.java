package io.postern.pki;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.fixtures.HttpsSite;
import io.postern.fixtures.TestCertificates;
import io.postern.pki.acme.AcmeFault;
import io.postern.pki.acme.AcmeSettings;
import io.postern.pki.acme.Proofs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an ACME server answers is not believed: each of these ends in a sentence, soon.
class HostileAcmeServerTest {
    private static final TestCertificates AUTHORITY = TestCertificates.authority("ACME server's own");

    @TempDir
    Path folder;

    private volatile HttpHandler directory = exchange -> exchange.close();
    private HttpsSite server;
    private Node node;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(folder.resolve("authority.pem"), Pem.of(AUTHORITY.authority()));
        server = HttpsSite.start(AUTHORITY.server("127.0.0.1"), exchange -> directory.handle(exchange));
        node = Node.sqlite(folder);
    }

    @AfterEach
    void stop() {
        server.close();
        node.close();
    }

    private void answer(String body) {
        directory = exchange -> {
            try (exchange) {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        };
    }

    private String order() {
        var client = node.pki(Instant.now())
                .acme(new AcmeSettings(
                        URI.create("https://127.0.0.1:" + server.port() + "/dir"),
                        Optional.empty(),
                        Optional.of(folder.resolve("authority.pem")),
                        AcmeSettings.Way.HTTP,
                        Optional.empty()));
        return String.valueOf(
                assertThrows(AcmeFault.class, () -> client.order(List.of("wiki.contoso.example"), new Nowhere()))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no json", "[]", "{}", "{\"newNonce\":7}", "{\"newNonce\":\"::\"}", "null"})
    void saysSoWhenTheDirectoryIsNone(String body) {
        answer(body);

        assertTrue(order().contains("acme.directory"), order());
    }

    @Test
    void readsNoAnswerWithoutEnd() {
        directory = exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            try (var out = exchange.getResponseBody()) {
                byte[] blanks = " ".repeat(65_536).getBytes(StandardCharsets.US_ASCII);
                while (true) {
                    out.write(blanks);
                }
            }
        };

        assertTrue(order().contains("acme.directory"), "it ends");
    }

    /// The server names the URLs that are called next: inner services that speak http are none of them.
    @Test
    void callsNothingWithoutTls() throws IOException {
        var called = new AtomicInteger();
        HttpServer inner = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        inner.createContext("/", exchange -> {
            called.incrementAndGet();
            exchange.close();
        });
        inner.start();
        try {
            String at = "http://127.0.0.1:" + inner.getAddress().getPort();
            answer("""
                    {"newNonce": "%1$s/nonce", "newAccount": "%1$s/account", "newOrder": "%1$s/order"}
                    """.formatted(at));

            String said = order();

            assertTrue(said.contains("not https"), said);
            assertTrue(called.get() == 0, "and it was not called");
        } finally {
            inner.stop(0);
        }
    }

    private record Nowhere() implements Proofs {
        @Override
        public void showText(String host, String token, String text) {
            throw new AssertionError("nothing is shown");
        }

        @Override
        public void showCertificate(String host, EdgeCertificate certificate) {
            throw new AssertionError("nothing is shown");
        }

        @Override
        public void hideText(String host, String token) {
            throw new AssertionError("nothing was shown");
        }

        @Override
        public void hideCertificate(String host) {
            throw new AssertionError("nothing was shown");
        }
    }
}
