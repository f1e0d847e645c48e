package io.postern.tunnel.accept;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.postern.net.Loops;
import io.postern.net.WindowBudget;
import io.postern.tunnel.BackendList;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// The gateway end of all tunnels.
public final class TunnelAcceptor {
    private final TunnelRegistry registry = new TunnelRegistry();

    /// @param identities certificate fingerprint (SHA-256, lower-case hex) to connector; asked on loops, must
    ///     not block
    /// @param backends group to what its connectors may reach; asked on loops, must not block
    public TunnelAcceptor(
            AcceptorSettings settings,
            Loops loops,
            WindowBudget budget,
            Function<String, Optional<ConnectorIdentity>> identities,
            Function<String, BackendList> backends,
            TunnelListener listener) {}

    public TunnelRegistry registry() {
        return registry;
    }

    /// Takes over a connection whose TLS handshake is done and chose `TunnelProtocol.ALPN`. Call on its
    /// loop, with nothing behind the `SslHandler` but the caller's own ALPN handler, which removes itself.
    public void accept(Channel channel) {
        channel.close();
    }

    /// Sends each connector its list again where that has changed. Any thread; returns at once.
    public void onBackendsChanged() {}

    /// Closes tunnels whose connector is gone or has moved to another group. Any thread; returns at once.
    public void revalidate() {}

    /// Drains every tunnel and accepts no more.
    public Future<?> drain(Duration grace) {
        return io.netty.util.concurrent.GlobalEventExecutor.INSTANCE.newSucceededFuture(null);
    }
}
