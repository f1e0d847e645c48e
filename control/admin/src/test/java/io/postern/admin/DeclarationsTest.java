package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.store.Assignment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Whole applications in one call: planned, applied, read back.
class DeclarationsTest {
    private static final String PATH = Installation.PROFILE + "/declarations";

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

    private static Response apply(boolean planOnly, String... applications) {
        return service.post(
                PATH + "/apply",
                "{\"isPlanOnly\":" + planOnly + ",\"applications\":[" + String.join(",", applications) + "]}");
    }

    private static String wanted(String name, String more) {
        return "{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{\"internalUrl\":\"http://" + name
                + ".corp/\"}" + more + "}";
    }

    private static List<String> actions(Response response) {
        assertEquals(200, response.status(), response.raw().body());
        var actions = new ArrayList<String>();
        response.json()
                .path("changes")
                .forEach(c -> actions.add(c.path("action").asString()));
        return actions;
    }

    private static long audits() {
        return service.get("/auditLogs/directoryAudits?$top=999")
                .json()
                .path("value")
                .size();
    }

    private static JsonNode declared(String name) {
        for (JsonNode one : service.get(PATH + "?$top=999").json().path("value")) {
            if (one.path("displayName").asString().equals(name)) {
                return one;
            }
        }
        throw new AssertionError("no declaration of " + name);
    }

    @Test
    void signOnTravelsWithTheDeclarationAndItsKeysDoNot() {
        Response made = apply(
                false,
                "{\"displayName\":\"signed\",\"assignedUsers\":[\"" + service.user.userPrincipalName()
                        + "\"],\"signOn\":{\"preferredSingleSignOnMode\":\"saml\",\"identifierUris\":[\"urn:signed\"],"
                        + "\"replyUrls\":[{\"url\":\"https://signed.example/acs\"}],\"claimsPolicy\":{\"claims\":["
                        + "{\"name\":\"login\",\"configurations\":[{\"attribute\":\"mail\"}]}]}}}");
        assertEquals(List.of("create"), actions(made));

        JsonNode declared = declared("signed");

        assertEquals("urn:signed", declared.at("/signOn/identifierUris/0").asString());
        assertTrue(!declared.toString().contains("tokenSigningCertificates"));
        assertEquals(List.of("none"), actions(apply(false, declared.toString())));
        ObjectNode other = ((ObjectNode) declared).put("displayName", "signed elsewhere");
        ((ObjectNode) other.path("signOn")).putArray("identifierUris").add("urn:elsewhere");
        assertEquals(List.of("create"), actions(apply(false, other.toString())));
        assertEquals(
                declared.at("/signOn/claimsPolicy"),
                declared("signed elsewhere").at("/signOn/claimsPolicy"));
    }

    @Test
    void aMistakeInTheSignOnIsNamedByItsPlace() {
        Response refused = apply(
                false, "{\"displayName\":\"wrong\",\"signOn\":{\"replyUrls\":[{\"url\":\"http://x.example/\"}]}}");

        assertEquals(400, refused.status());
        assertEquals("applications[0].signOn.replyUrls[0].url", refused.text("/error/details/0/target"));
    }

    @Test
    void planShowsWhatWouldBeAndDoesNothing() {
        long before = audits();
        Response plan = apply(true, wanted("planned", ""));

        assertEquals(List.of("create"), actions(plan));
        assertEquals(before, audits());
        assertEquals(
                0,
                service.get("/applications?$filter=displayName%20eq%20'planned'")
                        .json()
                        .path("value")
                        .size());
    }

    @Test
    void secondRunChangesNothingAndWritesNoAudit() {
        String wiki = wanted(
                "wiki",
                ",\"notes\":\"of the plant\",\"isVisibleToUsers\":false,\"appRoleAssignmentRequired\":false,"
                        + "\"homePageUrl\":\"https://wiki-contoso.postern.localhost:8443/start\","
                        + "\"assignedUsers\":[\"A.User@contoso.example\"],\"connectorGroup\":\"Default\"");

        assertEquals(List.of("create"), actions(apply(false, wiki)));
        long audits = audits();
        assertEquals(List.of("none"), actions(apply(false, wiki)));

        assertEquals(audits, audits());
        JsonNode kept = declared("wiki");
        assertEquals("of the plant", kept.path("notes").asString());
        assertEquals("a.user@contoso.example", kept.at("/assignedUsers/0").asString());
        assertEquals(
                "https://wiki-contoso.postern.localhost:8443/start",
                kept.path("homePageUrl").asString());
    }

