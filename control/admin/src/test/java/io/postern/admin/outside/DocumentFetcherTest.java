package io.postern.admin.outside;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import io.postern.fixtures.HttpsSite;
import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Fetching from a real site, and from nowhere else than meant.
class DocumentFetcherTest {
    private static final byte[] DOCUMENT = "<md/>".getBytes(StandardCharsets.UTF_8);
    private static final AtomicInteger VISITS = new AtomicInteger();
    private static final TestCertificates AUTHORITY = TestCertificates.authority("fetch");

    private static HttpsSite site;

    @BeforeAll
    static void open() {
        site = HttpsSite.start(AUTHORITY.server("localhost"), DocumentFetcherTest::answer);
    }

    @AfterAll
    static void close() {
        site.close();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        VISITS.incrementAndGet();
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/metadata" -> {
                    exchange.sendResponseHeaders(200, DOCUMENT.length);
                    exchange.getResponseBody().write(DOCUMENT);
                }
                case "/moved" -> {
                    exchange.getResponseHeaders().add("Location", "/metadata");
                    exchange.sendResponseHeaders(302, -1);
                }
                case "/large" -> {
                    exchange.sendResponseHeaders(200, DocumentFetcher.BYTES_MAX + 1L);
                    exchange.getResponseBody().write(new byte[DocumentFetcher.BYTES_MAX + 1]);
                }
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private static SSLSocketFactory trusting(TestCertificates authority) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", authority.authority());
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, factory.getTrustManagers(), null);
        return tls.getSocketFactory();
    }

    private static String url(String path) {
        return "https://localhost:" + site.port() + path;
    }

    private static String refusal(boolean allowInternal, TestCertificates authority, String url) throws Exception {
        var fetcher = new DocumentFetcher(trusting(authority), allowInternal);
        return String.valueOf(
                assertThrows(FetchFault.class, () -> fetcher.fetch(url)).getMessage());
    }

    @Test
    void takesADocumentWhereTheOperatorAllowsInternalAddresses() throws Exception {
        assertArrayEquals(DOCUMENT, new DocumentFetcher(trusting(AUTHORITY), true).fetch(url("/metadata")));
    }

    @Test
    void doesNotEvenKnockAtAnInternalAddress() throws Exception {
        int before = VISITS.get();

        assertTrue(refusal(false, AUTHORITY, url("/metadata")).contains("internal address"));

        assertTrue(VISITS.get() == before);
    }

    @Test
    void followsNoRedirectAndTakesNothingLarge() throws Exception {
        assertTrue(refusal(true, AUTHORITY, url("/moved")).contains("302"));
        assertTrue(refusal(true, AUTHORITY, url("/large")).contains("too much"));
        assertTrue(refusal(true, AUTHORITY, url("/none")).contains("404"));
    }

    @Test
    void believesOnlyATrustedCertificateForTheName() throws Exception {
        assertTrue(refusal(true, TestCertificates.authority("stranger"), url("/metadata"))
                .contains("certificate"));
        assertTrue(refusal(true, AUTHORITY, "https://127.0.0.1:" + site.port() + "/metadata")
                .contains("certificate"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "0.0.0.0",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "100.100.100.200",
                "192.0.0.8",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "64:ff9b::a00:1",
                "2002:7f00:1::",
                "2001:0:1::"
            })
    void knowsInternalAddresses(String address) {
        assertTrue(InternalNetworks.contains(InetAddress.ofLiteral(address)), address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"93.184.216.34", "8.8.8.8", "172.32.0.1", "192.0.2.1", "2606:4700::1", "64:ff9b::808:808"})
    void leavesTheRestOfTheWorldAlone(String address) {
        assertFalse(InternalNetworks.contains(InetAddress.ofLiteral(address)), address);
    }
}
