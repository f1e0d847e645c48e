package io.postern.gateway.forward;

import io.netty.channel.EventLoop;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.event.Cause;
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
    private final ConnectorGroupId group;
    private final String backend;
    private final EventLoop loop;
    private final Optional<Affinity.Bond> bond;
    private List<Pick> tried = List.of();

    /// @param backend id in the connectors' lists
    /// @param bond of a client's connection that holds to one tunnel as long as it can
    TunnelWay(
            TunnelRegistry tunnels,
            ConnectorGroupId group,
            String backend,
            EventLoop loop,
            Optional<Affinity.Bond> bond) {
        this.bond = bond;
        this.tunnels = tunnels;
        this.group = group;
        this.backend = backend;
        this.loop = loop;
    }

    @Override
    public Optional<Attempt> next(FrameListener listener) {
        onOver();
        Optional<Pick> picked = same().or(() -> tunnels.pick(group.value(), backend, loop, tried));
        if (picked.isEmpty()) {
            return Optional.empty();
        }
        tried = with(tried, picked.get());
        Tunnel tunnel = picked.get().tunnel();
        bond.ifPresent(b -> b.onTunnel(tunnel));
        return Optional.of(new Attempt(tunnel.openStream(listener), CONNECTORS.get(tunnel.connectorId())));
    }

    private Optional<Pick> same() {
        return tried.isEmpty()
                ? bond.flatMap(Affinity.Bond::tunnel).flatMap(t -> tunnels.pick(t, backend))
                : Optional.empty();
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
        if (tunnels.isServed(group.value(), backend)) {
            return Cause.TUNNELS_FULL;
        }
        return tunnels.isConnected(group.value()) ? Cause.NOT_SERVED : Cause.NO_CONNECTOR;
    }

    @Override
    public Cause lost() {
        return Cause.CONNECTOR_LOST;
    }
}
