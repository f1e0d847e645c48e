package io.postern.tunnel.dial;

import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import io.postern.base.HostPort;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.WindowBudget;
import io.postern.tunnel.HelloAnswer;
import java.util.function.Supplier;

/// Dials one tunnel at a time.
public final class TunnelDialer {
    /// @param self what the connector says of itself, asked at each hello
    public TunnelDialer(
            DialSettings settings,
            Loops loops,
            LocalNames names,
            WindowBudget budget,
            Supplier<HelloAnswer> self,
            StreamHandlerFactory streams) {}

    /// Dials `service` from `loop`: every address of the name in turn, TLS, hello.
    ///
    /// @param tls from `TlsContexts.mutualClient` with `TunnelProtocol.ALPN`
    /// @return completes on `loop` when the hello has been answered; fails with a
    ///     [io.postern.tunnel.TunnelRefusal] that says at which step it ended
    public Future<DialledTunnel> dial(EventLoop loop, HostPort service, SslContext tls) {
        return loop.newFailedFuture(new io.postern.tunnel.TunnelRefusal(
                io.postern.tunnel.TunnelEnd.of(io.postern.tunnel.TunnelEnd.Cause.STOPPED)));
    }
}
