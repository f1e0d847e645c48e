package io.postern.admin.logging;

import io.postern.store.LogEntry;
import io.postern.store.LogExportStore.Pending;
import io.postern.store.LogQuery;
import io.postern.store.Store;
import io.postern.store.StoreUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the logs of all tenants to one receiver, each log in its order, on a thread of its own. Of several nodes one
/// sends, by a lease. How far it is stands in the database after each batch: a stop loses nothing, and what may be sent
/// twice is the batch that was under way.
public final class LogExport implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogExport.class);
    private static final int BATCH = 200;
    private static final Duration LEASE = Duration.ofSeconds(60); // longer than a batch can take
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);

    private final Store store;
    private final Receiver receiver;
    private final InstantSource clock;
    private final String node;
    private final String holder = UUID.randomUUID().toString();
    private final Thread thread;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean holds;

    private LogExport(Store store, Receiver receiver, String node, InstantSource clock) {
        this.store = store;
        this.receiver = receiver;
        this.node = node;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("log-export").unstarted(this::run);
    }

    /// @param node what people call this node; syslog messages say it
    public static LogExport start(Store store, Receiver receiver, String node, InstantSource clock) {
        var export = new LogExport(store, receiver, node, clock);
        export.thread.start();
        return export;
    }

    public String receiver() {
        return receiver.name();
    }

    /// Entries that this node sent since its start.
    public long sent() {
        return sent.get();
    }

    /// Batches that were not taken.
    public long failures() {
        return failures.get();
    }

    /// Whether this node is the one that sends.
    public boolean isSending() {
        return holds;
    }

    /// Entries that wait.
    ///
    /// @throws StoreUnavailable when the database cannot be read
    public long backlog() {
        return store.read(s -> s.logExports().backlog(receiver.name()));
    }

    private void run() {
        Duration pause = PAUSE;
        try (Sender sender = sender()) {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    boolean more = isBehind() && leased() && sendSome(sender);
                    pause = PAUSE;
                    if (more) {
                        continue;
                    }
                } catch (IOException | StoreUnavailable e) {
                    failures.incrementAndGet();
                    LOG.warn(
                            "logs were not sent to {}: {}; they are sent again in {} s",
                            receiver.name(),
                            e.getMessage(),
                            pause.toSeconds());
                    Thread.sleep(pause);
                    pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
                    continue;
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            LOG.debug("log export to {} ends", receiver.name());
        } catch (IOException e) {
            LOG.error("logs are not sent to {}: {}", receiver.name(), e.getMessage());
        }
    }

    private Sender sender() throws IOException {
        return switch (receiver) {
            case Receiver.Webhook webhook -> new Webhook(webhook, clock);
            case Receiver.Syslog syslog -> {
                var form = new SyslogLine(node, ProcessHandle.current().pid());
                yield syslog.transport() == Receiver.Transport.UDP
                        ? new SyslogDatagrams(syslog, form)
                        : new SyslogStream(syslog, form);
            }
        };
    }

    private boolean isBehind() {
        return !store.read(s -> s.logExports().pending(receiver.name())).isEmpty();
    }

    private boolean leased() {
        Instant now = clock.instant();
        holds = store.write(s -> s.logExports().lease(receiver.name(), holder, now, now.plus(LEASE)));
        return holds;
    }

    /// One batch of each log that has news. @return whether any had
    private boolean sendSome(Sender sender) throws IOException, InterruptedException {
        List<Pending> pending = store.read(s -> s.logExports().pending(receiver.name()));
        for (Pending log : pending) {
            List<LogEntry> entries =
                    store.read(s -> s.logs().find(log.tenant(), log.log(), LogQuery.onwards(log.sent(), BATCH)));
            if (entries.isEmpty() || !leased()) {
                return false;
            }
            sender.send(entries);
            long last = entries.getLast().number();
            store.write(s -> {
                s.logExports().sent(receiver.name(), log.tenant(), log.log(), last);
                return last;
            });
            sent.addAndGet(entries.size());
        }
        return !pending.isEmpty();
    }

    /// Another node may go on at once.
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
            store.write(s -> {
                s.logExports().release(receiver.name(), holder);
                return holder;
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StoreUnavailable e) {
            LOG.debug("the lease of the log export lapses by itself", e);
        }
    }
}
