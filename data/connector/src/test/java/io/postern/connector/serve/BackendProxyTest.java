package io.postern.connector.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.net.dial.HttpProxy;
import io.postern.net.dial.NoProxy;
import io.postern.net.dial.ProxyChoice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// Backends behind a proxy (PRX-1): it is asked for the address that was checked, so neither the allow list nor
/// the guard of metadata services has a way around.
class BackendProxyTest {
    @Test
    void proxyIsAskedForTheCheckedAddress() throws Exception {
        try (var proxy = new AnsweringProxy();
                var rig = TunnelRig.open(behind(proxy, AllowList.absent()))) {
            String id = rig.publish(TunnelRig.http("b", "192.0.2.10", 8080));
            assertEquals("by way of the proxy", rig.get(id, "/").awaitEnd().body());
            assertEquals(List.of("CONNECT 192.0.2.10:8080 HTTP/1.1"), proxy.asked);
        }
    }

    @Test
    void metadataServiceIsNotReachedByWayOfTheProxy() throws Exception {
        try (var proxy = new AnsweringProxy();
                var rig = TunnelRig.open(behind(proxy, AllowList.absent()))) {
            String id = rig.publish(TunnelRig.http("b", "169.254.169.254", 80));
            assertEquals(403, rig.get(id, "/latest/meta-data").awaitEnd().status());
            assertTrue(proxy.asked.isEmpty(), proxy.asked.toString());
        }
    }

    @Test
    void allowListHoldsByWayOfTheProxy() throws Exception {
        try (var proxy = new AnsweringProxy();
                var rig = TunnelRig.open(behind(proxy, AllowList.of(List.of("198.51.100.0/24"))))) {
            String id = rig.publish(TunnelRig.http("b", "192.0.2.10", 80));
            assertEquals(403, rig.get(id, "/").awaitEnd().status());
            assertTrue(proxy.asked.isEmpty(), proxy.asked.toString());
        }
    }

    @Test
    void ownMachineIsNeverAskedOfTheProxy() throws Exception {
        try (var proxy = new AnsweringProxy();
                var backend = ScriptedBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                var rig = TunnelRig.open(behind(proxy, AllowList.absent()))) {
            String id = rig.publish(backend.port());
            assertEquals("ok", rig.get(id, "/").awaitEnd().body());
            assertTrue(proxy.asked.isEmpty(), proxy.asked.toString());
        }
    }

    private static ServeSettings behind(AnsweringProxy proxy, AllowList allow) {
        ServeSettings usual = ServeSettings.defaults();
        return new ServeSettings(
                allow,
                new ProxyChoice(
                        Optional.of(HttpProxy.parse("http://127.0.0.1:" + proxy.server.getLocalPort())),
                        NoProxy.nothing(),
                        false,
                        "connector.yaml"),
                Duration.ofSeconds(10),
                usual.idleTimeout(),
                usual.idleConnections(),
                usual.connections(),
                usual.waiting());
    }

    /// Agrees to everything and answers in the place of the backend.
    private static final class AnsweringProxy implements AutoCloseable {
        final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        final List<String> asked = new CopyOnWriteArrayList<>();

        AnsweringProxy() throws IOException {
            Thread.ofVirtual().start(() -> {
                while (!server.isClosed()) {
                    try (Socket socket = server.accept()) {
                        asked.add(head(socket).lines().findFirst().orElse(""));
                        write(socket, "HTTP/1.1 200 Connection established\r\n\r\n");
                        head(socket);
                        write(socket, "HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\nby way of the proxy");
                        head(socket); // until the connector closes
                    } catch (IOException e) {
                        asked.addAll(server.isClosed() ? List.of() : List.of(e.toString()));
                    }
                }
            });
        }

        private static String head(Socket socket) throws IOException {
            var head = new StringBuilder();
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                head.append((char) b);
                if (head.indexOf("\r\n\r\n") >= 0) {
                    break;
                }
            }
            return head.toString();
        }

        private static void write(Socket socket, String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
