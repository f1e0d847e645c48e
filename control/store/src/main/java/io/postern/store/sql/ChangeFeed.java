package io.postern.store.sql;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells listeners of new configuration versions on one virtual thread, so that calls do not overlap and
/// no committer waits for them. Versions that arrive meanwhile are told as one.
final class ChangeFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);

    private final List<Consumer<Long>> listeners = new CopyOnWriteArrayList<>();
    private final Thread teller;
    private final Object lock = new Object();
    private long newest; // guarded by lock
    private long told; // guarded by lock

    /// @param version known already: only later ones are told
    ChangeFeed(long version) {
        newest = version;
        told = version;
        teller = Thread.ofVirtual().name("store-changes").start(this::run);
    }

    void listen(Consumer<Long> listener) {
        listeners.add(listener);
    }

    /// A version that was committed, here or elsewhere; an old one is no news.
    void offer(long version) {
        synchronized (lock) {
            if (version > newest) {
                newest = version;
                lock.notifyAll();
            }
        }
    }

    /// A listener that is being called right now finishes by itself.
    @Override
    public void close() {
        teller.interrupt();
    }

    private void run() {
        try {
            while (true) {
                tell(next());
            }
        } catch (InterruptedException e) {
            LOG.debug("change feed closed");
        }
    }

    private long next() throws InterruptedException {
        synchronized (lock) {
            while (newest == told) {
                lock.wait();
            }
            told = newest;
            return told;
        }
    }

    private void tell(long version) {
        for (Consumer<Long> listener : listeners) {
            try {
                listener.accept(version);
            } catch (RuntimeException e) {
                LOG.error("a listener failed on configuration version {}; the next change calls it again", version, e);
            }
        }
    }
}
