package io.postern.connector.serve;

import io.netty.channel.EventLoop;

/// An exchange that may have no end of its own: a WebSocket, a stream of events. When the connector stops it is
/// ended in a way that a user agent can tell from a failure.
interface Endless {
    EventLoop eventLoop();

    /// The grace period is over. On the event loop; may come when all has ended already.
    void onGraceOver();
}
