package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Accounts that expire, are locked, or must change their password there.
class SyncAccountsTest extends SyncSite {
    private static final Instant ZERO = Instant.parse("1601-01-01T00:00:00Z");

    /// As Active Directory writes it.
    private static String ticks(Instant time) {
        return Long.toString(Duration.between(ZERO, time).toSeconds() * 10_000_000);
    }

    private void work() {
        service.administration.services().synchronisation().work();
    }

    private boolean enabled(String name) {
        return user(name).path("accountEnabled").asBoolean();
    }

    @Test
    void whoExpiresIsOutAtThatTimeWithoutACycle() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        directory.change(alice, "accountExpires", ticks(clock.instant().plus(Duration.ofHours(5))));
        ObjectNode bob = directory.user(2, "bob", STAFF);
        directory.change(bob, "accountExpires", "9223372036854775807");
        ObjectNode carol = directory.user(3, "carol", STAFF);
        directory.change(carol, "accountExpires", ticks(clock.instant().minus(Duration.ofDays(1))));
        directory.cycle();
        assertTrue(enabled("alice"));
        assertFalse(enabled("carol"));

        clock.advance(Duration.ofHours(5).minusSeconds(2));
        work();
        assertTrue(enabled("alice"));
        clock.advance(Duration.ofSeconds(2));
        work();
        assertFalse(enabled("alice"));
        assertTrue(enabled("bob"));
        assertTrue(service.get("/auditLogs/directoryAudits").raw().body().contains("accountEnabled"));

        directory.change(alice, "accountExpires", "0"); // never again
        later();
        assertEquals("delta", directory.cycle());
        assertTrue(enabled("alice"));
    }

    @Test
    void aDayThatWasPutOffCounts() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        directory.change(alice, "accountExpires", ticks(clock.instant().plus(Duration.ofHours(1))));
        directory.cycle();
        directory.change(alice, "accountExpires", ticks(clock.instant().plus(Duration.ofHours(9))));
        later();
        directory.cycle();

        clock.advance(Duration.ofHours(2));
        work();
        assertTrue(enabled("alice"));
        clock.advance(Duration.ofHours(7));
        work();
        assertFalse(enabled("alice"));
    }

    @Test
    void whatCannotBeReadLetsNobodyIn() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        directory.change(alice, "accountExpires", "soon");
        directory.cycle();

        assertFalse(enabled("alice"));
    }

    @Test
    void whoIsLockedThereIsNotDisabledHere() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        directory.change(alice, "lockoutTime", ticks(clock.instant()));
        directory.cycle();

        assertTrue(enabled("alice"));
    }
}
