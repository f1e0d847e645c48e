package io.postern.connector.serve;

import static io.postern.connector.serve.TunnelRig.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.postern.base.HostPort;
import io.postern.connector.ConnectorSettings;
import io.postern.fixtures.ApacheServer;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.NginxServer;
import io.postern.fixtures.ProcessFixture;
import io.postern.fixtures.TempFolder;
import io.postern.fixtures.TestCertificates;
import io.postern.net.dial.ProxyChoice;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.BackendTlsSettings;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// nginx and Apache httpd as backends over TLS, in HTTP/2 and with client certificates (1.11).
class RealServersTest {
    private static final TestCertificates INNER = TestCertificates.authority("inner");
    private static final TestCertificates.Issued RIGHT = INNER.server("localhost");
    private static final TestCertificates.Issued RENEWED = INNER.server("localhost");
    private static final TestCertificates.Issued OTHER = INNER.server("other.corp");
    private static final TestCertificates.Issued CLIENT = INNER.client("connector");
    private static final int LARGE = 20_000_000;

    private static TempFolder folder;
    private static Path right;
    private static Path authority;
    private static TunnelRig rig;

    @BeforeAll
    static void open() throws Exception {
        folder = TempFolder.create("servers");
        right = BackendTlsTest.pem(folder.path().resolve("right.pem"), RIGHT);
        authority = Files.writeString(
                folder.path().resolve("authority.pem"),
                BackendTlsTest.block("CERTIFICATE", INNER.authority().getEncoded()));
        rig = new TunnelRig(
                new ConnectorSettings(
                        ServeSettings.defaults(),
                        ProxyChoice.none(),
                        1,
                        1,
                        new BackendCredentials(
                                List.of(),
                                List.of(INNER.authority()),
                                Map.of(
                                        "plant",
                                        ClientCertificate.read(pfx("right password"), Optional.of(password())))),
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
        folder.close();
    }

    private static Path pfx(String password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "plant", CLIENT.key(), password.toCharArray(), CLIENT.chain().toArray(X509Certificate[]::new));
        Path file = folder.path().resolve("plant.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
        return file;
    }

    private static Path password() throws Exception {
        return Files.writeString(folder.path().resolve("plant.pass"), "right password\n");
    }

    private static NginxServer nginx(String listen, String more) {
        return NginxServer.start("""
                    location / { return 200 plain; }
                }
                server {
                    listen 127.0.0.1:%s;
                    root ${folder};
                    ssl_certificate %s;
                    ssl_certificate_key %s;
                    add_header x-protocol $server_protocol always;
                    add_header x-connection $connection always;
                    %s
                """.formatted(listen, right, right, more));
    }

    private static String publish(int port, BackendTlsSettings tls) throws InterruptedException {
        return rig.publish(new BackendSettings(
                "b" + port + "-" + Integer.toHexString(tls.hashCode()),
                "https",
                "localhost",
                port,
                tls,
                Duration.ofSeconds(20),
                Duration.ofMinutes(1)));
    }

    private static BackendTlsSettings http2(Optional<String> clientCertificate) {
        return new BackendTlsSettings(true, Set.of(), Optional.empty(), clientCertificate, true);
    }

    @Test
    void nginxServesManyAtOnceOverOneConnection() throws Exception {
        int port = FreePort.find();
        try (var nginx = nginx(
                port + " ssl http2",
                "location /put { client_body_temp_path ${folder}/in; "
                        + "dav_methods PUT; create_full_put_path on; }")) {
            fill(nginx.folder());
            String id = publish(port, http2(Optional.empty()));
            assertEquals("HTTP/2.0", field(rig.get(id, "/small.txt").awaitEnd(), "x-protocol"));
            String connection = field(rig.get(id, "/small.txt").awaitEnd(), "x-connection");
            List<TestStream> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(rig.get(id, "/small.txt"));
            }
            for (TestStream one : all) {
                assertEquals("small", one.awaitEnd().body());
                assertEquals(connection, field(one, "x-connection"));
            }
            servesEverything(id);

            TestStream upload = rig.open(request("PUT", id, "/put/in.bin").set("content-length", "" + LARGE), false);
            upload.data(Unpooled.wrappedBuffer(new byte[LARGE]), true);
            assertEquals(201, upload.awaitEnd().status());
            assertEquals(LARGE, Files.size(nginx.folder().resolve("put/in.bin")));
        }
    }

    @Test
    void apacheServesManyAtOnce() throws Exception {
        int port = FreePort.find();
        try (var apache = apache(port, "Protocols h2 http/1.1")) {
            fill(apache.folder());
            String id = publish(port, http2(Optional.empty()));
            List<TestStream> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(rig.get(id, "/small.txt"));
            }
            for (TestStream one : all) {
                assertEquals("small", one.awaitEnd().body());
                assertEquals("HTTP/2.0", field(one, "x-protocol"));
            }
            servesEverything(id);
        }
    }

