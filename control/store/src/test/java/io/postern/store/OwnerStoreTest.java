package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.domain.ObjectId;
import io.postern.domain.publish.Application;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnerStoreTest extends StoreContract {
    private static ObjectId application(Tenant tenant, String name) {
        Application application = registration(tenant, name);
        change(s -> s.applications().insert(application));
        return application.id();
    }

    @Test
    void ownsWhatHeWasGivenAndNothingElse() {
        Tenant tenant = tenant();
        ObjectId wiki = application(tenant, "Wiki");
        ObjectId shop = application(tenant, "Shop");
        User anna = user(tenant, "anna");
        User berta = user(tenant, "berta");

        assertTrue(write(s -> s.owners().add(tenant.id(), wiki, berta.id(), NOW)));
        assertTrue(write(s -> s.owners().add(tenant.id(), wiki, anna.id(), NOW.plusSeconds(1))));
        assertFalse(write(s -> s.owners().add(tenant.id(), wiki, anna.id(), NOW.plusSeconds(2))), "already");

        assertEquals(List.of(berta.id(), anna.id()), read(s -> s.owners().of(tenant.id(), wiki)));
        assertTrue(read(s -> s.owners().owns(tenant.id(), anna.id(), wiki)));
        assertFalse(read(s -> s.owners().owns(tenant.id(), anna.id(), shop)));
        Tenant other = tenant();
        assertFalse(read(s -> s.owners().owns(other.id(), anna.id(), wiki)), "another tenant");

        assertTrue(write(s -> s.owners().remove(tenant.id(), wiki, anna.id())));
        assertFalse(write(s -> s.owners().remove(tenant.id(), wiki, anna.id())), "he is none any more");
        assertFalse(read(s -> s.owners().owns(tenant.id(), anna.id(), wiki)));
    }

    @Test
    void goesWithTheApplicationAndWithTheUser() {
        Tenant tenant = tenant();
        ObjectId wiki = application(tenant, "Wiki");
        ObjectId shop = application(tenant, "Shop");
        User anna = user(tenant, "anna");
        change(s -> s.owners().add(tenant.id(), wiki, anna.id(), NOW));
        change(s -> s.owners().add(tenant.id(), shop, anna.id(), NOW));

        change(s -> s.applications().delete(tenant.id(), wiki));
        assertEquals(List.of(), read(s -> s.owners().of(tenant.id(), wiki)));

        change(s -> s.users().delete(tenant.id(), anna.id()));
        assertEquals(List.of(), read(s -> s.owners().of(tenant.id(), shop)));
    }
}
