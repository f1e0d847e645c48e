package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NestingStoreTest extends StoreContract {
    @Test
    void findsWhatIsWithinAndAboveThroughEveryLevel() {
        Tenant tenant = tenant();
        Group top = group(tenant, "top");
        Group middle = group(tenant, "middle");
        Group bottom = group(tenant, "bottom");
        User direct = user(tenant, "direct");
        User deep = user(tenant, "deep");
        change(s -> {
            s.groups().addMember(tenant.id(), top.id(), direct.id());
            s.groups().addMember(tenant.id(), bottom.id(), deep.id());
            s.groups().addMember(tenant.id(), top.id(), deep.id());
        });

        assertTrue(write(s -> s.nestings().add(tenant.id(), top.id(), middle.id())));
        assertFalse(write(s -> s.nestings().add(tenant.id(), top.id(), middle.id())));
        assertTrue(write(s -> s.nestings().add(tenant.id(), middle.id(), bottom.id())));

        assertEquals(List.of(middle.id()), read(s -> s.nestings().members(tenant.id(), top.id())));
        assertEquals(List.of(top.id()), read(s -> s.nestings().parents(tenant.id(), middle.id())));
        assertEquals(
                Set.of(middle.id(), bottom.id()),
                Set.copyOf(read(s -> s.nestings().within(tenant.id(), top.id()))));
        assertEquals(
                Set.of(middle.id(), top.id()), Set.copyOf(read(s -> s.nestings().above(tenant.id(), bottom.id()))));
        assertEquals(
                2, read(s -> s.nestings().usersWithin(tenant.id(), top.id())).size(), "each once");
        assertEquals(List.of(deep.id()), read(s -> s.nestings().usersWithin(tenant.id(), middle.id())));
        assertEquals(3, read(s -> s.nestings().above(tenant.id(), deep.id())).size());
        assertEquals(List.of(top.id()), read(s -> s.nestings().above(tenant.id(), direct.id())));

        assertTrue(write(s -> s.groups().delete(tenant.id(), middle.id())));
        assertEquals(List.of(), read(s -> s.nestings().within(tenant.id(), top.id())));
        assertFalse(write(s -> s.nestings().remove(tenant.id(), top.id(), middle.id())));
    }

    /// None can be written, but if one were there, reading must not go on forever.
    @Test
    void readingACircleEnds() {
        Tenant tenant = tenant();
        Group one = group(tenant, "one");
        Group other = group(tenant, "other");
        change(s -> {
            s.nestings().add(tenant.id(), one.id(), other.id());
            s.nestings().add(tenant.id(), other.id(), one.id());
        });

        assertEquals(List.of(other.id()), read(s -> s.nestings().within(tenant.id(), one.id())));
        assertEquals(List.of(other.id()), read(s -> s.nestings().above(tenant.id(), one.id())));
        assertEquals(List.of(), read(s -> s.nestings().usersWithin(tenant.id(), one.id())));
    }

    @Test
    void ownersComeAndGoWithTheirUserAndTheirGroup() {
        Tenant tenant = tenant();
        Tenant other = tenant();
        Group group = group(tenant, "group");
        User ann = user(tenant, "ann");
        User bea = user(tenant, "bea");

        assertTrue(write(s -> s.groupOwners().add(tenant.id(), group.id(), bea.id(), NOW)));
        assertFalse(write(s -> s.groupOwners().add(tenant.id(), group.id(), bea.id(), NOW)));
        assertTrue(write(s -> s.groupOwners().add(tenant.id(), group.id(), ann.id(), NOW.plusSeconds(1))));
        assertEquals(List.of(bea.id(), ann.id()), read(s -> s.groupOwners().of(tenant.id(), group.id())));
        assertTrue(read(s -> s.groupOwners().owns(tenant.id(), ann.id(), group.id())));
        assertFalse(read(s -> s.groupOwners().owns(other.id(), ann.id(), group.id())));
        assertEquals(List.of(group.id()), read(s -> s.groupOwners().owned(tenant.id(), ann.id())));

        assertTrue(write(s -> s.groupOwners().remove(tenant.id(), group.id(), ann.id())));
        assertFalse(write(s -> s.groupOwners().remove(tenant.id(), group.id(), ann.id())));
        change(s -> s.users().delete(tenant.id(), bea.id()));
        assertEquals(List.of(), read(s -> s.groupOwners().of(tenant.id(), group.id())));
    }
}
