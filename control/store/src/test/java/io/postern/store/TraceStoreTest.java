package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.Secret;
import io.postern.domain.UserId;
import io.postern.domain.publish.Application;
import io.postern.domain.snapshot.Trace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TraceStoreTest extends StoreContract {
    private static final long ROOM = 1_000;

    private static TraceRun run(Tenant tenant, Duration left) {
        Application application = registration(tenant, "Wiki");
        var run = new TraceRun(
                new Trace(
                        UUID.randomUUID().toString(),
                        application.appId(),
                        UserId.random(),
                        NOW.plus(left),
                        Secret.of(new byte[] {1, 2, 3})),
                tenant.id(),
                application.id(),
                "Wiki",
                "b.simon@contoso.example",
                "administrator",
                NOW,
                0,
                0,
                0);
        change(s -> {
            s.applications().insert(application);
            s.traces().insert(run);
        });
        return run;
    }

    @Test
    void runsUntilItsEndAndIsItsTenantsOwn() {
        Tenant tenant = tenant();
        Tenant other = tenant();
        TraceRun run = run(tenant, Duration.ofMinutes(5));
        String id = run.trace().id();

        assertEquals(Optional.of(run), read(s -> s.traces().find(tenant.id(), id)));
        assertEquals(Optional.empty(), read(s -> s.traces().find(other.id(), id)));
        assertTrue(read(s -> s.traces().running(NOW)).contains(run.trace()));
        assertFalse(write(s -> s.traces().end(other.id(), id, NOW)));
        assertTrue(write(s -> s.traces().end(tenant.id(), id, NOW)));
        assertFalse(write(s -> s.traces().end(tenant.id(), id, NOW)), "it has ended");
        assertFalse(read(s -> s.traces().running(NOW)).stream().anyMatch(t -> t.id().equals(id)));
    }

    @Test
    void keepsWhatFitsAndCountsWhatDoesNot() {
        Tenant tenant = tenant();
        String id = run(tenant, Duration.ofMinutes(5)).trace().id();
        change(s -> s.traces().note(id, "b", NOW.plusSeconds(2), "[2]", 0, 3, ROOM));
        change(s -> s.traces().note(id, "a", NOW.plusSeconds(1), "[1]", 4, 3, ROOM));
        change(s -> s.traces().note(id, "c", NOW.plusSeconds(3), "x".repeat(1_000), 0, 3, ROOM));
        change(s -> s.traces().note(id, "d", NOW.plusSeconds(4), "[4]", 0, 2, ROOM));
        change(s -> s.traces().note("gone", "e", NOW, "[5]", 0, 3, ROOM));

        assertEquals(List.of("[1]", "[2]"), read(s -> s.traces().entries(tenant.id(), id)));
        TraceRun run = read(s -> s.traces().find(tenant.id(), id)).orElseThrow();
        assertEquals(2, run.exchanges());
        assertEquals(6, run.bytes());
        assertEquals(6, run.missed());
    }

    @Test
    void goesWithItsEntriesAndItsApplication() {
        Tenant tenant = tenant();
        TraceRun deleted = run(tenant, Duration.ofMinutes(5));
        TraceRun old = run(tenant, Duration.ofMinutes(1));
        TraceRun orphan = run(tenant, Duration.ofMinutes(5));
        change(s -> s.traces().note(old.trace().id(), "a", NOW, "[1]", 0, 3, ROOM));

        assertTrue(write(s -> s.traces().delete(tenant.id(), deleted.trace().id())));
        change(s -> s.applications().delete(tenant.id(), orphan.application()));
        assertEquals(1, read(s -> s.traces().list(tenant.id())).size());
        change(s -> s.traces().purge(NOW.plusSeconds(61)));
        assertEquals(List.of(), read(s -> s.traces().list(tenant.id())));
        assertEquals(
                List.of(), read(s -> s.traces().entries(tenant.id(), old.trace().id())));
    }
}
