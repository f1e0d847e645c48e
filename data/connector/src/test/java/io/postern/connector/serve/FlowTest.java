package io.postern.connector.serve;

import static io.postern.connector.serve.TunnelRig.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.util.internal.PlatformDependent;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// 100 MB, of a body or of a WebSocket, against a peer that stops reading: what is on its way stays small, in both
/// directions.
class FlowTest {
    private static final int CHUNK = 64 * 1024;
    private static final int CHUNKS = 1_600;
    private static final long BYTES = (long) CHUNK * CHUNKS;

    /// Both processes' buffers and both kernels' sockets for one stalled stream; far below the 100 MB.
    private static final long ON_ITS_WAY_MAX = 32L * 1024 * 1024;

    private static TunnelRig rig;

    @BeforeAll
    static void openRig() throws Exception {
        rig = TunnelRig.open();
    }

    @AfterAll
    static void closeRig() {
        rig.close();
    }

    @Test
    void downloadToAStalledReader() throws Exception {
        var sent = new AtomicLong();
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + BYTES + "\r\n\r\n");
            OutputStream out = connection.socket().getOutputStream();
            byte[] chunk = new byte[CHUNK];
            for (int i = 0; i < CHUNKS; i++) {
                out.write(chunk);
                sent.addAndGet(CHUNK);
            }
        })) {
            String id = rig.publish(backend.port());
            long before = PlatformDependent.usedDirectMemory();
            TestStream download = new TestStream().discarding();
            download.pause();
            rig.open(download, request("GET", id, "/"));
            awaitStill(sent);
            assertTrue(sent.get() < ON_ITS_WAY_MAX, "sent " + sent.get());
            assertTrue(PlatformDependent.usedDirectMemory() - before < ON_ITS_WAY_MAX);
            download.resume();
            download.awaitEnd();
            assertEquals(BYTES, download.bodyBytes());
        }
    }

    @Test
    void webSocketToAStalledReader() throws Exception {
        var sent = new AtomicLong();
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.send(ScriptedBackend.accepted(connection.readHead(), ""));
            OutputStream out = connection.socket().getOutputStream();
            byte[] chunk = new byte[CHUNK];
            for (int i = 0; i < CHUNKS; i++) {
                out.write(chunk);
                sent.addAndGet(CHUNK);
            }
        })) {
            TestStream socket = rig.open(WebSocketTest.connect(rig.publish(backend.port())), false);
            socket.discarding().pause();
            awaitStill(sent);
            assertTrue(sent.get() < ON_ITS_WAY_MAX, "sent " + sent.get());
            socket.resume();
            socket.awaitEnd();
            assertEquals(BYTES, socket.bodyBytes());
        }
    }

    @Test
    void webSocketToAStalledBackend() throws Exception {
        var go = new CountDownLatch(1);
        var received = new AtomicLong();
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.send(ScriptedBackend.accepted(connection.readHead(), ""));
            ServeTest.awaitLatch(go);
            byte[] buffer = new byte[CHUNK];
            while (received.get() < BYTES) {
                received.addAndGet(connection.socket().getInputStream().read(buffer));
            }
        })) {
            TestStream socket = rig.open(WebSocketTest.connect(rig.publish(backend.port())), false);
            socket.awaitHead();
            var sent = new AtomicLong();
            Thread writer = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < CHUNKS; i++) {
                    socket.data(Unpooled.wrappedBuffer(new byte[CHUNK]), false).join();
                    sent.addAndGet(CHUNK);
                }
            });
            awaitStill(sent);
            assertTrue(sent.get() < ON_ITS_WAY_MAX, "sent " + sent.get());
            go.countDown();
            TunnelRig.await(() -> received.get() == BYTES);
            writer.join();
        }
    }

    @Test
    void uploadToAStalledBackend() throws Exception {
        var go = new CountDownLatch(1);
        var received = new AtomicLong();
        try (var backend = new ScriptedBackend((connection, number) -> {
            connection.readHead();
            ServeTest.awaitLatch(go);
            byte[] buffer = new byte[CHUNK];
            while (received.get() < BYTES) {
                received.addAndGet(connection.socket().getInputStream().read(buffer));
            }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        })) {
            String id = rig.publish(backend.port());
            TestStream upload = rig.open(request("PUT", id, "/").set("content-length", Long.toString(BYTES)), false);
            var sent = new AtomicLong();
            Thread writer = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < CHUNKS; i++) {
                    upload.data(Unpooled.wrappedBuffer(new byte[CHUNK]), i == CHUNKS - 1)
                            .join(); // done when the window let it out
                    sent.addAndGet(CHUNK);
                }
            });
            awaitStill(sent);
            assertTrue(sent.get() < ON_ITS_WAY_MAX, "sent " + sent.get());
            go.countDown();
            assertEquals(200, upload.awaitEnd().status());
            assertEquals(BYTES, received.get());
            writer.join();
        }
    }

    /// Waits until the count has not moved for a while: the sender stands still.
    static void awaitStill(AtomicLong count) throws InterruptedException {
        long last = -1;
        while (last != count.get() || last == 0) {
            last = count.get();
            Thread.sleep(300); // the passing of time is the subject here
        }
    }
}
