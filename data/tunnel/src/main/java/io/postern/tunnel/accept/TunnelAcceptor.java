package io.postern.tunnel.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import io.postern.net.Http2Codecs;
import io.postern.net.Loops;
import io.postern.net.PinnedAuthority;
import io.postern.net.ProvenCertificate;
import io.postern.net.WindowBudget;
import io.postern.tunnel.BackendList;
import io.postern.tunnel.GoAway;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelEnd.Cause;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;

/// The gateway end of all tunnels: recognises connectors by certificate (docs/protocol/tunnel.md §1),
/// keeps their tunnels in a [TunnelRegistry] and their lists of backends up to date.
///
/// Tunnels live on their loops; this object only holds the set of them, and may be called from any thread.
public final class TunnelAcceptor {
    /// What runs on in tunnels of a connector that has moved to another group. New streams go elsewhere at once.
    private static final Duration MOVED_GRACE = Duration.ofMinutes(1);

    /// The connector dials with its new certificate; nothing urges the end of what it has opened with the old one.
    private static final Duration RENEWED_GRACE = Duration.ofHours(1);

    private static final long SUCCESSION_MILLIS = 5_000;

    private final AcceptorSettings settings;
    private final Loops loops;
    private final WindowBudget budget;
    private final Function<String, Optional<ConnectorIdentity>> identities;
    private final Predicate<String> connectors;
    private final Function<String, BackendList> backends;
    private final TunnelListener listener;
    private final TunnelRegistry registry = new TunnelRegistry();
    private final Set<AcceptedTunnel> tunnels = ConcurrentHashMap.newKeySet();
    private volatile boolean accepting = true;

    /// @param identities certificate fingerprint (SHA-256, lower-case hex) to connector; asked on loops, must
    ///     not block
    /// @param connectors ids of connectors that have some certificate in force; as above
    /// @param backends group to what its connectors may reach; asked on loops, must not block
    public TunnelAcceptor(
            AcceptorSettings settings,
            Loops loops,
            WindowBudget budget,
            Function<String, Optional<ConnectorIdentity>> identities,
            Predicate<String> connectors,
            Function<String, BackendList> backends,
            TunnelListener listener) {
        this.settings = settings;
        this.loops = loops;
        this.budget = budget;
        this.identities = identities;
        this.connectors = connectors;
        this.backends = backends;
        this.listener = listener;
    }

    public TunnelRegistry registry() {
        return registry;
    }

    /// Takes over a connection whose TLS handshake is done and chose `TunnelProtocol.ALPN`. Call on its
    /// loop, with nothing behind the `SslHandler` but the caller's own ALPN handler, which removes itself.
    public void accept(Channel channel) {
        assert channel.eventLoop().inEventLoop();
        Optional<X509Certificate> leaf = ProvenCertificate.of(channel);
        if (leaf.isEmpty()) {
            refuse(channel, new TunnelEnd(Cause.UNKNOWN_CERTIFICATE, "no certificate was proved"));
            return;
        }
        accept(channel, PinnedAuthority.fingerprint(leaf.get()));
    }

    void accept(Channel channel, String fingerprint) {
        Optional<ConnectorIdentity> identity = identities.apply(fingerprint);
        if (!accepting) {
            refuse(channel, TunnelEnd.of(Cause.STOPPED));
        } else if (identity.isEmpty()) {
            refuse(channel, new TunnelEnd(Cause.UNKNOWN_CERTIFICATE, "no connector has certificate " + fingerprint));
        } else if (!identity.get().enabled()) {
            refuse(
                    channel,
                    new TunnelEnd(Cause.DISABLED, "connector " + identity.get().connectorId()));
        } else {
            int lane = Math.max(0, loops.indexOf(channel.eventLoop()));
            var tunnel = new AcceptedTunnel(
                    channel, fingerprint, identity.get(), lane, loops.count(), settings, backends, new Owner());
            tunnels.add(tunnel);
            tunnel.start(budget);
        }
    }

    /// Sends each connector its list again where that has changed. Any thread; returns at once.
    public void onBackendsChanged() {
        for (AcceptedTunnel tunnel : tunnels) {
            tunnel.eventLoop().execute(tunnel::pushBackends);
        }
    }

    /// Closes tunnels whose connector is deleted or disabled, and drains those of a connector that has moved to
    /// another group or uses a newer certificate. Any thread; returns at once.
    public void revalidate() {
        for (AcceptedTunnel tunnel : tunnels) {
            Optional<ConnectorIdentity> now = identities.apply(tunnel.certificate());
            if (now.isEmpty()) {
                if (connectors.test(tunnel.connectorId())) {
                    succeed(tunnel);
                } else {
                    tunnel.close(TunnelEnd.of(Cause.IDENTITY_GONE));
                }
            } else if (!now.get().enabled()) {
                tunnel.close(TunnelEnd.of(Cause.DISABLED));
            } else if (!now.get().equals(tunnel.identity())) {
                tunnel.drain(MOVED_GRACE);
            }
        }
    }

    /// The certificate has been replaced: it opens no tunnel any more, but those that it has opened serve until the
    /// connector's new ones have learnt of their backends. The connector retires them by itself.
    private static void succeed(AcceptedTunnel tunnel) {
        tunnel.eventLoop().schedule(() -> tunnel.drain(RENEWED_GRACE), SUCCESSION_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// Accepts no more tunnels and drains those that are there.
    ///
    /// @return done when all are closed; never fails
    public Future<?> drain(Duration grace) {
        accepting = false;
        Promise<Void> all = GlobalEventExecutor.INSTANCE.newPromise();
        List<AcceptedTunnel> draining = List.copyOf(tunnels);
        var left = new AtomicInteger(draining.size() + 1);
        for (AcceptedTunnel tunnel : draining) {
            tunnel.drain(grace).addListener(closed -> countDown(left, all));
        }
        countDown(left, all);
        return all;
    }

    private static void countDown(AtomicInteger left, Promise<Void> all) {
        if (left.decrementAndGet() == 0) {
            all.trySuccess(null);
        }
    }

    /// Says why in a GOAWAY, so that the connector's log can name the remedy, and leaves it to the connector
    /// to close: closing first could destroy the message on its way.
    private void refuse(Channel channel, TunnelEnd why) {
        listener.onRefused(channel.remoteAddress(), ProvenCertificate.of(channel), why);
        Http2Codecs.installTunnelClient(channel.pipeline(), budget, new ChannelInboundHandlerAdapter());
        channel.writeAndFlush(GoAway.because(why));
        Future<?> timer =
                channel.eventLoop().schedule(() -> channel.close(), GoAway.LINGER_MILLIS, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(gone -> timer.cancel(false));
    }

    private final class Owner implements AcceptedTunnel.Owner {
        @Override
        public void onServing(AcceptedTunnel tunnel) {
            registry.add(tunnel);
            listener.onOpened(tunnel);
        }

        @Override
        public void onDraining(AcceptedTunnel tunnel) {
            registry.remove(tunnel);
        }

        @Override
        public void onClosed(AcceptedTunnel tunnel, TunnelEnd end, boolean opened) {
            registry.remove(tunnel);
            tunnels.remove(tunnel);
            if (opened) {
                listener.onClosed(tunnel, end);
            } else {
                listener.onRefused(tunnel.remoteAddress(), Optional.empty(), end);
            }
        }
    }
}
