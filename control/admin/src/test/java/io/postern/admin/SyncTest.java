package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.directory.AdminRole;
import io.postern.store.User;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// SYN-1, SYN-2, SYN-10: users and groups of another directory come, are taken over, move and change.
class SyncTest extends SyncSite {
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
        assertEquals(List.of("alice@contoso.example"), members("Team")); // those of groups in it are theirs alone
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

    @Test
    void aConnectorIsAskedForTheMembersOfAGroup() {
        assertEquals(
                204,
                service.patch(
                                "/sync/sources/" + source,
                                "{\"userFilter\":\"(mail=*)\",\"membersOf\":[\"CN=App,DC=corp,DC=test\"]}")
                        .status());
        assertEquals(
                "(&(mail=*)(memberOf:1.2.840.113556.1.4.1941:=CN=App,DC=corp,DC=test))",
                directory.ask().json().at("/job/userFilter").asString());
        JsonNode shown = service.get("/sync/sources/" + source).json();
        assertEquals("(mail=*)", shown.path("userFilter").asString());
        assertEquals("CN=App,DC=corp,DC=test", shown.at("/membersOf/0").asString());
        assertTrue(shown.path("isNestedMembershipIncluded").asBoolean());

        service.patch("/sync/sources/" + source, "{\"membersOf\":[],\"isNestedMembershipIncluded\":false}");
        assertEquals("(mail=*)", directory.ask().json().at("/job/userFilter").asString());
    }

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
}
