package io.postern.connector.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.HostPort;
import io.postern.connector.ConnectorSettings;
import io.postern.net.dial.ProxyChoice;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A backend that takes few connections, or hangs: so many requests reach it, so many wait, the rest is told
/// at once.
class BackendSlotsTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final int CONNECTIONS = 4;
    private static final int WAITING = 8;

    private final CountDownLatch hold = new CountDownLatch(1);
    private TunnelRig rig;
    private ScriptedBackend backend;
    private String id = "";

    @BeforeEach
    void open() throws Exception {
        backend = new ScriptedBackend((connection, number) -> {
            while (true) {
                connection.readHead();
                await(hold);
                connection.send(OK);
            }
        });
        rig = TunnelRig.open(limited(Duration.ofSeconds(10)));
        id = rig.publish(backend.port());
    }

    private static ServeSettings limited(Duration patience) {
        return limited(patience, CONNECTIONS);
    }

    private static ServeSettings limited(Duration patience, int connections) {
        return new ServeSettings(
                AllowList.absent(),
                ProxyChoice.none(),
                patience,
                Duration.ofSeconds(15),
                CONNECTIONS,
                connections,
                WAITING);
    }

    static ServeSettings limitedTo(int connections) {
        return limited(Duration.ofSeconds(10), connections);
    }

    @AfterEach
    void close() throws Exception {
        hold.countDown();
        rig.close();
        backend.close();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private List<TestStream> get(int count) throws Exception {
        var streams = new ArrayList<TestStream>();
        for (int i = 0; i < count; i++) {
            streams.add(rig.get(id, "/" + i));
        }
        return streams;
    }

    @Test
    void servesWhatWaitsOverTheConnectionsThatComeFree() throws Exception {
        List<TestStream> streams = get(CONNECTIONS + WAITING);
        TunnelRig.await(() -> rig.metric("connector_waiting_for_backends") == WAITING);
        TunnelRig.await(() -> backend.connections() == CONNECTIONS);
        hold.countDown();
        for (TestStream stream : streams) {
            assertEquals(200, stream.awaitEnd().status());
        }
        assertEquals(CONNECTIONS, backend.connections());
        assertEquals(0, rig.metric("connector_waiting_for_backends"));
    }

    @Test
    void refusesAtOnceWhenTheQueueIsFull() throws Exception {
        List<TestStream> taken = get(CONNECTIONS + WAITING);
        TunnelRig.await(() -> rig.metric("connector_waiting_for_backends") == WAITING);
        TestStream refused = rig.get(id, "/one-more").awaitEnd();
        assertEquals(503, refused.status());
        assertEquals("busy", refused.failure());
        hold.countDown();
        for (TestStream stream : taken) {
            assertEquals(200, stream.awaitEnd().status());
        }
        assertEquals(200, rig.get(id, "/after").awaitEnd().status());
    }

    @Test
    void refusesWhatHasWaitedTooLong() throws Exception {
        rig.close();
        rig = TunnelRig.open(limited(Duration.ofMillis(300)));
        id = rig.publish(backend.port());
        List<TestStream> streams = get(CONNECTIONS + 1);
        TestStream last = streams.getLast().awaitEnd();
        assertEquals("busy", last.failure());
        assertEquals(0, rig.metric("connector_waiting_for_backends"));
    }

    @Test
    void aClientThatLeavesGivesUpItsPlaceAndItsConnection() throws Exception {
        List<TestStream> taken = get(CONNECTIONS);
        List<TestStream> waiting = get(WAITING);
        TunnelRig.await(() -> rig.metric("connector_waiting_for_backends") == WAITING);
        waiting.forEach(TestStream::cancel);
        TunnelRig.await(() -> rig.metric("connector_waiting_for_backends") == 0);
        TestStream next = rig.get(id, "/next");
        taken.getFirst().cancel(); // its connection closes, so that another may be dialled
        hold.countDown();
        assertEquals(200, next.awaitEnd().status());
        for (TestStream stream : taken.subList(1, CONNECTIONS)) {
            assertEquals(200, stream.awaitEnd().status());
        }
    }

    @Test
    void oneBackendsQueueIsNotAnothers() throws Exception {
        get(CONNECTIONS + WAITING);
        try (var other = ScriptedBackend.answering(OK)) {
            String second = rig.publish(other.port());
            assertEquals(200, rig.get(second, "/").awaitEnd().status());
        }
        assertTrue(backend.connections() <= CONNECTIONS);
    }

    @Test
    void openWebSocketsTakeNoSlots() throws Exception {
        try (var chat = new ScriptedBackend((connection, number) -> {
            String head = connection.readHead();
            if (head.contains("sec-websocket-key")) {
                connection.send(ScriptedBackend.accepted(head, ""));
                await(hold);
            } else {
                connection.send(OK);
            }
        })) {
            String both = rig.publish(chat.port());
            for (int i = 0; i < 2 * CONNECTIONS; i++) {
                assertEquals(
                        200,
                        rig.open(WebSocketTest.connect(both), false).awaitHead().status());
            }
            assertEquals(200, rig.get(both, "/").awaitEnd().status());
        }
    }

    @Test
    void aBackendThatIsGoneFreesItsSlots() throws Exception {
        int port;
        try (var gone = ScriptedBackend.answering(OK)) {
            port = gone.port();
        }
        String none = rig.publish(TunnelRig.http("none", "127.0.0.1", port));
        for (int i = 0; i < 3 * CONNECTIONS; i++) {
            assertEquals("connect", rig.get(none, "/").awaitEnd().failure());
        }
    }

    @Test
    void theLimitIsTheWholeConnectorsAndNotEachEventLoops() throws Exception { // HA-5
        rig.close();
        rig = twoLoops(CONNECTIONS);
        id = rig.publish(backend.port());
        List<TestStream> streams = get(CONNECTIONS + WAITING);
        TunnelRig.await(() -> rig.metric("connector_waiting_for_backends") == WAITING);
        assertEquals("busy", rig.get(id, "/one-more").awaitEnd().failure());
        TunnelRig.await(() -> backend.connections() == CONNECTIONS);
        hold.countDown();
        for (TestStream stream : streams) {
            assertEquals(200, stream.awaitEnd().status(), "whichever loop it waited on");
        }
        assertEquals(0, rig.metric("connector_waiting_for_backends"));
    }

    /// Connections came free on one loop just when the other's requests began to wait: waves of them find it.
    @Test
    void nobodyIsForgottenHoweverTheLoopsMeet() throws Exception {
        rig.close();
        rig = twoLoops(CONNECTIONS);
        hold.countDown();
        id = rig.publish(backend.port());
        for (int wave = 0; wave < 300; wave++) {
            for (TestStream stream : get(CONNECTIONS + WAITING)) {
                assertEquals(200, stream.awaitEnd().status(), "in wave " + wave);
            }
        }
        assertEquals(0, rig.metric("connector_waiting_for_backends"));
    }

    @Test
    void anUnusedConnectionOfOneLoopGivesWayToARequestOfAnother() throws Exception {
        rig.close();
        rig = twoLoops(1);
        hold.countDown();
        id = rig.publish(backend.port());
        for (int i = 0; i < 20; i++) { // now on the one loop, now on the other
            assertEquals(200, rig.get(id, "/" + i).awaitEnd().status());
        }
    }

    private static TunnelRig twoLoops(int connections) throws Exception {
        return new TunnelRig(
                new ConnectorSettings(
                        limitedTo(connections),
                        ProxyChoice.none(),
                        2,
                        2,
                        BackendCredentials.NONE,
                        List.of(),
                        Optional.empty(),
                        new HostPort("127.0.0.1", 0),
                        Duration.ZERO,
                        ConnectorSettings.defaults().logs()),
                2);
    }
}
