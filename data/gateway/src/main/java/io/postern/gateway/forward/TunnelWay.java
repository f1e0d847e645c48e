package io.postern.gateway.forward;

import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.gateway.page.ErrorKind;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.accept.TunnelRegistry;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Through a tunnel of the application's connector group, each tunnel once.
final class TunnelWay implements Way {
    /// Few, and the same on every request.
    private static final ConnectorIds CONNECTORS = new ConnectorIds();

    private final TunnelRegistry tunnels;
    private final Upstream.ConnectorGroup to;
    private final EventLoop loop;
    private Set<Tunnel> tried = Set.of();

    TunnelWay(TunnelRegistry tunnels, Upstream.ConnectorGroup to, EventLoop loop) {
        this.tunnels = tunnels;
        this.to = to;
        this.loop = loop;
    }

    @Override
    public Optional<Attempt> next(ChannelHandler handler) {
        Optional<Tunnel> picked = tunnels.pick(to.group().value(), to.backend().id(), loop, tried);
        if (picked.isEmpty()) {
            return Optional.empty();
        }
        Tunnel tunnel = picked.get();
        tried = with(tried, tunnel);
        return Optional.of(new Attempt(tunnel.openStream(handler), CONNECTORS.get(tunnel.connectorId())));
    }

    private static Set<Tunnel> with(Set<Tunnel> tried, Tunnel next) {
        if (tried.isEmpty()) {
            return Set.of(next); // nearly always the only one
        }
        var more = new HashSet<>(tried);
        more.add(next);
        return more;
    }

    @Override
    public ErrorKind nobody() {
        // the same text whether none is registered or all are gone (6.1); but one that is full will have room
        return tunnels.isServed(to.group().value(), to.backend().id())
                ? ErrorKind.OVERLOADED
                : ErrorKind.GATEWAY_TIMEOUT;
    }
}
