package io.postern.gateway.edge;

import io.netty.handler.ssl.SslContext;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.domain.snapshot.Snapshot;
import io.postern.net.TlsContexts;
import io.postern.tunnel.TunnelProtocol;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The TLS contexts of one snapshot. Those whose certificate has not changed are taken over from the one
/// before, so a change of the snapshot costs nothing here and a new certificate needs no restart.
/// Immutable and thread-safe.
public final class Certificates {
    /// @param certificate what the client is shown
    record Presented(EdgeCertificate certificate, SslContext tls) {}

    private record Private(X509Certificate leaf, X509Certificate authority, SslContext tunnel, SslContext enroll) {}

    /// RFC 8737 §6.2.
    static final String PROOF_ALPN = "acme-tls/1";

    private final Presented preferred;
    private final Map<String, Presented> byHost;
    private final Map<X509Certificate, Presented> byLeaf;
    private final Private ours;
    private final Map<String, SslContext> proofs;

    private Certificates(
            Presented preferred,
            Map<String, Presented> byHost,
            Map<X509Certificate, Presented> byLeaf,
            Private ours,
            Map<String, SslContext> proofs) {
        this.preferred = preferred;
        this.byHost = byHost;
        this.byLeaf = byLeaf;
        this.ours = ours;
        this.proofs = proofs;
    }

    /// Builds contexts: some milliseconds for each new certificate, so not on an event loop.
    ///
    /// @throws IllegalArgumentException when a key does not fit its certificate
    public static Certificates of(Snapshot snapshot, Optional<Certificates> before) {
        var byHost = new HashMap<String, Presented>();
        var byLeaf = new HashMap<X509Certificate, Presented>();
        for (EdgeCertificate certificate : snapshot.certificates()) {
            X509Certificate leaf = certificate.chain().getFirst();
            Presented known = before.map(b -> b.byLeaf.get(leaf)).orElse(null);
            SslContext tls = known != null && known.certificate().chain().equals(certificate.chain())
                    ? known.tls()
                    : TlsContexts.edge(certificate.key(), certificate.chain());
            var presented = new Presented(certificate, tls);
            byLeaf.put(leaf, presented);
            certificate.hosts().forEach(host -> byHost.putIfAbsent(host, presented));
        }
        X509Certificate first = snapshot.certificates().getFirst().chain().getFirst();
        Presented preferred = Objects.requireNonNull(byLeaf.get(first));
        return new Certificates(
                preferred, Map.copyOf(byHost), Map.copyOf(byLeaf), ours(snapshot, before), proofs(snapshot));
    }

    private static Map<String, SslContext> proofs(Snapshot snapshot) {
        var proofs = new HashMap<String, SslContext>();
        snapshot.orderProofs()
                .certificates()
                .forEach((host, proof) -> proofs.put(host, TlsContexts.proof(proof.key(), proof.chain(), PROOF_ALPN)));
        return Map.copyOf(proofs);
    }

    private static Private ours(Snapshot snapshot, Optional<Certificates> before) {
        EdgeCertificate certificate = snapshot.tunnelCertificate();
        X509Certificate leaf = certificate.chain().getFirst();
        if (before.isPresent()
                && before.get().ours.leaf().equals(leaf)
                && before.get().ours.authority().equals(snapshot.connectorAuthority())) {
            return before.get().ours;
        }
        return new Private(
                leaf,
                snapshot.connectorAuthority(),
                TlsContexts.mutualServer(
                        certificate.key(), certificate.chain(), snapshot.connectorAuthority(), TunnelProtocol.ALPN),
                TlsContexts.invitingServer(
                        certificate.key(),
                        certificate.chain(),
                        snapshot.connectorAuthority(),
                        TunnelProtocol.ENROLL_ALPN));
    }

    /// By SNI; the default for no, an unknown or an address name.
    Presented forHost(Optional<String> host) {
        if (host.isEmpty()) {
            return preferred;
        }
        Presented exact = byHost.get(host.get());
        if (exact != null) {
            return exact;
        }
        int dot = host.get().indexOf('.');
        Presented wildcard = dot > 0 ? byHost.get("*" + host.get().substring(dot)) : null;
        return wildcard != null ? wildcard : preferred;
    }

    /// For an ACME server that looks whether the host is ours; empty while nobody ordered.
    Optional<SslContext> proof(Optional<String> host) {
        return host.map(proofs::get);
    }

    SslContext tunnel() {
        return ours.tunnel();
    }

    SslContext enroll() {
        return ours.enroll();
    }
}
