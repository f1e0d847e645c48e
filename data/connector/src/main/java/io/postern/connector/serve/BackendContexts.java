package io.postern.connector.serve;

import io.netty.handler.ssl.SslContext;
import io.postern.net.TlsContexts;
import io.postern.tunnel.BackendTlsSettings;
import io.postern.tunnel.TunnelFailure;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// TLS contexts towards backends, one for each way of trusting and of showing oneself. Thread-safe.
public final class BackendContexts {
    private static final int KEPT_MAX = 1_000;

    private record Key(boolean validate, Set<String> pins, String client, List<String> protocols) {}

    private final BackendCredentials credentials;
    private final X509ExtendedTrustManager authorities;
    private final Map<Key, SslContext> contexts = new ConcurrentHashMap<>();

    public BackendContexts(BackendCredentials credentials) {
        this.credentials = credentials;
        this.authorities = authorities(credentials);
    }

    /// @param protocols to offer by ALPN
    /// @throws DialFailed when the connector has no certificate of the wanted name
    SslContext of(BackendTlsSettings tls, List<String> protocols) throws DialFailed {
        Optional<ClientCertificate> client = tls.clientCertificate().map(credentials.clients()::get);
        if (tls.clientCertificate().isPresent() && client.isEmpty()) {
            throw new DialFailed(
                    TunnelFailure.TLS_CLIENT_CERTIFICATE,
                    "this connector has no client certificate '"
                            + tls.clientCertificate().get()
                            + "'; name it in 'client-certificates' of its connector.yaml");
        }
        if (contexts.size() > KEPT_MAX) {
            contexts.clear(); // settings come and go; contexts in use live on with their connections
        }
        return contexts.computeIfAbsent(
                new Key(tls.validate(), tls.pins(), tls.clientCertificate().orElse(""), protocols),
                key -> TlsContexts.backend(
                        new BackendTrust(key.validate() ? Optional.of(authorities) : Optional.empty(), key.pins()),
                        key.validate(),
                        client.map(ClientCertificate::key),
                        client.map(ClientCertificate::chain).orElse(List.of()),
                        key.protocols()));
    }

    private static X509ExtendedTrustManager authorities(BackendCredentials credentials) {
        if (credentials.authorities().isEmpty() && credentials.moreAuthorities().isEmpty()) {
            return manager(Optional.empty());
        }
        var all = new ArrayList<X509Certificate>(credentials.authorities());
        if (all.isEmpty()) {
            all.addAll(Arrays.asList(manager(Optional.empty()).getAcceptedIssuers()));
        }
        all.addAll(credentials.moreAuthorities());
        return manager(Optional.of(all));
    }

    /// @param trusted absent: the system's
    private static X509ExtendedTrustManager manager(Optional<List<X509Certificate>> trusted) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            if (trusted.isEmpty()) {
                factory.init((KeyStore) null);
            } else {
                KeyStore store = KeyStore.getInstance("JKS"); // in memory only; without key derivation
                store.load(null, null);
                for (X509Certificate one : trusted.get()) {
                    store.setCertificateEntry("authority-" + store.size(), one);
                }
                factory.init(store);
            }
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("authorities of backends cannot be used (" + e.getMessage() + ")", e);
        }
    }
}
