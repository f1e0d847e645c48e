package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.AppId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import io.postern.store.ServicePrincipal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Enterprise applications: who may use an application, and whether anybody may (4.1).
public final class ServicePrincipals {
    public record Patch(
            Edit<Boolean> accountEnabled, Edit<Boolean> appRoleAssignmentRequired, Edit<List<String>> tags) {}

    private final Ledger ledger;

    public ServicePrincipals(Ledger ledger) {
        this.ledger = ledger;
    }

    public List<ServicePrincipal> list(TenantId tenant) {
        return ledger.read(stores -> stores.servicePrincipals().list(tenant));
    }

    public Optional<ServicePrincipal> findByAppId(TenantId tenant, AppId appId) {
        return ledger.read(stores -> stores.servicePrincipals().findByAppId(tenant, appId));
    }

    public Outcome<ServicePrincipal> find(TenantId tenant, ServicePrincipalId id) {
        return ledger.look(stores -> stores.servicePrincipals()
                .find(tenant, id)
                .orElseThrow(() -> Rejected.notFound("service principal", id)));
    }

    public Outcome<ServicePrincipal> create(Actor actor, AppId appId, Patch settings) {
        return ledger.change(actor, change -> {
            Application application = change.stores()
                    .applications()
                    .findByAppId(appId)
                    .filter(a -> a.tenant().equals(change.tenant()))
                    .orElseThrow(() -> Rejected.invalid("appId", "there is no application with appId '" + appId + "'"));
            if (change.stores()
                    .servicePrincipals()
                    .findByAppId(change.tenant(), appId)
                    .isPresent()) {
                throw Rejected.conflict(
                        "application '" + application.displayName() + "' has a service principal already");
            }
            var principal = new ServicePrincipal(
                    change.tenant(),
                    ServicePrincipalId.random(),
                    appId,
                    application.displayName(),
                    settings.accountEnabled().or(true),
                    settings.appRoleAssignmentRequired().or(true),
                    tags(settings.tags().or(List.of())),
                    change.now());
            change.stores().servicePrincipals().insert(principal);
            change.note(Activity.ADD_SERVICE_PRINCIPAL, principal.id(), principal.displayName());
            return principal;
        });
    }

    public Outcome<ServicePrincipal> patch(Actor actor, ServicePrincipalId id, Patch patch) {
        return ledger.change(actor, change -> patch(change, id, patch));
    }

    static ServicePrincipal patch(Change change, ServicePrincipalId id, Patch patch) {
        ServicePrincipal old =
                change.found(change.stores().servicePrincipals().find(change.tenant(), id), "service principal", id);
        boolean system = change.stores()
                .applications()
                .findByAppId(old.appId())
                .map(Application::system)
                .orElse(false);
        if (system) {
            throw Rejected.forbidden(
                    "service principal '" + old.displayName() + "' belongs to Postern itself and cannot be changed");
        }
        var changed = new ServicePrincipal(
                old.tenant(),
                old.id(),
                old.appId(),
                old.displayName(),
                patch.accountEnabled().or(old.accountEnabled()),
                patch.appRoleAssignmentRequired().or(old.appRoleAssignmentRequired()),
                tags(patch.tags().or(old.tags())),
                old.created());
        if (changed.equals(old)) {
            return old;
        }
        change.stores().servicePrincipals().update(changed);
        change.note(
                Activity.UPDATE_SERVICE_PRINCIPAL,
                changed.id(),
                changed.displayName(),
                Differences.between(old, changed),
                Map.of(
                        "accountEnabled", Boolean.toString(changed.accountEnabled()),
                        "appRoleAssignmentRequired", Boolean.toString(changed.appRoleAssignmentRequired()),
                        "tags", String.join(",", changed.tags())));
        if (changed.appRoleAssignmentRequired() != old.appRoleAssignmentRequired()) {
            Steps.refuseFollower(change, changed);
            Steps.followRequirement(change, changed);
        }
        return changed;
    }

    private static List<String> tags(List<String> tags) {
        if (tags.size() > 50 || tags.stream().anyMatch(t -> t.isBlank() || t.length() > 256)) {
            throw Rejected.invalid("tags", "tags must be at most 50 texts of 1 to 256 characters");
        }
        return tags.stream().distinct().toList();
    }
}
