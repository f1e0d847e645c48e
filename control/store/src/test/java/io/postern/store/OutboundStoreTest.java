package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.outbound.OutboundSettings;
import io.postern.domain.outbound.OutboundSettings.Login;
import io.postern.domain.outbound.OutboundSettings.Match;
import io.postern.domain.outbound.OutboundSettings.Step;
import io.postern.domain.sync.DeletionLimit;
import io.postern.store.OutboundStore.Entry;
import io.postern.store.OutboundStore.Kind;
import io.postern.store.OutboundStore.Link;
import io.postern.store.OutboundStore.Note;
import io.postern.store.OutboundStore.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OutboundStoreTest extends StoreContract {
    private static final Instant LATER = NOW.plus(Duration.ofHours(1));

    @Test
    void keepsJobsAndWhereTheyStand() {
        OutboundJob job = job(tenant(), true);

        assertEquals(Optional.of(job), read(s -> s.outbound().find(job.tenant(), job.resource())));
        change(s -> s.outbound().pause(job, LATER, 3, Optional.of(NOW), "it is gone"));
        change(s -> s.outbound().put(job.withEnabled(false)));
        OutboundJob paused =
                read(s -> s.outbound().find(job.tenant(), job.resource())).orElseThrow();
        assertFalse(paused.enabled());
        assertEquals(Optional.of(LATER), paused.state().paused());
        assertEquals(3, paused.state().failures());
        assertEquals(Optional.of("it is gone"), paused.state().fault());
        change(s -> s.outbound().restart(job.tenant(), job.resource(), LATER, Optional.of(7)));
        OutboundJob.State state = read(s -> s.outbound().find(job.tenant(), job.resource()))
                .orElseThrow()
                .state();
        assertEquals(Optional.empty(), state.paused());
        assertEquals(Optional.empty(), state.quarantined());
        assertEquals(Optional.of(7), state.allowed());
        assertEquals(LATER, state.due());
    }

    @Test
    void oneNodeWorksOnAJob() {
        OutboundJob job = job(tenant(), true);

        assertTrue(isReady(job, NOW));
        assertTrue(write(s -> s.outbound().lease(job, "a", NOW, LATER)));
        assertFalse(write(s -> s.outbound().lease(job, "b", NOW, LATER)));
        assertTrue(write(s -> s.outbound().lease(job, "a", NOW, LATER)));
        assertFalse(isReady(job, NOW));
        assertTrue(write(s -> s.outbound().lease(job, "b", LATER, LATER.plusSeconds(9))));
        change(s -> s.outbound().release(job, "a"));
        assertFalse(isReady(job, LATER));
        change(s -> s.outbound().release(job, "b"));
        change(s -> s.outbound().due(job.tenant(), job.resource(), LATER));
        assertFalse(isReady(job, NOW));
        change(s -> s.outbound().note(job, Kind.USER, List.of("u")));
        assertTrue(isReady(job, NOW));
    }

    @Test
    void everyChangeLeavesANote() {
        Tenant tenant = tenant();
        User anna = user(tenant, "anna");
        Group team = group(tenant, "Team");
        OutboundJob job = job(tenant, true);
        OutboundJob off = job(tenant, false);
        assertEquals(List.of(), subjects(job));

        change(s -> s.users().update(anna.withSessionsValidFrom(LATER)));
        assertEquals(List.of(anna.id().value()), taken(job));
        change(s -> s.users().putAside(tenant.id(), anna.id(), NOW));
        assertEquals(List.of(anna.id().value()), taken(job));
        change(s -> s.users().bringBack(tenant.id(), anna.id()));
        assertEquals(List.of(anna.id().value()), taken(job));
        change(s -> s.assignments()
                .insert(assignment(job, Assignment.PrincipalType.USER, anna.id().value())));
        assertEquals(List.of(anna.id().value()), taken(job));
        change(s -> s.groups().addMember(tenant.id(), team.id(), anna.id()));
        assertEquals(List.of(), taken(job), "a group that is not assigned does not matter");

        change(s -> s.outbound().due(tenant.id(), job.resource(), LATER));
        change(s -> s.assignments()
                .insert(assignment(
                        job, Assignment.PrincipalType.GROUP, team.id().value())));
        assertTrue(isReady(job, NOW), "everybody is looked at");
        change(s -> s.outbound().due(tenant.id(), job.resource(), LATER));
        change(s -> s.groups().removeMember(tenant.id(), team.id(), anna.id()));
        assertEquals(List.of(anna.id().value(), team.id().value()), taken(job));
        change(s -> s.memberships().bring(tenant.id(), team.id(), List.of(anna.id()), List.of()));
        assertEquals(List.of(anna.id().value(), team.id().value()), taken(job));
        change(s -> s.groups().putAside(tenant.id(), team.id(), NOW));
        assertTrue(isReady(job, NOW), "its members are out of scope");
        change(s -> s.users().delete(tenant.id(), anna.id()));
        assertEquals(List.of(anna.id().value()), taken(job));
        assertEquals(List.of(), subjects(off));
    }

    @Test
    void aNoteOfWhatChangedMeanwhileStays() {
        Tenant tenant = tenant();
        OutboundJob job = job(tenant, true);
        User anna = user(tenant, "anna");
        Note first = notes(job).getFirst();

        change(s -> s.outbound().again(job, first, LATER, 1, "409"));
        assertEquals(List.of(), notes(job));
        assertEquals(
                Optional.of("409"),
                read(s -> s.outbound().faults(job, 9)).getFirst().fault());
        change(s -> s.users().update(anna.withSessionsValidFrom(LATER)));
        Note second = notes(job).getFirst();
        assertNotEquals(first.stamp(), second.stamp());
        assertEquals(0, second.attempts());
        change(s -> s.outbound().done(job, first));
        assertEquals(1L, (long) OutboundStoreTest.<Long>read(s -> s.outbound().waiting(job)));
        change(s -> s.outbound().done(job, second));
        assertEquals(0L, (long) OutboundStoreTest.<Long>read(s -> s.outbound().waiting(job)));
    }

    @Test
    void keepsWhatAnApplicationKnows() {
        OutboundJob job = job(tenant(), true);
        var anna = new Link(Kind.USER, "u1", "r1", "anna", Map.of("userName", "anna"), true);
        change(s -> s.outbound().put(job, anna));

        assertEquals(Optional.of(anna), read(s -> s.outbound().link(job, Kind.USER, "u1")));
        assertEquals(Optional.of(anna), read(s -> s.outbound().linkOf(job, Kind.USER, "r1")));
        assertEquals(Optional.empty(), read(s -> s.outbound().link(job, Kind.GROUP, "u1")));
        var thief = new Link(Kind.USER, "u2", "r1", "ben", Map.of(), true);
        assertThrows(DuplicateKey.class, () -> change(s -> s.outbound().put(job, thief)));
        change(s -> s.outbound().note(job, Kind.USER, List.of("u1", "u2")));
        assertEquals(List.of(anna), read(s -> s.outbound().noted(job)));

        change(s -> s.outbound().addMembers(job, "g1", List.of("u1", "u2")));
        change(s -> s.outbound().removeMembers(job, "g1", List.of("u2")));
        assertEquals(Set.of("u1"), read(s -> s.outbound().members(job, "g1")));
        change(s -> s.outbound().unlink(job, Kind.USER, "u1"));
        assertEquals(Set.of(), read(s -> s.outbound().members(job, "g1")));
        assertEquals(0L, (long) OutboundStoreTest.<Long>read(s -> s.outbound().links(job, Kind.USER)));
    }

    @Test
    void findsWhatWasDone() {
        Tenant tenant = tenant();
        OutboundJob job = job(tenant, true);
        List<Entry> all = List.of(
                entry(job, NOW.minusSeconds(2), "a", "success"),
                entry(job, NOW.minusSeconds(1), "b", "failure"),
                entry(job, NOW, "a", "success"));
        change(s -> all.forEach(s.outbound()::log));

        var newest = new OutboundStore.Query(
                Optional.of(job.resource()), Optional.empty(), Optional.empty(), Optional.empty(), 2);
        assertEquals(List.of(all.get(2), all.get(1)), read(s -> s.outbound().log(tenant.id(), newest)));
        var rest = new OutboundStore.Query(
                Optional.empty(),
                Optional.of("a"),
                Optional.of("success"),
                Optional.of(new Place(NOW, all.get(2).id())),
                9);
        assertEquals(List.of(all.get(0)), read(s -> s.outbound().log(tenant.id(), rest)));
        assertEquals(
                Optional.of(all.get(1)),
                read(s -> s.outbound().logged(tenant.id(), all.get(1).id())));
        change(s -> s.outbound().purgeLog(NOW));
        assertEquals(
                Optional.empty(),
                read(s -> s.outbound().logged(tenant.id(), all.get(1).id())));
    }

    private static OutboundJob job(Tenant tenant, boolean enabled) {
        ServicePrincipal app = servicePrincipal(tenant, "App " + UUID.randomUUID());
        var settings = new OutboundSettings(
                "https://app.example/scim/v2",
                new Login.ClientCredentials("https://app.example/token", "postern", "scim"),
                Match.USER_NAME,
                EnumSet.of(Step.CREATE, Step.DISABLE),
                true,
                Map.of("title", "none"),
                new DeletionLimit(20, 50));
        var job = new OutboundJob(tenant.id(), app.id(), settings, "sealed", enabled, NOW, OutboundJob.State.at(NOW));
        change(s -> s.outbound().put(job));
        return job;
    }

    private static Assignment assignment(OutboundJob job, Assignment.PrincipalType type, String principal) {
        return new Assignment(
                job.tenant(),
                UUID.randomUUID().toString(),
                type,
                principal,
                job.resource(),
                Assignment.DEFAULT_ACCESS,
                NOW);
    }

    private static Entry entry(OutboundJob job, Instant when, String subject, String result) {
        return new Entry(
                job.tenant(), UUID.randomUUID().toString(), when, job.resource(), subject, result, "{\"a\":1}");
    }

    private static boolean isReady(OutboundJob job, Instant now) {
        return read(s -> s.outbound().ready(now)).stream()
                .anyMatch(ready -> ready.resource().equals(job.resource()));
    }

    private static List<Note> notes(OutboundJob job) {
        return read(s -> s.outbound().notes(job, NOW, 100));
    }

    private static List<String> subjects(OutboundJob job) {
        return notes(job).stream().map(Note::subject).toList();
    }

    private static List<String> taken(OutboundJob job) {
        List<Note> all = notes(job);
        change(s -> all.forEach(note -> s.outbound().done(job, note)));
        return all.stream().map(Note::subject).toList();
    }
}
