package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.ApacheServer;
import io.postern.fixtures.Browser;
import io.postern.fixtures.NginxServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Real servers of the field as backends, published while everything runs.
class BackendSystemTest {
    private final Quickstart quickstart = Quickstart.shared();
    private final Browser browser = new Browser(quickstart.authority());

    private URI publish(String name, int port) {
        quickstart
                .cli("app", "publish", "--name", name, "--internal-url", "http://127.0.0.1:" + port + "/")
                .expectSuccess();
        quickstart
                .cli("app", "assign", "--name", name, "--user", quickstart.user())
                .expectSuccess();
        URI url = URI.create(quickstart.application("sense").toString().replace("sense-", name + "-"));
        Await.until(
                name + " is routed",
                () -> browser.openSignedIn(url, quickstart.user(), quickstart.password())
                                .status()
                        == 200);
        return url;
    }

    @Test
    void publishesNginx() throws Exception {
        try (var nginx = NginxServer.start("")) {
            fill(nginx.folder(), "<h1>from nginx</h1>");
            URI url = publish("nginx", nginx.port());

            assertTrue(browser.open(url).body().contains("from nginx"));
            var redirect = browser.step(url.resolve("folder"));
            assertEquals(301, redirect.status());
            assertEquals(
                    url.resolve("folder/").toString(),
                    redirect.fields().get("location"),
                    "an absolute redirect comes back as the external one");
            assertEquals(3_000_000, raw(url.resolve("big.bin")).length);
            assertEquals(404, browser.open(url.resolve("missing")).status());
        }
    }

    @Test
    void publishesApache() throws Exception {
        try (var apache = ApacheServer.start("")) {
            fill(apache.folder(), "<h1>from Apache</h1>");
            URI url = publish("apache", apache.port());

            assertTrue(browser.open(url).body().contains("from Apache"));
            assertEquals(
                    url.resolve("folder/").toString(),
                    browser.step(url.resolve("folder")).fields().get("location"));
        }
    }

    private static void fill(Path site, String home) throws IOException {
        Files.writeString(site.resolve("index.html"), home);
        Files.createDirectory(site.resolve("folder"));
        Files.writeString(site.resolve("folder/index.html"), "inside");
        Files.write(site.resolve("big.bin"), new byte[3_000_000]);
    }

    private byte[] raw(URI uri) throws Exception {
        return browser.client()
                .send(
                        HttpRequest.newBuilder(uri)
                                .header("Cookie", browser.cookiesFor(uri.getHost()))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }
}
