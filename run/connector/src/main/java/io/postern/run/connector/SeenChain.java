package io.postern.run.connector;

import io.postern.net.ServerJudge;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;

/// Believes everybody and remembers who it was: to tell a person who answers where nobody is believed. Never
/// used for anything but looking.
final class SeenChain extends ServerJudge {
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
}
