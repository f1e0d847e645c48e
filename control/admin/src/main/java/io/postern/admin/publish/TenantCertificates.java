package io.postern.admin.publish;

import io.postern.admin.service.Site;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.domain.snapshot.OrderProofs;
import io.postern.pki.ServerCertificates;
import io.postern.store.CertificateOrderStore.Challenge;
import io.postern.store.Domain;
import io.postern.store.StoredCertificate;
import io.postern.store.Stores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Certificates of custom domains as the edge may present them: opened once, not again with each snapshot. Used by
/// one thread at a time, under the publisher's lock.
final class TenantCertificates {
    private static final Logger LOG = LoggerFactory.getLogger(TenantCertificates.class);

    private final Site site;
    private final ServerCertificates vault;
    private Map<String, EdgeCertificate> opened = Map.of();

    TenantCertificates(Site site, ServerCertificates vault) {
        this.site = site;
        this.vault = vault;
    }

    /// Newest first. Each only for names in its tenant's proven domains, whatever else it names: a tenant must not
    /// stand in for another.
    List<EdgeCertificate> inForce(Stores stores, Instant now) {
        List<StoredCertificate> rows = stores.certificates().listAll();
        if (rows.isEmpty()) {
            opened = Map.of();
            return List.of();
        }
        List<Domain> domains = stores.domains().listProven();
        var kept = new HashMap<String, EdgeCertificate>();
        var all = new ArrayList<EdgeCertificate>();
        for (StoredCertificate row : rows) {
            EdgeCertificate certificate = opened.get(row.id());
            if (certificate == null) {
                certificate = vault.open(row.id(), row.sealed()).orElse(null);
            }
            if (certificate == null) {
                LOG.error(
                        "certificate {} for {} in the database cannot be opened; upload it again",
                        row.id(),
                        row.hosts());
                continue;
            }
            kept.put(row.id(), certificate);
            List<String> hosts = row.hosts().stream()
                    .filter(host -> isOf(row, domains, host))
                    .toList();
            if (row.expires().isAfter(now) && !hosts.isEmpty()) {
                all.add(new EdgeCertificate(hosts, certificate.chain(), certificate.key()));
            }
        }
        opened = Map.copyOf(kept);
        return all;
    }

    /// The world's proofs of what is on order, on every gateway.
    OrderProofs proofs(Stores stores, Instant now) {
        List<Challenge> challenges = stores.certificateOrders().challenges().stream()
                .filter(challenge -> challenge.expires().isAfter(now))
                .toList();
        if (challenges.isEmpty()) {
            return OrderProofs.NONE;
        }
        var texts = new HashMap<String, String>();
        var certificates = new HashMap<String, EdgeCertificate>();
        for (Challenge challenge : challenges) {
            switch (challenge.kind()) {
                case HTTP -> texts.put(challenge.name(), challenge.content());
                case TLS_ALPN ->
                    vault.open("acme/" + challenge.name(), challenge.content())
                            .ifPresent(certificate -> certificates.put(challenge.name(), certificate));
            }
        }
        return new OrderProofs(texts, certificates);
    }

    private boolean isOf(StoredCertificate row, List<Domain> domains, String host) {
        String plain = host.startsWith("*.") ? host.substring(2) : host;
        boolean ours = plain.equals(site.baseDomain()) || plain.endsWith("." + site.baseDomain());
        return !ours && domains.stream().anyMatch(d -> Objects.equals(d.tenant(), row.tenant()) && d.contains(plain));
    }
}
