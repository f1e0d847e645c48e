package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.DoorFields;
import io.postern.domain.UserId;
import io.postern.domain.directory.AdminRole;
import io.postern.fixtures.FakeClock;
import io.postern.store.User;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// SYN-1 to SYN-9: what becomes of users and groups of another directory. The test plays directory and connector.
class SyncTest {
    private static final String STAFF = "OU=Staff," + ScriptedDirectory.ROOT;
    private static final String OLD = "OU=Old," + ScriptedDirectory.ROOT;

    @TempDir
    Path folder;

    private Installation service;
    private FakeClock clock;
    private ScriptedDirectory directory;
    private String source;

    @BeforeEach
    void open() {
        clock = new FakeClock(Instant.now().truncatedTo(ChronoUnit.SECONDS));
        service = new Installation(folder, clock);
        directory = new ScriptedDirectory(service, "dc-reader");
        source = service.post(
                        "/sync/sources",
                        "{\"name\":\"corp\",\"bases\":[\"DC=corp,DC=test\"],\"excluded\":[\"" + OLD + "\"]}")
                .text("/id");
    }

    @AfterEach
    void close() {
        service.close();
    }

    // ---- coming

    @Test
    void usersAndGroupsComeWithTheirMembers() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        ObjectNode bob = directory.user(2, "bob", STAFF);
        ObjectNode nested = directory.group(11, "Nested", ScriptedDirectory.dn(bob));
        directory.group(
                10, "Team", ScriptedDirectory.dn(alice), ScriptedDirectory.dn(nested), "CN=Unknown,DC=corp,DC=test");

        assertEquals("full", directory.cycle());

