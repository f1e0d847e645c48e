package io.postern.run.connector.directory;

import io.postern.run.connector.directory.DirectoryService.Unavailable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits between questions, until it is told to stop. Thread-safe.
final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger("connector.directory");
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Duration limit;

    /// @param limit how long a question is asked again and again
    Patience(Duration limit) {
        this.limit = limit;
    }

    /// The connector stops.
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("the connector stops");
        }
    }

    void stop() {
        stopped.countDown();
    }

    boolean isStopped() {
        return stopped.getCount() == 0;
    }

    void requireTime() {
        if (isStopped()) {
            throw new Stopped();
        }
    }

    /// Asks again while the service is away.
    ///
    /// @throws Unavailable when it was away all the time
    /// @throws Stopped meanwhile
    void with(Runnable question) {
        long end = System.nanoTime() + limit.toNanos();
        Duration pause = PAUSE;
        while (true) {
            try {
                question.run();
                return;
            } catch (Unavailable e) {
                if (System.nanoTime() + pause.toNanos() > end) {
                    throw e;
                }
                LOG.atDebug().addKeyValue("reason", e.getMessage()).log("the service is asked again");
            }
            await(pause);
            requireTime();
            pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
        }
    }

    /// @throws Stopped also when the thread is interrupted
    void await(Duration time) {
        try {
            if (stopped.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Stopped();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stopped();
        }
    }
}
