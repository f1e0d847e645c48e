package io.postern.account;

import io.postern.domain.TenantId;
import io.postern.domain.guest.GuestAddress;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.Optional;

/// Whom the name means that somebody typed at a tenant's sign-in: a user principal name, or the mail address
/// of a guest who accepted his invitation there (GST-5).
public final class SignInName {
    private SignInName() {}

    /// A user of the tenant before one of another tenant, who is not let in here.
    public static Optional<User> find(Stores s, TenantId tenant, String typed) {
        Optional<User> named = UserName.read(typed).flatMap(name -> s.users().findByPrincipalName(name.value()));
        if (named.filter(user -> user.tenant().equals(tenant)).isPresent()) {
            return named;
        }
        return GuestAddress.read(typed)
                .flatMap(address -> s.guests().findByAddress(tenant, address))
                .flatMap(guest -> s.users().find(tenant, guest.user()))
                .filter(Invitations::isAccepted)
                .or(() -> named);
    }
}
