package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.store.Connector;
import java.time.Duration;
import java.time.Instant;

/// Tells of connectors that nobody has seen for a while, once for each absence.
public final class ConnectorWatch {
    /// Longer than a restart of its machine.
    private static final Duration UNSEEN = Duration.ofMinutes(15);

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
            String about = "connector-inactive:" + connector.id() + "@" + since;
            Alerts.raise(change, notices, Alerts.CONNECTOR, about, connector.machineName(), since);
            return connector;
        });
    }
}
