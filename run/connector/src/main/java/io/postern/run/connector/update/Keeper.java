package io.postern.run.connector.update;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the connector running: a process that ends unasked is started again, sooner or later. One that never gets
/// its tunnels up twice in a row although it was proved once is set aside for what the updater came with.
///
/// [#run] belongs to one thread; the rest may be called from any.
final class Keeper {
    private static final Logger LOG = LoggerFactory.getLogger("connector.updater");
    private static final Duration PAUSE_FIRST = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    private static final int FAILURES_MAX = 2;

    // exit statuses that another start would not mend (ConnectorMain)
    private static final int USAGE = 2;
    private static final int DATA = 4;

    private final Versions versions;
    private final List<String> options;
    private final CompletableFuture<Integer> hopeless = new CompletableFuture<>();
    private volatile ConnectorProcess current;
    private volatile boolean stopping;
    private final AtomicInteger failures = new AtomicInteger();

    /// @param options of the connector, for every start
    Keeper(Versions versions, List<String> options) {
        this.versions = versions;
        this.options = options;
        this.current = ConnectorProcess.start(versions.current(), options, false);
    }

    ConnectorProcess current() {
        return current;
    }

    List<String> options() {
        return options;
    }

    /// Done with an exit status when starting again is of no use.
    CompletableFuture<Integer> hopeless() {
        return hopeless.copy();
    }

    /// Runs until told to stop, or hopeless.
    void run() throws InterruptedException {
        boolean everReady = false;
        while (!stopping) {
            ConnectorProcess watched = current;
            int status = watched.ended().join();
            boolean wasReady = watched.ready().isDone() && !watched.ready().isCompletedExceptionally();
            everReady |= wasReady;
            if (stopping || !watched.equals(current)) {
                continue; // the updater has put another one in its place
            }
            if (!everReady && status >= USAGE && status <= DATA) {
                hopeless.complete(status);
                return;
            }
            failures.set(wasReady ? 0 : failures.get() + 1);
            LOG.warn("the connector {} ended with status {}; it is started again", watched.version(), status);
            Thread.sleep(pause());
            if (!stopping) {
                if (failures.get() >= FAILURES_MAX) {
                    setAside(watched);
                }
                restart(watched);
            }
        }
    }

    /// @return the one before, which still runs
    synchronized ConnectorProcess adopt(ConnectorProcess next) {
        ConnectorProcess before = current;
        current = next;
        failures.set(0);
        return before;
    }

    /// Drains the connector, and one that is on trial; nothing is started any more.
    void stop() {
        stopping = true;
        List<ProcessHandle> children = ProcessHandle.current().children().toList();
        children.forEach(ProcessHandle::destroy);
        current.stop();
        children.forEach(child -> child.onExit().join());
    }

    private synchronized void restart(ConnectorProcess ended) {
        if (!stopping && ended.equals(current)) {
            current = ConnectorProcess.start(versions.current(), options, false);
        }
    }

    private void setAside(ConnectorProcess failing) {
        if (failing.version().equals(versions.current().version()) && versions.isRecorded(failing.version())) {
            LOG.error("version {} does not get its tunnels up any more; it is set aside", failing.version());
            versions.remove(failing.version());
            failures.set(0);
        }
    }

    private Duration pause() {
        long millis = PAUSE_FIRST.toMillis() << Math.min(failures.get(), 10);
        return Duration.ofMillis(Math.min(millis, PAUSE_MAX.toMillis()));
    }
}
