package io.postern.gateway.forward;

import io.netty.channel.EventLoop;
import io.postern.domain.event.Cause;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.net.FrameListener;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.accept.Pick;
import io.postern.tunnel.accept.TunnelRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Through a tunnel of the application's connector group, each tunnel once, another connector first.
final class TunnelWay implements Way {
    /// Few, and the same on every request.
    private static final ConnectorIds CONNECTORS = new ConnectorIds();

    private final TunnelRegistry tunnels;
    private final Upstream.ConnectorGroup to;
    private final EventLoop loop;
    private List<Pick> tried = List.of();

    TunnelWay(TunnelRegistry tunnels, Upstream.ConnectorGroup to, EventLoop loop) {
        this.tunnels = tunnels;
        this.to = to;
        this.loop = loop;
    }

    @Override
    public Optional<Attempt> next(FrameListener listener) {
        onOver();
        Optional<Pick> picked = tunnels.pick(to.group().value(), to.backend().id(), loop, tried);
        if (picked.isEmpty()) {
            return Optional.empty();
        }
        tried = with(tried, picked.get());
        Tunnel tunnel = picked.get().tunnel();
        return Optional.of(new Attempt(tunnel.openStream(listener), CONNECTORS.get(tunnel.connectorId())));
    }

    private static List<Pick> with(List<Pick> tried, Pick next) {
        if (tried.isEmpty()) {
            return List.of(next); // nearly always the only one
        }
        var more = new ArrayList<>(tried);
        more.add(next);
        return more;
    }

    @Override
    public void onAnswered(boolean withBody) {
        tried.getLast().onAnswered(!withBody);
    }

    @Override
    public void onRefused() {
        tried.getLast().onRefused();
    }

    @Override
    public void onOver() {
        if (!tried.isEmpty()) {
            tried.getLast().onOver();
        }
    }

    /// The same text whether none is registered or all are gone (6.1); but one that is full will have room.
    @Override
    public Cause nobody() {
        if (tunnels.isServed(to.group().value(), to.backend().id())) {
            return Cause.TUNNELS_FULL;
        }
        return tunnels.isConnected(to.group().value()) ? Cause.NOT_SERVED : Cause.NO_CONNECTOR;
    }

    @Override
    public Cause lost() {
        return Cause.CONNECTOR_LOST;
    }
}
