package io.postern.admin.notice;

import io.postern.store.Notice;
import io.postern.store.Store;
import io.postern.store.StoreUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends what waits in the outbox, on a thread of its own. Each notice is taken before it is sent, so that
/// of several nodes one sends it; one that is cut off in between is sent again by whoever comes next, with
/// the same Message-ID.
public final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int BATCH = 50;

    /// What waited so long before anybody tried, since there was no mail server, is no news any more.
    private static final Duration STALE = Duration.ofDays(3);

    /// How long after each attempt the next one comes. After the last it is given up.
    private static final List<Duration> AGAIN = List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofHours(1),
            Duration.ofHours(4),
            Duration.ofHours(12),
            Duration.ofHours(24));

    private final Store store;
    private final Postman postman;
    private final Envelope envelope;
    private final InstantSource clock;
    private final Thread thread;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    private Outbox(Store store, Postman postman, Envelope envelope, InstantSource clock) {
        this.store = store;
        this.postman = postman;
        this.envelope = envelope;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("outbox").unstarted(this::run);
    }

    /// @param envelope opens what was closed until it is sent
    /// @throws IOException when the mail server's authority cannot be read
    public static Outbox open(Store store, MailServer server, Envelope envelope, InstantSource clock)
            throws IOException {
        return new Outbox(store, new Postman(server), envelope, clock);
    }

    public Outbox start() {
        thread.start();
        return this;
    }

    /// Mail that this node sent since its start.
    public long sent() {
        return sent.get();
    }

    /// Attempts that failed.
    public long failures() {
        return failures.get();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (work() == 0) {
                    Thread.sleep(PAUSE);
                }
            } catch (StoreUnavailable e) {
                LOG.debug("the outbox is looked at again", e);
                pause();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) { // a thread's border: mail is not worth the service
                LOG.error("mail was not sent", e);
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Sends what is due. Blocking. @return how many it took
    int work() {
        Instant now = clock.instant();
        int taken = 0;
        for (Notice notice : store.read(stores -> stores.notices().due(now, BATCH))) {
            if (notice.attempts() == 0 && notice.created().isBefore(now.minus(STALE))) {
                close(notice, "nobody sent it in time");
                taken++;
                continue;
            }
            boolean last = notice.attempts() >= AGAIN.size();
            Instant again = now.plus(AGAIN.get(Math.min(notice.attempts(), AGAIN.size() - 1)));
            if (store.write(stores -> stores.notices().take(notice, again))) {
                taken++;
                send(notice, last);
            }
        }
        return taken;
    }

    private void send(Notice notice, boolean last) {
        Optional<Notice> opened = envelope.open(notice);
        if (opened.isEmpty()) {
            close(notice, "it is sealed by another master key");
            return;
        }
        try {
            postman.send(opened.get());
            close(notice, "");
            sent.incrementAndGet();
        } catch (Postman.Refused e) {
            failures.incrementAndGet();
            LOG.warn("mail about {} was refused for good: {}", notice.about(), e.getMessage());
            close(notice, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            failures.incrementAndGet();
            LOG.warn(
                    "mail about {} was not sent: {}; {}",
                    notice.about(),
                    e.getMessage(),
                    last ? "it is given up" : "it is tried again");
            if (last) {
                close(notice, String.valueOf(e.getMessage()));
            }
        }
    }

    private void close(Notice notice, String fault) {
        store.write(stores -> {
            if (fault.isEmpty()) {
                stores.notices().sent(notice);
            } else {
                stores.notices().failed(notice, fault);
            }
            return true;
        });
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
