package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class GroupAndRoleStoreTest extends StoreContract {
    @Test
    void findsUpdatesAndDeletesAGroup() {
        Tenant tenant = tenant();
        Group group = group(tenant, "Readers");
        var changed = new Group(tenant.id(), group.id(), "Writers", Optional.empty(), NOW);

        assertEquals(Optional.of(group), read(s -> s.groups().find(tenant.id(), group.id())));
        assertTrue(write(s -> s.groups().update(changed)));
        assertEquals(Optional.of(changed), read(s -> s.groups().find(tenant.id(), group.id())));
        assertTrue(write(s -> s.groups().delete(tenant.id(), group.id())));
        assertFalse(write(s -> s.groups().delete(tenant.id(), group.id())));
        assertFalse(write(s -> s.groups().update(changed)));
    }

    @Test
    void pagesThroughGroupsOfTheSameName() {
        Tenant tenant = tenant();
        for (int i = 0; i < 5; i++) {
            group(tenant, "Same");
        }

        List<Group> first = read(s -> s.groups().list(tenant.id(), GroupStore.Position.START, 3));
        var position = new GroupStore.Position("Same", first.getLast().id().value());
        List<Group> second = read(s -> s.groups().list(tenant.id(), position, 3));

        assertEquals(3, first.size());
        assertEquals(2, second.size());
        assertTrue(second.stream().noneMatch(first::contains));
    }

    @Test
    void addingAMemberTwiceIsNoFault() {
        Tenant tenant = tenant();
        Group group = group(tenant, "Readers");
        User user = user(tenant, "member");

        assertTrue(write(s -> s.groups().addMember(tenant.id(), group.id(), user.id())));
        assertFalse(write(s -> s.groups().addMember(tenant.id(), group.id(), user.id())));
        assertEquals(List.of(user.id()), read(s -> s.groups().members(tenant.id(), group.id())));
        assertEquals(List.of(group.id()), read(s -> s.groups().groupsOf(tenant.id(), user.id())));
        assertTrue(write(s -> s.groups().removeMember(tenant.id(), group.id(), user.id())));
        assertFalse(write(s -> s.groups().removeMember(tenant.id(), group.id(), user.id())));
    }

    @Nested
    class Roles {
        @Test
        void grantsOnceAndRevokes() {
            Tenant tenant = tenant();
            Tenant other = tenant();

            change(s -> {
                s.roles().grant(tenant.id(), "p1", RoleStore.GLOBAL_ADMINISTRATOR);
                s.roles().grant(tenant.id(), "p1", RoleStore.GLOBAL_ADMINISTRATOR);
                s.roles().grant(tenant.id(), "p1", "other-role");
            });

            assertEquals(
                    List.of(RoleStore.GLOBAL_ADMINISTRATOR, "other-role"),
                    read(s -> s.roles().rolesOf(tenant.id(), "p1")));
            assertEquals(List.of("p1"), read(s -> s.roles().holders(tenant.id(), RoleStore.GLOBAL_ADMINISTRATOR)));
            assertTrue(read(s -> s.roles().rolesOf(other.id(), "p1")).isEmpty());
            assertTrue(write(s -> s.roles().revoke(tenant.id(), "p1", "other-role")));
            assertFalse(write(s -> s.roles().revoke(tenant.id(), "p1", "other-role")));
        }
    }
}
