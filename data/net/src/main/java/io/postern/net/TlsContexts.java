package io.postern.net;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslX509KeyManagerFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/// TLS contexts for every place where a connection of ours begins or ends. BoringSSL where its native
/// part loads, else the JDK's provider; nothing here is cryptography of our own.
///
/// A context is made once and shared by all loops. Cipher suites are the provider's defaults: BoringSSL
/// ignores choices for TLS 1.3, and what it offers for TLS 1.2 is what browsers agree on.
public final class TlsContexts {
    private static final SslProvider PROVIDER = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;

    private static final String TLS_1_3 = "TLSv1.3";
    private static final String TLS_1_2 = "TLSv1.2";

    private TlsContexts() {}

    /// What the provider calls itself, for the start-up log.
    public static String provider() {
        return PROVIDER == SslProvider.JDK ? "JDK" : OpenSsl.versionString();
    }

    /// The public edge: `h2` before `http/1.1`; a client without ALPN speaks HTTP/1.1.
    ///
    /// @param chain leaf first
    public static SslContext edge(PrivateKey key, List<X509Certificate> chain) {
        return build(
                "edge",
                SslContextBuilder.forServer(keys(key, chain))
                        .protocols(TLS_1_3, TLS_1_2)
                        .applicationProtocolConfig(alpn(List.of("h2", "http/1.1"))));
    }

    /// For one handshake that shows a certificate of proof and carries nothing, by one ALPN id.
    public static SslContext proof(PrivateKey key, List<X509Certificate> chain, String protocol) {
        return build(
                protocol,
                SslContextBuilder.forServer(keys(key, chain))
                        .protocols(TLS_1_3, TLS_1_2)
                        .applicationProtocolConfig(alpn(List.of(protocol))));
    }

    /// A server of ours that only clients of ours meet: TLS 1.3, one ALPN id. The client must prove a certificate
    /// that `clientAuthority` issued.
    public static SslContext mutualServer(
            PrivateKey key, List<X509Certificate> chain, X509Certificate clientAuthority, String protocol) {
        return server(key, chain, clientAuthority, ClientAuth.REQUIRE, protocol);
    }

    /// As [#mutualServer], but a client may also come without a certificate.
    public static SslContext invitingServer(
            PrivateKey key, List<X509Certificate> chain, X509Certificate clientAuthority, String protocol) {
        return server(key, chain, clientAuthority, ClientAuth.OPTIONAL, protocol);
    }

    private static SslContext server(
            PrivateKey key,
            List<X509Certificate> chain,
            X509Certificate clientAuthority,
            ClientAuth auth,
            String protocol) {
        return build(
                protocol,
                SslContextBuilder.forServer(keys(key, chain))
                        .protocols(TLS_1_3)
                        .trustManager(clientAuthority)
                        .clientAuth(auth)
                        .applicationProtocolConfig(alpn(List.of(protocol))));
    }

    /// A client with its own certificate that believes one authority only. Engines must be made with
    /// host and port: the name is verified.
    ///
    /// @param authority see [PinnedAuthority]
    public static SslContext mutualClient(
            PrivateKey key, List<X509Certificate> chain, TrustManager authority, String protocol) {
        return build(
                protocol,
                SslContextBuilder.forClient()
                        .keyManager(keys(key, chain))
                        .trustManager(authority)
                        .protocols(TLS_1_3)
                        .endpointIdentificationAlgorithm("HTTPS")
                        .applicationProtocolConfig(alpn(List.of(protocol))));
    }

    /// A client without a certificate that believes one authority only, as for enrolment.
    public static SslContext client(TrustManager authority, String protocol) {
        return build(
                protocol,
                SslContextBuilder.forClient()
                        .trustManager(authority)
                        .protocols(TLS_1_3)
                        .endpointIdentificationAlgorithm("HTTPS")
                        .applicationProtocolConfig(alpn(List.of(protocol))));
    }

    /// Towards backends, HTTP/1.1.
    ///
    /// @param validate true: the system's trust store and the host name decide; false: any certificate
    ///     passes, which an administrator chose for this application
    public static SslContext backend(boolean validate) {
        SslContextBuilder builder = SslContextBuilder.forClient().protocols(TLS_1_3, TLS_1_2);
        if (validate) {
            builder.endpointIdentificationAlgorithm("HTTPS");
        } else {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
        }
        return build("backend", builder);
    }

    /// As [#backend] with validation, against further authorities instead of the system's, for tests and
    /// for sites with their own.
    public static SslContext backend(List<X509Certificate> authorities) {
        return build(
                "backend",
                SslContextBuilder.forClient()
                        .protocols(TLS_1_3, TLS_1_2)
                        .trustManager(authorities)
                        .endpointIdentificationAlgorithm("HTTPS"));
    }

    /// Towards backends of one application.
    ///
    /// @param trust decides about certificates
    /// @param verifyName whether the name is verified too; engines must then be made with host and port
    /// @param key of our own certificate; absent: none is shown, and [AskedForCertificate] tells who wants one
    /// @param chain of that, leaf first
    /// @param protocols offered by ALPN, the preferred first; empty: ALPN is not used, which means HTTP/1.1
    public static SslContext backend(
            TrustManager trust,
            boolean verifyName,
            Optional<PrivateKey> key,
            List<X509Certificate> chain,
            List<String> protocols) {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .protocols(TLS_1_3, TLS_1_2)
                .trustManager(trust)
                .endpointIdentificationAlgorithm(verifyName ? "HTTPS" : null);
        key.ifPresentOrElse(
                k -> builder.keyManager(keys(k, chain)), () -> builder.keyManager(new AskedForCertificate()));
        if (!protocols.isEmpty()) {
            builder.applicationProtocolConfig(alpn(protocols));
        }
        return build("backend", builder);
    }

    /// Given a key and a chain, the builder would put them into a PKCS #12 store, whose key derivation takes
    /// 20 ms a context. Nothing of this store leaves the process, so its old-fashioned kind is good enough.
    private static KeyManagerFactory keys(PrivateKey key, List<X509Certificate> chain) {
        char[] password = "in memory only".toCharArray();
        try {
            var store = KeyStore.getInstance("JKS");
            store.load(null, password);
            store.setKeyEntry("key", key, password, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory keys = PROVIDER == SslProvider.JDK
                    ? KeyManagerFactory.getInstance("PKIX")
                    : new OpenSslX509KeyManagerFactory();
            keys.init(store, password);
            return keys;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("key and certificate are not usable (" + e.getMessage() + ")", e);
        }
    }

    private static ApplicationProtocolConfig alpn(List<String> protocols) {
        return new ApplicationProtocolConfig(
                Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, protocols);
    }

    private static SslContext build(String what, SslContextBuilder builder) {
        try {
            return builder.sslProvider(PROVIDER).build();
        } catch (SSLException e) {
            throw new IllegalArgumentException(
                    "no TLS context for " + what + ": key and certificate do not fit together or are not usable ("
                            + e.getMessage() + ")",
                    e);
        }
    }
}
