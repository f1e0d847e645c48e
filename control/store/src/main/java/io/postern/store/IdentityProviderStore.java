package io.postern.store;

import io.postern.domain.IdentityProviderId;
import io.postern.domain.TenantId;
import io.postern.domain.federation.IdentityProvider;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Upstream identity providers, and what was fetched from them last.
public interface IdentityProviderStore {
    /// @param sealed the client secret, or the private key of our SAML side; empty for none
    record Row(IdentityProvider provider, String sealed, Instant created) {}

    /// What a provider publishes.
    ///
    /// @param name for example `keys`
    record Document(String name, String body, Instant fetched) {}

    /// In place of what was there.
    ///
    /// @throws DuplicateKey when another provider of the tenant speaks for one of its domains
    void put(Row row);

    /// With its documents, links and sessions.
    boolean delete(TenantId tenant, IdentityProviderId id);

    Optional<Row> find(TenantId tenant, IdentityProviderId id);

    /// By name.
    List<Row> list(TenantId tenant);

    /// Which one speaks for a domain of user names, enabled or not.
    Optional<Row> findByDomain(TenantId tenant, String domain);

    void keep(TenantId tenant, IdentityProviderId id, Document document);

    Optional<Document> document(TenantId tenant, IdentityProviderId id, String name);
}
