package io.postern.admin.service;

import io.postern.account.Accounts;
import io.postern.account.PasswordRules;
import io.postern.account.UserName;
import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.AppId;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.HostNames;
import io.postern.domain.ObjectId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import io.postern.store.ConnectorGroup;
import io.postern.store.RoleStore;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import io.postern.store.User;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// The tenants of the service. Whoever operates it, the Global Administrators of the first tenant, adds others and
/// sees their names; nobody reaches into another tenant, neither from the first one nor into it.
public final class Tenants {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,29}[a-z0-9]");
    private static final List<String> RESERVED = List.of("common", "organizations", "consumers", "login", "assets");
    private static final String ADMINISTRATION = "administration";

    /// @param administrator user principal name in the tenant's domain
    /// @param password of the first administrator, changed at the first sign-in
    public record Draft(String name, String displayName, String domain, String administrator, Secret password) {}

    /// @param apiToken of a service principal that is Global Administrator there; shown once
    public record Added(Tenant tenant, User administrator, Secret apiToken) {}

    private final Ledger ledger;
    private final Accounts accounts;
    private final Site site;
    private final TenantKeys keys;

    public Tenants(Ledger ledger, Accounts accounts, Site site, TenantKeys keys) {
        this.ledger = ledger;
        this.accounts = accounts;
        this.site = site;
        this.keys = keys;
    }

    /// In order of creation.
    public Outcome<List<Tenant>> list(Actor actor) {
        return ledger.look(stores -> {
            List<Tenant> tenants = stores.tenants().list();
            operates(tenants, actor);
            return tenants;
        });
    }

    /// Makes the tenant with all that it needs to be used: Default connector group, signing key, My Apps, the API,
    /// its first administrator, and a service principal with an API token so that the command line can administer
    /// it. All of it or nothing.
    ///
    /// @throws io.postern.account.PasswordHash.Busy when too many passwords are computed at once
    public Outcome<Added> add(Actor actor, Draft draft) {
        return ledger.look(stores -> {
                    operates(stores.tenants().list(), actor);
                    check(draft);
                    return draft;
                })
                .then(checked -> addChecked(actor, checked));
    }

    private Outcome<Added> addChecked(Actor actor, Draft draft) {
        var tenant = new Tenant(
                TenantId.random(),
                draft.name(),
                draft.displayName(),
                draft.domain(),
                ledger.clock().instant().truncatedTo(ChronoUnit.MILLIS));
        return accounts.prepare(
                        tenant,
                        Accounts.Draft.of(draft.administrator(), "Administrator", draft.password())
                                .asAdministrator()
                                .toBeChanged())
                .then(administrator -> write(actor, tenant, administrator));
    }

    private Outcome<Added> write(Actor actor, Tenant tenant, Accounts.Prepared administrator) {
        Consumer<Stores> key = keys.make(tenant.id());
        return ledger.change(actor, change -> {
            operates(change.stores().tenants().list(), actor);
            change.stores().tenants().insert(tenant);
            key.accept(change.stores());
            change.note(Activity.ADD_TENANT, tenant.id(), tenant.name(), Map.of("domain", tenant.domain()));
            var within = new Change(change.stores(), Actor.service(tenant.id()), change.now());
            ServicePrincipal administration = fill(within, tenant);
            administrator.write(change.stores(), actor.account());
            Secret token = ApiTokens.issue(within, administration, tenant.name(), Optional.empty())
                    .token();
            return new Added(tenant, administrator.user(), token);
        });
    }

    private ServicePrincipal fill(Change change, Tenant tenant) {
        change.stores()
                .connectorGroups()
                .insert(new ConnectorGroup(
                        tenant.id(), ConnectorGroupId.random(), "Default", true, Optional.empty(), change.now()));
        // the operator's entry is in the first tenant's log, which nobody here may read: this log begins with it too
        change.note(Activity.ADD_TENANT, tenant.id(), tenant.name());
        SystemApplications.ensure(change, site, tenant.name(), false);
        AppId appId = AppId.random();
        change.applications()
                .insert(new Application(
                        tenant.id(),
                        ObjectId.random(),
                        appId,
                        ADMINISTRATION,
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        false,
                        change.now()));
        var principal = new ServicePrincipal(
                tenant.id(),
                ServicePrincipalId.random(),
                appId,
                ADMINISTRATION,
                true,
                true,
                List.of("HideApp"),
                change.now());
        change.stores().servicePrincipals().insert(principal);
        change.note(Activity.ADD_SERVICE_PRINCIPAL, principal.id(), ADMINISTRATION);
        change.stores().roles().grant(tenant.id(), principal.id().value(), RoleStore.GLOBAL_ADMINISTRATOR);
        change.note(Activity.GRANT_ROLE, principal.id(), ADMINISTRATION, Map.of("role", "Global Administrator"));
        return principal;
    }

    private static void operates(List<Tenant> tenants, Actor actor) {
        if (!tenants.getFirst().id().equals(actor.tenant())) {
            throw Rejected.forbidden("only administrators of the service's first tenant may add and list tenants");
        }
    }

    private static void check(Draft draft) {
        if (!NAME.matcher(draft.name()).matches() || RESERVED.contains(draft.name())) {
            throw Rejected.invalid(
                    "name",
                    "name '" + draft.name() + "' must have 2 to 31 lower-case letters, digits and hyphens, begin with a"
                            + " letter, and be none of " + RESERVED);
        }
        if (!HostNames.isDomainName(draft.domain())) {
            throw Rejected.invalid(
                    "domain", "domain '" + draft.domain() + "' is no domain name such as fabrikam.example");
        }
        if (draft.displayName().isBlank() || draft.displayName().length() > 256) {
            throw Rejected.invalid("displayName", "displayName must have 1 to 256 characters");
        }
        if (UserName.read(draft.administrator())
                .filter(name -> name.domain().equalsIgnoreCase(draft.domain()))
                .isEmpty()) {
            throw Rejected.invalid(
                    "administrator",
                    "administrator '" + draft.administrator() + "' is no user name such as admin@" + draft.domain());
        }
        PasswordRules.fault(draft.password().reveal(), draft.administrator()).ifPresent(fault -> {
            throw Rejected.invalid("passwordProfile.password", fault);
        });
    }
}
