package io.postern.store;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import java.util.List;
import java.util.Optional;

/// API tokens.
public interface ApiCredentialStore {
    void insert(ApiCredential credential);

    /// Revokes it.
    boolean delete(TenantId tenant, String id);

    Optional<ApiCredential> findByHash(String secretHash);

    List<ApiCredential> of(TenantId tenant, ServicePrincipalId principal);
}
