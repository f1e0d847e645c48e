package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.NginxServer;
import io.postern.fixtures.Pem;
import io.postern.fixtures.TestCertificates;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A backend that lets in who has a certificate, behind pre-authentication: the user signs in at the
/// gateway, and the connector shows the backend the certificate that the application names.
class BackendCertificateSystemTest {
    private static final String USER = "ann@contoso.example";
    private static final String PASSWORD = "Correct-Horse-7-Battery";

    @TempDir
    private Path folder;

    private Path write(String name, String text) throws Exception {
        Path file = Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }

    @Test
    void whoSignedInIsShownToTheBackendByTheConnectorsCertificate() throws Exception {
        TestCertificates inner = TestCertificates.authority("Inner");
        TestCertificates.Issued server = inner.server("localhost");
        TestCertificates.Issued plant = inner.client("plant");
        Path authority = write("authority.pem", Pem.of(List.of(inner.authority())));
        Path own = write("plant.pem", Pem.of(plant.chain()) + Pem.of(plant.key()));
        Path chain = write("server.pem", Pem.of(server.chain()));
        Path key = write("server-key.pem", Pem.of(server.key()));
        Path configuration = write("connector.yaml", """
                backend-ca: %s
                client-certificates:
                  - name: plant
                    file: %s
                """.formatted(authority, own));
        int port = FreePort.find();
        try (var _ = NginxServer.start("""
                    location / { return 200 plain; }
                }
                server {
                    listen 127.0.0.1:%d ssl;
                    ssl_certificate %s;
                    ssl_certificate_key %s;
                    ssl_client_certificate %s;
                    ssl_verify_client on;
                    default_type text/plain;
                    location / { return 200 "let in: $ssl_client_s_dn"; }
                """.formatted(port, chain, key, authority));
                Installation installation = Installation.start(folder.resolve("i"), "30d")) {
            installation
                    .connector(
                            "--config",
                            configuration.toString(),
                            "--token-file",
                            installation.token().toString())
                    .awaitLine("connected to the service", 1);
            Path password = write("word", PASSWORD);
            installation.cli("user", "add", USER, "--password-file", password.toString());
            String inside = "\"internalUrl\": \"https://localhost:" + port + "/\"";
            String assigned = "\"assignedUsers\": [\"" + USER + "\"]";
            var browser = new Browser(installation.authority());
            URI application = installation.url("plant-contoso");

            installation.declare("plant", assigned, inside);
            String without = opened(browser, application, 400);
            assertTrue(without.contains("No required SSL certificate was sent"), without);
            installation.declare("plant", assigned, inside + ", \"backendTls\": {\"clientCertificate\": \"plant\"}");
            assertEquals("let in: CN=plant", opened(browser, application, 200));
            Browser.Page stranger = new Browser(installation.authority()).open(application);
            assertTrue(Browser.asksWho(stranger), "nobody gets there without signing in: " + stranger.body());
        }
    }

    private static String opened(Browser browser, URI url, int status) {
        var last = new AtomicReference<Browser.Page>();
        Await.until(url + " is open", () -> {
            last.set(browser.openSignedIn(url, USER, PASSWORD));
            return last.get().status() == status;
        });
        return last.get().body();
    }
}
