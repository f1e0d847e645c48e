package io.postern.admin.service;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.RoleStore;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.List;
import java.util.Optional;

/// A tenant whose last Global Administrator is gone could never be administered again by a person.
final class LastAdministrator {
    private LastAdministrator() {}

    /// Call it before the user is disabled, deleted or loses the role.
    ///
    /// @throws Rejected when nobody else could administer the tenant
    static void keep(Change change, User user) {
        Stores stores = change.stores();
        List<String> holders = stores.roles().holders(change.tenant(), RoleStore.GLOBAL_ADMINISTRATOR);
        boolean last = holders.contains(user.id().value())
                && holders.stream()
                        .filter(holder -> !holder.equals(user.id().value()))
                        .flatMap(holder -> user(stores, change.tenant(), holder).stream())
                        .noneMatch(User::accountEnabled);
        if (last) {
            throw Rejected.conflict("'" + user.userPrincipalName()
                    + "' is the tenant's last Global Administrator; make another one first");
        }
    }

    static Optional<User> user(Stores stores, TenantId tenant, String id) {
        try {
            return stores.users().find(tenant, new UserId(id));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a service principal
        }
    }
}
