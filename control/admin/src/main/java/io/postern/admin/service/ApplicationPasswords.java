package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.base.PasswordSeal;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.PasswordSignOn;
import io.postern.store.ApplicationPassword;
import io.postern.store.ApplicationPassword.Whose;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Names and passwords with which users are signed in at applications (PWD-2). A password is sealed for each
/// connector of the application's group while it is saved; afterwards nobody here can read it. There is no
/// limit of 48.
public final class ApplicationPasswords {
    private static final int NAME_MAX = 256;
    private static final int PASSWORD_MAX = 1_024;

    private final Ledger ledger;

    public ApplicationPasswords(Ledger ledger) {
        this.ledger = ledger;
    }

    /// @param principal id of a user or of a group
    /// @param password UTF-8; wiped when this returns, whatever came of it
    public Outcome<ApplicationPassword> set(
            Actor actor, ServicePrincipalId resource, String principal, String userName, byte[] password) {
        try {
            return ledger.change(actor, change -> set(change, resource, principal, userName, password));
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private static ApplicationPassword set(
            Change change, ServicePrincipalId resource, String principal, String userName, byte[] password) {
        if (userName.isBlank()
                || userName.length() > NAME_MAX
                || userName.chars().anyMatch(Character::isISOControl)) {
            throw Rejected.invalid(
                    "credentials",
                    "the user name has 1 to " + NAME_MAX + " characters, none of them a control character");
        }
        if (password.length == 0 || password.length > PASSWORD_MAX || hasControl(password)) {
            throw Rejected.invalid(
                    "credentials",
                    "the password has 1 to " + PASSWORD_MAX + " bytes, none of them a control character");
        }
        ServicePrincipal application = signedOn(change, resource);
        Map<ConnectorId, String> keys = keys(change, application);
        var made = new ApplicationPassword(
                change.tenant(),
                resource,
                whose(change, principal),
                userName,
                UUID.randomUUID().toString(),
                change.now());
        var sealed = new HashMap<ConnectorId, String>();
        keys.forEach((connector, key) ->
                sealed.put(connector, PasswordSeal.seal(key, password, context(resource, principal, made.version()))));
        boolean isNew = change.stores()
                .applicationPasswords()
                .find(change.tenant(), resource, principal)
                .isEmpty();
        change.stores().applicationPasswords().put(made, sealed);
        change.note(
                isNew ? Activity.ADD_APPLICATION_PASSWORD : Activity.UPDATE_APPLICATION_PASSWORD,
                resource,
                application.displayName(),
                Map.of("principal", principal, "userName", userName));
        return made;
    }

    private static boolean hasControl(byte[] password) {
        for (byte b : password) {
            if ((b >= 0 && b < 0x20) || b == 0x7f) {
                return true;
            }
        }
        return false;
    }

    /// What it is sealed for, at every connector: a copy opens nothing for another user, application or time.
    static String context(ServicePrincipalId resource, String principal, String version) {
        return "application-password " + resource + " " + principal + " " + version;
    }

    private static ServicePrincipal signedOn(Change change, ServicePrincipalId resource) {
        ServicePrincipal principal = change.found(
                change.stores().servicePrincipals().find(change.tenant(), resource), "service principal", resource);
        Optional<PasswordSignOn> settings = application(change.stores(), principal)
                .flatMap(Application::publishing)
                .map(p -> p.settings().signOn().how())
                .filter(PasswordSignOn.class::isInstance)
                .map(PasswordSignOn.class::cast);
        if (settings.isEmpty()) {
            throw Rejected.conflict("application '" + principal.displayName()
                    + "' is not signed on to by name and password; set singleSignOnMode to password first (PWD-1)");
        }
        return principal;
    }

    private static Map<ConnectorId, String> keys(Change change, ServicePrincipal principal) {
        ConnectorGroupId group = group(
                change.stores(),
                application(change.stores(), principal)
                        .orElseThrow(() -> Rejected.notFound("application", principal.appId())));
        Map<ConnectorId, String> keys = change.stores().applicationPasswords().keys(change.tenant(), group);
        if (keys.isEmpty()) {
            throw Rejected.conflict("no connector of the group of application '" + principal.displayName()
                    + "' can take a password: none has registered a key; start one of this release, then try again");
        }
        return keys;
    }

    static Optional<Application> application(Stores stores, ServicePrincipal principal) {
        return stores.applications()
                .findByAppId(principal.appId())
                .filter(application -> application.tenant().equals(principal.tenant()));
    }

    static ConnectorGroupId group(Stores stores, Application application) {
        return application
                .group()
                .orElseGet(() -> stores.connectorGroups()
                        .defaultGroup(application.tenant())
                        .id());
    }

    private static Whose whose(Change change, String principal) {
        try {
            Optional<Whose> user = change.stores()
                    .users()
                    .find(change.tenant(), new UserId(principal))
                    .map(found -> new Whose.OfUser(found.id()));
            return user.or(() -> change.stores()
                            .groups()
                            .find(change.tenant(), new GroupId(principal))
                            .map(found -> new Whose.OfGroup(found.id())))
                    .orElseThrow(() -> Rejected.notFound("user or group", principal));
        } catch (IllegalArgumentException e) {
            throw Rejected.notFound("user or group", principal);
        }
    }

    public Outcome<List<ApplicationPassword>> list(TenantId tenant, ServicePrincipalId resource) {
        return ledger.look(stores -> {
            if (stores.servicePrincipals().find(tenant, resource).isEmpty()) {
                throw Rejected.notFound("service principal", resource);
            }
            return stores.applicationPasswords().list(tenant, resource);
        });
    }

    public Outcome<ApplicationPassword> find(TenantId tenant, ServicePrincipalId resource, String principal) {
        return ledger.look(stores -> stores.applicationPasswords()
                .find(tenant, resource, principal)
                .orElseThrow(() -> Rejected.notFound("password of user or group", principal)));
    }

    public Outcome<ApplicationPassword> delete(Actor actor, ServicePrincipalId resource, String principal) {
        return ledger.change(actor, change -> {
            ServicePrincipal application = change.found(
                    change.stores().servicePrincipals().find(change.tenant(), resource), "service principal", resource);
            ApplicationPassword old = change.found(
                    change.stores().applicationPasswords().find(change.tenant(), resource, principal),
                    "password of user or group",
                    principal);
            change.stores().applicationPasswords().delete(change.tenant(), resource, principal);
            change.note(
                    Activity.REMOVE_APPLICATION_PASSWORD,
                    resource,
                    application.displayName(),
                    Map.of("principal", principal, "userName", old.userName()));
            return old;
        });
    }
}
