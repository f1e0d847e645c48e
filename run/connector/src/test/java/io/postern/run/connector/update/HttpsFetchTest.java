package io.postern.run.connector.update;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import io.postern.base.Secret;
import io.postern.fixtures.ForwardProxy;
import io.postern.fixtures.HttpsSite;
import io.postern.fixtures.TestCertificates;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.TlsContexts;
import io.postern.net.dial.Dialler;
import io.postern.net.dial.HttpProxy;
import io.postern.net.dial.NoProxy;
import io.postern.net.dial.ProxyChoice;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Manifests and archives over HTTPS, from a real server, straight and through a real proxy (PRX-2).
class HttpsFetchTest {
    private static final TestCertificates AUTHORITY = TestCertificates.authority("updates");
    private static final String NAME = "connect.postern.localhost"; // the proxy's hosts file knows it
    private static final String PASSWORD = "Wrong-Way-42-Out";
    private static final byte[] LARGE = new byte[20 * 1024 * 1024];

    static {
        new Random(1).nextBytes(LARGE);
    }

    private final Loops loops = Loops.open("test", 1);
    private final HttpsSite site = HttpsSite.start(AUTHORITY.server(NAME), HttpsFetchTest::answer);

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().toString()) {
                case "/manifest?of=1" -> send(exchange, "the manifest".getBytes(StandardCharsets.US_ASCII));
                case "/large" -> send(exchange, LARGE);
                case "/in-chunks" -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write("the manifest".getBytes(StandardCharsets.US_ASCII));
                }
                case "/moved" -> move(exchange, "manifest?of=1");
                case "/moved-to-plain" -> move(exchange, "http://" + NAME + "/manifest");
                case "/round" -> move(exchange, "/round");
                case "/cut" -> {
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().write(new byte[50]);
                    exchange.getResponseBody().flush();
                }
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private static void send(HttpExchange exchange, byte[] content) throws IOException {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
    }

    private static void move(HttpExchange exchange, String where) throws IOException {
        exchange.getResponseHeaders().set("Location", where);
        exchange.sendResponseHeaders(302, -1);
    }

    @AfterEach
    void stop() {
        site.close();
        loops.close(Duration.ofMillis(100)).awaitUninterruptibly(2_000);
    }

    @Test
    void fetchesThroughAProxyThatWantsAPassword() throws Exception {
        try (var proxy = ForwardProxy.apache("svc", PASSWORD, site.port())) {
            ProxyChoice choice = through(proxy, Optional.of(PASSWORD), NoProxy.nothing());

            assertEquals("the manifest", text(choice, "/manifest?of=1"));
            assertArrayEquals(LARGE, bytes(choice, "/large"));
        } // its log is complete when it has ended; the next test shows who asks it at all
    }

    @Test
    void saysWhatTheProxyWants() throws Exception {
        try (var proxy = ForwardProxy.apache("svc", PASSWORD, site.port())) {
            assertFails(
                    through(proxy, Optional.empty(), NoProxy.nothing()), "/large", "wants a user and a password (407)");
            assertFails(
                    through(proxy, Optional.of("wrong"), NoProxy.nothing()), "/large", "does not take the user 'svc'");
        }
    }

    @Test
    void goesStraightWhereItIsSaid() throws Exception {
        try (var proxy = ForwardProxy.apache("svc", PASSWORD, site.port())) {
            ProxyChoice choice = through(proxy, Optional.empty(), NoProxy.of(List.of(".postern.localhost")));

            assertEquals("the manifest", text(choice, "/manifest?of=1"));
        }
    }

    @Test
    void followsWhereItIsLedOverHttpsOnly() throws Exception {
        assertEquals("the manifest", text(ProxyChoice.none(), "/moved"));
        assertFails(ProxyChoice.none(), "/moved-to-plain", "no https URL");
        assertFails(ProxyChoice.none(), "/round", "leads on and on");
    }

    @Test
    void takesContentOfUnknownLength() throws Exception {
        assertEquals("the manifest", text(ProxyChoice.none(), "/in-chunks"));
    }

    @Test
    void saysWhatIsMissing() {
        assertFails(ProxyChoice.none(), "/nothing-here", "404");
        assertFails(ProxyChoice.none(), "/cut", "before the end");
    }

    @Test
    void believesNoServerThatTheSystemDoesNotTrust() {
        var fetch = new HttpsFetch(new Dialler(loops, new LocalNames(), ProxyChoice.none()));

        assertThrows(IOException.class, () -> fetch.open(at("/large")));
    }

    private static ProxyChoice through(ForwardProxy proxy, Optional<String> password, NoProxy except) {
        HttpProxy address = HttpProxy.parse(proxy.url());
        return new ProxyChoice(
                Optional.of(password.map(p -> address.with(new HttpProxy.Credentials("svc", Secret.of(p))))
                        .orElse(address)),
                except,
                true,
                "the test");
    }

    private String text(ProxyChoice choice, String path) throws IOException {
        return new String(bytes(choice, path), StandardCharsets.US_ASCII);
    }

    private byte[] bytes(ProxyChoice choice, String path) throws IOException {
        var tls = TlsContexts.backend(List.of(AUTHORITY.authority()));
        try (InputStream in = new HttpsFetch(new Dialler(loops, new LocalNames(), choice), tls).open(at(path))) {
            return in.readAllBytes();
        }
    }

    private URI at(String path) {
        return URI.create("https://" + NAME + ":" + site.port() + path);
    }

    private void assertFails(ProxyChoice choice, String path, String why) {
        IOException fault = assertThrows(IOException.class, () -> bytes(choice, path));
        assertTrue(String.valueOf(fault.getMessage()).contains(why), fault.getMessage());
    }
}
