package io.postern.identity.access;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.identity.protocol.Fault;
import io.postern.store.RoleStore;
import io.postern.store.ServicePrincipal;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.Instant;
import java.util.Optional;

/// Decides who may use what. Fails closed: what is not permitted here is not permitted. Thread-safe.
public final class Access {
    private final Store store;

    public Access(Store store) {
        this.store = store;
    }

    /// The tenant's entry of an application; empty when it has none.
    public Optional<ServicePrincipal> principal(TenantId tenant, AppId application) {
        return store.read(s -> s.servicePrincipals().findByAppId(tenant, application));
    }

    public Decision decide(Facts facts) {
        return store.read(s -> decide(s, facts));
    }

    private static Decision decide(Stores s, Facts facts) {
        User user = facts.user();
        ServicePrincipal principal = facts.principal();
        if (!user.tenant().equals(principal.tenant())) {
            return new Decision.Denied(Fault.otherTenant(user.userPrincipalName()));
        }
        if (!user.accountEnabled()) {
            return new Decision.Denied(Fault.userDisabled());
        }
        if (!principal.accountEnabled()) {
            return new Decision.Denied(Fault.appDisabled(principal.appId().value()));
        }
        if (!mayUse(s, user, principal, facts.now())) {
            return new Decision.Denied(Fault.notAssigned(user.userPrincipalName(), principal.displayName()));
        }
        if (facts.maxAge()
                .filter(age -> facts.now().isAfter(facts.authenticated().plus(age)))
                .isPresent()) {
            return new Decision.NeedsFreshSignIn();
        }
        return facts.mfaAsked() && facts.mfa().isEmpty() ? new Decision.NeedsMfa() : new Decision.Permit();
    }

    /// ASG-3, ASG-4: assigned directly or by a group, or no assignment needed. ASG-5: a Global Administrator needs
    /// none.
    private static boolean mayUse(Stores s, User user, ServicePrincipal principal, Instant now) {
        return !principal.appRoleAssignmentRequired()
                || s.assignments().resourcesOf(user.tenant(), user.id(), now).contains(principal.id())
                || s.roles().rolesOf(user.tenant(), user.id().value()).contains(RoleStore.GLOBAL_ADMINISTRATOR);
    }
}
