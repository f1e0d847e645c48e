package io.postern.run.connector;

import io.postern.connector.Connector;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.connector.enroll.DataFolder;
import io.postern.connector.enroll.Identity;
import io.postern.connector.enroll.Renewal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Renews the connector's certificate in time, without anybody asking (REG-5): looks at its age at start and every six
/// hours, fetches a new one over the old one, and has the tunnels move over. The old identity stays on the disk until
/// the new one has been used. One virtual thread, which may wait.
final class CertificateWatch implements AutoCloseable {
    /// Event ids of the product that this one follows (entra.md 2.8).
    static final int EVENT_TRUST_EXPIRED = 1000;

    /// Another node of the service may not have heard of the certificate yet; that is over within seconds.
    private static final int REFUSALS_MAX = 3;

    /// For the first tunnel of a renewed identity. Later is no fault: it is looked at again at the next turn.
    private static final int USE_SECONDS = 30;

    private static final Logger LOG = LoggerFactory.getLogger("connector.certificate");

    private final Path data;
    private final DataFolder folder;
    private final Connector connector;
    private final Renewal renewal;
    private final InstantSource clock;
    private final Consumer<ConnectorFault> onExpired;
    private final Thread thread;
    private Identity identity; // this thread's only, as all below
    private Optional<CompletableFuture<Void>> moving = Optional.empty();
    private int refusals;

    private CertificateWatch(
            Path data,
            DataFolder folder,
            Connector connector,
            Renewal renewal,
            Identity identity,
            InstantSource clock,
            Consumer<ConnectorFault> onExpired) {
        this.data = data;
        this.folder = folder;
        this.connector = connector;
        this.renewal = renewal;
        this.identity = identity;
        this.clock = clock;
        this.onExpired = onExpired;
        this.thread = Thread.ofVirtual().name("certificate-watch").unstarted(this::watch);
    }

    /// @param onExpired told when nothing can be done any more; the certificate has expired and no tunnel is up
    static CertificateWatch start(
            Path data,
            DataFolder folder,
            Connector connector,
            Renewal renewal,
            Identity identity,
            InstantSource clock,
            Consumer<ConnectorFault> onExpired) {
        var watch = new CertificateWatch(data, folder, connector, renewal, identity, clock, onExpired);
        watch.thread.start();
        return watch;
    }

    /// What an expired certificate means, for whoever started the connector.
    static ConnectorFault expired(Identity identity, Path data) {
        return new ConnectorFault(
                Kind.EXPIRED,
                "the certificate of this connector expired at " + Renewal.expires(identity)
                        + ", since it was off or could not reach the service for so long; register it again: mint a"
                        + " token with 'postern connector token' and start with --token-file FILE --data " + data);
    }

    /// Into the log too, where a monitor looks for the event.
    static ConnectorFault tell(ConnectorFault expired) {
        LOG.atError().addKeyValue("event", EVENT_TRUST_EXPIRED).log(expired.getMessage());
        return expired;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void watch() {
        try {
            while (true) {
                try {
                    look();
                } catch (ConnectorFault e) { // tried again at the next turn
                    LOG.atWarn()
                            .addKeyValue("expires", Renewal.expires(identity))
                            .addKeyValue("reason", e.getMessage())
                            .log("the certificate was not renewed; trying on");
                }
                Thread.sleep(Renewal.checkEvery(identity));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the connector stops
        }
    }

    private void look() throws InterruptedException {
        takeOverFromDisk();
        Instant now = clock.instant();
        Optional<Identity> next = folder.next().filter(n -> now.isBefore(Renewal.expires(n)));
        if (next.isEmpty() && !now.isBefore(Renewal.expires(identity))) {
            ConnectorFault fault = tell(expired(identity, data));
            if (connector.status().tunnels() == 0) {
                onExpired.accept(fault);
            }
            return;
        }
        if (next.isEmpty() && Renewal.isDue(identity, now)) {
            LOG.atInfo().addKeyValue("expires", Renewal.expires(identity)).log("renewing the certificate");
            folder.keepNext(renewal.renew(identity));
            next = folder.next();
        }
        if (next.isPresent()) {
            moveTo(next.get());
        }
    }

    /// Another process of this connector, which an updater has started, may have renewed it.
    private void takeOverFromDisk() throws InterruptedException {
        Optional<Identity> kept = folder.identity();
        if (kept.isPresent() && !kept.get().certificate().equals(identity.certificate())) {
            identity = kept.get();
            awaitUse(connector.become(identity));
        }
    }

    private void moveTo(Identity next) throws InterruptedException {
        CompletableFuture<Void> used = moving.orElseGet(() -> connector.become(next));
        moving = Optional.of(used);
        switch (awaitUse(used)) {
            case USED -> {
                folder.promote();
                identity = next;
                moving = Optional.empty();
                refusals = 0;
                LOG.atInfo().addKeyValue("expires", Renewal.expires(next)).log("the certificate is renewed");
            }
            case REFUSED -> {
                moving = Optional.empty();
                refusals++;
                if (refusals >= REFUSALS_MAX) {
                    refusals = 0;
                    folder.discardNext();
                    LOG.warn("the service does not know the renewed certificate; the old one stays in use");
                }
            }
            case WAITING -> {} // no way to the service now
        }
    }

    private enum Use {
        USED,
        REFUSED,
        WAITING
    }

    private static Use awaitUse(CompletableFuture<Void> used) throws InterruptedException {
        try {
            used.get(USE_SECONDS, TimeUnit.SECONDS);
            return Use.USED;
        } catch (ExecutionException e) {
            LOG.debug("the renewed certificate was not taken", e);
            return Use.REFUSED;
        } catch (TimeoutException e) {
            return Use.WAITING;
        }
    }
}