    @Test
    void serverWithoutHttp2IsServedInHttp1() throws Exception {
        int port = FreePort.find();
        try (var nginx = nginx(port + " ssl", "")) {
            fill(nginx.folder());
            String id = publish(port, http2(Optional.empty()));
            assertEquals("HTTP/1.1", field(rig.get(id, "/small.txt").awaitEnd(), "x-protocol"));
            servesEverything(id);
        }
    }

    private static ApacheServer apache(int port, String more) {
        return ApacheServer.start("""
                LoadModule ssl_module ${modules}/mod_ssl.so
                LoadModule http2_module ${modules}/mod_http2.so
                Listen 127.0.0.1:%d
                <VirtualHost 127.0.0.1:%d>
                    SSLEngine on
                    SSLCertificateFile %s
                    Header always set x-protocol "expr=%%{SERVER_PROTOCOL}"
                    %s
                </VirtualHost>
                """.formatted(port, port, right, more));
    }

    private static void fill(Path root) throws Exception {
        Files.writeString(root.resolve("small.txt"), "small");
        Files.writeString(root.resolve("empty.txt"), "");
        Files.write(root.resolve("large.bin"), new byte[LARGE]);
    }

    private static void servesEverything(String id) throws Exception {
        TestStream large = rig.get(id, "/large.bin").awaitEnd();
        assertEquals(LARGE, large.bodyBytes());
        assertTrue(large.isComplete());
        TestStream head = rig.open(request("HEAD", id, "/large.bin"), true).awaitEnd();
        assertEquals("" + LARGE, field(head, "content-length"));
        assertTrue(head.isComplete());
        assertTrue(rig.get(id, "/empty.txt").awaitEnd().isComplete());
        assertEquals(
                304,
                rig.open(request("GET", id, "/small.txt").set("if-none-match", field(head(id), "etag")), true)
                        .awaitEnd()
                        .status());
        assertEquals(
                206,
                rig.open(request("GET", id, "/large.bin").set("range", "bytes=5-9"), true)
                        .awaitEnd()
                        .status());
        assertEquals(404, rig.get(id, "/missing").awaitEnd().status());
        rig.get(id, "/large.bin").cancel();
        assertEquals("small", rig.get(id, "/small.txt").awaitEnd().body());
    }

    private static TestStream head(String id) throws Exception {
        return rig.open(request("HEAD", id, "/small.txt"), true).awaitEnd();
    }

    private static String field(TestStream answer, String name) {
        return String.valueOf(answer.head().get(name));
    }

    @Test
    void certificateOfAPfxOpensNginx() throws Exception {
        int port = FreePort.find();
        try (var _ = nginx(
                port + " ssl http2",
                "ssl_client_certificate " + authority + "; ssl_verify_client on; return 200 $ssl_client_s_dn;")) {
            TestStream known =
                    rig.get(publish(port, http2(Optional.of("plant"))), "/").awaitEnd();
            assertEquals("CN=connector", known.body());
        }
    }

