package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.TenantId;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TenantStoreTest extends StoreContract {
    @Test
    void findsWhatWasInserted() {
        Tenant tenant = tenant();

        assertEquals(Optional.of(tenant), read(s -> s.tenants().find(tenant.id())));
        assertEquals(Optional.of(tenant), read(s -> s.tenants().findByName(tenant.name())));
        assertEquals(
                Optional.of(tenant),
                read(s -> s.tenants().findByName(tenant.name().toUpperCase(Locale.ROOT))));
        assertTrue(read(s -> s.tenants().find(TenantId.random())).isEmpty());
    }

    @Test
    void refusesATakenNameOrDomain() {
        Tenant first = tenant();
        var sameName = new Tenant(TenantId.random(), first.name(), "x", "other.example", NOW);
        var sameDomain =
                new Tenant(TenantId.random(), "other", "x", first.domain().toUpperCase(Locale.ROOT), NOW);

        assertEquals(
                "name",
                assertThrows(DuplicateKey.class, () -> change(s -> s.tenants().insert(sameName)))
                        .property());
        assertEquals(
                "domain",
                assertThrows(DuplicateKey.class, () -> change(s -> s.tenants().insert(sameDomain)))
                        .property());
    }

    @Test
    void listsInOrderOfCreation() {
        Tenant later = tenant();
        var earlier = new Tenant(TenantId.random(), "early", "Early", "early.example", NOW.minusSeconds(1));
        change(s -> s.tenants().insert(earlier));

        var list = read(s -> s.tenants().list());

        assertEquals(earlier, list.getFirst());
        assertTrue(list.contains(later));
    }
}
