package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Back-pressure end to end: half a gibibyte past a reader that stops and past a backend that reads in
/// pauses, while the memory of gateway and connector stays where it was. Slow by its nature (seconds).
class FlowSystemTest {
    private static final long BODY_BYTES = 512L << 20; // many times what may be held on the way
    /// What buffers of one stream may hold on all hops together, and what the collector leaves lying about.
    private static final long GROWTH_BYTES_MAX = 96L << 20;

    private final Quickstart quickstart = Quickstart.shared();
    private final URI sense = quickstart.application("sense");
    private final Browser browser = new Browser(quickstart.authority());

    @BeforeEach
    void warmUp() throws Exception {
        assertEquals(
                200,
                browser.openSignedIn(sense.resolve("hub"), quickstart.user(), quickstart.password())
                        .status());
        try (InputStream in = download(256L << 20)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
    }

    /// Over HTTP/1.1, a connection each: in one HTTP/2 connection the client's own window would be the limit.
    private InputStream download(long size) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(sense.resolve("tempcontent/big?size=" + size))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Cookie", browser.cookiesFor(sense.getHost()))
                .build();
        return browser.client()
                .send(request, HttpResponse.BodyHandlers.ofInputStream())
                .body();
    }

    @Test
    void aReaderThatStopsDoesNotGrowMemory() throws Exception {
        long before = resident();
        long peak = before;
        long total = 0;
        try (InputStream in = download(BODY_BYTES)) {
            byte[] piece = new byte[1 << 20];
            for (int n; (n = in.read(piece)) >= 0; ) {
                total += n;
                if (total % (128L << 20) < n) {
                    LockSupport.parkNanos(250_000_000); // the reader stops: this is what is tested
                    peak = Math.max(peak, resident());
                }
            }
        }

        assertEquals(BODY_BYTES, total);
        long growth = peak - before;
        assertTrue(growth < GROWTH_BYTES_MAX, () -> "grew by " + (growth >> 20) + " MiB");
    }

    @Test
    void aBackendThatReadsInPausesDoesNotGrowMemory() throws Exception {
        long before = resident();
        var body = new java.io.SequenceInputStream(new Zeros(BODY_BYTES), InputStream.nullInputStream());
        var request = HttpRequest.newBuilder(sense.resolve("upload?pause=1"))
                .header("Cookie", browser.cookiesFor(sense.getHost()))
                .POST(HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofInputStream(() -> body), BODY_BYTES))
                .build();
        var answer = browser.client().sendAsync(request, HttpResponse.BodyHandlers.ofString());
        long peak = before;
        while (!answer.isDone()) {
            LockSupport.parkNanos(200_000_000);
            peak = Math.max(peak, resident());
        }

        assertTrue(
                answer.join().body().contains("\"bytes\":" + BODY_BYTES),
                answer.join().body());
        long growth = peak - before;
        assertTrue(growth < GROWTH_BYTES_MAX, () -> "grew by " + (growth >> 20) + " MiB");
    }

    @Test
    void smallRequestsGoOnBesideStalledDownloads() throws Exception {
        var stalled = new java.util.ArrayList<InputStream>();
        try {
            for (int i = 0; i < 20; i++) {
                InputStream in = download(BODY_BYTES);
                assertTrue(in.read() >= 0);
                stalled.add(in);
            }
            for (int i = 0; i < 50; i++) {
                assertEquals(200, browser.open(sense.resolve("api/echo?i=" + i)).status());
            }
        } finally {
            for (InputStream in : stalled) {
                in.close();
            }
        }
    }

    /// Resident bytes of gateway and connector together.
    private long resident() throws IOException {
        return resident(quickstart.process().pid())
                + resident(quickstart.connector().pid());
    }

    private static long resident(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException("no VmRSS for " + pid);
    }

    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long size) {
            left = size;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int n = (int) Math.min(length, left);
            left -= n;
            return n;
        }
    }
}
