package io.postern.connector.serve;

import static io.postern.connector.serve.TunnelRig.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.tunnel.ConnectorStatus;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelFailure;
import io.postern.tunnel.TunnelProtocol;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the connector does for a probe, and what it says of itself (tunnel.md §4, §5).
class ProbeTest {
    private static TunnelRig rig;

    @BeforeAll
    static void openRig() throws Exception {
        rig = TunnelRig.open();
    }

    @AfterAll
    static void closeRig() {
        rig.close();
    }

    private static ScriptedBackend answering() throws Exception {
        return new ScriptedBackend((connection, number) -> {
            while (!connection.readHead().isEmpty()) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + number);
            }
        });
    }

    private static Http2Headers probe(String backend, int millis) {
        return request("GET", backend, "/").setInt(TunnelProtocol.PROBE, millis);
    }

    @Test
    void dialsAnewThoughAConnectionIsKept() throws Exception {
        try (var backend = answering()) {
            String id = rig.publish(backend.port());
            String first = rig.get(id, "/").awaitEnd().body();
            assertEquals(first, rig.get(id, "/").awaitEnd().body(), "requests of users share a connection");

            TestStream probed = rig.open(probe(id, 5_000), true).awaitEnd();

            assertNotEquals(first, probed.body(), "the probe has one of its own");
            assertTrue(probed.head().contains(TunnelProtocol.TIMING));
        }
    }

    @Test
    void isNotAsPatientAsUsersAre() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.readHead(); // accepts, and never answers
        })) {
            String id = rig.publish(backend.port()); // users wait 10 s

            TestStream probed = rig.open(probe(id, 200), true).awaitEnd();

            assertEquals("first-byte-timeout", probed.failure());
            assertTrue(probed.reason().contains("200 ms"), probed.reason());
        }
    }

    @Test
    void saysWhyInWordsThatAFieldCanCarry() throws Exception {
        String id = rig.publish(TunnelRig.http("odd", "no-such-host.invalid", 80));

        TestStream probed = rig.open(probe(id, 5_000), true).awaitEnd();

        assertEquals("resolve", probed.failure());
        assertTrue(probed.reason().contains("no-such-host.invalid"), probed.reason());
        Http2Headers odd = Fields.failure(TunnelFailure.TLS, AsciiString.of("-"), "caf\u00e9\r\nx: y");
        assertEquals("caf???x: y", String.valueOf(odd.get(TunnelProtocol.REASON)));
    }

    @Test
    void tellsItsWork() throws Exception {
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.readHead();
        })) {
            TestStream held = rig.get(rig.publish(backend.port()), "/");
            Tunnel tunnel = rig.tunnels().iterator().next();
            TunnelRig.await(() -> rig.metric("connector_open_streams") >= 1);

            ConnectorStatus status = tunnel.status().get(5, TimeUnit.SECONDS);

            assertTrue(status.work().exchanges() >= 1, status.toString());
            assertEquals(1, status.host().processors());
            held.cancel();
        }
    }
}
