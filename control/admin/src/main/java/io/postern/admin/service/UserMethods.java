package io.postern.admin.service;

import io.postern.account.Accounts;
import io.postern.account.Methods;
import io.postern.account.PasswordHash;
import io.postern.base.Outcome;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.store.AuthenticationMethod;
import io.postern.store.AuthenticationMethod.Kind;
import io.postern.store.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What administrators do about the methods that users prove themselves with: see which there are, take them away, give
/// a pass to somebody who has none left. No secret is ever shown, but a pass as it is made.
public final class UserMethods {
    private final Ledger ledger;
    private final Methods methods;

    public UserMethods(Ledger ledger, Methods methods) {
        this.ledger = ledger;
        this.methods = methods;
    }

    public Outcome<List<AuthenticationMethod>> list(TenantId tenant, UserId id) {
        return Outcome.done(methods.of(tenant, id));
    }

    public Outcome<AuthenticationMethod> remove(Actor actor, UserId id, String method, Kind kind) {
        return ledger.change(actor, change -> {
            User user = allowed(change, id);
            AuthenticationMethod known = change.found(
                    change.stores().authenticationMethods().of(change.tenant(), id).stream()
                            .filter(m -> m.id().equals(method) && m.kind() == kind)
                            .findFirst(),
                    "authentication method",
                    method);
            Methods.remove(change.stores(), user, method);
            note(change, user, known);
            return known;
        });
    }

    /// Takes every method but the password and ends all sessions: for a lost or stolen device. @return how many went
    public Outcome<Integer> reset(Actor actor, UserId id) {
        return ledger.change(actor, change -> {
            User user = allowed(change, id);
            List<AuthenticationMethod> gone = change.stores().authenticationMethods().of(change.tenant(), id).stream()
                    .filter(m -> m.kind() != Kind.PASSWORD)
                    .toList();
            gone.forEach(method -> Methods.remove(change.stores(), user, method.id()));
            Accounts.voidProofs(change.stores(), change.tenant(), id, change.now());
            change.note(
                    Activity.DELETE_METHODS,
                    id,
                    user.userPrincipalName(),
                    Map.of(
                            "methods",
                            gone.stream().map(method -> method.kind().name()).collect(Collectors.joining(", "))));
            return gone.size();
        });
    }

    public Outcome<Methods.Given> givePass(
            Actor actor, UserId id, Duration lifetime, boolean once, Optional<Instant> starts) {
        Methods.Given pass;
        try {
            pass = methods.pass(actor.tenant(), id, lifetime, once, starts);
        } catch (IllegalArgumentException e) {
            return Outcome.invalid("lifetimeInMinutes", String.valueOf(e.getMessage()));
        } catch (PasswordHash.Busy e) {
            return new Outcome.Conflict<>("too many passwords are being computed; try again in a moment");
        }
        return ledger.change(actor, change -> {
            User user = allowed(change, id);
            Methods.keep(change.stores(), user, pass);
            change.note(Activity.CREATE_PASS, id, user.userPrincipalName(), Map.of("once", Boolean.toString(once)));
            return pass;
        });
    }

    private static User allowed(Change change, UserId id) {
        User user = change.found(change.stores().users().find(change.tenant(), id), "user", id);
        Authority.overUser(change, Action.METHODS_WRITE, user);
        return user;
    }

    private static void note(Change change, User user, AuthenticationMethod method) {
        change.note(
                Activity.DELETE_METHOD,
                user.id(),
                user.userPrincipalName(),
                Map.of("method", method.kind().name()));
    }
}
