package io.postern.admin.notice;

import io.postern.admin.logging.Receiver;
import io.postern.admin.logging.SignedPost;
import io.postern.store.Alert;
import io.postern.store.Store;
import io.postern.store.StoreUnavailable;
import io.postern.store.Tenant;
import io.postern.web.Json;
import io.postern.web.Languages;
import io.postern.web.Texts;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Sends what administrators are told of to the operator's webhook, one a POST, on a thread of its own. Each is
/// taken before it is sent, so that of several nodes one sends it; the receiver knows one that comes twice by
/// its id.
public final class AlertHook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AlertHook.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int BATCH = 50;

    /// What waited so long before anybody tried, since there was no webhook, is no news any more.
    private static final Duration STALE = Duration.ofDays(3);

    /// How long after each attempt the next one comes. After the last it is given up.
    private static final List<Duration> AGAIN = List.of(
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(8),
            Duration.ofHours(24));

    private final Store store;
    private final Receiver.Webhook to;
    private final SignedPost post;
    private final InstantSource clock;
    private final Thread thread;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    private AlertHook(Store store, Receiver.Webhook to, InstantSource clock) throws IOException {
        this.store = store;
        this.to = to;
        this.post = new SignedPost(to, clock);
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("notice-webhook").unstarted(this::run);
    }

    /// @throws IOException when the authority cannot be read
    public static AlertHook open(Store store, Receiver.Webhook to, InstantSource clock) throws IOException {
        return new AlertHook(store, to, clock);
    }

    public AlertHook start() {
        thread.start();
        return this;
    }

    /// What this node sent since its start.
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
            } catch (InterruptedException e) {
                return;
            } catch (StoreUnavailable e) {
                LOG.debug("notices for the webhook are looked at again", e);
                rest();
            } catch (RuntimeException e) { // a thread's border: a webhook is not worth the service
                LOG.error("notices were not sent to {}", to.name(), e);
                rest();
            }
        }
    }

    private static void rest() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Sends what is due. Blocking. @return how many it took
    int work() throws InterruptedException {
        Instant now = clock.instant();
        int taken = 0;
        for (Alert alert : store.read(stores -> stores.alerts().due(now, BATCH))) {
            if (alert.attempts() == 0 && alert.created().isBefore(now.minus(STALE))) {
                close(alert, false);
                taken++;
                continue;
            }
            boolean last = alert.attempts() >= AGAIN.size();
            Instant again = now.plus(AGAIN.get(Math.min(alert.attempts(), AGAIN.size() - 1)));
            if (store.write(stores -> stores.alerts().take(alert, again))) {
                taken++;
                send(alert, last);
            }
        }
        return taken;
    }

    private void send(Alert alert, boolean last) throws InterruptedException {
        try {
            post.send(body(alert));
            close(alert, true);
            sent.incrementAndGet();
        } catch (IOException e) {
            failures.incrementAndGet();
            LOG.warn(
                    "notice of {} was not taken by {}: {}; {}",
                    alert.about(),
                    to.name(),
                    e.getMessage(),
                    last ? "it is given up" : "it is sent again");
            if (last) {
                close(alert, false);
            }
        }
    }

    /// In the tenant's language.
    private String body(Alert alert) {
        Optional<Tenant> tenant = store.read(stores -> stores.tenants().find(alert.tenant()));
        Texts texts = Languages.ofMail(
                Optional.empty(),
                store.read(stores -> stores.tenants().settings(alert.tenant())).language());
        Object[] arguments = alert.arguments().toArray();
        ObjectNode body = Json.MAPPER
                .createObjectNode()
                .put("id", alert.id())
                .put("createdDateTime", alert.created().toString())
                .put("tenantId", alert.tenant().value())
                .put("tenantName", tenant.map(Tenant::name).orElse(""))
                .put("kind", alert.kind())
                .put("subject", texts.of("mail." + alert.kind() + ".subject", arguments))
                .put("text", texts.of("mail." + alert.kind() + ".text", arguments));
        return body.toString();
    }

    private void close(Alert alert, boolean taken) {
        store.write(stores -> {
            stores.alerts().close(alert, taken);
            return taken;
        });
    }

    @Override
    public void close() {
        thread.interrupt();
        post.close();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
