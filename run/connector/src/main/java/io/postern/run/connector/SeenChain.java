package io.postern.run.connector;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Believes everybody and remembers who it was: to tell a person who answers where nobody is believed. Never
/// used for anything but looking.
final class SeenChain extends X509ExtendedTrustManager {
    private volatile X509Certificate[] chain = new X509Certificate[0];

    /// Leaf first.
    Optional<X509Certificate> leaf() {
        return chain.length == 0 ? Optional.empty() : Optional.of(chain[0]);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] seen, String authType, SSLEngine engine) {
        chain = seen.clone();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] seen, String authType, Socket socket) {
        chain = seen.clone();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] seen, String authType) {
        chain = seen.clone();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] seen, String authType, SSLEngine engine) {
        throw new UnsupportedOperationException("a client looks at servers");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] seen, String authType, Socket socket) {
        throw new UnsupportedOperationException("a client looks at servers");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] seen, String authType) {
        throw new UnsupportedOperationException("a client looks at servers");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
