package io.postern.tunnel.accept;

import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelEnd;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// Told of tunnels as they come and go, on the tunnel's loop; must not block.
public interface TunnelListener {
    /// The connector has answered the hello.
    void onOpened(Tunnel tunnel);

    /// Once for every opened tunnel.
    void onClosed(Tunnel tunnel, TunnelEnd why);

    /// A connection that never became a tunnel.
    ///
    /// @param certificate what it has proved
    void onRefused(SocketAddress remote, Optional<X509Certificate> certificate, TunnelEnd why);
}
