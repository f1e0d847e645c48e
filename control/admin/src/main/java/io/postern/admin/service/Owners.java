package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.AppId;
import io.postern.domain.ObjectId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.domain.directory.AdminRole;
import io.postern.domain.publish.Application;
import io.postern.store.Stores;
import io.postern.store.User;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who owns an application: he may change it and its service principal, whatever roles he holds, and no other. Whoever
/// registers applications without a role that changes all of them becomes owner of what he registers (4.8).
public final class Owners {
    private static final int PER_APPLICATION_MAX = 100;

    private final Ledger ledger;

    public Owners(Ledger ledger) {
        this.ledger = ledger;
    }

    public Outcome<List<User>> of(TenantId tenant, ObjectId application) {
        return ledger.look(stores -> {
            Rejected.unless(stores.applications().find(tenant, application), "application", application);
            return stores.owners().of(tenant, application).stream()
                    .flatMap(id -> stores.users().find(tenant, id).stream())
                    .toList();
        });
    }

    public boolean owns(TenantId tenant, UserId user, ObjectId application) {
        return ledger.read(stores -> stores.owners().owns(tenant, user, application));
    }

    /// That whose service principal it is.
    public boolean owns(TenantId tenant, UserId user, ServicePrincipalId principal) {
        return ledger.read(stores -> stores.servicePrincipals()
                .find(tenant, principal)
                .filter(found -> owns(stores, tenant, user, found.appId()))
                .isPresent());
    }

    public boolean owns(TenantId tenant, UserId user, AppId appId) {
        return ledger.read(stores -> owns(stores, tenant, user, appId));
    }

    private static boolean owns(Stores stores, TenantId tenant, UserId user, AppId appId) {
        return stores.applications()
                .findByAppId(appId)
                .filter(application -> application.tenant().equals(tenant))
                .filter(application -> stores.owners().owns(tenant, user, application.id()))
                .isPresent();
    }

    public Outcome<User> add(Actor actor, ObjectId id, UserId owner) {
        return ledger.change(actor, change -> {
            Application application = Applications.editable(change, id);
            User user = change.found(change.stores().users().find(change.tenant(), owner), "user", owner);
            if (change.stores().owners().of(change.tenant(), id).size() >= PER_APPLICATION_MAX) {
                throw Rejected.conflict("application '" + application.displayName() + "' has " + PER_APPLICATION_MAX
                        + " owners already; remove one first");
            }
            if (!change.stores().owners().add(change.tenant(), id, owner, change.now())) {
                throw Rejected.conflict("'" + user.userPrincipalName() + "' is an owner of application '"
                        + application.displayName() + "' already");
            }
            note(change, Activity.ADD_OWNER, application, user);
            return user;
        });
    }

    public Outcome<User> remove(Actor actor, ObjectId id, UserId owner) {
        return ledger.change(actor, change -> {
            Application application = Applications.editable(change, id);
            User user = change.found(
                    change.stores()
                            .users()
                            .find(change.tenant(), owner)
                            .filter(_ -> change.stores().owners().remove(change.tenant(), id, owner)),
                    "owner of application '" + application.displayName() + "'",
                    owner);
            note(change, Activity.REMOVE_OWNER, application, user);
            return user;
        });
    }

    /// @return the owner, when whoever registers the application needs to be
    static Optional<User> begin(Change change, Application application) {
        boolean changesAll = AdminRole.actions(Authority.rolesOf(change)).contains(Action.APPLICATIONS_WRITE);
        Optional<User> owner = changesAll || change.actor().isService() ? Optional.empty() : person(change);
        owner.ifPresent(
                user -> change.stores().owners().add(change.tenant(), application.id(), user.id(), change.now()));
        return owner;
    }

    private static Optional<User> person(Change change) {
        return change.stores()
                .users()
                .find(change.tenant(), new UserId(change.actor().principal()));
    }

    private static void note(Change change, Activity activity, Application application, User owner) {
        change.note(
                activity,
                application.id(),
                application.displayName(),
                Map.of("owner", owner.userPrincipalName(), "ownerId", owner.id().value()));
    }
}
