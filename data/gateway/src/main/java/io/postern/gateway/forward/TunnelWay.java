package io.postern.gateway.forward;

import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.postern.domain.ConnectorId;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.gateway.page.ErrorKind;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.accept.TunnelRegistry;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Through a tunnel of the application's connector group, each tunnel once.
final class TunnelWay implements Way {
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
        tried = tried.isEmpty() ? new HashSet<>(4) : tried;
        tried.add(tunnel);
        return Optional.of(new Attempt(tunnel.openStream(handler), Optional.of(new ConnectorId(tunnel.connectorId()))));
    }

    @Override
    public ErrorKind nobody() {
        return ErrorKind.GATEWAY_TIMEOUT; // the same text whether none is registered or all are gone (6.1)
    }
}
