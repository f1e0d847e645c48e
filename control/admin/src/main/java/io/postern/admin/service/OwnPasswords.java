package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.AppId;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.PasswordSignOn;
import io.postern.store.ApplicationPassword;
import io.postern.store.ServicePrincipal;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/// Names and passwords that users give for themselves (PWD-2): each for an application that he may use and
/// that signs on in this way, unless a group of his has them already.
public final class OwnPasswords {
    private final Ledger ledger;
    private final InstantSource clock;

    public OwnPasswords(Ledger ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /// @param userName empty where there is none of his own
    /// @param ofGroup one of a group holds for him: nothing is his to give
    public record State(ServicePrincipal application, String name, Optional<String> userName, boolean ofGroup) {
        public boolean isMissing() {
            return userName.isEmpty() && !ofGroup;
        }
    }

    /// @return empty where the user has nothing to give: another sign-on, or not his application
    public Optional<State> find(User user, AppId app) {
        return switch (ledger.look(stores -> state(stores, user, app))) {
            case Outcome.Done(var state) -> state;
            case Outcome.Invalid<?> _, Outcome.NotFound<?> _, Outcome.Conflict<?> _, Outcome.Forbidden<?> _ ->
                Optional.empty();
        };
    }

    /// As [#find] finds it, for whoever reads more beside it.
    public Optional<State> state(Stores stores, User user, AppId app) {
        return stores.servicePrincipals()
                .findByAppId(user.tenant(), app)
                .filter(ServicePrincipal::accountEnabled)
                .filter(principal -> mayUse(stores, user, principal))
                .flatMap(principal -> ApplicationPasswords.application(stores, principal)
                        .filter(OwnPasswords::isByPassword)
                        .map(application -> state(stores, user, principal, application)));
    }

    private static State state(Stores stores, User user, ServicePrincipal principal, Application application) {
        Optional<ApplicationPassword> held =
                stores.applicationPasswords().forUser(user.tenant(), principal.id(), user.id());
        boolean ofGroup = held.filter(one -> one.whose() instanceof ApplicationPassword.Whose.OfGroup)
                .isPresent();
        return new State(
                principal,
                application.displayName(),
                held.filter(_ -> !ofGroup).map(ApplicationPassword::userName),
                ofGroup);
    }

    private boolean mayUse(Stores stores, User user, ServicePrincipal principal) {
        return !principal.appRoleAssignmentRequired()
                || stores.assignments()
                        .resourcesOf(user.tenant(), user.id(), clock.instant())
                        .contains(principal.id());
    }

    /// Whether an application asks for a name and a password of its own.
    public static boolean isByPassword(Application application) {
        return application
                .publishing()
                .filter(publishing -> publishing.settings().signOn().how() instanceof PasswordSignOn)
                .isPresent();
    }

    /// @param password UTF-8; wiped when this returns, whatever came of it
    public Outcome<ApplicationPassword> set(Actor actor, User user, AppId app, String userName, byte[] password) {
        try {
            return ledger.change(actor, change -> {
                State state = own(change, user, app);
                return ApplicationPasswords.set(
                        change, state.application().id(), user.id().value(), userName, password);
            });
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    public Outcome<ApplicationPassword> delete(Actor actor, User user, AppId app) {
        return ledger.change(actor, change -> {
            State state = own(change, user, app);
            return ApplicationPasswords.delete(
                    change, state.application().id(), user.id().value());
        });
    }

    private State own(Change change, User user, AppId app) {
        State state = state(change.stores(), user, app).orElseThrow(() -> Rejected.notFound("application", app));
        if (state.ofGroup()) {
            throw Rejected.conflict("application '" + state.name()
                    + "' knows this user by a name and password of a group; an administrator changes those");
        }
        return state;
    }
}
