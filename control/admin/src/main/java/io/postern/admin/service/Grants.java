package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.AppId;
import io.postern.domain.ServiceAddress;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.publish.Application;
import io.postern.store.PermissionGrant;
import io.postern.store.ServicePrincipal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Consent that users and administrators gave to clients.
public final class Grants {
    /// Microsoft Graph's id, as clients know it: what consent to stay signed in is kept under.
    private static final String USER_INFO = "00000003-0000-0000-c000-000000000000";

    private final Ledger ledger;
    private final Site site;

    public Grants(Ledger ledger, Site site) {
        this.ledger = ledger;
        this.site = site;
    }

    public List<PermissionGrant> list(TenantId tenant) {
        return ledger.read(stores -> stores.permissionGrants().list(tenant));
    }

    public List<PermissionGrant> ofUser(TenantId tenant, UserId user) {
        return ledger.read(stores -> stores.permissionGrants().ofUser(tenant, user));
    }

    /// By an administrator.
    ///
    /// @param principal empty: for everybody
    /// @param named the resource: application id, or the id of its service principal as Microsoft Graph has it;
    /// kept is
    ///     the first, since tokens name it as their audience
    public Outcome<PermissionGrant> add(
            Actor actor, ServicePrincipalId client, Optional<UserId> principal, String named, Set<String> scopes) {
        return ledger.change(actor, change -> {
            String resource = resource(change, named);
            ServicePrincipal principalOfClient = change.found(
                    change.stores().servicePrincipals().find(change.tenant(), client), "service principal", client);
            principal.ifPresent(
                    user -> Rejected.unless(change.stores().users().find(change.tenant(), user), "user", user));
            var grant = new PermissionGrant(
                    change.tenant(), UUID.randomUUID().toString(), client, principal, resource, scopes, change.now());
            boolean known = change.stores().permissionGrants().list(change.tenant()).stream()
                    .anyMatch(g -> g.client().equals(client)
                            && g.principal().equals(principal)
                            && g.resource().equals(resource));
            if (known) {
                throw Rejected.conflict("this client has a grant for this resource already; remove it first");
            }
            change.stores().permissionGrants().put(grant);
            change.note(
                    Activity.ADD_PERMISSION_GRANT,
                    client,
                    principalOfClient.displayName(),
                    Map.of("grant", grant.id(), "scopes", String.join(" ", scopes)));
            return grant;
        });
    }

    private String api() {
        return new ServiceAddress(site.baseDomain(), site.publicPort()).apiAudience();
    }

    private String resource(Change change, String named) {
        if (named.equals(USER_INFO) || named.equals(api())) {
            return named;
        }
        return change.stores()
                .servicePrincipals()
                .find(change.tenant(), new ServicePrincipalId(named))
                .map(ServicePrincipal::appId)
                .or(() -> change.stores()
                        .servicePrincipals()
                        .findByAppId(change.tenant(), new AppId(named))
                        .map(ServicePrincipal::appId))
                .or(() -> change.stores()
                        .applications()
                        .findByAppId(new AppId(named))
                        .filter(a -> a.tenant().equals(change.tenant()))
                        .map(Application::appId))
                .map(AppId::value)
                .orElseThrow(() -> Rejected.invalid(
                        "resourceId",
                        "no application '" + named + "' is known: resourceId is the appId of an application, or the id"
                                + " of its service principal"));
    }

    /// @param owner the grant must be this user's own; empty: an administrator removes any
    public Outcome<String> remove(Actor actor, String id, Optional<UserId> owner) {
        return ledger.change(actor, change -> {
            PermissionGrant grant =
                    change.found(change.stores().permissionGrants().find(change.tenant(), id), "permission grant", id);
            if (owner.isPresent() && !grant.principal().equals(owner)) {
                throw Rejected.notFound("permission grant", id);
            }
            change.stores().permissionGrants().delete(change.tenant(), id);
            change.note(
                    Activity.REMOVE_PERMISSION_GRANT,
                    grant.client(),
                    grant.client().value(),
                    Map.of("grant", id));
            return id;
        });
    }
}
