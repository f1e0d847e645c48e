package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Applications whose assignments are kept in step (STEP-1).
class StepsTest {
    private static final String READER = "11111111-1111-4111-8111-111111111111";

    @TempDir
    static Path folder;

    private static Installation service;

    @BeforeAll
    static void open() {
        service = new Installation(folder);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private record App(String id, String principal, String name) {}

    private static App app(String name) {
        Response app = made(service.post("/applications", "{\"displayName\":\"" + name + "\"}"));
        Response principal = made(service.post("/servicePrincipals", "{\"appId\":\"" + app.text("/appId") + "\"}"));
        return new App(app.text("/id"), principal.text("/id"), name);
    }

    private static Response made(Response response) {
        assertTrue(response.status() < 300, response.raw().body());
        return response;
    }

    private static Response follow(App follower, App leader) {
        return service.api("PUT", step(follower), "{\"leaderId\":\"" + leader.principal() + "\"}");
    }

    private static String step(App app) {
        return "/servicePrincipals/" + app.principal() + "/assignmentsInStepWith";
    }

    private static Response assign(App app, String role) {
        return service.post(
                "/servicePrincipals/" + app.principal() + "/appRoleAssignedTo",
                "{\"principalId\":\"" + service.user.id() + "\",\"appRoleId\":\"" + role + "\"}");
    }

    private static List<String> held(App app) {
        var held = new ArrayList<String>();
        service.get("/servicePrincipals/" + app.principal() + "/appRoleAssignedTo")
                .json()
                .path("value")
                .forEach(a -> held.add(a.path("principalDisplayName").asString() + " as "
                        + a.path("appRoleDisplayName").asString()));
        return held;
    }

    @Test
    void whoIsAssignedToOneIsAssignedToTheOther() {
        App hub = app("hub");
        App login = app("login port");
        made(follow(login, hub));

        made(service.patch(
                "/applications/" + hub.id(),
                "{\"appRoles\":[{\"id\":\"" + READER + "\",\"displayName\":\"Reader\",\"value\":\"Reader\","
                        + "\"description\":\"reads\",\"isEnabled\":true,\"allowedMemberTypes\":[\"User\"]}]}"));
        String id = made(assign(hub, READER)).text("/id");
        assertEquals(held(hub), held(login));
        assertEquals(1, held(login).size());
        assertTrue(held(login).getFirst().endsWith(" as Reader"), held(login).toString());
        made(service.patch(
                "/servicePrincipals/" + hub.principal() + "/appRoleAssignedTo/" + id, "{\"reason\":\"because\"}"));
        assertEquals(
                "because",
                service.get("/servicePrincipals/" + login.principal() + "/appRoleAssignedTo")
                        .text("/value/0/reason"));
        made(service.patch("/servicePrincipals/" + hub.principal(), "{\"appRoleAssignmentRequired\":false}"));
        assertEquals(
                false,
                service.get("/servicePrincipals/" + login.principal())
                        .json()
                        .path("appRoleAssignmentRequired")
                        .asBoolean());

        made(service.delete("/servicePrincipals/" + hub.principal() + "/appRoleAssignedTo/" + id));

        assertEquals(List.of(), held(login));
        assertEquals("hub", service.get(step(login)).text("/leader/displayName"));
        assertEquals("login port", service.get(step(hub)).text("/followers/0/displayName"));
    }

    @Test
    void eachFollowersEntryStandsInTheAuditLogToo() {
        App hub = app("audited hub");
        App login = app("audited login");
        made(follow(login, hub));

        made(assign(hub, "00000000-0000-0000-0000-000000000000"));

        String log = service.get("/auditLogs/directoryAudits?$top=20").raw().body();
        assertTrue(log.contains("audited login"), log);
        assertTrue(log.contains("inStepWith"), log);
        assertTrue(log.contains("Keep assignments in step"), log);
    }

    @Test
    void aFollowerIsChangedAtItsLeaderOnly() {
        App hub = app("leading");
        App login = app("following");
        made(assign(hub, "00000000-0000-0000-0000-000000000000"));
        made(follow(login, hub));
        String copy = service.get("/servicePrincipals/" + login.principal() + "/appRoleAssignedTo")
                .text("/value/0/id");

        Response assigned = assign(login, "00000000-0000-0000-0000-000000000000");
        Response removed = service.delete("/servicePrincipals/" + login.principal() + "/appRoleAssignedTo/" + copy);
        Response reviewed =
                service.post("/assignmentReviews/" + copy + "/decide", "{\"decision\":\"remove\",\"reason\":\"no\"}");
        Response required =
                service.patch("/servicePrincipals/" + login.principal(), "{\"appRoleAssignmentRequired\":false}");

        for (Response refused : List.of(assigned, removed, reviewed, required)) {
            assertEquals(409, refused.status(), refused.raw().body());
            assertTrue(
                    refused.raw().body().contains("is kept in step with 'leading': change it there"),
                    refused.raw().body());
        }
        assertEquals(held(hub), held(login));
        made(service.delete(step(login)));
        made(service.delete("/servicePrincipals/" + login.principal() + "/appRoleAssignedTo/" + copy));
        assertEquals(1, held(hub).size());
    }

    @Test
    void nobodyFollowsAFollower() {
        App first = app("first");
        App second = app("second");
        App third = app("third");
        made(follow(second, first));

        assertEquals(409, follow(third, second).status());
        assertEquals(409, follow(first, third).status());
        assertEquals(400, follow(third, third).status());
        assertEquals(
                400,
                service.api("PUT", step(third), "{\"leaderId\":\"00000000-0000-0000-0000-000000000001\"}")
                        .status());
        assertEquals(400, service.api("PUT", step(third), "{}").status());
        assertTrue(service.get(step(third)).json().path("leader").isNull());
    }

    @Test
    void theStepIsExportedAndAppliedAlsoBeforeItsLeader() {
        App hub = app("Zebra hub");
        App login = app("Aardvark login");
        made(assign(hub, "00000000-0000-0000-0000-000000000000"));
        String path = "/onPremisesPublishingProfiles/applicationProxy/declarations";
        String both = "{\"applications\":[{\"displayName\":\"Aardvark login\",\"assignmentsInStepWith\":\"Zebra hub\","
                + "\"onPremisesPublishing\":{\"internalUrl\":\"http://login.corp/\"}},"
                + "{\"displayName\":\"Zebra hub\",\"onPremisesPublishing\":{\"internalUrl\":\"http://hub.corp/\"}}]}";

        made(service.post(path + "/apply", both));

        assertEquals(held(hub), held(login));
        String exported = "";
        for (var one : service.get(path + "?$top=999").json().path("value")) {
            exported += one.path("displayName").asString().equals("Aardvark login") ? one.toString() : "";
        }
        assertTrue(exported.contains("\"assignmentsInStepWith\":\"Zebra hub\""), exported);
        assertTrue(!exported.contains("assignedUsers"), exported);
        Response again = made(service.post(path + "/apply", "{\"applications\":[" + exported + "]}"));
        assertEquals("none", again.text("/changes/0/action"), again.raw().body());
        Response mixed = service.post(
                path + "/apply",
                "{\"applications\":[{\"displayName\":\"Aardvark login\",\"assignmentsInStepWith\":\"Zebra hub\","
                        + "\"assignedUsers\":[]}]}");
        assertEquals(400, mixed.status());
        made(service.post(
                path + "/apply",
                "{\"applications\":[{\"displayName\":\"Aardvark login\",\"assignmentsInStepWith\":null}]}"));
        assertTrue(service.get(step(login)).json().path("leader").isNull());
    }
}
