package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What the service keeps for itself: secrets, used values, the audit log.
class ServiceStoresTest extends StoreContract {
    @Nested
    class Secrets {
        @Test
        void theFirstValueStaysUntilItIsReplaced() {
            String name = UUID.randomUUID().toString();

            assertEquals("a", write(s -> s.secrets().putIfAbsent(name, "a")));
            assertEquals("a", write(s -> s.secrets().putIfAbsent(name, "b")));
            change(s -> s.secrets().put(name, "c"));
            assertEquals(Optional.of("c"), read(s -> s.secrets().find(name)));
            assertTrue(write(s -> s.secrets().delete(name)));
            assertFalse(write(s -> s.secrets().delete(name)));
            assertTrue(read(s -> s.secrets().find(name)).isEmpty());
        }

        @Test
        void listsByPrefixInOrderAndTakesWildcardsLiterally() {
            String prefix = "p%_" + UUID.randomUUID() + "/";
            change(s -> {
                s.secrets().put(prefix + "b", "2");
                s.secrets().put(prefix + "a", "1");
                s.secrets().put(prefix.replace('%', 'x') + "c", "3");
            });

            assertEquals(
                    List.of(new SecretStore.Row(prefix + "a", "1"), new SecretStore.Row(prefix + "b", "2")),
                    read(s -> s.secrets().list(prefix)));
        }
    }

    @Nested
    class Once {
        @Test
        void onlyTheFirstClaimSucceeds() {
            String key = UUID.randomUUID().toString();

            assertTrue(write(s -> s.once().claim("state", key, NOW.plusSeconds(60))));
            assertFalse(write(s -> s.once().claim("state", key, NOW.plusSeconds(60))));
            assertTrue(write(s -> s.once().claim("link", key, NOW.plusSeconds(60))), "another purpose");
        }

        @Test
        void purgesWhatExpired() {
            String key = UUID.randomUUID().toString();
            change(s -> s.once().claim("state", key, NOW));

            change(s -> s.once().purge(NOW));
            assertFalse(write(s -> s.once().claim("state", key, NOW)), "not expired yet");
            change(s -> s.once().purge(NOW.plusSeconds(1)));

            assertTrue(write(s -> s.once().claim("state", key, NOW)));
        }
    }

    @Nested
    class Audit {
        @Test
        void listsNewestFirst() {
            Tenant tenant = tenant();
            AuditEntry first = entry(tenant, NOW, Map.of("key", "välue"));
            AuditEntry sameTime = entry(tenant, NOW, Map.of());
            AuditEntry older = entry(tenant, NOW.minusSeconds(1), Map.of());
            change(s -> List.of(older, first, sameTime).forEach(s.audit()::append));

            assertEquals(List.of(sameTime, first, older), read(s -> s.audit().list(tenant.id(), 10)));
            assertEquals(List.of(sameTime), read(s -> s.audit().list(tenant.id(), 1)));
            assertTrue(read(s -> s.audit().list(TenantId.random(), 10)).isEmpty());
        }

        private AuditEntry entry(Tenant tenant, Instant time, Map<String, String> details) {
            return AuditEntry.of(
                            tenant.id(),
                            time,
                            "Add application",
                            "ApplicationManagement",
                            AuditEntry.Initiator.of(
                                    "id",
                                    "b.simon@contoso.example",
                                    details.isEmpty() ? Optional.empty() : Optional.of("192.0.2.1")),
                            new AuditEntry.Target("Application", "id", "wiki"))
                    .with(details);
        }
    }
}
