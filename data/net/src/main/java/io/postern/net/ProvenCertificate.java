package io.postern.net;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/// What the other end of a connection has proved to be, by the key of its certificate, in the TLS handshake.
public final class ProvenCertificate {
    private ProvenCertificate() {}

    /// The leaf: what else stands in the chain proves nothing about the peer. Empty when it showed none, or the
    /// handshake is not done. Call on the channel's loop.
    public static Optional<X509Certificate> of(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return Optional.empty();
        }
        try {
            return tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }
}
