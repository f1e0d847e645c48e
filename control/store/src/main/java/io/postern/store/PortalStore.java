package io.postern.store;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.util.List;
import java.util.Optional;

/// What My Apps looks like: collections, and each user's own arrangement (4.5).
public interface PortalStore {
    /// Adds it or replaces the one with its id.
    void put(AppCollection collection);

    boolean delete(TenantId tenant, String id);

    Optional<AppCollection> find(TenantId tenant, String id);

    /// Those of administrators, by name.
    List<AppCollection> collections(TenantId tenant);

    /// Those that the user made for himself, by name.
    List<AppCollection> own(TenantId tenant, UserId user);

    AppArrangement arrangement(TenantId tenant, UserId user);

    void arrange(TenantId tenant, UserId user, AppArrangement arrangement);
}
