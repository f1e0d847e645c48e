package io.postern.admin.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.logging.Trusted;
import io.postern.fixtures.HttpsSite;
import io.postern.fixtures.Pem;
import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An address that an administrator typed is no tool against our own network.
class OutsideClientTest {
    @TempDir
    Path folder;

    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private SSLContext tls;
    private HttpsSite site;

    @BeforeEach
    void open() throws IOException {
        TestCertificates authority = TestCertificates.authority("outside");
        Path pem = Files.writeString(folder.resolve("ca.pem"), Pem.of(List.of(authority.authority())));
        tls = Trusted.context(Optional.of(pem));
        site = HttpsSite.start(authority.server("127.0.0.1"), exchange -> {
            try (exchange) {
                calls.incrementAndGet();
                switch (exchange.getRequestURI().getPath()) {
                    case "/slow" -> {
                        exchange.sendResponseHeaders(200, 10);
                        exchange.getResponseBody().write('{');
                        exchange.getResponseBody().flush();
                        await();
                    }
                    case "/elsewhere" -> {
                        exchange.getResponseHeaders().set("Location", "https://127.0.0.1:" + site.port() + "/");
                        exchange.sendResponseHeaders(302, -1);
                    }
                    case "/huge" -> {
                        byte[] much = new byte[2 * 1024 * 1024];
                        exchange.sendResponseHeaders(200, much.length);
                        exchange.getResponseBody().write(much);
                    }
                    default -> {
                        exchange.getResponseHeaders().set("Retry-After", "7");
                        exchange.sendResponseHeaders(429, -1);
                    }
                }
            }
        });
    }

    private void await() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() {
        released.countDown();
        site.close();
    }

    private OutsideClient.Answer send(boolean internal, String own, String path) throws FetchFault {
        try (var client = new OutsideClient(tls, internal, Duration.ofMillis(1_500))) {
            return client.send(
                    URI.create(path.startsWith("/") ? "https://127.0.0.1:" + site.port() + path : path),
                    HttpRequest.newBuilder().GET(),
                    own::equals);
        }
    }

    private String refusal(boolean internal, String path) {
        return String.valueOf(
                assertThrows(FetchFault.class, () -> send(internal, "", path)).getMessage());
    }

    @Test
    void internalAddressesAreForWhomTheyBelongTo() throws FetchFault {
        String why = refusal(false, "/");

        assertTrue(why.contains("leads to the internal address 127.0.0.1"), why);
        assertEquals(0, calls.get(), "nothing was asked");
        assertEquals(429, send(false, "127.0.0.1", "/").status());
        assertEquals(Optional.of("7"), send(true, "", "/").retryAfter());
    }

    @Test
    void onlyHttpsIsCalledAndNoRedirectFollowed() throws FetchFault {
        assertTrue(refusal(true, "http://127.0.0.1/").contains("only https://host/path is"));
        assertTrue(refusal(true, "https://me:you@127.0.0.1/").contains("only https://host/path is"));
        assertEquals(302, send(true, "", "/elsewhere").status());
        assertEquals(1, calls.get());
    }

    @Test
    void whoIsSlowOrTalksTooMuchIsCutOff() {
        assertTrue(refusal(true, "/slow").contains("did not answer within"));
        assertTrue(refusal(true, "/huge").contains("cannot be reached"));
    }
}
