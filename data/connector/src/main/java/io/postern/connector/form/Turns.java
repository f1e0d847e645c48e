package io.postern.connector.form;

import io.postern.connector.form.LoginFault.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// So many at a time for each key; the others wait, some time. Nothing is kept of keys for which nobody is here.
/// Thread-safe.
final class Turns<K> {
    private static final class Line {
        private final Semaphore places;
        private int here;

        Line(int atOnce) {
            places = new Semaphore(atOnce, true);
        }
    }

    private final int atOnce;
    private final Duration patience;
    private final Map<K, Line> lines = new HashMap<>();

    /// @param patience how long one waits for his turn
    Turns(int atOnce, Duration patience) {
        this.atOnce = atOnce;
        this.patience = patience;
    }

    /// Blocks.
    ///
    /// @throws LoginFault when the turn does not come in time
    <T> T take(K key, Supplier<T> work) {
        Line line = enter(key);
        try {
            if (!line.places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LoginFault(
                        Kind.BUSY, "sign-ins at this application took all places for " + patience.toSeconds() + " s");
            }
            try {
                return work.get();
            } finally {
                line.places.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoginFault(Kind.BUSY, "the connector stops");
        } finally {
            leave(key, line);
        }
    }

    private synchronized Line enter(K key) {
        Line line = lines.computeIfAbsent(key, _ -> new Line(atOnce));
        line.here++;
        return line;
    }

    private synchronized void leave(K key, Line line) {
        line.here--;
        if (line.here == 0) {
            lines.remove(key);
        }
    }
}