    @Test
    void whatIsReadCanBeAppliedAndChangesNothing() {
        actions(apply(
                false,
                "{\"displayName\":\"full\",\"onPremisesPublishing\":{\"internalUrl\":\"https://full.corp:8443/a/\","
                        + "\"applicationServerTimeout\":\"PT5M\",\"isTranslateLinksInBodyEnabled\":true,"
                        + "\"responseHeaders\":{\"x-a\":\"b\"},\"requestsPerSecondMax\":7,"
                        + "\"backendTls\":{\"serverName\":\"inner.corp\",\"isHttp2Enabled\":false}}}"));
        ArrayNode all = (ArrayNode) service.get(PATH + "?$top=999").json().path("value");
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.set("applications", all);

        List<String> actions = actions(service.post(PATH + "/apply", body.toString()));

        assertTrue(actions.stream().allMatch("none"::equals), actions.toString());
    }

    /// Each tenant has ids of its own for roles and groups: the words are what travels.
    @Test
    void assignmentsKeepRoleDatesAndReasonOnTheWayToAnotherTenant() {
        String editors =
                service.post("/groups", "{\"displayName\":\"Editors\"}").text("/id");
        Response made = apply(false, wanted("carried", "," + ROLES));
        assertEquals(List.of("create"), actions(made));
        String principal = principal("carried");
        assign(principal, editors, role("carried", "Editor"), "2099-01-31T00:00:00Z", "audit");
        assign(principal, editors, role("carried", "Reader"), "2098-01-31T00:00:00Z", "before that");
        assign(principal, service.user.id().value(), Assignment.DEFAULT_ACCESS, "2097-01-31T00:00:00Z", "guest");
        assign(principal, service.administrator.id().value(), Assignment.DEFAULT_ACCESS, "", "");

        JsonNode declared = declared("carried");

        assertEquals(
                "[{\"name\":\"a.user@contoso.example\",\"endDateTime\":\"2097-01-31T00:00:00Z\",\"reason\":\"guest\"},\""
                        + service.administrator.userPrincipalName() + "\"]",
                declared.path("assignedUsers").toString());
        assertEquals(
                "[{\"name\":\"Editors\",\"appRole\":\"Editor\",\"endDateTime\":\"2099-01-31T00:00:00Z\","
                        + "\"reason\":\"audit\"},{\"name\":\"Editors\",\"appRole\":\"Reader\","
                        + "\"endDateTime\":\"2098-01-31T00:00:00Z\",\"reason\":\"before that\"}]",
                declared.path("assignedGroups").toString());
        assertEquals(List.of("none"), actions(apply(false, declared.toString())), "neither of two is lost");

        ObjectNode elsewhere = ((ObjectNode) declared).deepCopy().put("displayName", "carried elsewhere");
        elsewhere.remove("homePageUrl");
        ((ObjectNode) elsewhere.path("onPremisesPublishing"))
                .put("internalUrl", "http://carried-elsewhere.corp/")
                .remove("externalUrl");
        elsewhere
                .path("appRoles")
                .forEach(role -> ((ObjectNode) role).put("id", UUID.randomUUID().toString()));
        assertEquals(List.of("create"), actions(apply(false, elsewhere.toString())));
        assertEquals(
                declared.path("assignedGroups"), declared("carried elsewhere").path("assignedGroups"));
        assertEquals(
                declared.path("assignedUsers"), declared("carried elsewhere").path("assignedUsers"));
    }

    @Test
    void whatAnAssignmentIsToBeIsBroughtAboutAndFaultsAreNamedByTheirPlace() {
        String name = service.user.userPrincipalName();
        apply(false, wanted("terms", "," + ROLES + ",\"assignedUsers\":[\"" + name + "\"]"));
        String one = "{\"displayName\":\"terms\",\"assignedUsers\":[{\"name\":\"" + name + "\"%s}]}";

        assertEquals(List.of("update"), actions(apply(false, one.formatted(",\"reason\":\"asked\""))));
        assertEquals("asked", declared("terms").at("/assignedUsers/0/reason").asString());
        assertEquals(
                List.of("update"),
                actions(apply(
                        false, one.formatted(",\"appRole\":\"Editor\",\"startDateTime\":\"2090-01-01T00:00:00Z\""))));
        assertEquals(
                "[{\"name\":\"" + name + "\",\"appRole\":\"Editor\",\"startDateTime\":\"2090-01-01T00:00:00Z\"}]",
                declared("terms").path("assignedUsers").toString());
        assertEquals(
                List.of("none"),
                actions(apply(false, "{\"displayName\":\"terms\",\"assignedUsers\":[\"" + name + "\"]}")),
                "a name alone leaves the terms as they are");

        Response over = apply(false, one.formatted(",\"appRole\":\"Reader\",\"endDateTime\":\"2001-01-01T00:00:00Z\""));
        assertTrue(
                over.text("/changes/0/warnings/0").contains("that ended at 2001-01-01T00:00:00Z"),
                over.json().toString());
        assertEquals("[]", declared("terms").path("assignedUsers").toString());
        for (String[] wrong : new String[][] {
            {",\"appRole\":\"King\"", "applications[0].assignedUsers[0].appRole"},
            {",\"reason\":\" \"", "applications[0].assignedUsers[0].reason"},
            {",\"endDateTime\":\"soon\"", "applications[0].assignedUsers[0].endDateTime"},
            {",\"role\":\"Editor\"", "applications[0].assignedUsers[0].role"}
        }) {
            Response refused = apply(false, one.formatted(wrong[0]));
            assertEquals(400, refused.status(), refused.json().toString());
            assertEquals(
                    wrong[1],
                    refused.text("/error/details/0/target"),
                    refused.json().toString());
        }
    }

