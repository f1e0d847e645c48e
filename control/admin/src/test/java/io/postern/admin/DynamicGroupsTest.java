package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.UserId;
import io.postern.fixtures.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Groups whose members a rule finds (4.3), through the API, with the upkeep called by hand.
class DynamicGroupsTest {
    private static final String SALES = "user.department -eq \\\"Sales\\\"";

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.now());
    private Installation service;

    @BeforeEach
    void open() {
        service = new Installation(folder, clock);
    }

    @AfterEach
    void close() {
        service.close();
    }

    private int work() {
        return service.administration.services().memberships().upkeep().work();
    }

    private String user(String name, String more) {
        Response made = service.post(
                "/users",
                "{\"userPrincipalName\":\"%s@contoso.example\",\"displayName\":\"%s\",\"passwordProfile\":{\"password\":\"wrong horse staple\"}%s}"
                        .formatted(name, name, more));
        assertEquals(201, made.status(), made.raw().body());
        return made.text("/id");
    }

    private String dynamic(String name, String rule) {
        Response made = service.post("/groups", body(name, rule));
        assertEquals(201, made.status(), made.raw().body());
        return made.text("/id");
    }

    private static String body(String name, String rule) {
        return "{\"displayName\":\"" + name + "\",\"groupTypes\":[\"DynamicMembership\"],\"membershipRule\":\"" + rule
                + "\",\"mailEnabled\":false,\"mailNickname\":\"x\",\"securityEnabled\":true,"
                + "\"membershipRuleProcessingState\":\"On\"}";
    }

    private List<String> members(String group) {
        return names(service.get("/groups/" + group + "/members"));
    }

    private static List<String> names(Response list) {
        assertEquals(200, list.status(), list.raw().body());
        return StreamSupport.stream(list.json().path("value").spliterator(), false)
                .map(member -> member.path("displayName").asString(""))
                .toList();
    }

    private void patched(String path, String body) {
        Response response = service.patch(path, body);
        assertEquals(204, response.status(), response.raw().body());
    }

    private void refused(int status, String told, Response response) {
        assertEquals(status, response.status(), response.raw().body());
        assertTrue(
                response.text("/error/message").contains(told), response.raw().body());
    }

    @Test
    void membersFollowEveryChangeOfAUser() {
        String ann = user("ann", ",\"department\":\"Sales\"");
        String bea = user("bea", ",\"department\":\"Legal\"");
        String group = dynamic("Sales", SALES);
        Response shown = service.get("/groups/" + group);
        assertEquals("DynamicMembership", shown.text("/groupTypes/0"));
        assertEquals("user.department -eq \"Sales\"", shown.text("/membershipRule"));
        assertEquals("On", shown.text("/membershipRuleProcessingState"));

        assertEquals(1, work());
        assertEquals(List.of("ann"), members(group));
        patched("/users/" + bea, "{\"department\":\"sales\"}");
        assertEquals(1, work());
        assertEquals(List.of("ann", "bea"), members(group));
        patched("/users/" + ann, "{\"department\":null}");
        String cleo = user("cleo", ",\"department\":\"SALES\"");
        assertEquals(2, work());
        assertEquals(List.of("bea", "cleo"), members(group));
        assertEquals(204, service.delete("/users/" + cleo).status());
        assertEquals(0, work());
        assertEquals(List.of("bea"), members(group));

        List<String> told = service.store.read(stores -> stores.audit().list(service.tenant.id(), 50)).stream()
                .filter(entry -> entry.details().containsKey("member"))
                .filter(entry -> entry.initiator().id().equals("postern"))
                .map(entry -> entry.activity() + " " + entry.details().get("rule"))
                .sorted()
                .toList();
        String by = " user.department -eq \"Sales\"";
        assertEquals(
                List.of(
                        "Add member to group" + by,
                        "Add member to group" + by,
                        "Add member to group" + by,
                        "Remove member from group" + by),
                told);
    }

    @Test
    void addressesAreACollection() {
        String ann = user("ann", ",\"otherMails\":[\"ann@home.example\",\"a@club.example\"]");
        assertEquals("a@club.example", service.get("/users/" + ann).text("/otherMails/1"));
        String group = dynamic("Club", "user.otherMails -any (_ -endsWith \\\"@club.example\\\")");
        work();
        assertEquals(List.of("ann"), members(group));
        patched("/users/" + ann, "{\"otherMails\":[]}");
        work();
        assertEquals(List.of(), members(group));
        refused(
                400,
                "employeeHireDate 'soon' is no date",
                service.patch("/users/" + ann, "{\"employeeHireDate\":\"soon\"}"));
        refused(400, "otherMails must have 1 to 256", service.patch("/users/" + ann, "{\"otherMails\":[\"\"]}"));
    }

    @Test
    void anotherRuleAsksEverybodyAndAPauseNobody() {
        user("ann", ",\"department\":\"Sales\"");
        String bea = user("bea", ",\"department\":\"Legal\"");
        String group = dynamic("People", SALES);
        work();

        patched(
                "/groups/" + group,
                "{\"membershipRule\":\"user.department -ne \\\"Sales\\\" -and user.givenName -eq null\"}");
        work();
        assertTrue(members(group).contains("bea") && !members(group).contains("ann"));

        patched(
                "/groups/" + group,
                "{\"membershipRuleProcessingState\":\"Paused\",\"membershipRule\":\"" + SALES + "\"}");
        patched("/users/" + bea, "{\"department\":\"Sales\"}");
        work();
        assertTrue(!members(group).contains("ann"), "as it was");
        patched("/groups/" + group, "{\"membershipRuleProcessingState\":\"On\"}");
        work();
        assertEquals(List.of("ann", "bea"), members(group));

        patched("/groups/" + group, "{\"groupTypes\":[]}");
        assertEquals(0, work());
        assertEquals(List.of("ann", "bea"), members(group), "now assigned, and can be taken out by hand");
        assertEquals(
                204,
                service.delete("/groups/" + group + "/members/" + bea + "/$ref").status());
        patched("/users/" + bea, "{\"department\":\"Sales \"}");
        assertEquals(0, work());
    }

    @Test
    void whatDoesNotFitIsRefusedWithItsPlaceAndChangesNothing() {
        String group = dynamic("Sales", SALES);
        String assigned =
                service.post("/groups", "{\"displayName\":\"Assigned\"}").text("/id");
        String reference = "{\"@odata.id\":\"https://x/users/" + service.user.id() + "\"}";

        refused(
                400,
                "membershipRule, line 1, column 17: found '-is', expected an operator",
                service.patch("/groups/" + group, "{\"membershipRule\":\"user.department -is \\\"x\\\"\"}"));
        refused(
                400,
                "a dynamic group needs a membershipRule",
                service.patch("/groups/" + assigned, "{\"groupTypes\":[\"DynamicMembership\"]}"));
        refused(400, "give groupTypes", service.patch("/groups/" + assigned, "{\"membershipRule\":\"" + SALES + "\"}"));
        refused(
                400,
                "is unknown; use [\"DynamicMembership\"] or []",
                service.patch("/groups/" + assigned, "{\"groupTypes\":[\"Unified\"]}"));
        refused(
                400,
                "use On or Paused",
                service.patch("/groups/" + group, "{\"membershipRuleProcessingState\":\"Off\"}"));
        refused(
                409,
                "a rule finds the members of group 'Sales'",
                service.post("/groups/" + group + "/members/$ref", reference));
        refused(
                409,
                "a rule finds the members",
                service.delete("/groups/" + group + "/members/" + service.user.id() + "/$ref"));
        refused(
                400,
                "there is no group",
                service.post("/groups", body("x", asks("99999999-2222-4333-8444-555555555555"))));
        refused(
                400,
                "of its own group",
                service.patch("/groups/" + group, "{\"membershipRule\":\"" + asks(group) + "\"}"));
        String asking = dynamic("Asking", asks(group));
        refused(400, "uses memberOf itself", service.post("/groups", body("x", asks(asking))));
        refused(
                400,
                "must do without memberOf",
                service.patch("/groups/" + group, "{\"membershipRule\":\"" + asks(assigned) + "\"}"));
        assertEquals(
                "user.department -eq \"Sales\"", service.get("/groups/" + group).text("/membershipRule"));
    }

    private static String asks(String group) {
        return "user.memberOf -any (group.objectId -in ['" + group + "'])";
    }

    @Test
    void aRuleThatAsksForMembersOfAGroupFollowsThatGroup() {
        String ann = user("ann", "");
        String source = service.post("/groups", "{\"displayName\":\"Source\"}").text("/id");
        String sales = dynamic("Sales", SALES);
        String either = dynamic("Either", asks(source) + " -or " + asks(sales));
        work();
        assertEquals(List.of(), members(either));

        assertEquals(
                204,
                service.post("/groups/" + source + "/members/$ref", "{\"@odata.id\":\"https://x/users/" + ann + "\"}")
                        .status());
        work();
        assertEquals(List.of("ann"), members(either));
        patched("/users/" + ann, "{\"department\":\"Sales\"}");
        work();
        assertEquals(204, service.delete("/groups/" + source).status());
        work();
        assertEquals(List.of("ann"), members(either), "by the dynamic one");
        patched("/users/" + ann, "{\"department\":\"x\"}");
        work();
        assertEquals(List.of(), members(either));
    }

    @Test
    void theClockAloneTurnsARule() {
        String ann = user("ann", ",\"employeeHireDate\":\"" + clock.instant().minus(Duration.ofDays(29)) + "\"");
        String recent = dynamic("Recent", "user.employeeHireDate -ge system.now -minus p30d");
        String old = dynamic("Old", "user.employeeHireDate -le system.now -minus p30d");
        work();
        assertEquals(List.of("ann"), members(recent));
        assertEquals(List.of(), members(old));
        clock.advance(Duration.ofHours(23));
        assertEquals(0, work());

        clock.advance(Duration.ofHours(2));
        work();
        assertEquals(List.of(), members(recent));
        assertEquals(List.of("ann"), members(old));

        patched("/users/" + ann, "{\"employeeHireDate\":\"" + clock.instant().minus(Duration.ofDays(1)) + "\"}");
        work();
        assertEquals(List.of("ann"), members(recent));
        clock.advance(Duration.ofDays(30));
        work();
        assertEquals(List.of(), members(recent));
    }

    @Test
    void directReportsFollowTheirManager() {
        String boss = user("boss", "");
        user("ann", ",\"manager\":\"" + boss + "\"");
        String group = dynamic("Reports", "Direct Reports for \\\"" + boss + "\\\"");
        work();
        assertEquals(List.of("ann"), members(group));
    }

    @Test
    void anotherNodeGoesOnWhenOneStops() {
        String group = dynamic("Sales", SALES);
        work();
        user("ann", ",\"department\":\"Sales\"");
        var other = service.node("other");
        assertEquals(0, other.services().memberships().upkeep().work(), "the first has the lease");
        clock.advance(Duration.ofSeconds(6));
        assertEquals(1, other.services().memberships().upkeep().work());
        assertEquals(List.of("ann"), members(group));
        other.close();
    }

    @Test
    void aTrialTellsWhyAndWhoWithoutEffect() {
        String ann = user("ann", ",\"department\":\"Sales\"");
        String bea = user("bea", ",\"department\":\"Legal\"");
        String group = dynamic("Sales", SALES);
        work();

        Response saved =
                service.post("/groups/" + group + "/evaluateDynamicMembership", "{\"memberId\":\"" + bea + "\"}");
        assertEquals(200, saved.status(), saved.raw().body());
        assertEquals("false", saved.text("/membershipRuleEvaluationResult"));
        assertEquals("Legal", saved.text("/membershipRuleEvaluationDetails/propertyToEvaluate/propertyValue"));
        assertEquals("user.department", saved.text("/membershipRuleEvaluationDetails/propertyToEvaluate/propertyName"));

        String other = "user.department -eq \\\"Legal\\\" -or user.city -ne null";
        Response given = service.post(
                "/groups/evaluateDynamicMembership",
                "{\"memberId\":\"" + bea + "\",\"membershipRule\":\"" + other + "\"}");
        assertEquals("true", given.text("/membershipRuleEvaluationResult"));
        assertEquals(
                "false", given.text("/membershipRuleEvaluationDetails/expressionEvaluationDetails/1/expressionResult"));

        Response outlook = service.post(
                "/groups/previewMembershipRule",
                "{\"groupId\":\"" + group + "\",\"membershipRule\":\"" + other + "\"}");
        assertEquals(
                "1 1 0",
                outlook.text("/joinCount") + " " + outlook.text("/leaveCount") + " " + outlook.text("/stayCount"));
        assertEquals(bea, outlook.text("/joining/0/id"));
        assertEquals(ann, outlook.text("/leaving/0/id"));
        assertEquals(List.of("ann"), members(group));
        refused(
                400,
                "line 1, column 1",
                service.post("/groups/previewMembershipRule", "{\"membershipRule\":\"department\"}"));
    }

    @Test
    void groupsWithinGroupsAreReadThroughEveryLevelAndNeverInACircle() {
        String ann = user("ann", "");
        String top = service.post("/groups", "{\"displayName\":\"top\"}").text("/id");
        String middle = service.post("/groups", "{\"displayName\":\"middle\"}").text("/id");
        String bottom = service.post("/groups", "{\"displayName\":\"bottom\"}").text("/id");
        nest(204, top, middle);
        nest(204, middle, bottom);
        assertEquals(
                204,
                service.post("/groups/" + bottom + "/members/$ref", "{\"@odata.id\":\"https://x/users/" + ann + "\"}")
                        .status());

        Response circle = nest(409, bottom, top);
        assertTrue(
                circle.text("/error/message").contains("'bottom' would be within itself"),
                circle.raw().body());
        nest(409, top, top);
        nest(409, top, middle);
        assertEquals(List.of("middle"), members(top));
        assertEquals(
                "#microsoft.graph.group",
                service.get("/groups/" + top + "/members")
                        .json()
                        .at("/value/0/@odata.type")
                        .asString(""));
        assertEquals(List.of("ann", "bottom", "middle"), names(service.get("/groups/" + top + "/transitiveMembers")));
        assertEquals(List.of("middle", "top"), names(service.get("/groups/" + bottom + "/transitiveMemberOf")));
        assertEquals(List.of("middle"), names(service.get("/groups/" + bottom + "/memberOf")));
        assertEquals(List.of("bottom", "middle", "top"), names(service.get("/users/" + ann + "/transitiveMemberOf")));
        assertEquals(List.of("bottom"), names(service.get("/users/" + ann + "/memberOf")), "assignments go by these");

        Response dynamic = service.patch(
                "/groups/" + middle, "{\"groupTypes\":[\"DynamicMembership\"],\"membershipRule\":\"" + SALES + "\"}");
        refused(409, "has groups as members", dynamic);
        assertEquals(
                204,
                service.delete("/groups/" + top + "/members/" + middle + "/$ref")
                        .status());
        assertEquals(
                404,
                service.delete("/groups/" + top + "/members/" + middle + "/$ref")
                        .status());
        assertEquals(List.of(), members(top));
    }

    private Response nest(int status, String group, String member) {
        Response response = service.post(
                "/groups/" + group + "/members/$ref", "{\"@odata.id\":\"https://x/groups/" + member + "\"}");
        assertEquals(status, response.status(), response.raw().body());
        return response;
    }

    /// ASG-3, and no stale claim: who a rule lets go of is out of the next picture of the gateway.
    @Test
    void whatIsAssignedFollowsTheRuleAndReachesNoNestedGroup() {
        String ann = user("ann", ",\"department\":\"Sales\"");
        String sales = dynamic("Sales", SALES);
        String outer = service.post("/groups", "{\"displayName\":\"Outer\"}").text("/id");
        nest(204, outer, sales);
        work();
        String bySales = assigned("by-sales", sales);
        String byOuter = assigned("by-outer", outer);

        assertTrue(mayUse(bySales, ann));
        assertTrue(!mayUse(byOuter, ann), "within, but no direct member");
        patched("/users/" + ann, "{\"department\":\"Legal\"}");
        work();
        assertTrue(!mayUse(bySales, ann));
    }

    /// @return the client id of the application
    private String assigned(String name, String group) {
        String id = service.post(
                        "/applications",
                        "{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{\"internalUrl\":\"http://" + name
                                + ".corp/\"}}")
                .text("/id");
        String appId = service.get("/applications/" + id).text("/appId");
        String principal = service.get("/servicePrincipals?$filter=appId%20eq%20'" + appId + "'")
                .text("/value/0/id");
        Response done = service.post(
                "/servicePrincipals/" + principal + "/appRoleAssignedTo", "{\"principalId\":\"" + group + "\"}");
        assertEquals(201, done.status(), done.raw().body());
        return appId;
    }

    private boolean mayUse(String appId, String user) {
        service.administration.catchUp();
        return service.administration.snapshots().current().applications().stream()
                .filter(application -> application.appId().value().equals(appId))
                .anyMatch(application -> application.assigned().contains(new UserId(user)));
    }

    @Test
    void severalRulesEachFindTheirOwn() {
        for (int i = 0; i < 3; i++) {
            user("u" + i, ",\"department\":\"Sales\"");
        }
        String first = dynamic("First", SALES);
        String second = dynamic("Second", "user.accountEnabled -eq true");
        assertTrue(work() > 3);
        JsonNode found = service.get("/groups/" + second + "/members").json();
        assertEquals(3, members(first).size());
        assertEquals(5, found.path("value").size());
    }
}
