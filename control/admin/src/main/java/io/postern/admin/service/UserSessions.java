package io.postern.admin.service;

import io.postern.account.Sessions;
import io.postern.base.Outcome;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.store.RefreshFamily;
import io.postern.store.ServicePrincipal;
import io.postern.store.SessionClientStore;
import io.postern.store.SessionStore;
import io.postern.store.Stores;
import io.postern.store.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where users are signed in, and how administrators and they themselves end it. What is ended is refused with the next
/// request, and open streams end, at every node.
public final class UserSessions {
    /// One sign-in that holds: a browser's session, or a program's refresh token.
    ///
    /// @param device what a person calls it, for example `Firefox on Windows`; empty when unknown
    /// @param program of a refresh token: the application id of who holds it
    /// @param applications ids of what was opened in it
    public record Held(
            SessionId id,
            UserId user,
            String device,
            Optional<String> program,
            String address,
            Instant authenticated,
            Instant lastUsed,
            Instant expires,
            boolean persistent,
            List<String> methods,
            List<String> applications) {}

    private final Ledger ledger;

    public UserSessions(Ledger ledger) {
        this.ledger = ledger;
    }

    /// The latest used first.
    public Outcome<List<Held>> of(TenantId tenant, UserId user) {
        Instant now = ledger.clock().instant();
        return ledger.look(stores -> {
            Rejected.unless(stores.users().find(tenant, user), "user", user);
            var held = new ArrayList<Held>();
            stores.sessions().of(tenant, user).stream()
                    .filter(row -> now.isBefore(row.expires()))
                    .map(row -> held(stores, row))
                    .forEach(held::add);
            stores.refreshFamilies().ofUser(tenant, user, now).stream()
                    .map(UserSessions::held)
                    .forEach(held::add);
            held.sort(Comparator.comparing(Held::lastUsed).reversed());
            return List.copyOf(held);
        });
    }

    /// Ends one session of the user.
    public Outcome<Integer> end(Actor actor, UserId user, SessionId id) {
        return ledger.change(actor, change -> {
            User owner = owner(change, user);
            Optional<SessionStore.Row> row = change.stores()
                    .sessions()
                    .find(change.tenant(), id)
                    .filter(s -> s.user().equals(user));
            Optional<RefreshFamily> family = change.stores()
                    .refreshFamilies()
                    .find(id)
                    .filter(f -> f.tenant().equals(change.tenant()) && f.user().equals(user))
                    .filter(f -> f.ended().isEmpty());
            if (row.isEmpty() && family.isEmpty()) {
                throw Rejected.notFound("session", id);
            }
            row.ifPresent(r -> Sessions.end(change.stores(), r, change.now(), "ended"));
            family.ifPresent(f -> Sessions.end(change.stores(), f, change.now(), "ended"));
            change.note(
                    Activity.END_SESSION,
                    user,
                    owner.userPrincipalName(),
                    Map.of(
                            "sessionId",
                            id.value(),
                            "device",
                            row.map(SessionStore.Row::device).orElse("")));
            return 1;
        });
    }

    /// Ends the user's sessions on devices of this name.
    public Outcome<Integer> endDevice(Actor actor, UserId user, String device) {
        return ledger.change(actor, change -> {
            User owner = owner(change, user);
            List<SessionStore.Row> rows = change.stores().sessions().of(change.tenant(), user).stream()
                    .filter(row -> row.device().equalsIgnoreCase(device.strip()))
                    .toList();
            if (rows.isEmpty()) {
                throw Rejected.notFound("session on a device called", device);
            }
            rows.forEach(row -> Sessions.end(change.stores(), row, change.now(), "ended"));
            change.note(
                    Activity.END_SESSION,
                    user,
                    owner.userPrincipalName(),
                    Map.of("device", rows.getFirst().device(), "sessions", Integer.toString(rows.size())));
            return rows.size();
        });
    }

    /// Ends every session in which somebody opened the application, and its refresh tokens.
    public Outcome<Integer> endApplication(Actor actor, ServicePrincipalId id) {
        return ledger.change(actor, change -> {
            ServicePrincipal principal = change.found(
                    change.stores().servicePrincipals().find(change.tenant(), id), "service principal", id);
            String appId = principal.appId().value();
            int ended = 0;
            for (SessionStore.Row row : change.stores().sessions().ofApplication(change.tenant(), appId)) {
                Sessions.end(change.stores(), row, change.now(), "application revoked");
                ended++;
            }
            for (RefreshFamily family :
                    change.stores().refreshFamilies().ofApplication(change.tenant(), appId, change.now())) {
                Sessions.end(change.stores(), family, change.now(), "application revoked");
                ended++;
            }
            change.note(
                    Activity.END_APPLICATION_SESSIONS,
                    id,
                    principal.displayName(),
                    Map.of("sessions", Integer.toString(ended)));
            return ended;
        });
    }

    /// Everybody may end his own; of others it depends on what they are.
    private static User owner(Change change, UserId id) {
        User user = change.found(change.stores().users().find(change.tenant(), id), "user", id);
        if (!change.actor().principal().equals(id.value())) {
            Authority.overUser(change, Action.SESSIONS_REVOKE, user);
        }
        return user;
    }

    private static Held held(Stores stores, SessionStore.Row row) {
        return new Held(
                row.id(),
                row.user(),
                row.device(),
                Optional.empty(),
                row.address(),
                row.authenticated(),
                row.lastUsed(),
                row.expires(),
                row.persistent(),
                List.copyOf(row.methods()),
                stores.sessionClients().of(row.tenant(), row.id()).stream()
                        .map(SessionClientStore.Row::appId)
                        .toList());
    }

    private static Held held(RefreshFamily family) {
        return new Held(
                family.id(),
                family.user(),
                "",
                Optional.of(family.appId()),
                "",
                family.created(),
                family.rotated(),
                family.expires(),
                true,
                List.of(),
                List.of(family.appId()));
    }
}