    private static final String ROLES = "\"appRoles\":[" + role("Editor") + "," + role("Reader") + "]";

    private static String role(String value) {
        return "{\"id\":\"" + UUID.randomUUID() + "\",\"displayName\":\"The " + value + "\",\"value\":\"" + value
                + "\",\"description\":\"x\",\"allowedMemberTypes\":[\"User\"],\"isEnabled\":true}";
    }

    private static String role(String application, String value) {
        for (JsonNode role : declared(application).path("appRoles")) {
            if (role.path("value").asString().equals(value)) {
                return role.path("id").asString();
            }
        }
        throw new AssertionError("no role " + value);
    }

    private static String principal(String application) {
        return service.get("/servicePrincipals?$filter=displayName%20eq%20'" + application + "'")
                .text("/value/0/id");
    }

    private static void assign(String principal, String who, String role, String until, String reason) {
        ObjectNode body =
                JsonMapper.shared().createObjectNode().put("principalId", who).put("appRoleId", role);
        if (!until.isEmpty()) {
            body.put("endDateTime", until).put("reason", reason);
        }
        Response made = service.post("/servicePrincipals/" + principal + "/appRoleAssignedTo", body.toString());
        assertEquals(201, made.status(), made.json().toString());
    }

    @Test
    void namesEveryFaultByItsPlaceAndChangesNothing() {
        Response refused = apply(
                false,
                wanted("good", ""),
                "{\"displayName\":\"bad\",\"onPremisesPublishing\":{\"internalUrl\":\"http//bad.corp/\"}}",
                wanted("worse", ",\"assignedUsers\":[\"nobody@contoso.example\"]"),
                wanted("stray", ",\"connectorGroup\":\"Atlantis\""),
                wanted("good", ""),
                "{\"displayName\":\"bare\"}");

        assertEquals(400, refused.status());
        var targets = new ArrayList<String>();
        refused.json()
                .at("/error/details")
                .forEach(d -> targets.add(d.path("target").asString()));
        assertEquals(
                List.of(
                        "applications[1].onPremisesPublishing.internalUrl",
                        "applications[2].assignedUsers[0]",
                        "applications[3].connectorGroup",
                        "applications[4].displayName",
                        "applications[5].onPremisesPublishing"),
                targets);
        assertEquals(
                0,
                service.get("/applications?$filter=displayName%20eq%20'good'")
                        .json()
                        .path("value")
                        .size());
    }

    @Test
    void tellsWhatSomebodyElseHasChanged() {
        String id = apply(false, wanted("drift", "")).text("/changes/0/id");
        service.patch("/applications/" + id + "/onPremisesPublishing", "{\"internalUrl\":\"http://elsewhere.corp/\"}");

        Response plan = apply(true, wanted("drift", ""));

        assertEquals(List.of("update"), actions(plan));
        assertEquals("onPremisesPublishing.internalUrl", plan.text("/changes/0/differences/0/property"));
        assertEquals("http://elsewhere.corp/", plan.text("/changes/0/differences/0/before"));
        assertEquals("http://drift.corp/", plan.text("/changes/0/differences/0/after"));
    }

    /// APP-2: both go, by one step.
    @Test
    void deletesRegistrationAndServicePrincipalTogether() {
        Response made = apply(false, wanted("gone", ",\"notes\":\"soon\""));
        String id = made.text("/changes/0/id");
        String appId = service.get("/applications/" + id).text("/appId");

        Response deleted = service.post(PATH + "/apply", "{\"deletedApplications\":[\"" + id + "\"]}");

        assertEquals(List.of("delete"), actions(deleted));
        assertEquals(404, service.get("/applications/" + id).status());
        assertEquals(
                0,
                service.get("/servicePrincipals?$filter=appId%20eq%20'" + appId + "'")
                        .json()
                        .path("value")
                        .size());
    }
}
