package io.postern.domain.snapshot;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.TenantId;
import io.postern.domain.publish.TenantSettings;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Everything the data plane may know, at one moment. Taken once per request and pinned to the exchange.
///
/// @param version grows with every change
/// @param baseDomain our own hosts and default external names lie under it
/// @param tenantSettings where a tenant has set any
/// @param tenantNames name used in sign-in URLs, by tenant
/// @param applications published applications, My Apps included; any order
/// @param certificates first one is the default, for no, unknown or address SNI
/// @param tunnelCertificate presented to connectors, issued by their own authority
/// @param connectorAuthority issuer of connector certificates
/// @param connectors by certificate fingerprint
/// @param traces that run, or have just ended
public record Snapshot(
        long version,
        String baseDomain,
        Map<TenantId, String> tenantNames,
        List<PublishedApplication> applications,
        List<EdgeCertificate> certificates,
        EdgeCertificate tunnelCertificate,
        X509Certificate connectorAuthority,
        Map<String, ConnectorEntry> connectors,
        List<VerificationKey> verificationKeys,
        Revocations revocations,
        Map<TenantId, TenantSettings> tenantSettings,
        OrderProofs orderProofs,
        List<Trace> traces) {
    /// Where no tenant has set anything, and nobody is traced.
    public Snapshot(
            long version,
            String baseDomain,
            Map<TenantId, String> tenantNames,
            List<PublishedApplication> applications,
            List<EdgeCertificate> certificates,
            EdgeCertificate tunnelCertificate,
            X509Certificate connectorAuthority,
            Map<String, ConnectorEntry> connectors,
            List<VerificationKey> verificationKeys,
            Revocations revocations) {
        this(
                version,
                baseDomain,
                tenantNames,
                applications,
                certificates,
                tunnelCertificate,
                connectorAuthority,
                connectors,
                verificationKeys,
                revocations,
                Map.of(),
                OrderProofs.NONE,
                List.of());
    }

    public Snapshot {
        traces = List.copyOf(traces);
        tenantSettings = Map.copyOf(tenantSettings);
        tenantNames = Map.copyOf(tenantNames);
        applications = List.copyOf(applications);
        certificates = List.copyOf(certificates);
        connectors = Map.copyOf(connectors);
        verificationKeys = List.copyOf(verificationKeys);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("a snapshot needs a default certificate");
        }
    }

    public Optional<ConnectorEntry> connector(String certificateFingerprint) {
        return Optional.ofNullable(connectors.get(certificateFingerprint));
    }

    /// The backends that connectors of a group are told of, and may reach.
    public List<Backend> backends(ConnectorGroupId group) {
        return applications.stream()
                .flatMap(a -> a.upstream() instanceof PublishedApplication.Upstream.ConnectorGroup g
                                && g.group().equals(group)
                        ? a.places().stream()
                        : java.util.stream.Stream.<Place>empty())
                .flatMap(place -> place.inside().stream().map(Place.Inside::backend))
                .collect(Collectors.toMap(Backend::id, b -> b, (a, b) -> a))
                .values()
                .stream()
                .toList();
    }
}
