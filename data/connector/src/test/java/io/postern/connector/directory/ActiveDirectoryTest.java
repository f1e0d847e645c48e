package io.postern.connector.directory;

import static io.postern.connector.directory.DirectoryRig.delta;
import static io.postern.connector.directory.DirectoryRig.full;
import static io.postern.connector.directory.DirectoryRig.read;
import static io.postern.connector.directory.DirectoryRig.scope;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import io.postern.connector.directory.DirectoryEntry.Kind;
import io.postern.connector.directory.DirectoryFault.Code;
import io.postern.connector.directory.DirectoryReading.Outcome;
import io.postern.connector.directory.DirectoryRig.Told;
import io.postern.fixtures.SambaDomain;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reading from a real domain controller, by the account with DirSync's right and by one without.
class ActiveDirectoryTest {
    private static final String STAFF = "OU=Staff," + SambaDomain.BASE;
    private static final String BERLIN = "OU=Berlin," + STAFF;
    private static final String BULK = "OU=Bulk," + SambaDomain.BASE;

    private static SambaDomain domain;
    private static LDAPConnection admin;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startDomain() throws LDAPException {
        domain = SambaDomain.start(450);
        admin = DirectoryRig.administrator(domain);
    }

    @AfterAll
    static void stopDomain() {
        admin.close();
        domain.close();
    }

    private DirectorySettings as(String account) {
        return DirectoryRig.settings(
                folder, account + "@corp.test", SambaDomain.READER_PASSWORD, domain.authority(), domain.ldaps());
    }

    private static void add(String name, String place) throws LDAPException {
        admin.add(
                "CN=" + name + "," + place,
                new Attribute("objectClass", "user"),
                new Attribute("sAMAccountName", name),
                new Attribute("mail", name + "@corp.test"));
    }

    private static void addGroup(String name, String place, String... members) throws LDAPException {
        admin.add(
                "CN=" + name + "," + place,
                new Attribute("objectClass", "group"),
                new Attribute("sAMAccountName", name),
                new Attribute("member", members));
    }

    private static void delete(String dn) throws LDAPException {
        admin.delete(dn);
    }

