package io.postern.admin.service;

import io.postern.store.Connector;
import io.postern.store.ConnectorGroup;
import io.postern.store.Stores;
import java.time.InstantSource;
import java.util.List;

/// APP-7: says so when a group has too few connectors that work. Two are needed, so that one may stop; three are
/// better, so that one may stop while another is being updated.
public final class GroupWarnings {
    private static final int NEEDED = 2;

    private final Presence presence;
    private final InstantSource clock;

    public GroupWarnings(Presence presence, InstantSource clock) {
        this.presence = presence;
        this.clock = clock;
    }

    /// A sentence each; empty when there are enough.
    List<String> of(Stores stores, ConnectorGroup group) {
        List<Connector> members = stores.connectors().inGroup(group.tenant(), group.id());
        long active = members.stream()
                .filter(c -> presence.state(c, clock.instant()).active())
                .count();
        String name = "connector group '" + group.name() + "'";
        if (members.isEmpty()) {
            return List.of(name + " has no connector, so nothing published through it can be reached; install one with"
                    + " 'postern connector token --group \"" + group.name() + "\"' (APP-7)");
        }
        if (active == 0) {
            return List.of(name + " has no active connector (" + members.size() + " registered), so nothing published"
                    + " through it can be reached; start one, see 'postern connector status' (APP-7)");
        }
        if (active < NEEDED) {
            return List.of(name + " has only one active connector: when it stops, everything published through it is"
                    + " gone; two are needed, three recommended (APP-7)");
        }
        return List.of();
    }
}
