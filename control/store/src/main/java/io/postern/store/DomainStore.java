package io.postern.store;

import io.postern.domain.TenantId;
import java.util.List;
import java.util.Optional;

/// Custom domains. A proven name belongs to one tenant; the database keeps that.
public interface DomainStore {
    /// In place of what was there.
    ///
    /// @throws DuplicateKey when it is proven, and another tenant has proven it before
    void put(Domain domain);

    boolean delete(TenantId tenant, String name);

    Optional<Domain> find(TenantId tenant, String name);

    /// By name.
    List<Domain> list(TenantId tenant);

    /// Of every tenant, proven ones alone.
    List<Domain> listProven();
}
