package io.postern.admin.service;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.util.Map;
import java.util.Optional;

/// Tells what an identity token would say of a user: the identity provider's part of a preview (IDT-1).
@FunctionalInterface
public interface IdentityClaims {
    /// Signs nothing.
    ///
    /// @param audience empty: the application's id
    /// @return by name, as in JSON: texts, numbers, lists; empty where there is no such application or user
    /// any more
    Optional<Map<String, Object>> of(TenantId tenant, AppId application, UserId user, Optional<String> audience);
}
