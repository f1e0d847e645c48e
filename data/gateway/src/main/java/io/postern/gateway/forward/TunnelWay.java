package io.postern.gateway.forward;

import io.netty.channel.EventLoop;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.gateway.page.ErrorKind;
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
    public Fault nobody() {
        if (tunnels.isServed(to.group().value(), to.backend().id())) {
            return new Fault(
                    ErrorKind.OVERLOADED,
                    "tunnels_full",
                    "every tunnel has as many streams open as its connector takes: add a connector to the group");
        }
        return tunnels.isConnected(to.group().value())
                ? new Fault(
                        ErrorKind.GATEWAY_TIMEOUT,
                        "not_served",
                        "the group's connectors have not taken over this application yet: look at their logs if it"
                                + " lasts")
                : new Fault(
                        ErrorKind.GATEWAY_TIMEOUT,
                        "no_connector",
                        "no connector of the application's group is connected: start one, or give the application to"
                                + " another group");
    }

    @Override
    public Fault lost() {
        return new Fault(
                ErrorKind.CONNECTOR_LOST,
                "connector_lost",
                "the connector stopped or its network broke off in the middle of the request: see its log");
    }
}
