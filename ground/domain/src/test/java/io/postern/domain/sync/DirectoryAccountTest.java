package io.postern.domain.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DirectoryAccountTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private static DirectoryAccount of(String... pairs) {
        var all = new HashMap<String, List<String>>();
        for (int i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i], List.of(pairs[i + 1]));
        }
        return DirectoryAccount.of(all);
    }

    @Test
    void aDirectoryThatSaysNothingHasEnabledAccounts() {
        assertTrue(DirectoryAccount.of(Map.of()).isEnabled(NOW));
    }

    @Test
    void timesAreCountedFrom1601() {
        // 2026-11-22T12:00:00Z
        DirectoryAccount account = of("accountexpires", "134398224000000000", "lockouttime", "134398224000000000");
        assertEquals(Optional.of(NOW), account.expires());
        assertEquals(Optional.of(NOW), account.lockedSince());
        assertTrue(account.isEnabled(NOW.minusSeconds(1)));
        assertFalse(account.isEnabled(NOW));
    }

    @Test
    void zeroAndTheLargestNumberMeanNever() {
        assertEquals(Optional.empty(), of("accountexpires", "0").expires());
        assertEquals(
                Optional.empty(), of("accountexpires", "9223372036854775807").expires());
        assertEquals(Optional.empty(), of("lockouttime", "0").lockedSince());
        assertTrue(of("accountexpires", "9223372036854775806").isEnabled(NOW)); // the year 30828
    }

    @Test
    void whatCannotBeReadLetsNobodyIn() {
        assertFalse(of("useraccountcontrol", "x").isEnabled(NOW));
        assertFalse(of("accountexpires", "99999999999999999999").isEnabled(NOW));
        assertFalse(of("useraccountcontrol", "514").isEnabled(NOW));
        assertTrue(of("useraccountcontrol", "512").isEnabled(NOW));
    }

    @Test
    void whoMustChangeHisPasswordHasNone() {
        assertTrue(of("pwdlastset", "0").mustChangePassword());
        assertFalse(of("pwdlastset", "0", "useraccountcontrol", "66048").mustChangePassword()); // never expires
        assertFalse(of("pwdlastset", "134398224000000000").mustChangePassword());
        assertFalse(of().mustChangePassword());
    }

    @Test
    void aPrimaryGroupIsOfTheSameDomainAndNotOneOfItsOwn() {
        assertEquals(
                Optional.of("S-1-5-21-7-8-9-1105"),
                of("objectsid", "S-1-5-21-7-8-9-1200", "primarygroupid", "1105").primaryGroup());
        assertEquals(
                Optional.empty(),
                of("objectsid", "S-1-5-21-7-8-9-1200", "primarygroupid", "513").primaryGroup());
        assertEquals(Optional.empty(), of("primarygroupid", "1105").primaryGroup());
    }
}
