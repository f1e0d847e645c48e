package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PortalStoreTest extends StoreContract {
    private static AppCollection collection(Tenant tenant, Optional<User> owner, String name, String... apps) {
        return new AppCollection(
                tenant.id(),
                UUID.randomUUID().toString(),
                owner.map(User::id),
                name,
                Optional.of("about " + name),
                List.of(apps),
                List.of("g1"),
                NOW);
    }

    @Test
    void keepsCollectionsOfAdministratorsAndOfEachUserApart() {
        Tenant tenant = tenant();
        User anna = user(tenant, "anna");
        AppCollection work = collection(tenant, Optional.empty(), "Work", "b", "a");
        AppCollection hers = collection(tenant, Optional.of(anna), "Mine", "a");
        change(s -> s.portal().put(work));
        change(s -> s.portal().put(hers));
        assertEquals(List.of(work), read(s -> s.portal().collections(tenant.id())));
        assertEquals(List.of(hers), read(s -> s.portal().own(tenant.id(), anna.id())));
        Tenant other = tenant();
        assertEquals(List.of(), read(s -> s.portal().collections(other.id())));
        assertEquals(Optional.empty(), read(s -> s.portal().find(other.id(), work.id())));

        var changed = new AppCollection(
                tenant.id(), work.id(), Optional.empty(), "Daily", Optional.empty(), List.of("c"), List.of(), NOW);
        change(s -> s.portal().put(changed));
        assertEquals(Optional.of(changed), read(s -> s.portal().find(tenant.id(), work.id())));
        assertTrue(write(s -> s.portal().delete(tenant.id(), work.id())));
        assertFalse(write(s -> s.portal().delete(tenant.id(), work.id())));
        change(s -> s.users().delete(tenant.id(), anna.id()));
        assertEquals(Optional.empty(), read(s -> s.portal().find(tenant.id(), hers.id())), "gone with her");
    }

    @Test
    void keepsHowAUserArrangedHisTiles() {
        Tenant tenant = tenant();
        User anna = user(tenant, "anna");
        assertEquals(AppArrangement.NONE, read(s -> s.portal().arrangement(tenant.id(), anna.id())));
        change(s -> s.portal().arrange(tenant.id(), anna.id(), new AppArrangement(List.of("a"), List.of())));
        var arranged = new AppArrangement(List.of("b", "a"), List.of("c"));
        change(s -> s.portal().arrange(tenant.id(), anna.id(), arranged));
        assertEquals(arranged, read(s -> s.portal().arrangement(tenant.id(), anna.id())));
    }
}
