package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import io.postern.fixtures.FreePort;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A running connector's Admin and Session logs, in files and at a receiver, and its counters (CNT-1).
class ConnectorLogsSystemTest {
    private static final Pattern METRICS = Pattern.compile("metrics=\"(http://[^\"]+)\"");

    @TempDir
    Path folder;

    @Test
    void tellsOfExchangesAndFaultsAndOfNoSecret() throws Exception {
        Path logs = folder.resolve("logs");
        Path config = folder.resolve("connector.yaml");
        try (var receiver = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Files.writeString(config, """
                    logs:
                      session: true
                      folder: %s
                      send-to: syslog+udp://127.0.0.1:%d
                    """.formatted(logs, receiver.getLocalPort()));
            String dead = "http://127.0.0.1:" + FreePort.find() + "/";
            try (var quickstart = Quickstart.start(
                    folder.resolve("data"), "--connector-config", config.toString(), "--publish", "dead=" + dead)) {
                var browser = new Browser(quickstart.authority());
                URI echo = quickstart.application("sense").resolve("api/echo?token=s3cr3t-of-the-query");
                assertEquals(
                        200,
                        browser.openSignedIn(echo, quickstart.user(), quickstart.password())
                                .status());
                assertEquals(
                        502,
                        browser.openSignedIn(quickstart.application("dead"), quickstart.user(), quickstart.password())
                                .status());

                Path session = logs.resolve("session.log");
                Path admin = logs.resolve("admin.log");
                Await.until(
                        "the exchange is told",
                        () -> line(session, "path=\"/api/echo\"").contains("status=\"200\" end=\"complete\""));
                Await.until("so is the fault", () -> line(admin, " 13006 ").contains("exchange failed"));
                assertTrue(line(session, "end=\"connect\"").contains("status=\"502\""), Files.readString(session));
                for (Path file : List.of(session, admin)) {
                    assertFalse(Files.readString(file).contains("s3cr3t"), file.toString());
                    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
                }
                assertCounted(quickstart);
            }
            var packet = new DatagramPacket(new byte[9_000], 9_000);
            receiver.receive(packet);
            String first = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
            assertTrue(first.matches("<\\d+>1 \\S+Z \\S+ postern-connector \\d+ - - connector: .*"), first);
        }
    }

    private static String line(Path file, String with) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.contains(with))
                .findFirst()
                .orElse("");
    }

    private static void assertCounted(Quickstart quickstart) throws Exception {
        var started = METRICS.matcher(String.join("\n", quickstart.standardError()));
        assertTrue(started.find());
        String text;
        try (HttpClient client = HttpClient.newHttpClient()) {
            text = client.send(
                            HttpRequest.newBuilder(URI.create(started.group(1))).build(), BodyHandlers.ofString())
                    .body();
        }
        Map.of(
                        "connector_exchanges_total\\{status_class=\"2xx\"\\}", "[1-9]",
                        "connector_failures_total\\{reason=\"connect\"\\}", "[1-9]",
                        "connector_first_byte_seconds_count", "[1-9]",
                        "connector_backend_queue_wait_seconds_count", "[1-9]",
                        "connector_backend_connections", "\\d",
                        "connector_open_websockets", "0",
                        "connector_response_bytes_total", "[1-9]",
                        "connector_request_bytes_total", "\\d",
                        "connector_log_records_dropped_total", "0")
                .forEach((name, value) -> assertTrue(
                        Pattern.compile("(?m)^" + name + " " + value)
                                .matcher(text)
                                .find(),
                        name + " in\n" + text));
    }
}
