package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.admin.OutboundPeer.Scripted;
import io.postern.store.User;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Users and groups are provisioned to an application: another installation, by SCIM.
class OutboundTest {
    private static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    @TempDir
    static Path folder;

    private static OutboundSite site;

    @BeforeAll
    static void open() throws IOException {
        site = new OutboundSite(folder);
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @BeforeEach
    void anew() {
        site.anew();
    }

    private JsonNode there(String localPart) {
        return site.peer.user(localPart + "@contoso.example").orElseThrow();
    }

    private boolean isActive(String localPart) {
        return there(localPart).path("active").asBoolean();
    }

    private List<String> members(String group) {
        JsonNode found = site.peer.group(group).orElseThrow();
        return ScimInstallation.texts(found.path("members"), "value");
    }

    @Test
    void whoIsAssignedIsBroughtWithHisGroups() {
        User anna = site.assigned("anna", "Anna Berg");
        site.change(anna, "{\"department\":\"Sales\",\"givenName\":\"Anna\",\"mail\":\"anna@contoso.example\"}");
        User ben = site.service.someone("ben", "Ben Vogt");
        User cora = site.service.someone("cora", "Cora Mai");
        site.assign(site.group("Team", anna, ben));
        site.running("");

        assertEquals(3, site.work());

        JsonNode user = there("anna");
        assertEquals("Anna Berg", user.path("displayName").asString());
        assertEquals(anna.id().value(), user.path("externalId").asString());
        assertEquals("Anna", user.at("/name/givenName").asString());
        assertEquals("anna@contoso.example", user.at("/emails/0/value").asString());
        assertEquals("Sales", user.path(ENTERPRISE).path("department").asString());
        assertEquals(
                List.of(user.path("id").asString(), there("ben").path("id").asString()).stream()
                        .sorted()
                        .toList(),
                members("Team"));
        assertTrue(site.peer.user(cora.userPrincipalName()).isEmpty(), "nobody assigned her");
        assertEquals("Active", site.status().path("code").asString());
        assertEquals(2, site.status().path("users").asInt());
        JsonNode entry = site.log().getLast();
        assertEquals("create", entry.path("provisioningAction").asString());
        assertEquals("success", entry.at("/provisioningStatusInfo/status").asString());
        site.peer.calls.clear();
        assertEquals(0, site.workAfter(Duration.ofHours(1)), "everything is known");
        assertEquals(List.of(), site.peer.calls);
    }

    @Test
    void aChangeIsSentAlone() {
        User anna = site.assigned("anna", "Anna Berg");
        site.running("").work();
        site.peer.calls.clear();

        site.change(anna, "{\"jobTitle\":\"Guide\"}");
        assertEquals(1, site.work());

        assertEquals("Guide", there("anna").path("title").asString());
        String sent = site.peer.calls.getFirst();
        assertTrue(sent.startsWith("PATCH "), sent);
        assertTrue(sent.contains("\"path\":\"title\"") && !sent.contains("displayName"), sent);
        site.change(anna, "{\"jobTitle\":null}");
        assertEquals(1, site.work());
        assertFalse(there("anna").has("title"));
    }

    @Test
    void whoLosesHisRightIsDisabledAndWhoIsDeletedGoes() {
        User anna = site.assigned("anna", "Anna Berg");
        User ben = site.assigned("ben", "Ben Vogt");
        String team = site.group("Team", anna, ben);
        site.assign(team);
        site.running("").work();

        site.change(anna, "{\"accountEnabled\":false}");
        site.work();
        assertFalse(isActive("anna"));
        site.change(anna, "{\"accountEnabled\":true}");
        site.work();
        assertTrue(isActive("anna"));

        site.unassign(ben.id().value());
        site.service.delete("/groups/" + team + "/members/" + ben.id() + "/$ref");
        site.work();
        assertFalse(isActive("ben"));
        assertEquals(List.of(there("anna").path("id").asString()), members("Team"));
        site.assign(ben.id().value());
        site.work();
        assertTrue(isActive("ben"));

        assertEquals(204, site.service.delete("/users/" + ben.id()).status());
        site.work();
        assertTrue(site.peer.user(ben.userPrincipalName()).isEmpty());
        assertTrue(site.log().stream()
                .anyMatch(entry -> entry.path("provisioningAction").asString().equals("delete")));
        site.unassign(team);
        site.work();
        assertTrue(site.peer.group("Team").isEmpty(), "a group that is not assigned goes");
    }

    @Test
    void whoIsThereAlreadyIsTakenOver() {
        site.assign(site.service.user.id().value());
        String known = there("a.user").path("id").asString();
        site.running("");

        site.work();

        assertEquals(known, there("a.user").path("id").asString());
        assertEquals(
                site.service.user.id().value(),
                there("a.user").path("externalId").asString());
        assertEquals(0, site.peer.count("POST /scim/v2/Users"));
    }

    @Test
    void whatIsGoneThereIsMadeAnew() {
        User anna = site.assigned("anna", "Anna Berg");
        site.running("").work();
        site.peer.scim.delete("/Users/" + there("anna").path("id").asString());

        site.change(anna, "{\"jobTitle\":\"Guide\"}");
        site.work();
        site.workAfter(Duration.ofSeconds(1));

        assertEquals("Guide", there("anna").path("title").asString());
    }

    @Test
    void stepsThatAreOffAreNotDone() {
        User anna = site.assigned("anna", "Anna Berg");
        site.running(",\"targetObjectActions\":[\"create\"],\"provisionGroups\":false")
                .work();
        site.assign(site.group("Team", anna));

        site.change(anna, "{\"jobTitle\":\"Guide\",\"accountEnabled\":false}");
        assertEquals(0, site.work());
        site.unassign(anna.id().value());
        site.service.delete("/users/" + anna.id());
        assertEquals(0, site.workAfter(Duration.ofHours(1)));

        assertTrue(isActive("anna"));
        assertTrue(site.peer.group("Team").isEmpty());
    }

    @Test
    void aMappingSaysWhatIsSent() {
        User anna = site.assigned("anna", "Anna Berg");
        site.change(anna, "{\"givenName\":\"Anna\",\"department\":\"Sales\",\"jobTitle\":\"Guide\"}");

        site.running(",\"attributeMappings\":{\"title\":\"none\",\"nickName\":\"upper(givenName)\","
                        + "\"urn:example:desk:1.0:User:team\":\"department\"}")
                .work();

        String sent = site.peer.calls.stream()
                .filter(call -> call.startsWith("POST"))
                .findFirst()
                .orElseThrow();
        assertTrue(sent.contains("\"nickName\":\"ANNA\""), sent);
        assertTrue(sent.contains("\"urn:example:desk:1.0:User\":{\"team\":\"Sales\"}"), sent);
        assertFalse(sent.contains("Guide"), sent);
        Response bad = site.service.api(
                "PUT", site.job, site.settings(",\"attributeMappings\":{\"title\":\"jobTile\",\"x\":\"mail\"}"));
        assertEquals(400, bad.status());
        assertTrue(
                bad.raw().body().contains("jobtile") || bad.raw().body().contains("'x'"),
                bad.raw().body());
    }

    @Test
    void oneUserIsBroughtOnDemandStepByStep() {
        User anna = site.assigned("anna", "Anna Berg");
        User cora = site.service.someone("cora", "Cora Mai");
        OutboundSite.ok(site.service.api("PUT", site.job, site.settings("")));

        Response done = OutboundSite.ok(
                site.service.post(site.job + "/provisionOnDemand", "{\"userId\":\"" + anna.id() + "\"}"));
        assertEquals("success", done.text("/status"));
        assertEquals("create", done.text("/provisioningAction"));
        assertEquals(
                List.of("export", "match", "scope"),
                ScimInstallation.texts(done.json().path("provisioningSteps"), "name"));
        assertTrue(isActive("anna"));
        Response skipped = OutboundSite.ok(
                site.service.post(site.job + "/provisionOnDemand", "{\"userId\":\"" + cora.id() + "\"}"));
        assertEquals("skipped", skipped.text("/status"));
        site.peer.script.add(
                Scripted.of("PATCH", 400, "{\"detail\":\"no guides here\",\"scimType\":\"invalidValue\"}"));
        site.change(anna, "{\"jobTitle\":\"Guide\"}");
        Response failed = OutboundSite.ok(
                site.service.post(site.job + "/provisionOnDemand", "{\"userId\":\"" + anna.id() + "\"}"));
        assertEquals("failure", failed.text("/status"));
        assertTrue(
                failed.raw().body().contains("400 (invalidValue): no guides here"),
                failed.raw().body());
    }

    @Test
    void aConnectionIsTriedAndTheSecretIsNeverShown() {
        OutboundSite.ok(site.service.api("PUT", site.job, site.settings("")));
        assertTrue(OutboundSite.ok(site.service.post(site.job + "/validateCredentials", "{}"))
                .json()
                .path("succeeded")
                .asBoolean());
        assertFalse(site.service.get(site.job).raw().body().contains(site.peer.scim.token()));

        Response moved = site.service.api("PUT", site.job, "{\"targetUrl\":\"https://other.example/scim\"}");
        assertEquals(400, moved.status(), "a new address needs the secret again");
        OutboundSite.ok(site.service.api("PUT", site.job, "{\"secret\":\"wrong\"}"));
        Response tried = OutboundSite.ok(site.service.post(site.job + "/validateCredentials", "{}"));
        assertFalse(tried.json().path("succeeded").asBoolean());
        assertTrue(tried.text("/message").contains("401"), tried.raw().body());
    }

    @Test
    void aPausedJobSendsNothingAndFindsEverythingLater() {
        User anna = site.assigned("anna", "Anna Berg");
        site.running("").work();
        OutboundSite.ok(site.service.post(site.job + "/pause", "{}"));
        site.change(anna, "{\"jobTitle\":\"Guide\"}");
        assertEquals(0, site.workAfter(Duration.ofHours(1)));

        OutboundSite.ok(site.service.post(site.job + "/start", "{}"));
        assertEquals(1, site.work());
        assertEquals("Guide", there("anna").path("title").asString());
        assertEquals(204, site.service.delete(site.job).status());
        assertEquals(404, site.service.get(site.job).status());
        assertTrue(isActive("anna"), "users stay");
    }

    @Test
    void manyRemovalsWaitForSomebodysWord() {
        User[] all = new User[12];
        for (int i = 0; i < all.length; i++) {
            all[i] = site.service.someone("u" + i, "U " + i);
        }
        String team = site.group("Team", all);
        site.assign(team);
        User anna = site.assigned("anna", "Anna Berg");
        site.running("").work();
        site.change(site.service.administrator, "{\"mail\":\"simon@mail.example\"}");

        site.unassign(team);
        site.change(anna, "{\"jobTitle\":\"Guide\"}");
        assertEquals(1, site.work(), "the others go on");
        assertEquals(13, site.status().path("heldRemovals").asInt());
        assertTrue(isActive("u3"));
        assertEquals("Guide", there("anna").path("title").asString());
        assertEquals(0, site.work(), "nothing is done again and again");
        assertTrue(site.service
                .store
                .read(s -> s.outbound().ready(site.clock.instant()))
                .isEmpty());
        assertEquals(0, site.workAfter(Duration.ofHours(1)));
        assertEquals(13, site.status().path("heldRemovals").asInt());
        assertEquals(
                List.of("Provisioning to Desk waits for you"),
                site.service.store.read(s -> s.notices().due(site.clock.instant(), 9)).stream()
                        .map(notice -> notice.subject())
                        .toList());

        OutboundSite.ok(site.service.post(site.job + "/start", "{\"allowedRemovals\":13}"));
        assertEquals(13, site.work());
        assertFalse(isActive("u3"));
        assertEquals(0, site.status().path("heldRemovals").asInt());
    }

    @Test
    void anApplicationThatAsksForTimeGetsIt() {
        site.assigned("anna", "Anna Berg");
        site.running("");
        site.peer.script.add(new Scripted("POST", 429, Map.of("Retry-After", "120"), ""));

        assertEquals(0, site.work());
        assertEquals(0, site.workAfter(Duration.ofSeconds(119)));
        assertEquals(1, site.workAfter(Duration.ofSeconds(2)));
        assertTrue(isActive("anna"));
        assertEquals(0, site.status().path("failures").asInt());
    }

    @Test
    void oneThatIsRefusedKeepsNobodyWaiting() {
        site.assigned("anna", "Anna Berg");
        site.assigned("ben", "Ben Vogt");
        site.running("");
        site.peer.script.add(Scripted.of("POST", 400, "{\"detail\":\"no\"}"));

        assertEquals(1, site.work());
        JsonNode error = site.status().path("errors").path(0);
        assertEquals("the application answers 400: no", error.path("message").asString());
        assertEquals(0, site.work(), "it is not tried again at once");
        assertEquals(1, site.workAfter(Duration.ofMinutes(6)));
        assertEquals(0, site.status().path("errors").size());
    }

    @Test
    void brokenAnswersAreFaultsAndNobodyIsMadeTwice() {
        site.assigned("anna", "Anna Berg");
        site.running("");
        site.peer.script.add(Scripted.of("GET", 200, "{\"Resources\":"));
        assertEquals(0, site.work());
        site.peer.script.add(
                Scripted.of("GET", 200, "{\"totalResults\":2,\"Resources\":[{\"id\":\"1\"},{\"id\":\"2\"}]}"));
        assertEquals(0, site.workAfter(Duration.ofMinutes(6)));
        assertTrue(
                site.status().at("/errors/0/message").asString().contains("several"),
                site.status().toString());
        // made, but the answer is lost
        site.peer.script.add(Scripted.of("GET", 200, "{\"totalResults\":0,\"Resources\":[]}"));
        assertEquals(
                201,
                site.peer
                        .scim
                        .post("/Users", "{\"userName\":\"anna@contoso.example\"}")
                        .status());
        assertEquals(1, site.workAfter(Duration.ofMinutes(11)), "409 leads to the one that is there");
        assertEquals("Anna Berg", there("anna").path("displayName").asString());
    }

    @Test
    void anApplicationThatFailsIsLeftAloneAndCatchesUp() {
        for (String name : List.of("anna", "ben", "cora", "dora")) {
            site.assigned(name, name);
        }
        site.running("");
        site.change(site.service.administrator, "{\"mail\":\"simon@mail.example\"}");
        for (int turn = 0; turn < 5; turn++) {
            for (int i = 0; i < 3; i++) {
                site.peer.script.add(Scripted.of("GET", 500, "<html>oops"));
            }
            assertEquals(0, site.workAfter(Duration.ofHours(turn)));
        }
        assertEquals("Quarantine", site.status().path("code").asString());
        assertEquals(0, site.workAfter(Duration.ofMinutes(59)));
        assertEquals(4, site.workAfter(Duration.ofMinutes(2)));
        assertEquals("Active", site.status().path("code").asString());
        assertEquals(
                1,
                site.service
                        .store
                        .read(s -> s.notices().due(site.clock.instant(), 9))
                        .size(),
                "told once");
    }

    @Test
    void aTokenThatIsNotTakenIsQuarantinedAtOnce() {
        site.assigned("anna", "Anna Berg");
        site.running("");
        site.peer.script.add(Scripted.of("GET", 401, ""));

        site.work();

        assertEquals("Quarantine", site.status().path("code").asString());
        assertTrue(site.status().path("message").asString().contains("401"));
        OutboundSite.ok(site.service.api("PUT", site.job, site.settings("")));
        OutboundSite.ok(site.service.post(site.job + "/start", "{}"));
        assertEquals(1, site.work());
    }
}
