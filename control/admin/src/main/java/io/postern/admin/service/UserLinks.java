package io.postern.admin.service;

import io.postern.account.Accounts;
import io.postern.base.Outcome;
import io.postern.domain.IdentityProviderId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.federation.IdentityProvider;
import io.postern.store.FederatedIdentityStore;
import io.postern.store.IdentityProviderStore;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/// Who a user is at upstream identity providers. Links are made by signing in there (FED-1); an administrator takes
/// them away.
public final class UserLinks {
    private final Ledger ledger;

    UserLinks(Ledger ledger) {
        this.ledger = ledger;
    }

    public record Link(IdentityProvider provider, FederatedIdentityStore.Row row) {}

    public Outcome<List<Link>> of(TenantId tenant, UserId user) {
        return ledger.look(stores -> stores.federatedIdentities().of(tenant, user).stream()
                .map(row -> new Link(
                        stores.identityProviders()
                                .find(tenant, row.provider())
                                .orElseThrow() // links go with their provider
                                .provider(),
                        row))
                .toList());
    }

    /// Whoever came in by it has to sign in again, and not there.
    public Outcome<User> remove(Actor actor, UserId id, IdentityProviderId from) {
        return ledger.change(actor, change -> {
            Stores stores = change.stores();
            User user = change.found(stores.users().find(change.tenant(), id), "user", id);
            IdentityProvider provider = change.found(
                    stores.identityProviders().find(change.tenant(), from).map(IdentityProviderStore.Row::provider),
                    "identity provider",
                    from);
            if (!stores.federatedIdentities().delete(change.tenant(), from, id)) {
                throw Rejected.notFound("link of the user to identity provider", from);
            }
            Accounts.voidProofs(stores, change.tenant(), id, change.now().truncatedTo(ChronoUnit.SECONDS));
            change.note(
                    Activity.UNLINK_USER,
                    id,
                    user.userPrincipalName(),
                    Map.of("identityProvider", provider.displayName(), "identityProviderId", from.value()));
            return user;
        });
    }
}
