package io.postern.identity.access;

import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.identity.protocol.Fault;
import io.postern.store.RoleStore;
import io.postern.store.ServicePrincipal;
import io.postern.store.SessionStore;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.Duration;
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
        return facts.mfa().isEmpty() && (facts.mfaAsked() || needsMfa(s, user))
                ? new Decision.NeedsMfa()
                : new Decision.Permit();
    }

    /// The same for our own pages, which every user may open: how fresh and how strong the sign-in must be.
    public Decision decideOwn(
            User user, SessionStore.Row session, boolean mfaAsked, Optional<Duration> maxAge, Instant now) {
        if (!user.accountEnabled()) {
            return new Decision.Denied(Fault.userDisabled());
        }
        if (maxAge.filter(age -> now.isAfter(session.authenticated().plus(age))).isPresent()) {
            return new Decision.NeedsFreshSignIn();
        }
        return session.mfa().isEmpty() && (mfaAsked || needsMfa(user))
                ? new Decision.NeedsMfa()
                : new Decision.Permit();
    }

    /// Whether the tenant asks this user for a second factor wherever he goes.
    public boolean needsMfa(User user) {
        return store.read(s -> needsMfa(s, user));
    }

    private static boolean needsMfa(Stores s, User user) {
        return switch (s.tenants().settings(user.tenant()).signIn().mfa()) {
            case NOBODY -> false;
            case EVERYBODY -> true;
            case ADMINISTRATORS ->
                !s.roles().rolesOf(user.tenant(), user.id().value()).isEmpty();
        };
    }

    /// ASG-3, ASG-4: assigned directly or by a group, or no assignment needed. ASG-5: a Global Administrator needs
    /// none.
    private static boolean mayUse(Stores s, User user, ServicePrincipal principal, Instant now) {
        return !principal.appRoleAssignmentRequired()
                || s.assignments().resourcesOf(user.tenant(), user.id(), now).contains(principal.id())
                || s.roles().rolesOf(user.tenant(), user.id().value()).contains(RoleStore.GLOBAL_ADMINISTRATOR);
    }
}
