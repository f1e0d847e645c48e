package io.postern.admin.service;

import io.postern.domain.TenantId;
import java.util.Optional;

/// Who changes something, for the audit log; and in which tenant: nobody acts across tenants.
///
/// @param principal user or service principal id
/// @param name user principal name or service principal name
/// @param exchange id of the request that asked; empty when none did
public record Actor(TenantId tenant, String principal, String name, Optional<String> address, String exchange) {
    private static final String SERVICE = "postern";

    public Actor(TenantId tenant, String principal, String name, Optional<String> address) {
        this(tenant, principal, name, address, "");
    }

    /// The service itself, at its first start.
    public static Actor service(TenantId tenant) {
        return new Actor(tenant, SERVICE, "Postern", Optional.empty());
    }

    /// The same, for changes of users' accounts.
    io.postern.account.Actor account() {
        return new io.postern.account.Actor(principal, name, "", address, exchange);
    }

    /// No id of a user or service principal looks like that.
    public boolean isService() {
        return principal.equals(SERVICE);
    }
}
