package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.store.AlertStore.Recipients;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertStoreTest extends StoreContract {
    private static Alert alert(Tenant tenant, String about) {
        return Alert.of(tenant.id(), "connector", about, NOW, "vm-1", "since");
    }

    /// Of each test its own, since the alerts are one queue for all tenants.
    private static List<Alert> due(Tenant tenant, Instant now) {
        return read(s -> s.alerts().due(now, 1_000)).stream()
                .filter(alert -> alert.tenant().equals(tenant.id()))
                .toList();
    }

    private static List<Alert> untold(Tenant tenant) {
        return read(s -> s.alerts().untold(1_000)).stream()
                .filter(alert -> alert.tenant().equals(tenant.id()))
                .toList();
    }

    @Test
    void theSameIsToldOnce() {
        Tenant tenant = tenant();
        Alert first = alert(tenant, "connector:1");
        assertTrue(write(s -> s.alerts().put(first, true)));
        assertFalse(write(s -> s.alerts().put(alert(tenant, "connector:1"), false)));
        Alert others = alert(tenant(), "connector:1");
        assertTrue(write(s -> s.alerts().put(others, true)), "of another tenant");
        assertEquals(List.of(first), read(s -> s.alerts().list(tenant.id(), 10)));
        assertEquals(List.of(), untold(tenant));
    }

    @Test
    void oneNodeWritesTheMail() {
        Tenant tenant = tenant();
        Alert alert = alert(tenant, "disowned:1");
        change(s -> s.alerts().put(alert, false));
        assertEquals(List.of(alert), untold(tenant));
        assertTrue(write(s -> s.alerts().tell(alert)));
        assertFalse(write(s -> s.alerts().tell(alert)), "another node");
        assertEquals(List.of(), untold(tenant));
    }

    @Test
    void oneTakesItToTheWebhookAndItComesAgainLater() {
        Tenant tenant = tenant();
        Alert alert = alert(tenant, "connector:2");
        change(s -> s.alerts().put(alert, true));
        Instant again = NOW.plusSeconds(60);
        assertTrue(write(s -> s.alerts().take(alert, again)));
        assertFalse(write(s -> s.alerts().take(alert, again)), "another node");
        assertEquals(List.of(), due(tenant, NOW.plusSeconds(59)));
        Alert second = due(tenant, again).getFirst();
        assertEquals(1, second.attempts());
        change(s -> s.alerts().close(second, true));
        assertEquals(List.of(), due(tenant, again.plusSeconds(3_600)));
    }

    @Test
    void whoIsToldIsTheTenantsOwn() {
        Tenant tenant = tenant();
        var recipients = new Recipients(List.of("ops@x.example"), List.of("soc@x.example", "ciso@x.example"));
        assertEquals(Recipients.NONE, read(s -> s.alerts().recipients(tenant.id())));
        change(s -> s.alerts().recipients(tenant.id(), recipients));
        assertEquals(recipients, read(s -> s.alerts().recipients(tenant.id())));
        change(s -> s.alerts().recipients(tenant.id(), Recipients.NONE));
        assertEquals(Recipients.NONE, read(s -> s.alerts().recipients(tenant.id())));
    }

    @Test
    void oldOnesGo() {
        Tenant tenant = tenant();
        Instant old = NOW.minus(Duration.ofDays(4_000));
        change(s -> s.alerts().put(Alert.of(tenant.id(), "connector", "connector:3", old), true));
        int gone = write(s -> s.alerts().purge(old.plusSeconds(1)));
        assertEquals(1, gone);
        assertEquals(List.of(), read(s -> s.alerts().list(tenant.id(), 10)));
    }
}
