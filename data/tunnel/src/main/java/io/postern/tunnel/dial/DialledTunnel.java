package io.postern.tunnel.dial;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.postern.tunnel.BackendList;
import io.postern.tunnel.Hello;
import io.postern.tunnel.TunnelEnd;
import java.time.Duration;

/// A tunnel as the connector sees it. Every method may be called from any thread; futures complete on
/// [#eventLoop()] and never fail.
public interface DialledTunnel {
    EventLoop eventLoop();

    /// What the gateway said: node, lane, lanes.
    Hello hello();

    /// What may be reached now; empty before the gateway's first list.
    BackendList backends();

    int openStreams();

    /// Asks the gateway to open no more streams, lets the open ones finish, then closes; what is open
    /// after `grace` is cut. A second call changes nothing.
    ///
    /// @return done when closed
    Future<TunnelEnd> drain(Duration grace);

    /// Cuts the connection now. A second call changes nothing.
    void close(TunnelEnd why);

    /// Asks the gateway for a sign of life; without one within `limit` the tunnel ends as dead.
    void prove(Duration limit);

    /// Done when the gateway's first list of backends has come: the tunnel is of use.
    Future<DialledTunnel> ready();

    /// Done when either end has begun to drain, or the tunnel has ended: time to have another one.
    Future<DialledTunnel> draining();

    /// Done when the connection is gone.
    Future<TunnelEnd> closed();
}
