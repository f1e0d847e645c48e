package io.postern.run.connector.update;

import io.postern.run.connector.release.Manifest;
import io.postern.run.connector.release.ReleaseFault;
import io.postern.run.connector.update.UpdateService.Answer;
import io.postern.run.connector.update.UpdateService.Proof;
import io.postern.run.connector.update.UpdateService.Question;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One update, under a lease of the service:
///
///     install beside ─▶ start on trial ─▶ prove ─▶ serve ─▶ prove again ─▶ make current ─▶ drain the old
///          └──────────── whatever fails: end the new, remove it, the old one has never stopped ──┘
///
/// Runs on one thread; another keeps the lease.
final class Update {
    private static final Logger LOG = LoggerFactory.getLogger("connector.updater");
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration SERVE_LIMIT = Duration.ofSeconds(30);

    private final Keeper keeper;
    private final Versions versions;
    private final Source source;
    private final UpdateService service;

    Update(Keeper keeper, Versions versions, Source source, UpdateService service) {
        this.keeper = keeper;
        this.versions = versions;
        this.source = source;
        this.service = service;
    }

    /// @param granted with a lease
    /// @return whether the new version runs now
    boolean run(Manifest manifest, Answer granted) {
        String lease = granted.lease().orElseThrow();
        String from = keeper.current().version().toString();
        LOG.info("update begins: from={} to={}", from, manifest.version());
        var question = new Question(from, Optional.of(manifest.version().toString()), "");
        try (var kept = LeaseKeeper.start(service, question, lease, granted.life())) {
            ConnectorProcess old = replace(manifest, lease, kept);
            LOG.info("version {} serves; draining version {}", manifest.version(), from);
            old.stop();
            keeper.current().alone();
        } catch (UpdateFailed | ReleaseFault | UpdateService.Unavailable e) {
            LOG.warn("update rolled back: from={} to={} reason=\"{}\"", from, manifest.version(), e.getMessage());
            end(lease, false, String.valueOf(e.getMessage()));
            return false;
        }
        LOG.info("update done: from={} to={}", from, manifest.version());
        end(lease, true, "");
        return true;
    }

    /// @return the old process, which still runs and gets no more exchanges than the new one
    private ConnectorProcess replace(Manifest manifest, String lease, LeaseKeeper kept) {
        Versions.Installed installed = versions.install(manifest, source);
        ConnectorProcess candidate = null;
        boolean done = false;
        try {
            candidate = ConnectorProcess.start(installed, keeper.options(), true);
            String says = candidate.awaitReady(READY_LIMIT);
            if (!says.equals(manifest.version().toString())) {
                throw new UpdateFailed("the archive of version " + manifest.version() + " holds version " + says);
            }
            prove(lease, candidate);
            kept.requireHeld();
            candidate.serve(SERVE_LIMIT);
            prove(lease, candidate);
            versions.makeCurrent(manifest.version());
            done = true;
            return keeper.adopt(candidate);
        } finally {
            if (!done) {
                if (candidate != null) {
                    candidate.stop();
                }
                versions.remove(manifest.version());
            }
        }
    }

    private void prove(String lease, ConnectorProcess candidate) {
        Proof proof = service.prove(lease, candidate.name());
        if (!proof.proven()) {
            throw new UpdateFailed("the proof failed: " + proof.reason());
        }
        LOG.info("version {} is proved: {}", candidate.version(), proof.reason());
    }

    private void end(String lease, boolean updated, String reason) {
        try {
            service.end(lease, updated, reason);
        } catch (UpdateService.Unavailable e) {
            LOG.warn("the service did not hear of the update's end ({}); its lease runs out", e.getMessage());
        }
    }
}
