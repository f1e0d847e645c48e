package io.postern.connector.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.HostPort;
import io.postern.connector.ConnectorSettings;
import io.postern.fixtures.ApacheServer;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.NginxServer;
import io.postern.fixtures.TempFolder;
import io.postern.fixtures.TestCertificates;
import io.postern.net.dial.ProxyChoice;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.BackendTlsSettings;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TLS towards real servers: what is accepted, and by which word everything else is refused (1.11).
class BackendTlsTest {
    private static final TestCertificates INNER = TestCertificates.authority("inner");
    private static final TestCertificates.Issued RIGHT = INNER.server("localhost");
    private static final TestCertificates.Issued OTHER = INNER.server("other.corp");
    private static final TestCertificates.Issued SELF = TestCertificates.selfSigned("localhost");
    private static final TestCertificates.Issued OLD =
            INNER.server(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2021-01-01T00:00:00Z"), "localhost");
    private static final TestCertificates.Issued CLIENT = INNER.client("connector");

    private static TempFolder folder;
    private static NginxServer nginx;
    private static TunnelRig rig;
    private static int[] ports;

    @BeforeAll
    static void open() throws Exception {
        folder = TempFolder.create("tls");
        ports = new int[] {FreePort.find(), FreePort.find(), FreePort.find(), FreePort.find()};
        var config = new StringBuilder("return 200 plain; }\n");
        config.append(server(ports[0], "localhost", RIGHT, "right"));
        config.append(server(ports[0], "other.corp", OTHER, "other"));
        config.append(server(ports[1], "localhost", SELF, "self"));
        config.append(server(ports[2], "localhost", OLD, "old"));
        config.append("server { listen 127.0.0.1:").append(ports[3]).append(";");
        nginx = NginxServer.start(config.toString());
        rig = new TunnelRig(
                new ConnectorSettings(
                        ServeSettings.defaults(),
                        ProxyChoice.none(),
                        1,
                        1,
                        new BackendCredentials(
                                List.of(),
                                List.of(INNER.authority()),
                                Map.of("wiki", new ClientCertificate(CLIENT.key(), CLIENT.chain()))),
                        List.of(),
                        Optional.empty(),
                        new HostPort("127.0.0.1", 0),
                        Duration.ZERO,
                        ConnectorSettings.defaults().logs()),
                1);
    }

    @AfterAll
    static void close() {
        rig.close();
        nginx.close();
        folder.close();
    }

    private static String server(int port, String name, TestCertificates.Issued issued, String says) throws Exception {
        Path file = pem(folder.path().resolve(says + ".pem"), issued);
        return "server { listen 127.0.0.1:" + port + " ssl; server_name " + name + "; ssl_certificate " + file
                + "; ssl_certificate_key " + file + "; return 200 " + says + "; }\n";
    }

    static Path pem(Path file, TestCertificates.Issued issued) throws Exception {
        var text = new StringWriter();
        for (X509Certificate one : issued.chain()) {
            text.append(block("CERTIFICATE", one.getEncoded()));
        }
        PrivateKey key = issued.key();
        return Files.writeString(
                file, text.append(block("PRIVATE KEY", key.getEncoded())).toString());
    }

    static String block(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what
                + "-----\n";
    }

    private static TestStream get(int port, BackendTlsSettings tls) throws Exception {
        var backend = new BackendSettings(
                "b" + port + "-" + Integer.toHexString(tls.hashCode()),
                "https",
                "localhost",
                port,
                tls,
                Duration.ofSeconds(10),
                Duration.ofMinutes(1));
        return rig.get(rig.publish(backend), "/").awaitEnd();
    }

    private static BackendTlsSettings pinned(boolean validate, String... pins) {
        return new BackendTlsSettings(validate, Set.of(pins), Optional.empty(), Optional.empty());
    }

    /// BTLS-2
    @Test
    void authorityOfTheConnectorsOwnBundleIsTrusted() throws Exception {
        assertEquals("right", get(ports[0], BackendTlsSettings.of(true)).body());
    }

    /// BTLS-1
    @Test
    void eachFaultOfACertificateHasItsOwnWord() throws Exception {
        assertEquals("tls-untrusted", get(ports[1], BackendTlsSettings.of(true)).failure());
        assertEquals("tls-expired", get(ports[2], BackendTlsSettings.of(true)).failure());
        assertEquals(
                "tls-name",
                get(ports[0], new BackendTlsSettings(true, Set.of(), Optional.of("third.corp"), Optional.empty()))
                        .failure());
    }

    /// BTLS-1
    @Test
    void withoutValidationAnyCertificateIsTaken() throws Exception {
        assertEquals("self", get(ports[1], BackendTlsSettings.of(false)).body());
        assertEquals("old", get(ports[2], BackendTlsSettings.of(false)).body());
    }

    @Test
    void pinDecidesWithoutValidationToo() throws Exception {
        assertEquals("self", get(ports[1], pinned(false, SELF.fingerprint())).body());
        assertEquals(
                "tls-pin", get(ports[1], pinned(false, RIGHT.fingerprint())).failure());
        assertEquals(
                "right",
                get(ports[0], pinned(true, RIGHT.fingerprint(), OTHER.fingerprint()))
                        .body());
        assertEquals("tls-pin", get(ports[0], pinned(true, OTHER.fingerprint())).failure());
    }

    /// What is only appended to a chain is proven by nobody.
    @Test
    void pinOfTheAuthorityIsNoPinOfTheServer() throws Exception {
        assertEquals(
                "tls-pin",
                get(ports[0], pinned(false, TestCertificates.fingerprint(INNER.authority())))
                        .failure());
    }

    /// Only the virtual host of that name has the certificate that is verified then.
    @Test
    void serverNameChoosesTheVirtualHost() throws Exception {
        assertEquals(
                200,
                get(ports[0], new BackendTlsSettings(true, Set.of(), Optional.of("other.corp"), Optional.empty()))
                        .status());
    }

    @Test
    void clientCertificateIsShownWhereItIsDemanded() throws Exception {
        Path server = pem(folder.path().resolve("apache.pem"), RIGHT);
        Path authority = Files.writeString(
                folder.path().resolve("authority.pem"),
                block("CERTIFICATE", INNER.authority().getEncoded()));
        int port = FreePort.find();
        try (var apache = ApacheServer.start("""
                LoadModule ssl_module ${modules}/mod_ssl.so
                Listen 127.0.0.1:%d
                <VirtualHost 127.0.0.1:%d>
                    SSLEngine on
                    SSLCertificateFile %s
                    SSLCACertificateFile %s
                    SSLVerifyClient require
                </VirtualHost>
                """.formatted(port, port, server, authority))) {
            Files.writeString(apache.folder().resolve("index.html"), "known");
            TestStream with = get(port, new BackendTlsSettings(true, Set.of(), Optional.empty(), Optional.of("wiki")));
            TestStream without = get(port, BackendTlsSettings.of(true));
            TestStream unknown =
                    get(port, new BackendTlsSettings(true, Set.of(), Optional.empty(), Optional.of("none")));

            assertEquals("known", with.body());
            assertEquals("tls-client-certificate", without.failure());
            assertEquals("tls-client-certificate", unknown.failure());
        }
    }

    @Test
    void clientCertificateIsReadFromPemAndRefusedByName(@TempDir Path own) throws Exception {
        Path file = pem(own.resolve("client.pem"), CLIENT);
        assertEquals(
                CLIENT.key(), ClientCertificate.read(file, Optional.empty()).key());

        Path bare = Files.writeString(own.resolve("bare.pem"), "nothing");
        var fault = assertThrows(IllegalArgumentException.class, () -> ClientCertificate.read(bare, Optional.empty()));
        assertTrue(String.valueOf(fault.getMessage()).contains("PKCS #8"), fault.getMessage());
    }
}
