package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Security case "unauthenticated memory use": ten thousand connections that begin TLS and never finish it, from
/// several addresses, against a service in a process of its own (one process may not open files for both ends).
class HalfOpenSystemTest {
    private static final int CONNECTIONS = 10_000;
    private static final int ADDRESSES = 10;
    private static final int HALF_OPEN_MAX = 4_000; // `handshakes-max`, docs/operate/configure.md

    /// A ceiling and no measurement: 4,000 unfinished handshakes may each take 32 KiB before something is wrong.
    /// What grows without bound goes far beyond it.
    private static final long GROWTH_BYTES_MAX = 128L << 20;

    /// A record of 512 bytes that says ClientHello, and whose rest never comes.
    private static final byte[] BEGUN = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};

    private static double metric(Quickstart quickstart, String name) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(quickstart.url("metrics")).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            String text =
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return text.lines()
                    .filter(l -> l.startsWith(name + " ") || l.startsWith(name + "{"))
                    .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    private static long resident(Quickstart quickstart) throws IOException {
        return Files.readAllLines(
                        Path.of("/proc", Long.toString(quickstart.process().pid()), "status"))
                .stream()
                .filter(l -> l.startsWith("VmRSS:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    private static SocketChannel begin(int port, int number) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.1." + (1 + number % ADDRESSES)), 0));
        channel.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        try {
            if (number % 2 == 0) {
                channel.write(ByteBuffer.wrap(BEGUN));
            }
        } catch (IOException e) {
            channel.close(); // it had to give way already
        }
        return channel;
    }

    @Test
    void tenThousandUnfinishedHandshakesCostLittleAndKeepNobodyOut(@TempDir Path data) throws Exception {
        var sockets = new ArrayList<SocketChannel>();
        try (var quickstart = Quickstart.start(data)) {
            URI page = quickstart.application("sense").resolve("hub");
            var browser = new Browser(quickstart.authority());
            assertEquals(
                    200,
                    browser.openSignedIn(page, quickstart.user(), quickstart.password())
                            .status());
            double quiet = metric(quickstart, "edge_connections");
            long before = resident(quickstart);
            for (int i = 0; i < CONNECTIONS; i++) {
                sockets.add(begin(quickstart.port(), i));
                if (i % 2_500 == 0) {
                    assertServed(quickstart, page, browser);
                }
            }
            Await.until(
                    "the oldest gave way",
                    () -> metric(quickstart, "edge_connections_refused_total") >= CONNECTIONS - HALF_OPEN_MAX);
            assertTrue(metric(quickstart, "edge_connections") <= HALF_OPEN_MAX + quiet + 10);
            assertServed(quickstart, page, browser);
            long growth = resident(quickstart) - before;
            assertTrue(growth < GROWTH_BYTES_MAX, () -> "grew by " + (growth >> 20) + " MiB");
            close(sockets);
            Await.until(
                    "every count is back", () -> metric(quickstart, "edge_connections") <= quiet + 2); // the browser's
            assertServed(quickstart, page, browser);
        } finally {
            close(sockets);
        }
    }

    /// Over a new connection, so that its handshake is among the others.
    private static void assertServed(Quickstart quickstart, URI page, Browser browser)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(page)
                .header("Cookie", browser.cookiesFor(page.getHost()))
                .build();
        try (HttpClient client = Browser.client(quickstart.authority())) {
            assertEquals(
                    200,
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
        }
    }

    private static void close(List<SocketChannel> sockets) throws IOException {
        for (SocketChannel socket : sockets) {
            socket.close();
        }
    }
}