    /// nginx ends the handshake without one and says only in HTTP what it misses: users see its page, a probe
    /// tells.
    @Test
    void nginxThatMissesACertificateIsFoundByAProbe() throws Exception {
        int port = FreePort.find();
        try (var _ = nginx(
                port + " ssl http2",
                "ssl_client_certificate " + authority + "; ssl_verify_client on; return 200 in;")) {
            for (BackendTlsSettings tls : List.of(http2(Optional.empty()), BackendTlsSettings.of(true))) {
                String id = publish(port, tls);
                TestStream user = rig.get(id, "/").awaitEnd();
                assertEquals(400, user.status());
                assertTrue(user.body().contains("No required SSL certificate was sent"), user.body());

                TestStream probe = rig.open(request("GET", id, "/").set("postern-probe", "5000"), true)
                        .awaitEnd();
                assertEquals("tls-client-certificate", probe.failure());
                assertTrue(probe.reason().contains("asks for a client certificate"), probe.reason());
            }
            String with = publish(port, http2(Optional.of("plant")));
            assertEquals(
                    200,
                    rig.open(request("GET", with, "/").set("postern-probe", "5000"), true)
                            .awaitEnd()
                            .status());
        }
    }

    /// Whoever does not ask for a certificate may answer 400 as it likes.
    @Test
    void badRequestAloneIsNoMissingCertificate() throws Exception {
        int port = FreePort.find();
        try (var _ = nginx(port + " ssl http2", "return 400;")) {
            TestStream probe = rig.open(
                            request("GET", publish(port, http2(Optional.empty())), "/")
                                    .set("postern-probe", "5000"),
                            true)
                    .awaitEnd();
            assertEquals("", probe.failure());
            assertEquals(400, probe.status());
        }
    }

    @Test
    void serverNameIsAskedForAndVerified() throws Exception {
        Path other = BackendTlsTest.pem(folder.path().resolve("other.pem"), OTHER);
        int port = FreePort.find();
        String second =
                "server { listen 127.0.0.1:%d ssl http2; server_name other.corp; ssl_certificate %s; ssl_certificate_key %s; return 200 $ssl_server_name; "
                        .formatted(port, other, other);
        try (var _ = nginx(port + " ssl http2", "server_name localhost; return 200 $ssl_server_name; } " + second)) {
            BackendTlsSettings named =
                    new BackendTlsSettings(true, Set.of(), Optional.of("other.corp"), Optional.empty(), true);
            assertEquals(
                    "localhost",
                    rig.get(publish(port, http2(Optional.empty())), "/")
                            .awaitEnd()
                            .body());
            assertEquals(
                    "other.corp", rig.get(publish(port, named), "/").awaitEnd().body());
        }
    }

    /// Both pins are there before the server changes its certificate; afterwards the old one can go.
    @Test
    void twoPinsCarryOverARenewal() throws Exception {
        Path current = BackendTlsTest.pem(folder.path().resolve("current.pem"), RIGHT);
        int port = FreePort.find();
        try (var nginx = NginxServer.start("""
                    location / { return 200 plain; }
                }
                server {
                    listen 127.0.0.1:%d ssl;
                    keepalive_timeout 0;
                    ssl_certificate %s;
                    ssl_certificate_key %s;
                    return 200 in;
                """.formatted(port, current, current))) {
            String both = publish(port, pinned(RIGHT.fingerprint(), RENEWED.fingerprint()));
            String old = publish(port, pinned(RIGHT.fingerprint()));
            assertEquals("in", rig.get(both, "/").awaitEnd().body());
            assertEquals("in", rig.get(old, "/").awaitEnd().body());

            BackendTlsTest.pem(current, RENEWED);
            ProcessFixture.run(
                    "kill", List.of("kill", "-HUP", "" + nginx.process().pid()), Duration.ofSeconds(20));

            // a worker that leaves may close what it has just accepted, so each is asked until it answers
            TunnelRig.await(() -> ask(old).failure().equals("tls-pin"));
            TunnelRig.await(() -> ask(both).body().equals("in"));
            String renewed = publish(port, pinned(RENEWED.fingerprint()));
            TunnelRig.await(() -> ask(renewed).body().equals("in"));
        }
    }

    private TestStream ask(String id) {
        try {
            return rig.get(id, "/").awaitEnd();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static BackendTlsSettings pinned(String... pins) {
        return new BackendTlsSettings(true, Set.of(pins), Optional.empty(), Optional.empty(), true);
    }
}