    @Test
    void readsPeopleThenGroupsWithIdsAsText() {
        Told told = read(as("svc-sync"), full(scope(STAFF)));

        DirectoryEntry alice = told.named("alice");
        assertTrue(alice.id().matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), alice.id());
        assertEquals(List.of("alice@corp.test"), alice.attributes().get("userPrincipalName"));
        assertTrue(DirectoryRig.value(alice, "objectSid").matches("S-1-5-21(-\\d+){4}"));
        assertEquals(List.of("514"), told.named("disa").attributes().get("userAccountControl"));
        assertEquals(
                List.of("CN=bob," + STAFF, "CN=engineers," + STAFF).toString().toLowerCase(Locale.ROOT),
                told.members("webusers").toString().toLowerCase(Locale.ROOT));
        List<Kind> kinds =
                told.entries().stream().map(DirectoryEntry::kind).distinct().toList();
        assertEquals(List.of(Kind.USER, Kind.GROUP), kinds);
        assertTrue(told.outcome().cursor().orElse("").startsWith("dirsync:"));
        assertEquals(List.of(), told.outcome().warnings());
    }

    @Test
    void readsManyPagesAndALargeGroupInPieces() {
        Told told = read(as("svc-sync"), full(scope(BULK)));

        assertEquals(450, told.count(Kind.USER));
        assertEquals(450, told.members("everyone").size());
        assertTrue(told.entries().stream()
                .allMatch(e -> e.members().isEmpty() || e.members().get().add().size() <= 1500));
        assertEquals(
                2, told.entries().stream().filter(e -> e.kind() == Kind.GROUP).count());
    }

    @Test
    void leavesOutWhatIsExcludedFilteredOrNeededByTheDomainItself() {
        var wanted = new DirectoryScope(
                List.of(SambaDomain.BASE, STAFF),
                List.of(BULK, "ou=services, dc=corp,dc=test"),
                Optional.of("(!(sAMAccountName=bob))"),
                Optional.of("(sAMAccountName=web*)"),
                DirectoryRig.USER,
                DirectoryRig.GROUP);

        Told told = read(as("svc-sync"), full(wanted));

        List<String> names = told.entries().stream()
                .map(e -> DirectoryRig.value(e, "sAMAccountName"))
                .toList();
        assertFalse(names.contains("bob"));
        assertFalse(names.contains("krbtgt"));
        assertFalse(names.contains("svc-sync"));
        assertFalse(names.contains("bulk00001"));
        assertEquals(1, names.stream().filter("alice"::equals).count(), "a base below another is read once");
        assertEquals(1, told.count(Kind.GROUP));
    }

    @ParameterizedTest
    @ValueSource(strings = {"svc-sync", "svc-usn"})
    void tellsWhatChangedAndNothingElse(String account) throws LDAPException {
        add("erin", STAFF);
        add("frank", STAFF);
        addGroup("delta", STAFF, "CN=erin," + STAFF, "CN=frank," + STAFF);
        DirectorySettings settings = as(account);
        Outcome before = read(settings, full(scope(STAFF))).outcome();

        Told nothing = read(settings, delta(scope(STAFF), before));
        assertEquals(List.of(), nothing.entries());

        add("grace", STAFF);
        admin.modify("CN=erin," + STAFF, new Modification(ModificationType.DELETE, "mail"));
        admin.modify("CN=delta," + STAFF, new Modification(ModificationType.ADD, "member", "CN=grace," + STAFF));
        String frank = read(settings, full(scope(STAFF))).named("frank").id();
        delete("CN=frank," + STAFF);
        Told told = read(settings, delta(scope(STAFF), before));

        assertEquals(List.of(), told.named("erin").attributes().get("mail"), "what is gone is said to be gone");
        assertEquals(List.of("erin"), told.named("erin").attributes().get("sAMAccountName"));
        assertEquals(
                List.of("grace@corp.test"), told.named("grace").attributes().get("mail"));
        assertTrue(
                told.entries().stream().anyMatch(e -> e.deleted() && e.id().equals(frank)),
                told.names().toString());
        DirectoryEntry group = told.named("delta");
        assertTrue(group.members().orElseThrow().add().contains("CN=grace," + STAFF));
        assertFalse(told.names().toString().contains("CN=alice"), told.names().toString());
        assertEquals(
                List.of(), read(settings, delta(scope(STAFF), told.outcome())).entries());
        delete("CN=erin," + STAFF);
        delete("CN=grace," + STAFF);
        delete("CN=delta," + STAFF);
    }

    @Test
    void tellsOnlyTheMembersThatChangedOfALargeGroup() throws LDAPException {
        DirectorySettings settings = as("svc-sync");
        add("heidi", STAFF);
        Outcome before = read(settings, full(scope(SambaDomain.BASE))).outcome();

        admin.modify("CN=everyone," + BULK, new Modification(ModificationType.ADD, "member", "CN=heidi," + STAFF));
        admin.modify(
                "CN=everyone," + BULK, new Modification(ModificationType.DELETE, "member", "CN=bulk00007," + BULK));
        Told told = read(settings, delta(scope(SambaDomain.BASE), before));

        DirectoryEntry.Members members = told.named("everyone").members().orElseThrow();
        assertFalse(members.complete());
        assertEquals(List.of("CN=heidi," + STAFF), members.add());
        assertEquals(List.of("CN=bulk00007," + BULK), members.remove());
        admin.modify("CN=everyone," + BULK, new Modification(ModificationType.ADD, "member", "CN=bulk00007," + BULK));
        delete("CN=heidi," + STAFF);
    }

    @ParameterizedTest
    @ValueSource(strings = {"svc-sync", "svc-usn"})
    void followsRenamesAndMovesInAndOutOfTheBases(String account) throws LDAPException {
        add("ivan", STAFF);
        add("judy", BULK);
        add("kate", STAFF);
        DirectorySettings settings = as(account);
        Told all = read(settings, full(scope(STAFF)));
        String ivan = all.named("ivan").id();
        String kate = all.named("kate").id();

        admin.modifyDN("CN=ivan," + STAFF, "CN=ivan", true, BULK);
        admin.modifyDN("CN=judy," + BULK, "CN=judy", true, BERLIN);
        admin.modifyDN("CN=kate," + STAFF, "CN=Kate Moss", true);
        Told told = read(settings, delta(scope(STAFF), all.outcome()));

        assertTrue(told.entries().stream().anyMatch(e -> e.deleted() && e.id().equals(ivan)), "it left the bases");
        assertEquals("CN=judy," + BERLIN, told.named("judy").dn());
        assertEquals(
                List.of("judy@corp.test"), told.named("judy").attributes().get("mail"), "all of it, not the change");
        assertEquals("CN=Kate Moss," + STAFF, told.named("kate").dn());
        assertEquals(kate, told.named("kate").id());
        delete("CN=ivan," + BULK);
        delete("CN=judy," + BERLIN);
        delete("CN=Kate Moss," + STAFF);
    }

    @ParameterizedTest
    @ValueSource(strings = {"svc-sync", "svc-usn"})
    void onlyAWholeReadTellsWhatARenamedPlaceDid(String account) throws LDAPException {
        String before = "OU=Bonn," + STAFF;
        admin.add(before, new Attribute("objectClass", "organizationalUnit"));
        add("lars", before);
        DirectorySettings settings = as(account);
        Outcome outcome = read(settings, full(scope(STAFF))).outcome();

        admin.modifyDN(before, "OU=Köln", true);
        DirectoryFault fault = assertThrows(
                DirectoryFault.class,
                () -> read(settings, delta(scope(STAFF), outcome)),
                "nothing at lars himself tells of it");

        assertEquals(Code.CURSOR_EXPIRED, fault.code());
        assertTrue(fault.message().contains("renamed or moved"), fault.message());
        Told told = read(settings, full(scope(STAFF)));
        assertEquals("CN=lars,OU=Köln," + STAFF, told.named("lars").dn());
        assertEquals(
                List.of(), read(settings, delta(scope(STAFF), told.outcome())).entries());
        delete("CN=lars,OU=Köln," + STAFF);
        delete("OU=Köln," + STAFF);
    }

    @Test
    void aNewPlaceIsNoReasonToReadEverything() throws LDAPException {
        for (String account : List.of("svc-sync", "svc-usn")) {
            DirectorySettings settings = as(account);
            Outcome outcome = read(settings, full(scope(STAFF))).outcome();
            String place = "OU=New " + account + "," + STAFF;
            admin.add(place, new Attribute("objectClass", "organizationalUnit"));
            add("n-" + account, place);

            Told told = read(settings, delta(scope(STAFF), outcome));

            assertEquals(
                    "CN=n-" + account + "," + place, told.named("n-" + account).dn());
            delete("CN=n-" + account + "," + place);
            delete(place);
        }
    }

    @Test
    void whoDoesNotSeeDeletionsReadsEverythingAndSaysSo() {
        Told told = read(as("svc-blind"), full(scope(STAFF)));

        assertEquals(Optional.empty(), told.outcome().cursor(), "so the next one reads everything too");
        assertEquals("no-deletions", told.outcome().warnings().getFirst().code());
        assertTrue(told.named("alice").attributes().containsKey("mail"));
        Outcome seeing = read(as("svc-sync"), full(scope(STAFF))).outcome();
        DirectoryFault fault =
                assertThrows(DirectoryFault.class, () -> read(as("svc-blind"), delta(scope(STAFF), seeing)));
        assertEquals(Code.CURSOR_EXPIRED, fault.code());
    }

    @Test
    void withoutTheRightItCountsChangesAndSaysSo() {
        Outcome outcome = read(as("svc-usn"), full(scope(STAFF))).outcome();

        assertTrue(outcome.cursor().orElse("").startsWith("usn:"), outcome.toString());
        assertEquals(
                List.of("no-dirsync"),
                outcome.warnings().stream().map(DirectoryReading.Warning::code).toList());
    }

    @Test
    void aFilterThatLooksBackReadsEverything() {
        var wanted = new DirectoryScope(
                List.of(STAFF),
                List.of(),
                Optional.of("(memberOf=CN=webusers," + STAFF + ")"),
                Optional.empty(),
                DirectoryRig.USER,
                DirectoryRig.GROUP);
        Told all = read(as("svc-sync"), full(wanted));

        assertEquals(1, all.count(Kind.USER));
        assertEquals(Optional.empty(), all.outcome().cursor());
        assertEquals("no-delta", all.outcome().warnings().getFirst().code());
    }

    @Test
    void aCursorIsGoodForItsScopeAndItsControllerOnly() {
        Outcome outcome = read(as("svc-usn"), full(scope(STAFF))).outcome();
        String[] parts = outcome.cursor().orElseThrow().split(":");
        for (String cursor : List.of(
                "usn:" + parts[1] + ":00000000-0000-0000-0000-000000000000:" + parts[3],
                "usn:" + parts[1] + ":" + parts[2] + ":999999999",
                "usn:0000000000000000:" + parts[2] + ":" + parts[3],
                "dirsync:" + parts[1] + ":AAAA",
                "dirsync:" + parts[1] + ":!",
                "nonsense")) {
            var job = new DirectoryJob("j", "corp", DirectoryJob.Kind.DELTA, Optional.of(cursor), scope(STAFF), 200);
            DirectoryFault fault = assertThrows(DirectoryFault.class, () -> read(as("svc-sync"), job), cursor);
            assertEquals(Code.CURSOR_EXPIRED, fault.code(), cursor);
        }
        DirectoryFault fault =
                assertThrows(DirectoryFault.class, () -> read(as("svc-usn"), delta(scope(BULK), outcome)));
        assertEquals(Code.CURSOR_EXPIRED, fault.code());
    }

    @Test
    void usersAreChosenByAGroupAlsoThroughGroupsWithinIt() {
        for (boolean nested : List.of(true, false)) {
            String group = (nested ? "memberOf:1.2.840.113556.1.4.1941:=" : "memberOf=") + "CN=webusers," + STAFF;
            var scope = new DirectoryScope(
                    List.of(STAFF),
                    List.of(),
                    Optional.of("(&(objectClass=user)(" + group + "))"),
                    Optional.empty(),
                    DirectoryRig.USER,
                    DirectoryRig.GROUP);
            Told told = read(as("svc-sync"), full(scope));
            assertEquals(nested ? 2 : 1, told.count(Kind.USER), told.names().toString());
            assertTrue(told.names().stream()
                    .anyMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("user cn=bob,")));
            assertEquals("no-delta", told.outcome().warnings().getFirst().code());
        }
    }

    @Test
    void faultsSayWhichThingIsWrong() {
        assertFault(Code.BAD_BASE, "OU=Nowhere", full(scope("OU=Nowhere," + SambaDomain.BASE)));
        assertFault(Code.BAD_BASE, "other domain", full(scope("OU=Staff,DC=other,DC=test")));
        assertFault(Code.BAD_BASE, "no DN", full(scope("Staff")));
        assertFault(
                Code.OTHER,
                "no LDAP filter",
                full(new DirectoryScope(
                        List.of(STAFF), List.of(), Optional.of("(mail=*"), Optional.empty(), List.of(), List.of())));
    }

    private void assertFault(Code code, String part, DirectoryJob job) {
        DirectoryFault fault = assertThrows(DirectoryFault.class, () -> read(as("svc-sync"), job));
        assertEquals(code, fault.code(), fault.message());
        assertTrue((fault.message() + " " + fault.remedy()).contains(part), fault.message() + " → " + fault.remedy());
    }
}
