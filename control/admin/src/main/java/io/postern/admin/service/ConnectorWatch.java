package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.UserId;
import io.postern.domain.directory.AdminRole;
import io.postern.store.Connector;
import io.postern.store.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Tells by mail of connectors that nobody has seen for a while: whoever administers the application proxy,
/// once for each absence.
public final class ConnectorWatch {
    /// Longer than a restart of its machine.
    private static final Duration UNSEEN = Duration.ofMinutes(15);

    private static final List<AdminRole> TOLD =
            List.of(AdminRole.GLOBAL_ADMINISTRATOR, AdminRole.APPLICATION_ADMINISTRATOR);

    private final Ledger ledger;
    private final Presence presence;
    private final Notices notices;

    public ConnectorWatch(Ledger ledger, Presence presence, Site site) {
        this.ledger = ledger;
        this.presence = presence;
        this.notices = new Notices(site);
    }

    /// Not right after a start: connectors were not seen either while the service was down. @return how
    /// many are missing
    public int tell() {
        Instant now = ledger.clock().instant();
        int missing = 0;
        for (Connector connector : ledger.read(stores -> stores.connectors().unseenSince(now.minus(UNSEEN)))) {
            if (!presence.isActive(connector, now)) {
                missing += tell(connector) instanceof Outcome.Done<Connector> ? 1 : 0;
            }
        }
        return missing;
    }

    private Outcome<Connector> tell(Connector connector) {
        String since = connector.lastSeen().map(Instant::toString).orElse("-");
        return ledger.change(Actor.service(connector.tenant()), change -> {
            TOLD.stream()
                    .flatMap(role -> holders(change, role))
                    .distinct()
                    .forEach(user -> notices.tell(
                            change,
                            user,
                            "connector-inactive:" + connector.id() + "@" + since,
                            "connector",
                            "",
                            connector.machineName(),
                            since));
            return connector;
        });
    }

    /// Service principals that hold the role have no mail.
    private static Stream<User> holders(Change change, AdminRole role) {
        return change.stores().roles().holders(change.tenant(), role.templateId()).stream()
                .flatMap(id -> user(change, id).stream())
                .filter(User::accountEnabled);
    }

    private static Optional<User> user(Change change, String id) {
        return change.stores().users().find(change.tenant(), new UserId(id));
    }
}
