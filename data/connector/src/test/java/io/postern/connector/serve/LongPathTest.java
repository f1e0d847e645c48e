package io.postern.connector.serve;

import static io.postern.connector.serve.TunnelRig.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Bodies over a real tunnel whose path is long: how far windows grow is read from the budgets, the bytes that
/// moved until then say how soon. No megabytes per second: those are the machine's.
class LongPathTest {
    private static final Duration ROUND_TRIP = Duration.ofMillis(50);
    private static final int CHUNK = 64 * 1024;

    private static final long START = 256 * 1024;

    /// Eight mebibytes less the start: all that a stream may be given.
    private static final long GROWN = (8 << 20) - START;

    /// A handful of windows: a stream must have got there by then. At 256 KiB a round trip it would never.
    private static final long SOON_BYTES = 96L << 20;

    /// Looks at one stream's window as it grows. More than twofold at once is what only a stream gets that filled
    /// its window within a round trip or two; a tuner that sees half of each burst creeps up as well, but later.
    private static final class Growth {
        private long window = START;
        private double steepest = 1;

        /// @param promised beyond the start
        void see(long promised) {
            long now = START + promised;
            steepest = Math.max(steepest, (double) now / window);
            window = now;
        }

        void assertQuick() {
            assertTrue(steepest > 2.5, "in one round trip at most " + steepest + " times as much");
        }
    }

    @Test
    void aDownloadIsGivenAllItsWindowSoon() throws Exception {
        try (var rig = TunnelRig.open(ROUND_TRIP);
                var backend = new ScriptedBackend((connection, number) -> endless(connection))) {
            TestStream download = new TestStream().discarding();
            rig.open(download, request("GET", rig.publish(backend.port()), "/"));
            var growth = new Growth();

            TunnelRig.await(() -> {
                growth.see(rig.budget.bytesUsed());
                return rig.budget.bytesUsed() == GROWN || download.bodyBytes() > SOON_BYTES;
            });

            assertEquals(GROWN, rig.budget.bytesUsed(), "after " + download.bodyBytes() + " bytes");
            growth.assertQuick();
            download.cancel();
            TunnelRig.await(() -> rig.budget.bytesUsed() == 0);
        }
    }

    @Test
    void anUploadIsGivenAllItsWindowSoon() throws Exception {
        try (var rig = TunnelRig.open(ROUND_TRIP);
                var backend = new ScriptedBackend((connection, number) -> {
                    connection.readHead();
                    InputStream in = connection.socket().getInputStream();
                    byte[] chunk = new byte[CHUNK];
                    while (in.read(chunk) >= 0) {}
                })) {
            TestStream upload = rig.open(request("PUT", rig.publish(backend.port()), "/"), false);
            long sent = 0;
            var growth = new Growth();
            for (; promised(rig) < GROWN && sent < SOON_BYTES; sent += CHUNK) {
                upload.data(Unpooled.wrappedBuffer(new byte[CHUNK]), false).join(); // done when the window let it out
                growth.see((long) promised(rig));
            }

            assertEquals(GROWN, promised(rig), "after " + sent + " bytes");
            growth.assertQuick();
            upload.cancel();
            TunnelRig.await(() -> promised(rig) == 0);
        }
    }

    @Test
    void aShortPathNeedsNoLargeWindow() throws Exception {
        try (var rig = TunnelRig.open();
                var backend = new ScriptedBackend((connection, number) -> endless(connection))) {
            TestStream download = new TestStream().discarding();
            rig.open(download, request("GET", rig.publish(backend.port()), "/"));

            TunnelRig.await(() -> download.bodyBytes() > SOON_BYTES);

            assertTrue(rig.budget.bytesUsed() < GROWN / 2, "promised " + rig.budget.bytesUsed());
            download.cancel();
        }
    }

    private static void endless(ScriptedBackend.Connection connection) throws IOException {
        connection.readHead();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + (1L << 40) + "\r\n\r\n");
        OutputStream out = connection.socket().getOutputStream();
        byte[] chunk = new byte[CHUNK];
        while (true) {
            out.write(chunk);
        }
    }

    private static double promised(TunnelRig rig) {
        return rig.metric("connector_window_promised_bytes");
    }
}
