package io.postern.run.service;

import io.postern.admin.Administration;
import io.postern.admin.logging.LogRetention;
import io.postern.identity.Identity;
import io.postern.pki.OperatorCertificates;
import io.postern.pki.Pki;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What must happen now and then without anybody asking. One virtual thread a job; a job that fails is
/// logged and tried again at its next turn.
final class Jobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);

    /// Of jobs whose result people look for after a start.
    private static final Duration FIRST = Duration.ofMinutes(1);

    /// A job that failed rests for so long at least, so that a database that is gone does not fill the log.
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private final List<Thread> threads = new ArrayList<>();

    private Jobs() {}

    /// @param rotateRing takes over the key ring that other nodes may have rotated
    static Jobs start(
            Pki pki,
            OperatorCertificates operator,
            Administration administration,
            Identity identity,
            LogRetention logs,
            Runnable rotateRing) {
        var jobs = new Jobs();
        jobs.every(Duration.ofHours(1), "key-rotation", identity::rotateKeys);
        jobs.every(Duration.ofHours(12), "key-ring-rotation", rotateRing);
        jobs.every(Duration.ofSeconds(2), "back-channel-logout", identity::tellClients);
        jobs.every(Duration.ofSeconds(10), "sign-in-log-bounds", identity::tellLeftOut);
        jobs.every(
                Duration.ofSeconds(5),
                "assignment-ends",
                () -> administration.services().assignmentWatch().tell());
        jobs.every(
                Duration.ofMillis(250),
                "dynamic-membership",
                () -> administration.services().memberships().upkeep().work());
        jobs.every(
                Duration.ofSeconds(1),
                "synchronisation",
                () -> administration.services().synchronisation().work());
        jobs.every(Duration.ofSeconds(1), "provisioning", administration::provision);
        jobs.every(
                Duration.ofMinutes(5),
                "synchronisation-notices",
                () -> administration.services().synchronisation().tellLate());
        jobs.every(
                Duration.ofSeconds(30),
                "access-requests",
                () -> administration.services().access().requests().work());
        jobs.every(
                Duration.ofSeconds(2),
                "notices",
                () -> administration.services().alerts().work());
        jobs.every(
                Duration.ofSeconds(30),
                "guest-access",
                () -> administration.services().guests().access().work());
        jobs.every(Duration.ofHours(1), "purge", identity::purge);
        jobs.every(FIRST, Duration.ofHours(1), "log-retention", () -> {
            int gone = logs.cut() + administration.services().outbound().purge();
            if (gone > 0) {
                LOG.info("{} log entries were removed, as old as they are kept", gone);
            }
        });
        // the first turn is an hour after the start: until then connectors have come back (STA-2)
        jobs.every(Duration.ofHours(1), "inactive-connectors", () -> {
            int removed = administration.services().connectors().removeUnseen();
            if (removed > 0) {
                LOG.info("{} connectors were removed after ten days without a tunnel", removed);
            }
        });
        jobs.every(
                Duration.ofMinutes(15),
                "connector-notices",
                () -> administration.services().connectorWatch().tell());
        jobs.every(Duration.ofHours(12), "certificate-renewal", () -> {
            if (pki.renewDue()) {
                administration.refresh();
            }
        });
        jobs.every(Duration.ofSeconds(10), "certificate-reload", () -> {
            if (operator.reload()) {
                LOG.info("certificates were reloaded");
                administration.refresh();
            }
        });
        jobs.every(
                Duration.ofSeconds(2),
                "certificate-orders",
                () -> administration.services().certificateOrders().work());
        jobs.every(FIRST, Duration.ofHours(1), "certificate-expiry", () -> {
            administration.services().certificates().removeExpired();
            administration.services().certificateWatch().tell().forEach(LOG::warn);
            administration.services().signOn().watch().tell().forEach(LOG::warn);
        });
        jobs.every(
                FIRST,
                Duration.ofDays(1),
                "external-names",
                () -> administration.services().names().lookAtAll().forEach(LOG::warn));
        return jobs;
    }

    /// Empty when the check passes, else what it said.
    static String problemOf(Runnable check) {
        try {
            check.run();
            return "";
        } catch (RuntimeException e) { // a check's border: whatever it is, it is the answer
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }

    private void every(Duration pause, String name, Runnable work) {
        every(pause, pause, name, work);
    }

    private void every(Duration first, Duration pause, String name, Runnable work) {
        threads.add(Thread.ofVirtual().name(name).start(() -> {
            Duration wait = first;
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    Thread.sleep(wait);
                    wait = pause;
                    work.run();
                } catch (InterruptedException e) {
                    return;
                } catch (RuntimeException e) { // a job's border
                    wait = pause.compareTo(AFTER_FAILURE) < 0 ? AFTER_FAILURE : pause;
                    LOG.error("job {} failed; it is tried again in {}", name, wait, e);
                }
            }
        }));
    }
}
