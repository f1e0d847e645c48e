package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Notes of what must be looked at again: left with the change, or not at all.
class MembershipStoreTest extends StoreContract {
    private Tenant tenant = new Tenant(TenantId.random(), "none", "None", "none.example", NOW);

    @BeforeEach
    void begin() {
        tenant = tenant();
        notes(true);
        notes(false);
    }

    private Group dynamic(String name, GroupId... sources) {
        var group = new Group(
                tenant.id(),
                GroupId.random(),
                name,
                Optional.empty(),
                NOW,
                Optional.of(new Group.Rule("user.department -eq \"Sales\"", false)));
        change(s -> {
            s.groups().insert(group);
            s.memberships().ruleSet(tenant.id(), group.id(), List.of(sources));
        });
        return group;
    }

    /// Takes what is there.
    private static Set<String> notes(boolean users) {
        return write(s -> {
            List<MembershipStore.Note> notes = s.memberships().notes(users, 1000);
            s.memberships().done(notes);
            return notes.stream().map(MembershipStore.Note::subject).collect(Collectors.toSet());
        });
    }

    @Test
    void aRuleIsKeptAndListedWhileItIsInForce() {
        Group group = dynamic("Sales");
        Group assigned = group(tenant, "Readers");

        assertEquals(Optional.of(group), read(s -> s.groups().find(tenant.id(), group.id())));
        assertEquals(List.of(group), read(s -> s.memberships().inForce(tenant.id())));
        var paused = new Group(
                tenant.id(),
                group.id(),
                "Sales",
                Optional.empty(),
                NOW,
                Optional.of(new Group.Rule("user.city -eq null", true)));
        assertTrue(write(s -> s.groups().update(paused)));
        assertEquals(Optional.of(paused), read(s -> s.groups().find(tenant.id(), group.id())));
        assertEquals(List.of(), read(s -> s.memberships().inForce(tenant.id())));
        assertEquals(1, read(s -> s.memberships().count(tenant.id())).intValue());
        assertTrue(read(s -> s.groups().find(tenant.id(), assigned.id()))
                .orElseThrow()
                .rule()
                .isEmpty());
    }

    @Test
    void aUserWhoIsWrittenLeavesANoteWhereThereIsARule() {
        user(tenant, "early");
        assertEquals(Set.of(), notes(true), "no rule, no note");
        Group group = dynamic("Sales");
        assertEquals(Set.of(group.id().value()), notes(false));
        assertFalse(read(s -> s.memberships().pending(NOW)));

        User user = user(tenant, "late");
        assertTrue(read(s -> s.memberships().pending(NOW)));
        assertEquals(Set.of(user.id().value()), notes(true));
        change(s -> s.users().update(user));
        assertEquals(Set.of(user.id().value()), notes(true));
        user(tenant(), "elsewhere");
        assertEquals(Set.of(), notes(true), "another tenant's rules are its own");
    }

    @Test
    void membersOfAGroupThatARuleAsksForLeaveNotes() {
        Group source = group(tenant, "Source");
        Group dependent = dynamic("Dependent", source.id());
        User user = user(tenant, "ann");
        notes(true);
        notes(false);

        assertEquals(List.of(dependent.id()), read(s -> s.memberships().dependents(tenant.id(), source.id())));
        change(s -> s.groups().addMember(tenant.id(), source.id(), user.id()));
        assertEquals(Set.of(user.id().value()), notes(true));
        change(s -> s.groups().addMember(tenant.id(), source.id(), user.id()));
        assertEquals(Set.of(), notes(true), "nothing changed");
        change(s -> s.groups().removeMember(tenant.id(), source.id(), user.id()));
        assertEquals(Set.of(user.id().value()), notes(true));
        change(s -> s.groups().addMember(tenant.id(), dependent.id(), user.id()));
        assertEquals(Set.of(), notes(true), "no rule asks for this one");
        change(s -> s.groups().delete(tenant.id(), source.id()));
        assertEquals(Set.of(dependent.id().value()), notes(false));
        change(s -> s.memberships().ruleGone(tenant.id(), dependent.id()));
        assertEquals(List.of(), read(s -> s.memberships().dependents(tenant.id(), source.id())));
    }

    @Test
    void bringsMembersInAndOutAndTellsWhoAsksForThem() {
        Group source = dynamic("Source");
        Group dependent = dynamic("Dependent", source.id());
        List<User> users =
                IntStream.range(0, 60).mapToObj(i -> user(tenant, "u" + i)).toList();
        notes(true);
        notes(false);

        change(s -> s.memberships()
                .bring(
                        tenant.id(),
                        source.id(),
                        Stream.concat(users.stream().map(User::id), Stream.of(UserId.random()))
                                .toList(),
                        List.of()));
        assertEquals(60, read(s -> s.groups().members(tenant.id(), source.id())).size(), "who is gone is left out");
        assertEquals(Set.of(dependent.id().value()), notes(false));
        assertEquals(Set.of(), notes(true));

        change(s -> s.memberships()
                .bring(
                        tenant.id(),
                        source.id(),
                        List.of(),
                        List.of(users.getFirst().id())));
        assertEquals(Set.of(users.getFirst().id().value()), notes(true));
        assertEquals(
                Set.of(users.get(10).id()),
                Set.copyOf(read(s -> s.memberships()
                        .members(
                                tenant.id(),
                                source.id(),
                                users.getFirst().userPrincipalName(),
                                users.get(10).userPrincipalName()))),
                "after u0, up to u10, which is the next of them");
    }

    @Test
    void aRuleThatLooksAtTheTimeIsNotedWhenItIsDue() {
        Group group = dynamic("Recent");
        notes(false);
        Instant due = NOW.plus(Duration.ofDays(1));

        change(s -> s.memberships().dueBy(tenant.id(), group.id(), due.plusSeconds(5)));
        change(s -> s.memberships().dueBy(tenant.id(), group.id(), due));
        change(s -> s.memberships().dueBy(tenant.id(), group.id(), due.plusSeconds(9)));
        assertFalse(read(s -> s.memberships().pending(due.minusSeconds(1))));
        change(s -> s.memberships().noteDue(due.minusSeconds(1)));
        assertEquals(Set.of(), notes(false));
        assertTrue(read(s -> s.memberships().pending(due)));
        change(s -> s.memberships().noteDue(due));
        assertEquals(Set.of(group.id().value()), notes(false));
        assertFalse(read(s -> s.memberships().pending(due)));
    }

    @Test
    void oneNodeHoldsTheLeaseUntilItLapses() {
        assertTrue(write(s -> s.memberships().lease("a", NOW, NOW.plusSeconds(10))));
        assertFalse(write(s -> s.memberships().lease("b", NOW.plusSeconds(9), NOW.plusSeconds(20))));
        assertTrue(write(s -> s.memberships().lease("a", NOW.plusSeconds(9), NOW.plusSeconds(19))));
        assertTrue(write(s -> s.memberships().lease("b", NOW.plusSeconds(19), NOW.plusSeconds(30))));
    }

    @Test
    void whoRollsBackLeavesNoNote() {
        dynamic("Sales");
        notes(false);
        User user = someone(tenant, "never");

        assertThrows(
                IllegalStateException.class,
                () -> change(s -> {
                    s.users().insert(user);
                    throw new IllegalStateException("no");
                }));

        assertEquals(Set.of(), notes(true));
    }
}
