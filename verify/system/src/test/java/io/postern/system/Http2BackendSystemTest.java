package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.ApacheServer;
import io.postern.fixtures.Browser;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.NginxServer;
import io.postern.fixtures.TempFolder;
import io.postern.fixtures.TestCertificates;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/// nginx and Apache httpd in HTTP/2 as backends, through gateway, tunnel and connector.
class Http2BackendSystemTest {
    private final Quickstart quickstart = Quickstart.shared();
    private final Browser browser = new Browser(quickstart.authority());

    private URI publish(String name, int port, String pin) {
        quickstart
                .cli("app", "publish", "--name", name, "--internal-url", "https://localhost:" + port + "/")
                .expectSuccess();
        quickstart.cli("app", "set", "--name", name, "--pin", pin).expectSuccess();
        quickstart
                .cli("app", "set", "--name", name, "--validate-backend-certificate", "off")
                .expectSuccess();
        quickstart
                .cli("app", "assign", "--name", name, "--user", quickstart.user())
                .expectSuccess();
        return URI.create(quickstart.application("sense").toString().replace("sense-", name + "-"));
    }

    private void awaitSignIn(URI url) {
        Await.until(
                url + " is routed",
                () -> browser.openSignedIn(url, quickstart.user(), quickstart.password())
                                .status()
                        == 200);
    }

    private void awaitProtocol(URI url, String protocol) {
        Await.until(url + " is served over " + protocol, () -> {
            HttpResponse<byte[]> answer = raw(url);
            return answer.statusCode() == 200
                    && answer.headers().firstValue("x-protocol").orElse("").equals(protocol);
        });
    }

    @Test
    void nginxIsSpokenToInHttp2UnlessTheApplicationSaysOtherwise() throws Exception {
        TestCertificates.Issued own = TestCertificates.selfSigned("localhost");
        int port = FreePort.find();
        try (var folder = TempFolder.create("h2");
                var nginx = NginxServer.start("""
                    return 200 plain;
                }
                server {
                    listen 127.0.0.1:%d ssl http2;
                    ssl_certificate %s;
                    ssl_certificate_key %s;
                    root ${folder};
                    add_header x-protocol $server_protocol always;
                """.formatted(
                                port,
                                pem(folder.path().resolve("site.pem"), own),
                                folder.path().resolve("site.pem")))) {
            Files.writeString(nginx.folder().resolve("index.html"), "<h1>from nginx</h1>");
            Files.write(nginx.folder().resolve("big.bin"), new byte[3_000_000]);
            URI url = publish("h2nginx", port, own.fingerprint());
            awaitSignIn(url);

            awaitProtocol(url, "HTTP/2.0");
            assertEquals(3_000_000, raw(url.resolve("big.bin")).body().length);
            quickstart.cli("app", "set", "--name", "h2nginx", "--http2", "off").expectSuccess();
            awaitProtocol(url, "HTTP/1.1");
        }
    }

    @Test
    void apacheIsSpokenToInHttp2() throws Exception {
        TestCertificates.Issued own = TestCertificates.selfSigned("localhost");
        int port = FreePort.find();
        try (var folder = TempFolder.create("h2");
                var apache = ApacheServer.start(
                        """
                    LoadModule ssl_module ${modules}/mod_ssl.so
                    LoadModule http2_module ${modules}/mod_http2.so
                    Listen 127.0.0.1:%d
                    <VirtualHost 127.0.0.1:%d>
                        Protocols h2 http/1.1
                        SSLEngine on
                        SSLCertificateFile %s
                        Header always set x-protocol "expr=%%{SERVER_PROTOCOL}"
                    </VirtualHost>
                    """.formatted(port, port, pem(folder.path().resolve("site.pem"), own)))) {
            Files.writeString(apache.folder().resolve("index.html"), "<h1>from Apache</h1>");
            URI url = publish("h2apache", port, own.fingerprint());
            awaitSignIn(url);

            awaitProtocol(url, "HTTP/2.0");
            assertTrue(new String(raw(url).body(), StandardCharsets.UTF_8).contains("from Apache"));
        }
    }

    private static Path pem(Path file, TestCertificates.Issued own) throws Exception {
        return Files.writeString(
                file,
                block("CERTIFICATE", own.leaf().getEncoded())
                        + block("PRIVATE KEY", own.key().getEncoded()));
    }

    private static String block(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what
                + "-----\n";
    }

    private HttpResponse<byte[]> raw(URI uri) {
        try {
            return browser.client()
                    .send(
                            HttpRequest.newBuilder(uri)
                                    .header("Cookie", browser.cookiesFor(uri.getHost()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