        JsonNode user = user("alice");
        assertEquals("Display alice", user.path("displayName").asString());
        assertEquals("alice@mail.test", user.path("mail").asString());
        assertTrue(user.path("onPremisesSyncEnabled").asBoolean());
        assertEquals("alice", user.path("onPremisesSamAccountName").asString());
        assertEquals("alice@corp.test", user.path("onPremisesUserPrincipalName").asString());
        assertEquals(
                "S-1-5-21-1-2-3-1", user.path("onPremisesSecurityIdentifier").asString());
        assertEquals(
                "CN=alice," + STAFF, user.path("onPremisesDistinguishedName").asString());
        assertEquals("corp.test", user.path("onPremisesDomainName").asString());
        // the bytes in the order of that directory: 01 00 00 00 | 00 00 | 00 40 | 80 00 ...
        assertEquals(
                "AQAAAAAAAECAAAAAAAAAAA==", user.path("onPremisesImmutableId").asString());
        assertEquals(List.of("alice@contoso.example"), members("Team")); // nested ones get nothing (ASG-3)
        assertEquals(List.of("bob@contoso.example"), members("Nested"));
        JsonNode counts = lastCycle().path("counts");
        assertEquals(2, counts.path("usersCreated").asInt());
        assertEquals(2, counts.path("groupsCreated").asInt());
        assertEquals(2, counts.path("membersAdded").asInt());
    }

    @Test
    void aDeltaTellsOnlyWhatChangedAndTheRestStays() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        directory.cycle();
        String id = user("alice").path("id").asString();

        directory.change(alice, "department", "Sales");
        directory.change(alice, "sn");
        later();
        assertEquals("delta", directory.cycle());

        JsonNode user = user("alice");
        assertEquals("Sales", user.path("department").asString());
        assertTrue(user.path("surname").isNull());
        assertEquals("alice@mail.test", user.path("mail").asString());
        assertEquals(id, user.path("id").asString());
    }

    @Test
    void renamedAndMovedAccountsKeepIdAndGroups() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        directory.group(10, "Team", ScriptedDirectory.dn(alice));
        directory.cycle();
        String id = user("alice").path("id").asString();

        directory.change(alice, "userPrincipalName", "alice.b@corp.test");
        directory.move(alice, "CN=Alice B,OU=Elsewhere,DC=corp,DC=test");
        later();
        directory.cycle();

        assertEquals(id, user("alice.b").path("id").asString());
        assertEquals(404, service.get("/users/alice@contoso.example").status());
        assertEquals(List.of("alice.b@contoso.example"), members("Team"));
        later();
        directory.cycle();
        assertEquals(List.of("alice.b@contoso.example"), members("Team"));
    }

    @Test
    void whatLiesBelowARenamedContainerMovesWithIt() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        directory.group(10, "Team", ScriptedDirectory.dn(alice));
        ObjectNode ou = directory.container(20, STAFF);
        directory.cycle();

        directory.move(ou, "OU=People," + ScriptedDirectory.ROOT);
        ObjectNode bob = directory.user(2, "bob", "OU=People," + ScriptedDirectory.ROOT);
        later();
        assertEquals("delta", directory.cycle());
        assertEquals(List.of("alice@contoso.example"), members("Team"));
        alice.put("dn", "CN=alice,OU=People," + ScriptedDirectory.ROOT);
        directory.replaceMembers(ScriptedDirectory.id(10), ScriptedDirectory.dn(alice), ScriptedDirectory.dn(bob));
        later();
        assertEquals("full", directory.cycle()); // attributes of what moved are read anew

        assertEquals(
                "CN=alice,OU=People," + ScriptedDirectory.ROOT,
                user("alice").path("onPremisesDistinguishedName").asString());
        assertEquals(List.of("alice@contoso.example", "bob@contoso.example"), members("Team"));
    }

    @Test
    void membersComeAndGoInADelta() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        ObjectNode bob = directory.user(2, "bob", STAFF);
        ObjectNode team = directory.group(10, "Team", ScriptedDirectory.dn(alice));
        directory.cycle();

        directory.changeMembers(team, List.of(ScriptedDirectory.dn(bob)), List.of(ScriptedDirectory.dn(alice)));
        later();
        directory.cycle();

        assertEquals(List.of("bob@contoso.example"), members("Team"));
    }

    @Test
    void aMemberWhoComesLaterIsFoundThen() {
        directory.group(10, "Team", "cn=Alice, " + STAFF.toLowerCase(Locale.ROOT));
        directory.cycle();
        assertEquals(List.of(), members("Team"));

        directory.user(1, "alice", STAFF);
        later();
        assertEquals("delta", directory.cycle());

        assertEquals(List.of("alice@contoso.example"), members("Team"));
    }

    @Test
    void managersAreUsersHere() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        ObjectNode boss = directory.user(2, "boss", STAFF);
        directory.change(alice, "manager", ScriptedDirectory.dn(boss));
        directory.cycle();

        assertEquals(
                user("boss").path("id").asString(),
                user("alice").path("manager").asString());

        directory.change(alice, "manager");
        later();
        directory.cycle();
        assertTrue(user("alice").path("manager").isNull());
    }

    @Test
    void theMappingIsAsItWasSet() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        directory.change(alice, "extensionAttribute5", "Gold");
        directory.cycle();
        assertEquals(
                "Gold",
                user("alice")
                        .at("/onPremisesExtensionAttributes/extensionAttribute5")
                        .asString());

        Response patched = service.patch(
                "/sync/sources/" + source,
                "{\"mapping\":{\"department\":\"join(\\\" / \\\", \\\"Contoso\\\", upper(sn))\",\"mail\":\"none\"}}");
        assertEquals(204, patched.status(), patched.raw().body());
        later();
        assertEquals("full", directory.cycle());

        assertEquals("Contoso / ALICE", user("alice").path("department").asString());
        assertEquals("alice@mail.test", user("alice").path("mail").asString()); // not the directory's any more
        Response wrong = service.patch("/sync/sources/" + source, "{\"mapping\":{\"department\":\"join(sn)\"}}");
        assertEquals(400, wrong.status());
        assertTrue(
                wrong.text("/error/message").contains("at 6 stands 's', expected is the text"),
                wrong.raw().body());
    }

    // ---- matching

    @Test
    void takesOverWhoIsHereAlready() {
        User anna = service.someone("anna", "Anna here");
        directory.user(1, "anna", STAFF);
        User berta = service.someone("berta.w", "Berta here");
        service.patch("/users/" + berta.id(), "{\"mail\":\"Bea@mail.test\"}");
        directory.user(2, "bea", STAFF);
        directory.cycle();

        assertEquals(anna.id().value(), user("anna").path("id").asString());
        assertEquals("Display anna", user("anna").path("displayName").asString());
        assertEquals(berta.id().value(), user("bea").path("id").asString()); // by mail; the name is the directory's now
        assertEquals(2, lastCycle().path("counts").path("usersLinked").asInt());
    }

    @Test
    void neverTakesOverAnAdministrator() {
        User admin = service.someone("root", "Root here");
        service.store.write(s -> {
            s.roles().grant(service.tenant.id(), admin.id().value(), AdminRole.DIRECTORY_READERS.templateId());
            return true;
        });
        service.patch("/users/" + service.administrator.id(), "{\"mail\":\"simon@mail.test\"}");
        directory.user(1, "root", STAFF);
        directory.user(2, "simon", STAFF); // his mail is the administrator's
        directory.cycle();

        assertEquals("Root here", user("root").path("displayName").asString());
        assertNotEquals(
                service.administrator.id().value(), user("simon").path("id").asString());
        JsonNode error = errors().getFirst();
        assertEquals("name-taken", error.path("code").asString());
        assertTrue(error.path("message").asString().contains("is an administrator"), error.toString());
        assertFalse(error.path("remedy").asString().isEmpty());
        assertEquals(1, lastCycle().path("counts").path("faults").asInt());

        service.store.write(s -> {
            s.roles().revoke(service.tenant.id(), admin.id().value(), AdminRole.DIRECTORY_READERS.templateId());
            return true;
        });
        later();
        directory.cycle(); // nothing changed there, and yet it is tried again
        assertEquals(admin.id().value(), user("root").path("id").asString());
        assertEquals(List.of(), errors());
    }

    @Test
    void twoObjectsAreNeverOneUser() {
        directory.user(1, "anna", STAFF);
        ObjectNode twin = directory.user(2, "annb", STAFF);
        directory.change(twin, "userPrincipalName", "anna@other.test");
        directory.cycle();

        assertEquals("name-taken", errors().getFirst().path("code").asString());
        assertEquals(1, lastCycle().path("counts").path("usersCreated").asInt());
    }

    // ---- going

    @Test
    void whoIsDisabledThereIsOutHereAtOnce() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        directory.cycle();
        String id = user("alice").path("id").asString();
        service.session(new UserId(id), "Firefox on Linux");

        directory.change(alice, "userAccountControl", "514");
        later();
        JsonNode job = directory.ask().json().path("job");
        directory.page(job.path("id").asString(), 0, directory.told(job)); // the page is enough

        assertFalse(user("alice").path("accountEnabled").asBoolean());
        UserId user = new UserId(id);
        assertEquals(List.of(), service.store.read(s -> s.sessions().of(service.tenant.id(), user)));
        boolean revoked = service.store.read(
                s -> s.revocations().users().stream().anyMatch(r -> r.user().equals(user)));
        assertTrue(revoked);
    }

    @Test
    void whoIsDeletedThereGoesAndComesBackWithEverything() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        directory.user(2, "bob", STAFF);
        directory.group(10, "Team", ScriptedDirectory.dn(alice));
        directory.cycle();
        String id = user("alice").path("id").asString();

        directory.remove(alice);
        later();
        directory.cycle();
        assertEquals(404, service.get("/users/" + id).status());
        assertEquals(List.of(), members("Team"));
        Response deleted = service.get("/directory/deletedItems/microsoft.graph.user");
        assertEquals(id, deleted.text("/value/0/id"));
        assertEquals(1, lastCycle().path("counts").path("usersDeleted").asInt());

        directory.user(1, "alice", STAFF); // reanimated: the same object
        later();
        directory.cycle();
        assertEquals(id, user("alice").path("id").asString());
        assertTrue(user("alice").path("accountEnabled").asBoolean());
        assertEquals(List.of("alice@contoso.example"), members("Team"));
        assertEquals(
                0,
                service.get("/directory/deletedItems/microsoft.graph.user")
                        .json()
                        .path("value")
                        .size());
    }

    @Test
    void anAdministratorRestoresAUserAsOneOfOurs() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        directory.user(2, "bob", STAFF);
        directory.cycle();
        String id = user("alice").path("id").asString();
        directory.remove(alice);
        later();
        directory.cycle();

        assertEquals(
                200,
                service.post("/directory/deletedItems/" + id + "/restore", "{}").status());

        assertEquals(id, user("alice").path("id").asString());
        assertTrue(user("alice").path("onPremisesSyncEnabled").isNull());
        assertEquals(
                204, service.patch("/users/" + id, "{\"displayName\":\"Ours\"}").status());
        assertEquals(
                404,
                service.post("/directory/deletedItems/" + id + "/restore", "{}").status());
    }

    @Test
    void whatIsMovedOutOrExcludedGoesAsIfDeleted() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        directory.user(2, "bob", STAFF);
        directory.user(3, "carl", OLD);
        directory.cycle();
        assertEquals(404, service.get("/users/carl@contoso.example").status());

        directory.move(alice, "CN=alice," + OLD);
        later();
        directory.cycle();

        assertEquals(404, service.get("/users/alice@contoso.example").status());
        assertEquals(200, service.get("/users/bob@contoso.example").status());
    }

    @Test
    void aDisasterStopsTheCycleUntilAnAdministratorAllowsIt() {
        for (int i = 1; i <= 40; i++) {
            directory.user(i, "user" + i, i <= 20 ? STAFF : "OU=Plant," + ScriptedDirectory.ROOT);
        }
        directory.cycle();

        service.patch("/sync/sources/" + source, "{\"bases\":[\"" + STAFF + "\"]}"); // twenty are out of it
        later();
        directory.cycle();
        JsonNode stopped = lastCycle();
        assertEquals("stopped", stopped.path("state").asString());
        assertEquals("too-many-deletions", stopped.at("/error/code").asString());
        assertTrue(
                stopped.at("/error/message").asString().contains("20 of 40 objects would be deleted, more than 10 %"),
                stopped.toString());
        assertTrue(
                stopped.at("/error/remedy").asString().contains("postern sync now corp --allow-deletions 20"),
                stopped.toString());
        assertEquals(200, service.get("/users/user30@contoso.example").status());
        assertEquals(20, status().path("waitingDeletions").asInt());

        start("{\"allowedDeletions\":19}");
        directory.cycle();
        assertEquals("stopped", lastCycle().path("state").asString());
        start("{\"allowedDeletions\":20}");
        directory.cycle();
        assertEquals("done", lastCycle().path("state").asString());
        assertEquals(404, service.get("/users/user30@contoso.example").status());
        assertEquals(20, status().path("objects").asInt());

        service.patch("/sync/sources/" + source, "{\"bases\":[\"DC=corp,DC=test\"]}"); // it was a mistake
        later();
        directory.cycle();
        assertEquals(20, lastCycle().path("counts").path("usersRestored").asInt());
        assertEquals(200, service.get("/users/user30@contoso.example").status());
    }

    @Test
    void anEmptyDirectoryEmptiesNothing() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        ObjectNode bob = directory.user(2, "bob", STAFF);
        directory.cycle();
        directory.remove(alice);
        directory.remove(bob);
        later();
        directory.cycle();

        assertEquals("stopped", lastCycle().path("state").asString());
        assertEquals(200, service.get("/users/alice@contoso.example").status());
    }

    // ---- what is read only, who reads, what is shown

    @Test
    void whatTheDirectoryBringsIsReadOnlyHere() {
        ObjectNode alice = directory.user(1, "alice", STAFF);
        directory.group(10, "Team", ScriptedDirectory.dn(alice));
        directory.cycle();
        String id = user("alice").path("id").asString();
        String group = group("Team");

        for (String change : List.of(
                "{\"displayName\":\"x\"}",
                "{\"accountEnabled\":false}",
                "{\"department\":\"x\"}",
                "{\"userPrincipalName\":\"x@contoso.example\"}",
                "{\"onPremisesSamAccountName\":\"root\"}")) {
            Response refused = service.patch("/users/" + id, change);
            assertEquals(400, refused.status(), change);
            assertTrue(
                    refused.text("/error/message")
                            .startsWith("Unable to update the specified properties for on-premises mastered Directory"
                                    + " Sync objects"),
                    refused.raw().body());
        }
        assertEquals(400, service.delete("/users/" + id).status());
        assertEquals(
                400,
                service.patch("/groups/" + group, "{\"displayName\":\"x\"}").status());
        assertEquals(400, service.delete("/groups/" + group).status());
        assertEquals(
                400,
                service.post(
                                "/groups/" + group + "/members/$ref",
                                WritingTable.odata("users", service.user.id().value()))
                        .status());
        assertEquals(
                400,
                service.delete("/groups/" + group + "/members/" + id + "/$ref").status());
        assertEquals(
                400,
                service.patch("/users/" + id, "{\"onPremisesSyncEnabled\":null}")
                        .status());
        assertEquals(
                204,
                service.patch("/users/" + id, "{\"passwordProfile\":{\"password\":\"wrong horse staple\"}}")
                        .status());

        assertEquals(204, service.delete("/sync/sources/" + source).status());
        assertEquals(
                204, service.patch("/users/" + id, "{\"displayName\":\"x\"}").status());
        assertEquals(204, service.delete("/groups/" + group).status());
        assertTrue(user("alice").path("onPremisesSyncEnabled").isNull());
    }

    @Test
    void oneConnectorReadsAndAnotherTakesOver() {
        directory.user(1, "alice", STAFF);
        var second = new ScriptedDirectory(service, "second");
        String job = directory.ask().text("/job/id");
        assertTrue(second.ask().json().path("standby").asBoolean());

        clock.advance(Duration.ofSeconds(59));
        assertEquals(
                200,
                directory
                        .call("ask", "{\"directories\":[\"corp\"],\"working\":\"" + job + "\"}")
                        .status());
        clock.advance(Duration.ofSeconds(59));
        assertTrue(second.ask().json().path("standby").asBoolean());
        clock.advance(Duration.ofSeconds(2));
        Response taken = second.ask();
        assertEquals("full", taken.text("/job/kind"));

        Response late = directory.page(job, 0, List.of());
        assertEquals(409, late.status());
        assertEquals("job-lost", late.text("/error/code"));
        assertEquals(409, directory.end(job).status());
        assertEquals(409, second.page(job, 0, List.of()).status());
        assertEquals("lost", cycles().get(1).path("state").asString());
        assertEquals("second", status().path("activeConnector").asString());
    }

    @Test
    void strangersAndOthersGetNothing() {
        String job = directory.ask().text("/job/id");
        var bare = new HashMap<String, String>();
        bare.put(DoorFields.DOOR, DoorFields.ENROLL);
        assertEquals(
                401,
                service.connect("POST", "/directory/ask", bare, "{\"directories\":[\"corp\"]}")
                        .status());
        bare.put(DoorFields.CLIENT_CERTIFICATE, "0".repeat(64));
        assertEquals(
                401,
                service.connect(
                                "POST",
                                "/directory/page",
                                bare,
                                "{\"job\":\"" + job + "\",\"sequence\":0,\"entries\":[]}")
                        .status());
        for (String wrong : List.of(
                "{}",
                "{\"job\":\"" + job + "\",\"sequence\":0}",
                "{\"job\":\"" + job + "\",\"sequence\":-1,\"entries\":[]}",
                "{\"job\":\"" + job + "\",\"sequence\":0,\"entries\":[{}]}",
                "{\"job\":\"" + job + "\",\"sequence\":0,\"entries\":[{\"id\":\"1\",\"kind\":\"user\",\"dn\":\"x\"}]}",
                "{\"job\":\"" + job
                        + "\",\"sequence\":0,\"entries\":[{\"id\":\"1\",\"kind\":\"dog\",\"dn\":\"CN=x\"}]}")) {
            assertEquals(400, directory.call("page", wrong).status(), wrong);
        }
        assertEquals(409, directory.page("other", 0, List.of()).status());
        assertEquals(409, directory.page(job, 1, List.of()).status());
        assertEquals(
                400,
                directory
                        .call("end", "{\"job\":\"" + job + "\",\"outcome\":\"so-so\"}")
                        .status());
    }

    @Test
    void aFaultOfTheDirectoryIsShownAndTriedAgain() {
        directory.user(1, "alice", STAFF);
        directory.cycle();
        later();
        String job = directory.ask().text("/job/id");
        String failed = "{\"job\":\"" + job + "\",\"outcome\":\"failed\",\"error\":{\"code\":\"bind-refused\","
                + "\"message\":\"49 data 52e\",\"remedy\":\"check the password\"}}";
        assertEquals(200, directory.call("end", failed).status());
        assertEquals(200, directory.call("end", failed).status());
        JsonNode last = lastCycle();
        assertEquals("failed", last.path("state").asString());
        assertEquals("check the password", last.at("/error/remedy").asString());
        assertTrue(directory.ask().json().path("job").isMissingNode());
        clock.advance(Duration.ofMinutes(5));
        String next = directory.ask().text("/job/id");
        directory.call("end", failed.replace(job, next).replace("bind-refused", "cursor-expired"));
        assertEquals("full", directory.cycle()); // at once
        assertTrue(lastCycle().path("warning").isNull());

        later();
        String warned = directory.ask().text("/job/id");
        directory.call(
                "end",
                "{\"job\":\"" + warned
                        + "\",\"outcome\":\"done\",\"cursor\":null,\"warnings\":[{\"code\":\"no-dirsync\","
                        + "\"message\":\"the right is missing\",\"remedy\":\"dsacls\"}]}");
        service.administration.services().synchronisation().work();
        assertEquals("done", lastCycle().path("state").asString());
        assertEquals("dsacls", lastCycle().at("/warning/remedy").asString());
        later();
        assertEquals("full", directory.ask().text("/job/kind"), "there is no cursor");
    }

    @Test
    void aPreviewSaysWhatWouldHappenAndDoesNothing() {
        service.someone("anna", "Anna here");
        directory.user(1, "anna", STAFF);
        directory.user(2, "bob", STAFF);
        ObjectNode gone = directory.user(3, "carl", STAFF);
        directory.user(4, "dora", STAFF);
        User before = service.someone("x", "X");
        directory.cycle();
        directory.remove(gone);
        directory.user(5, "emil", STAFF);
        directory.group(10, "Team");
        directory.change(directory.user(2, "bob", STAFF), "department", "Sales");

        start("{\"kind\":\"preview\"}");
        assertEquals("preview", directory.cycle());

        JsonNode lines =
                service.get("/sync/sources/" + source + "/preview").json().path("value");
        List<String> said = StreamSupport.stream(lines.spliterator(), false)
                .map(l -> l.path("outcome").asString() + " " + l.path("name").asString())
                .toList();
        assertEquals(
                List.of(
                        "create Team",
                        "create emil@contoso.example",
                        "delete CN=carl," + STAFF,
                        "update bob@contoso.example"),
                said);
        assertTrue(lines.get(3).path("detail").asString().contains("department '' to 'Sales'"), lines.toString());
        assertEquals(200, service.get("/users/carl@contoso.example").status());
        assertEquals(404, service.get("/users/emil@contoso.example").status());
        assertTrue(user("bob").path("department").isNull());
        assertEquals(before.displayName(), user("x").path("displayName").asString());
    }

    @Test
    void theLogTellsWhoChangedWhat() {
        directory.user(1, "alice", STAFF);
        directory.cycle();

        List<String> log = service.store.read(s -> s.audit().list(service.tenant.id(), 20)).stream()
                .map(entry -> entry.activity() + " by " + entry.initiator().name())
                .toList();
        assertTrue(log.contains("Add user by dc-reader"), log.toString());
        assertTrue(log.contains("Synchronise directory by Postern"), log.toString());
    }

    // ---- words

    private void later() {
        clock.advance(Duration.ofMinutes(30));
    }

    private void start(String body) {
        clock.advance(Duration.ofSeconds(1)); // the newest cycle is the one that began last
        assertEquals(
                204, service.post("/sync/sources/" + source + "/start", body).status());
    }

    private JsonNode user(String name) {
        Response response = service.get("/users/" + name + "@contoso.example");
        assertEquals(200, response.status(), name);
        return response.json();
    }

    private String group(String name) {
        for (JsonNode group : service.get("/groups").json().path("value")) {
            if (group.path("displayName").asString().equals(name)) {
                return group.path("id").asString();
            }
        }
        throw new AssertionError("there is no group " + name);
    }

    private List<String> members(String group) {
        JsonNode members =
                service.get("/groups/" + group(group) + "/members").json().path("value");
        return StreamSupport.stream(members.spliterator(), false)
                .map(m -> m.path("userPrincipalName").asString())
                .sorted()
                .toList();
    }

    private JsonNode status() {
        return service.get("/sync/sources/" + source).json().path("status");
    }

    private JsonNode lastCycle() {
        return status().path("lastCycle");
    }

    private List<JsonNode> cycles() {
        return StreamSupport.stream(
                        service.get("/sync/sources/" + source + "/cycles")
                                .json()
                                .path("value")
                                .spliterator(),
                        false)
                .toList();
    }

    private List<JsonNode> errors() {
        return StreamSupport.stream(
                        service.get("/sync/sources/" + source + "/errors")
                                .json()
                                .path("value")
                                .spliterator(),
                        false)
                .toList();
    }
}
