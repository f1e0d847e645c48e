package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.domain.ObjectId;
import io.postern.domain.publish.Application;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProfileStoreTest extends StoreContract {
    private static Application application(Tenant tenant) {
        Application application = registration(tenant, "Wiki");
        change(s -> s.applications().insert(application));
        return application;
    }

    @Test
    void keepsNotesAndLogoApartUntilTheyAreTakenAway() {
        Tenant tenant = tenant();
        ObjectId id = application(tenant).id();
        var logo = new ProfileStore.Logo("image/png", "AAEC");

        change(s -> s.profiles().setNotes(tenant.id(), id, Optional.of("of the plant ü")));
        change(s -> s.profiles().setLogo(tenant.id(), id, Optional.of(logo)));
        assertEquals(Optional.of("of the plant ü"), read(s -> s.profiles().notes(tenant.id(), id)));
        assertEquals(Map.of(id, "of the plant ü"), read(s -> s.profiles().notesOfAll(tenant.id())));
        assertEquals(Optional.of(logo), read(s -> s.profiles().logo(tenant.id(), id)));

        change(s -> s.profiles().setNotes(tenant.id(), id, Optional.empty()));
        assertEquals(Optional.empty(), read(s -> s.profiles().notes(tenant.id(), id)));
        assertEquals(Optional.of(logo), read(s -> s.profiles().logo(tenant.id(), id)));
    }

    @Test
    void saysWhichHaveALogoWithoutReadingIt() {
        Tenant tenant = tenant();
        ObjectId with = application(tenant).id();
        ObjectId without = application(tenant).id();
        ObjectId others = application(tenant()).id();
        change(s -> s.profiles().setNotes(tenant.id(), without, Optional.of("no picture")));
        change(s -> s.profiles().setLogo(tenant.id(), with, Optional.of(new ProfileStore.Logo("image/png", "AAEC"))));

        assertEquals(Set.of(with), read(s -> s.profiles().withLogo(tenant.id())));
        assertTrue(read(s -> s.profiles().hasLogo(tenant.id(), with)));
        assertFalse(read(s -> s.profiles().hasLogo(tenant.id(), without)));
        assertFalse(read(s -> s.profiles().hasLogo(tenant.id(), others)));
    }

    @Test
    void goesWithItsApplication() {
        Tenant tenant = tenant();
        ObjectId id = application(tenant).id();
        change(s -> s.profiles().setNotes(tenant.id(), id, Optional.of("soon gone")));

        change(s -> s.applications().delete(tenant.id(), id));

        assertEquals(Map.of(), read(s -> s.profiles().notesOfAll(tenant.id())));
    }
}
