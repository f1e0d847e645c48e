package io.postern.gateway;

import io.netty.util.NetUtil;
import io.postern.domain.ConnectorId;
import io.postern.domain.event.ConnectorEvent;
import io.postern.domain.event.EventSink;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.accept.TunnelListener;
import io.postern.tunnel.accept.TunnelRegistry;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the log, the metrics and the control plane of tunnels that come and go. Called on the tunnels' loops.
final class TunnelEvents implements TunnelListener {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelEvents.class);

    private static final String UNTRUSTED = "untrusted-certificate";

    private final EventSink events;
    private final GatewayMetrics metrics;
    private final InstantSource clock;
    private final Supplier<TunnelRegistry> tunnels;
    private final Runnable changed;

    /// @param changed told after each change
    TunnelEvents(
            EventSink events,
            GatewayMetrics metrics,
            InstantSource clock,
            Supplier<TunnelRegistry> tunnels,
            Runnable changed) {
        this.changed = changed;
        this.events = events;
        this.metrics = metrics;
        this.clock = clock;
        this.tunnels = tunnels;
    }

    @Override
    public void onOpened(Tunnel tunnel) {
        if (tunnel.connector().trial()) {
            LOG.info("tunnel on trial: connector={} tunnel={}", tunnel.connectorId(), tunnel.id());
            return; // it serves nobody yet, and may never: the connector is not known by it
        }
        changed.run();
        LOG.info("tunnel opened: connector={} tunnel={} lane={}", tunnel.connectorId(), tunnel.id(), tunnel.lane());
        events.connector(new ConnectorEvent.TunnelOpened(
                new ConnectorId(tunnel.connectorId()),
                clock.instant(),
                address(tunnel.remoteAddress()),
                tunnel.connector().machineName(),
                tunnel.connector().version(),
                tunnel.certificate()));
    }

    @Override
    public void onClosed(Tunnel tunnel, TunnelEnd why) {
        changed.run();
        LOG.info("tunnel closed: connector={} tunnel={} cause={}", tunnel.connectorId(), tunnel.id(), why);
        metrics.onTunnelClosed(why.cause().wireName());
        if (tunnel.connector().trial()) {
            return;
        }
        long left = tunnels.get().all().stream()
                .filter(t -> !t.equals(tunnel) && t.connectorId().equals(tunnel.connectorId()))
                .count();
        events.connector(new ConnectorEvent.TunnelClosed(
                new ConnectorId(tunnel.connectorId()),
                clock.instant(),
                why.cause().wireName(),
                (int) left));
    }

    @Override
    public void onRefused(SocketAddress remote, Optional<X509Certificate> certificate, TunnelEnd why) {
        LOG.warn("tunnel refused: address={} cause={}", address(remote), why);
        metrics.onTunnelClosed(why.cause().wireName());
        if (certificate.isPresent()) {
            events.connector(new ConnectorEvent.Refused(
                    clock.instant(), address(remote), certificate, why.cause().wireName()));
        }
    }

    /// Somebody wanted to be a connector and had no certificate of ours to show.
    void onUntrusted(SocketAddress remote, Throwable why) {
        LOG.warn("connector refused: address={} cause={}", address(remote), why.getMessage());
        metrics.onTunnelClosed(UNTRUSTED);
        events.connector(new ConnectorEvent.Refused(clock.instant(), address(remote), Optional.empty(), UNTRUSTED));
    }

    private static String address(SocketAddress remote) {
        return remote instanceof InetSocketAddress inet && inet.getAddress() != null
                ? NetUtil.toAddressString(inet.getAddress())
                : String.valueOf(remote);
    }
}
