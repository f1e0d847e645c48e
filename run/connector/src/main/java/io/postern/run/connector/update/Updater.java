package io.postern.run.connector.update;

import io.postern.run.connector.release.Manifest;
import io.postern.run.connector.release.ReleaseFault;
import io.postern.run.connector.release.Version;
import io.postern.run.connector.update.UpdateService.Answer;
import io.postern.run.connector.update.UpdateService.Question;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for a new version now and then, asks the service whether it may be taken, and takes it. The time between two
/// looks is drawn by chance around the configured one, so that a fleet does not come in step.
final class Updater {
    private static final Logger LOG = LoggerFactory.getLogger("connector.updater");

    private final Keeper keeper;
    private final Source source;
    private final UpdateService service;
    private final Update update;
    private String said = "";

    Updater(Keeper keeper, Versions versions, Source source, UpdateService service) {
        this.keeper = keeper;
        this.source = source;
        this.service = service;
        this.update = new Update(keeper, versions, source, service);
    }

    /// Until interrupted. The first look comes as soon as the connector has its tunnels.
    void run(Duration every, RandomGenerator random) throws InterruptedException {
        while (true) {
            if (keeper.current().ready().isDone()) {
                try {
                    look();
                } catch (RuntimeException e) {
                    LOG.error("looking for a new version failed", e);
                }
            }
            long half = every.toMillis() / 2;
            Thread.sleep(half + random.nextLong(2 * half + 1)); // as often as said on average, half more or less
        }
    }

    private void look() {
        Version running = keeper.current().version();
        Optional<Manifest> offered = Optional.empty();
        String problem = "";
        try {
            Manifest manifest = source.manifest();
            if (manifest.version().compareTo(running) > 0) {
                offered = Optional.of(manifest);
            } else if (manifest.version().compareTo(running) < 0) {
                problem = "the manifest offers " + manifest.version() + ", older than " + running
                        + " that runs; going back is done by installing a package";
            }
        } catch (ReleaseFault e) {
            problem = String.valueOf(e.getMessage());
        }
        if (!problem.isEmpty()) {
            sayOnce("no update: " + problem);
        }
        ask(running, offered, problem);
    }

    private void ask(Version running, Optional<Manifest> offered, String problem) {
        Answer answer;
        try {
            answer = service.ask(
                    new Question(
                            running.toString(), offered.map(m -> m.version().toString()), problem),
                    Optional.empty());
        } catch (UpdateService.Unavailable e) {
            sayOnce("no update: " + e.getMessage());
            return;
        }
        if (offered.isEmpty()) {
            return;
        }
        if (answer.lease().isEmpty()) {
            sayOnce("version " + offered.get().version() + " waits: " + answer.reason());
            return;
        }
        said = "";
        update.run(offered.get(), answer);
    }

    private void sayOnce(String text) {
        if (!text.equals(said)) {
            said = text;
            LOG.warn("{}", text);
        }
    }
}
