package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.ConnectorId;
import io.postern.domain.sync.DeletionLimit;
import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.DirectoryObject.Kind;
import io.postern.domain.sync.MemberSelection;
import io.postern.domain.sync.PasswordCheck;
import io.postern.domain.sync.SyncFault;
import io.postern.domain.sync.SyncSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SyncStoreTest extends StoreContract {
    private static final SyncSettings SETTINGS = new SyncSettings(
            List.of(DirectoryName.of("DC=corp,DC=test")),
            List.of(DirectoryName.of("OU=Old,DC=corp,DC=test")),
            Optional.of("(mail=*)"),
            Optional.empty(),
            new MemberSelection(List.of(DirectoryName.of("CN=App,DC=corp,DC=test")), false),
            Map.of("department", "\"Sales\""),
            Duration.ofMinutes(30),
            DeletionLimit.DEFAULT,
            true,
            new PasswordCheck(true, 4, Duration.ofMinutes(45)));

    @Test
    void keepsSourcesAndTheirState() {
        Tenant tenant = tenant();
        SyncSource source = source(tenant, "corp");

        assertEquals(Optional.of(source), read(s -> s.sync().find(tenant.id(), source.id())));
        assertEquals(Optional.of(source), read(s -> s.sync().find(tenant.id(), source.group(), "corp")));
        assertEquals(SyncState.at(NOW), read(s -> s.sync().state(tenant.id(), source.id())));
        var state = SyncState.at(NOW)
                .withCursor(Optional.of("dirsync:AA=="), Optional.of(NOW))
                .withAllowed(Optional.of(0))
                .withPreview(true)
                .withFull(false)
                .withHolder(Optional.of(new SyncState.Holder(ConnectorId.random(), NOW.plusSeconds(60))));
        change(s -> s.sync().put(tenant.id(), source.id(), state));
        assertEquals(state, read(s -> s.sync().state(tenant.id(), source.id())));

        var twin = new SyncSource(
                tenant.id(), UUID.randomUUID().toString(), "CORP", "other", source.group(), true, SETTINGS, NOW);
        assertThrows(DuplicateKey.class, () -> change(s -> s.sync().insert(twin, SyncState.at(NOW))));
        change(s -> s.sync().delete(tenant.id(), source.id()));
        assertEquals(List.of(), read(s -> s.sync().list(tenant.id())));
    }

    @Test
    void keepsTheNewestCycles() {
        Tenant tenant = tenant();
        SyncSource source = source(tenant, "corp");
        for (int i = 0; i < 5; i++) {
            SyncJob job = job(source, i);
            change(s -> s.sync().put(job.ended(SyncJob.Phase.DONE, NOW, "", "", "")));
        }
        SyncJob open = job(source, 9).withPage(3, Map.of("created", 7L));
        change(s -> s.sync().put(open));
        change(s -> s.sync().forgetJobs(tenant.id(), source.id(), 3));

        List<SyncJob> kept = read(s -> s.sync().jobs(tenant.id(), source.id(), 10));
        assertEquals(3, kept.size());
        assertEquals(open, kept.getFirst());
        assertEquals(Optional.of(open), read(s -> s.sync().openJob(tenant.id(), source.id())));
        assertFalse(read(s -> s.sync().finishing(100)).contains(open));
        change(s -> s.sync().put(open.finishing(Optional.of("c"), Optional.empty())));
        assertTrue(read(s -> s.sync().finishing(100)).stream().anyMatch(j -> j.id().equals(open.id())));
    }

    @Test
    void findsObjectsByWhatBecameOfThem() {
        Tenant tenant = tenant();
        SyncSource source = source(tenant, "corp");
        SyncObject alice = object("a", Kind.USER, "CN=Alice,OU=Staff,DC=corp,DC=test")
                .withTarget(Optional.of("t-a"))
                .withFault(Optional.of(new SyncFault("name-taken", "m", "r")));
        SyncObject staff = object("o", Kind.OTHER, "OU=Staff,DC=corp,DC=test");
        SyncObject bob = object("b", Kind.USER, "CN=Bob,OU=Upstaff,DC=corp,DC=test");
        change(s -> List.of(alice, staff, bob).forEach(o -> s.sync().put(tenant.id(), source.id(), o)));

        assertEquals(Optional.of(alice), read(s -> s.sync().named(tenant.id(), source.id(), alice.name())));
        assertEquals(List.of(alice), read(s -> s.sync().below(tenant.id(), source.id(), staff.name())));
        assertEquals(List.of(alice), read(s -> s.sync().faults(tenant.id(), source.id(), "", 10)));
        assertEquals(
                Optional.of(new SyncStore.OfSource(source.id(), alice)),
                read(s -> s.sync().ofTarget(tenant.id(), "t-a")));
        change(s -> s.sync().seen(tenant.id(), source.id(), List.of("b"), "job-2"));
        change(s -> s.sync().unseenAreGone(tenant.id(), source.id(), "job-2"));
        assertEquals(List.of(alice.withGone(true)), read(s -> s.sync().gone(tenant.id(), source.id(), 10)));
        assertEquals(1L, (long) SyncStoreTest.<Long>read(s -> s.sync().live(tenant.id(), source.id())));
        assertEquals(1L, (long) SyncStoreTest.<Long>read(s -> s.sync().gone(tenant.id(), source.id())));
        change(s -> s.sync().put(tenant.id(), source.id(), alice.withDeleted(Optional.of(NOW))));
        assertEquals(0L, (long) SyncStoreTest.<Long>read(s -> s.sync().live(tenant.id(), source.id())));
        change(s -> s.sync().purge(NOW.plusSeconds(1)));
        assertEquals(List.of(), read(s -> s.sync().objects(tenant.id(), source.id(), Set.of("a"))));
    }

    @Test
    void membersFollowTheNameOfAnObject() {
        Tenant tenant = tenant();
        SyncSource source = source(tenant, "corp");
        SyncObject alice = object("a", Kind.USER, "CN=Alice,DC=corp,DC=test").withTarget(Optional.of("t-a"));
        SyncObject team = object("g", Kind.GROUP, "CN=Team,DC=corp,DC=test");
        DirectoryName renamed = DirectoryName.of("CN=Alice B,OU=New,DC=corp,DC=test");
        change(s -> {
            s.sync().put(tenant.id(), source.id(), alice);
            s.sync().put(tenant.id(), source.id(), team);
            s.sync()
                    .addMembers(
                            tenant.id(), source.id(), "g", List.of(alice.name().key(), "cn=other"));
        });
        assertEquals(
                List.of(new SyncStore.Target(Kind.USER, "t-a")),
                read(s -> s.sync().memberTargets(tenant.id(), source.id(), "g")));

        change(s -> s.sync()
                .touchGroupsOf(tenant.id(), source.id(), List.of(alice.name().key())));
        assertEquals(List.of(team.withDirty(true)), read(s -> s.sync().dirty(tenant.id(), source.id(), 9)));
        change(s -> {
            s.sync().renameMember(tenant.id(), source.id(), alice.name(), renamed);
            s.sync().put(tenant.id(), source.id(), alice.withName(renamed));
        });
        assertEquals(
                List.of(new SyncStore.Target(Kind.USER, "t-a")),
                read(s -> s.sync().memberTargets(tenant.id(), source.id(), "g")));
        change(s -> s.sync().removeMembers(tenant.id(), source.id(), "g", List.of(renamed.key())));
        assertEquals(Set.of("cn=other"), read(s -> s.sync().members(tenant.id(), source.id(), "g")));
    }

    @Test
    void piecesAreNoMembersUntilTheyReplaceThem() {
        Tenant tenant = tenant();
        SyncSource source = source(tenant, "corp");
        change(s -> s.sync().addMembers(tenant.id(), source.id(), "g", List.of("cn=a", "cn=b")));
        change(s -> s.sync().addPiece(tenant.id(), source.id(), "g", true, List.of("cn=x")));
        change(s -> s.sync().addPiece(tenant.id(), source.id(), "g", true, List.of("cn=b"))); // begun anew
        change(s -> s.sync().addPiece(tenant.id(), source.id(), "g", false, List.of("cn=c")));
        assertEquals(Set.of("cn=a", "cn=b"), read(s -> s.sync().members(tenant.id(), source.id(), "g")));

        change(s -> assertTrue(s.sync().replaceMembers(tenant.id(), source.id(), "g")));
        assertEquals(Set.of("cn=b", "cn=c"), read(s -> s.sync().members(tenant.id(), source.id(), "g")));
        change(s -> s.sync().addPiece(tenant.id(), source.id(), "g", true, List.of("cn=b", "cn=c")));
        change(s -> assertFalse(s.sync().replaceMembers(tenant.id(), source.id(), "g")));
    }

    @Test
    void primaryGroupsAndDueObjectsAreFound() {
        Tenant tenant = tenant();
        SyncSource source = source(tenant, "corp");
        SyncObject alice = new SyncObject(
                "a",
                Kind.USER,
                DirectoryName.of("CN=Alice,DC=corp,DC=test"),
                Map.of("objectsid", List.of("S-1-5-21-1-2-3-1200"), "primarygroupid", List.of("1110")),
                Optional.of("t-a"),
                "job-1",
                false,
                false,
                Optional.of(NOW),
                Optional.empty(),
                Optional.empty());
        SyncObject team = new SyncObject(
                "g",
                Kind.GROUP,
                DirectoryName.of("CN=Team,DC=corp,DC=test"),
                Map.of("objectsid", List.of("S-1-5-21-1-2-3-1110")),
                Optional.of("t-g"),
                "job-1",
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        change(s -> s.sync().put(tenant.id(), source.id(), alice));
        change(s -> s.sync().put(tenant.id(), source.id(), team));

        assertEquals(
                List.of("t-a"), read(s -> s.sync().primaryMembers(tenant.id(), source.id(), "S-1-5-21-1-2-3-1110")));
        assertEquals(List.of(), read(s -> s.sync().due(NOW.minusSeconds(1), 9)));
        assertEquals(
                List.of(alice),
                read(s ->
                        s.sync().due(NOW, 9).stream().map(SyncStore.Due::object).toList()));
        change(s -> s.sync().touchPrimaryGroups(tenant.id(), source.id(), List.of("S-1-5-21-1-2-3-1110")));
        assertEquals(List.of(team.withDirty(true)), read(s -> s.sync().dirty(tenant.id(), source.id(), 9)));
        change(s -> s.sync().put(tenant.id(), source.id(), alice.withDue(Optional.empty())));
        assertEquals(List.of(), read(s -> s.sync().due(NOW, 9)));
    }

    @Test
    void whoIsPutAsideIsNowhereAndCanComeBack() {
        Tenant tenant = tenant();
        User anna = user(tenant, "anna");
        Group team = group(tenant, "Team");
        change(s -> s.groups().addMember(tenant.id(), team.id(), anna.id()));

        change(s -> s.users().putAside(tenant.id(), anna.id(), NOW));
        assertEquals(Optional.empty(), read(s -> s.users().find(tenant.id(), anna.id())));
        assertEquals(Optional.empty(), read(s -> s.users().findByPrincipalName(anna.userPrincipalName())));
        assertEquals(List.of(), read(s -> s.users().list(tenant.id(), "", 10)));
        assertEquals(0L, (long) SyncStoreTest.<Long>read(s -> s.users().count(tenant.id())));
        assertEquals(List.of(), read(s -> s.users().findByMail(tenant.id(), "anna@mail.example")));
        assertEquals(
                List.of(new UserStore.Deleted(anna, NOW)), read(s -> s.users().listDeleted(tenant.id())));
        User second = user(tenant, "anna"); // the name is free
        assertThrows(DuplicateKey.class, () -> change(s -> s.users().bringBack(tenant.id(), anna.id())));
        change(s -> s.users().delete(tenant.id(), second.id()));
        assertTrue(write(s -> s.users().bringBack(tenant.id(), anna.id())));
        assertEquals(Optional.of(anna), read(s -> s.users().findByPrincipalName("ANNA@" + tenant.domain())));
        assertEquals(List.of(anna), read(s -> s.users().findByMail(tenant.id(), "Anna@Mail.example")));
        assertEquals(List.of(anna.id()), read(s -> s.groups().members(tenant.id(), team.id())));

        change(s -> s.users().putAside(tenant.id(), anna.id(), NOW));
        change(s -> s.users().purgeDeleted(NOW));
        assertEquals(1, read(s -> s.users().listDeleted(tenant.id())).size());
        change(s -> s.users().purgeDeleted(NOW.plusMillis(1)));
        assertEquals(List.of(), read(s -> s.users().listDeleted(tenant.id())));
    }

    @Test
    void aGroupPutAsideHasNoMembers() {
        Tenant tenant = tenant();
        User anna = user(tenant, "anna");
        Group team = group(tenant, "Team");
        change(s -> s.groups().addMember(tenant.id(), team.id(), anna.id()));

        change(s -> s.groups().putAside(tenant.id(), team.id(), NOW));
        assertEquals(Optional.empty(), read(s -> s.groups().find(tenant.id(), team.id())));
        assertEquals(List.of(), read(s -> s.groups().list(tenant.id(), GroupStore.Position.START, 10)));
        assertEquals(List.of(), read(s -> s.groups().groupsOf(tenant.id(), anna.id())));
        assertTrue(write(s -> s.groups().bringBack(tenant.id(), team.id())));
        assertEquals(Optional.of(team), read(s -> s.groups().find(tenant.id(), team.id())));
        assertFalse(write(s -> s.groups().bringBack(tenant.id(), team.id())));
    }

    @Test
    void previewsSayWhatWouldBecomeOfWhom() {
        Tenant tenant = tenant();
        SyncSource source = source(tenant, "corp");
        SyncObject alice = object("a", Kind.USER, "CN=A,DC=corp,DC=test").withTarget(Optional.of("t-a"));
        SyncObject bob = object("b", Kind.USER, "CN=B,DC=corp,DC=test").withTarget(Optional.of("t-b"));
        var create = new SyncStore.Previewed("c", "create", "c@x", "");
        change(s -> {
            s.sync().put(tenant.id(), source.id(), alice);
            s.sync().put(tenant.id(), source.id(), bob);
            s.sync().preview(tenant.id(), source.id(), new SyncStore.Previewed("a", "unchanged", "a@x", ""));
            s.sync().preview(tenant.id(), source.id(), create);
        });
        assertEquals(List.of(create), read(s -> s.sync().preview(tenant.id(), source.id(), 10)));
        assertEquals(List.of(bob), read(s -> s.sync().notPreviewed(tenant.id(), source.id(), 10)));
        change(s -> s.sync().clearPreview(tenant.id(), source.id()));
        assertEquals(List.of(), read(s -> s.sync().preview(tenant.id(), source.id(), 10)));
    }

    private static SyncSource source(Tenant tenant, String name) {
        ConnectorGroup group = connectorGroup(tenant, "Default", true);
        var source = new SyncSource(
                tenant.id(), UUID.randomUUID().toString(), name, "corp", group.id(), true, SETTINGS, NOW);
        change(s -> s.sync().insert(source, SyncState.at(NOW)));
        return source;
    }

    private static SyncJob job(SyncSource source, int seconds) {
        return new SyncJob(
                source.tenant(),
                UUID.randomUUID().toString(),
                source.id(),
                ConnectorId.random(),
                SyncJob.Kind.FULL,
                SyncJob.Phase.RUNNING,
                0,
                NOW.plusSeconds(seconds),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                "",
                "",
                "");
    }

    private static SyncObject object(String anchor, Kind kind, String name) {
        return new SyncObject(
                anchor,
                kind,
                DirectoryName.of(name),
                Map.of("cn", List.of(anchor)),
                Optional.empty(),
                "job-1",
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
