package io.postern.run.connector.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LogQueueTest {
    /// Does with each batch what a test says.
    private static LogSink sink(Taking taking) {
        return new LogSink() {
            @Override
            public void write(List<LogRecord> records) throws IOException {
                taking.take(records);
            }

            @Override
            public String name() {
                return "the test's";
            }

            @Override
            public void close() {}
        };
    }

    private interface Taking {
        void take(List<LogRecord> records) throws IOException;
    }

    @Test
    void writesWhatWaitsBeforeItCloses() {
        var written = new CopyOnWriteArrayList<LogRecord>();
        var queue = new LogQueue(List.of(sink(written::addAll)));

        for (int i = 0; i < 2_000; i++) {
            queue.add(Records.session("exchange"));
        }
        queue.close();

        assertEquals(2_000, written.size());
        assertEquals(0, queue.dropped());
    }

    @Test
    void neverMakesTheCallerWaitAndCountsWhatDoesNotFit() throws Exception {
        var begun = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var queue = new LogQueue(List.of(sink(records -> {
            begun.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        })));
        queue.add(Records.session("the first is stuck"));
        begun.await();

        for (int i = 0; i < 20_000; i++) {
            queue.add(Records.session("exchange"));
        }

        assertEquals(20_000 - 16_384, queue.dropped());
        release.countDown();
        queue.close();
    }

    @Test
    void aSinkThatFailsHarmsNoOther() {
        var written = new CopyOnWriteArrayList<LogRecord>();
        var queue = new LogQueue(List.of(
                sink(records -> {
                    throw new IOException("full");
                }),
                sink(written::addAll)));

        queue.add(Records.admin("exchange failed"));
        queue.close();

        assertEquals(1, written.size());
        assertTrue(queue.dropped() >= 1);
    }
}
