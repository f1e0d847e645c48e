/// The gateway end of tunnels: takes connections whose TLS handshake is done, knows the connector by its
/// certificate, tells it its backends, and offers tunnels to whoever has an exchange to forward.
package io.postern.tunnel.accept;
