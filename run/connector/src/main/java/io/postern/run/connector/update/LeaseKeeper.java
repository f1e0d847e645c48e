package io.postern.run.connector.update;

import io.postern.run.connector.update.UpdateService.Question;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a lease while an update runs: asks again at a third of its life. When the updater dies, nobody asks, and the
/// next connector of the group has its turn.
final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("connector.updater");

    private final Thread thread;
    private volatile boolean held = true;

    private LeaseKeeper(UpdateService service, Question question, String lease, Duration life) {
        thread = Thread.ofVirtual().name("lease").unstarted(() -> {
            try {
                while (held) {
                    Thread.sleep(life.dividedBy(3));
                    keep(service, question, lease);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the update is over
            }
        });
    }

    static LeaseKeeper start(UpdateService service, Question question, String lease, Duration life) {
        var keeper = new LeaseKeeper(service, question, lease, life);
        keeper.thread.start();
        return keeper;
    }

    /// @throws UpdateFailed when the service has given the lease to another
    void requireHeld() {
        if (!held) {
            throw new UpdateFailed("the service took the lease back");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep(UpdateService service, Question question, String lease) {
        try {
            held = service.ask(question, Optional.of(lease)).lease().isPresent();
        } catch (UpdateService.Unavailable e) {
            if (!Thread.currentThread().isInterrupted()) { // else the update is over, and the question with it
                LOG.warn("the lease was not kept this time ({})", e.getMessage());
            }
        }
    }
}
