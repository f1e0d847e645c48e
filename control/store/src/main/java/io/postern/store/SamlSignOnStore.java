package io.postern.store;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.domain.signon.SamlSignOn;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// How applications sign their users on.
public interface SamlSignOnStore {
    /// All but the shared policy, which [ClaimsMappingPolicyStore] assigns.
    ///
    /// @throws DuplicateKey `identifierUris` when another application of the tenant has the identifier
    void put(SamlSignOn signOn);

    /// In force: its mode is SAML.
    Optional<SamlSignOn> find(TenantId tenant, AppId application);

    /// In force, by entity id, letter by letter.
    Optional<SamlSignOn> findByIdentifier(TenantId tenant, String identifier);

    /// What is kept, whatever the mode; nothing where nobody set anything.
    Optional<SamlSignOn> stored(TenantId tenant, AppId application);

    /// The same of several, in any order.
    List<SamlSignOn> stored(TenantId tenant, Collection<AppId> applications);

    /// Of one tenant, whatever the mode.
    List<SamlSignOn> list(TenantId tenant);
}
