package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NoticeStoreTest extends StoreContract {
    /// Of each test its own, since the outbox is one for all tenants.
    private static Notice notice(Tenant tenant, String about, String recipient, Instant created) {
        return new Notice(
                tenant.id(), UUID.randomUUID().toString(), about, recipient, "Subject", "Text", created, created, 0);
    }

    private static List<Notice> due(Tenant tenant, Instant now) {
        return read(s -> s.notices().due(now, 100)).stream()
                .filter(notice -> notice.tenant().equals(tenant.id()))
                .toList();
    }

    @Test
    void tellsNobodyTheSameTwice() {
        Tenant tenant = tenant();
        Notice first = notice(tenant, "request:1", "a@x.example", NOW);
        assertTrue(write(s -> s.notices().put(first)));
        assertFalse(write(s -> s.notices().put(notice(tenant, "request:1", "a@x.example", NOW))));
        assertTrue(write(s -> s.notices().put(notice(tenant, "request:1", "b@x.example", NOW.plusSeconds(1)))));
        assertEquals(List.of(first), due(tenant, NOW));
        change(s -> s.notices().sent(first));
        assertEquals(List.of(), due(tenant, NOW));
        assertFalse(write(s -> s.notices().put(notice(tenant, "request:1", "a@x.example", NOW))), "when sent, too");
    }

    @Test
    void oneTakesItAndItComesAgainLater() {
        Tenant tenant = tenant();
        Notice notice = notice(tenant, "request:1", "a@x.example", NOW);
        change(s -> s.notices().put(notice));
        Instant again = NOW.plusSeconds(60);
        assertTrue(write(s -> s.notices().take(notice, again)));
        assertFalse(write(s -> s.notices().take(notice, again)), "another node");
        assertEquals(List.of(), due(tenant, NOW.plusSeconds(59)));
        Notice second = due(tenant, again).getFirst();
        assertEquals(1, second.attempts());
        change(s -> s.notices().failed(second, "550 no such user"));
        assertEquals(List.of(), due(tenant, again.plusSeconds(3600)));
    }

    @Test
    void oldOnesGo() {
        Tenant tenant = tenant();
        Instant old = NOW.minus(Duration.ofDays(4_000));
        change(s -> s.notices().put(notice(tenant, "request:1", "a@x.example", old)));
        int gone = write(s -> s.notices().purge(old.plusSeconds(1)));
        assertEquals(1, gone);
        assertEquals(List.of(), due(tenant, NOW));
    }
}
