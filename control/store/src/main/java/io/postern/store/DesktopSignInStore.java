package io.postern.store;

import io.postern.domain.TenantId;
import java.util.Optional;

/// Whether and how computers of a domain sign users in; one domain for a tenant.
public interface DesktopSignInStore {
    void put(DesktopSignIn settings);

    Optional<DesktopSignIn> find(TenantId tenant);

    boolean delete(TenantId tenant);
}
