package io.postern.admin.logging;

import io.postern.store.LogKind;
import io.postern.store.Store;
import io.postern.store.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// Cuts the old end off the logs. What is left can still be verified: the chain remembers the hash of what it lost.
public final class LogRetention {
    private static final int STEP = 1_000; // so that nobody who writes waits for long

    private final Store store;
    private final Duration signIns;
    private final Duration audit;
    private final InstantSource clock;

    /// @param signIns so long sign-ins are kept
    /// @param audit so long changes are kept
    public LogRetention(Store store, Duration signIns, Duration audit, InstantSource clock) {
        this.store = store;
        this.signIns = signIns;
        this.audit = audit;
        this.clock = clock;
    }

    /// Call it now and then. @return how many entries went
    public int cut() {
        Instant now = clock.instant();
        List<Tenant> tenants = store.read(s -> s.tenants().list());
        int gone = 0;
        for (Tenant tenant : tenants) {
            gone += cut(tenant, LogKind.SIGN_IN, now.minus(signIns)) + cut(tenant, LogKind.AUDIT, now.minus(audit));
        }
        return gone;
    }

    private int cut(Tenant tenant, LogKind log, Instant before) {
        int gone = 0;
        int step;
        do {
            step = store.write(s -> s.logs().cut(tenant.id(), log, before, STEP));
            gone += step;
        } while (step == STEP);
        return gone;
    }
}
