package io.postern.admin.service;

import io.postern.account.Accounts;
import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.ConnectorGroup;
import io.postern.store.RoleStore;
import io.postern.store.ServicePrincipal;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What must be there before anybody can do anything. Every method may be called at every start: it makes
/// what is missing, follows a new base domain, and otherwise changes nothing.
public final class Bootstrap {
    private final Store store;
    private final Site site;
    private final Ledger ledger;
    private final Accounts accounts;
    private final ApiTokens tokens;

    public Bootstrap(Store store, Site site, Accounts accounts, InstantSource clock) {
        this.store = store;
        this.site = site;
        this.ledger = new Ledger(store, clock);
        this.accounts = accounts;
        this.tokens = new ApiTokens(ledger);
    }

    /// The service's first tenant with its Default connector group, My Apps and the API; made with the
    /// given names where there is none, otherwise kept as it is. The other tenants get what they lack too.
    public Tenant ensureTenant(String name, String displayName, String domain) {
        Tenant first = ensureFirst(name, displayName, domain);
        for (Tenant other : store.read(stores -> stores.tenants().list())) {
            if (!other.id().equals(first.id())) {
                done(ledger.change(Actor.service(other.id()), change -> {
                    SystemApplications.ensure(change, site, other.name(), false);
                    return other;
                }));
            }
        }
        return first;
    }

    private Tenant ensureFirst(String name, String displayName, String domain) {
        Optional<Tenant> first =
                store.read(stores -> stores.tenants().list().stream().findFirst());
        TenantId id = first.map(Tenant::id).orElseGet(TenantId::random);
        return done(ledger.change(Actor.service(id), change -> {
            Tenant tenant = first.orElseGet(() -> {
                var made = new Tenant(id, name, displayName, domain, change.now());
                change.stores().tenants().insert(made);
                change.stores()
                        .connectorGroups()
                        .insert(new ConnectorGroup(
                                id, ConnectorGroupId.random(), "Default", true, Optional.empty(), change.now()));
                change.note(Activity.ADD_TENANT, id, name);
                return made;
            });
            SystemApplications.ensure(change, site, tenant.name(), true);
            return tenant;
        }));
    }

    /// True while nobody could sign in to administer: the service then offers a link for the first one.
    public boolean hasNoAdministrator() {
        return store.read(stores -> stores.tenants().list().stream()
                .flatMap(tenant -> stores.roles().holders(tenant.id(), RoleStore.GLOBAL_ADMINISTRATOR).stream()
                        .filter(holder -> stores.users()
                                .find(tenant.id(), new UserId(holder))
                                .isPresent()))
                .findAny()
                .isEmpty());
    }

    /// A user who is Global Administrator; one who exists keeps password and state.
    public Outcome<User> ensureAdministrator(
            Tenant tenant, String userPrincipalName, String displayName, Secret password) {
        Optional<User> known = store.read(stores -> stores.users().findByPrincipalName(userPrincipalName));
        if (known.isPresent()) {
            grantAdministrator(Actor.service(tenant.id()), known.get().id().value(), userPrincipalName);
            return Outcome.done(known.get());
        }
        return accounts.create(
                tenant.id(),
                Accounts.Draft.of(userPrincipalName, displayName, password).asAdministrator(),
                io.postern.account.Actor.service());
    }

    /// The service principal `quickstart`, which may administer.
    public ServicePrincipal ensureQuickstart(Tenant tenant) {
        Actor actor = Actor.service(tenant.id());
        ServicePrincipal principal = done(ledger.change(
                actor,
                change -> SystemApplications.ensure(
                        change, SystemApplications.QUICKSTART, "quickstart", List.of(), List.of(), Optional.empty())));
        grantAdministrator(actor, principal.id().value(), principal.displayName());
        return principal;
    }

    /// A fresh token for the API; shown by the caller, never readable again.
    public Secret issueApiToken(Tenant tenant, ServicePrincipalId principal, String displayName) {
        return done(tokens.issue(Actor.service(tenant.id()), principal, displayName, Optional.empty()))
                .token();
    }

    /// Whether a kept token still opens the API.
    public boolean isValid(String token) {
        return store.read(stores -> ApiTokens.find(stores, token, ledger.clock().instant()))
                .isPresent();
    }

    private void grantAdministrator(Actor actor, String principal, String name) {
        done(ledger.change(actor, change -> {
            boolean held = change.stores()
                    .roles()
                    .rolesOf(change.tenant(), principal)
                    .contains(RoleStore.GLOBAL_ADMINISTRATOR);
            if (!held) {
                change.stores().roles().grant(change.tenant(), principal, RoleStore.GLOBAL_ADMINISTRATOR);
                change.note(Activity.GRANT_ROLE, principal, name);
            }
            return principal;
        }));
    }

    /// These calls are the service's own; an ending other than done is a fault of ours.
    private static <T> T done(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Done<T>(T value)) {
            return value;
        }
        throw new IllegalStateException("first start failed: " + outcome);
    }
}
