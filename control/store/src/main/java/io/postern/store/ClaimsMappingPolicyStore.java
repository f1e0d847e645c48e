package io.postern.store;

import io.postern.domain.AppId;
import io.postern.domain.ClaimsMappingPolicyId;
import io.postern.domain.TenantId;
import java.util.List;
import java.util.Optional;

/// Claims policies that applications share, and which application goes by which: one at most. That it does, shows the
/// sign-on that [SamlSignOnStore] reads.
public interface ClaimsMappingPolicyStore {
    /// In place of what was there.
    void put(ClaimsMappingPolicy policy);

    Optional<ClaimsMappingPolicy> find(TenantId tenant, ClaimsMappingPolicyId id);

    List<ClaimsMappingPolicy> list(TenantId tenant);

    /// For one by which no application goes.
    ///
    /// @return whether there was one
    boolean delete(TenantId tenant, ClaimsMappingPolicyId id);

    /// For an application whose sign-on is stored and that goes by none. The row goes with that sign-on.
    void assign(TenantId tenant, AppId application, ClaimsMappingPolicyId id);

    /// @return whether it went by that one
    boolean unassign(TenantId tenant, AppId application, ClaimsMappingPolicyId id);

    List<AppId> assigned(TenantId tenant, ClaimsMappingPolicyId id);
}
