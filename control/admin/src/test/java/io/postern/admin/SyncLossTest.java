package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.UserId;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// SYN-3 to SYN-5, SYN-7: who is disabled or deleted elsewhere, how a disaster stops, and what is read-only here.
class SyncLossTest extends SyncSite {
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
}
