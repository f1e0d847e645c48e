package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.GroupId;
import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.AdminRole;
import io.postern.store.AuditEntry;
import io.postern.store.User;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// security-cases: secrets readable, debug endpoint open. Every route × nobody, a user without role, the holder of
/// each role, a service principal that is Global Administrator, the one of another tenant. The expectation is
/// `who-may-call-what.txt`, written by hand.
class RouteAccessTest {
    private static final String NOWHERE = "11111111-2222-4333-8444-555555555555";
    private static final RouteTable TABLE = RouteTable.read();

    @TempDir
    static Path folder;

    private static Installation service;
    /// Of things that the tenant has, by the collection in whose path they stand.
    private static final Map<String, String> IDS = new LinkedHashMap<>();
    private static final Map<AdminRole, String> TOKENS = new EnumMap<>(AdminRole.class);
    private static String plainUser;
    private static String foreigner;

    @BeforeAll
    static void open() {
        service = new Installation(folder);
        plainUser = service.accessToken(service.user);
        foreigner = service.otherTenantToken();
        for (AdminRole role : AdminRole.values()) {
            TOKENS.put(role, service.accessToken(service.holder(role)));
        }
        fill();
    }

    @AfterAll
    static void close() {
        service.close();
    }

    /// One of everything that has an id.
    private static void fill() {
        String group = service.get(Installation.PROFILE + "/connectorGroups").text("/value/0/id");
        String app = service.post(
                        "/applications",
                        "{\"displayName\":\"wiki\",\"onPremisesPublishing\":{\"internalUrl\":\"http://wiki.corp/\"}}")
                .text("/id");
        String appId = service.get("/applications/" + app).text("/appId");
        String principal = service.get("/servicePrincipals?$filter=appId%20eq%20'" + appId + "'")
                .text("/value/0/id");
        String user = service.user.id().value();
        IDS.put("applications", app);
        IDS.put("servicePrincipals", principal);
        IDS.put("users", user);
        IDS.put("groups", service.post("/groups", "{\"displayName\":\"g\"}").text("/id"));
        IDS.put("members", user);
        IDS.put(
                "appRoleAssignedTo",
                service.post(
                                "/servicePrincipals/" + principal + "/appRoleAssignedTo",
                                "{\"principalId\":\"" + user + "\"}")
                        .text("/id"));
        IDS.put("assignmentReviews", IDS.getOrDefault("appRoleAssignedTo", ""));
        IDS.put(
                "apiTokens",
                service.post("/servicePrincipals/" + principal + "/apiTokens", "{\"displayName\":\"t\"}")
                        .text("/id"));
        service.api(
                "PUT",
                "/servicePrincipals/" + principal + "/synchronization",
                "{\"targetUrl\":\"https://wiki.example/scim\",\"secret\":\"s\"}");
        IDS.put("connectorGroups", group);
        IDS.put("connectors", service.connector("host").value());
        IDS.put(
                "connectorTokens",
                service.post(Installation.PROFILE + "/connectorTokens", "{}").text("/id"));
        IDS.put("domains", service.post("/domains", "{\"id\":\"corp.example\"}").text("/id"));
        IDS.put(
                "traces",
                service.post(
                                Installation.PROFILE + "/traces",
                                "{\"applicationId\":\"" + app + "\",\"userId\":\"" + user + "\"}")
                        .text("/id"));
        IDS.put("organization", service.tenant.id().value());
        service.patch(
                "/organization/" + service.tenant.id() + "/desktopSignIn",
                "{\"networks\":[\"10.0.0.0/8\"],\"keytab\":\"" + DesktopSignInApiTest.KEYTAB + "\"}");
        IDS.put("roleAssignments", service.administrator.id() + "_" + AdminRole.GLOBAL_ADMINISTRATOR.templateId());
    }

    @Test
    void knowsEveryRoute() {
        var expected = new TreeSet<String>();
        TABLE.lines().forEach(line -> expected.add(line.title().replaceAll("\\{[a-zA-Z]+}", "{}")));
        var served = new TreeSet<String>();
        service.administration.apiRoutes().forEach(route -> served.add(route.replaceAll("\\{[a-zA-Z]+}", "{}")));

        assertEquals(served, expected, "add a line to who-may-call-what.txt for a new route (CONTRIBUTING)");
    }

    /// Of nothing that exists, so that whoever may do it changes nothing either.
    @TestFactory
    Stream<DynamicTest> letsInWhoMay() {
        return TABLE.lines().stream()
                .map(line -> DynamicTest.dynamicTest(line.title(), () -> {
                    String path = line.path(Map.of(), NOWHERE);
                    assertEquals(401, call(line, "/v1.0" + path, "").status(), "nobody");
                    assertEquals(401, call(line, "/beta" + path, "").status(), "nobody");
                    check(line, path, "a user without role", plainUser, line.everyUser());
                    check(line, path, "a service principal", service.apiToken, !line.everyUser());
                    for (AdminRole role : AdminRole.values()) {
                        check(
                                line,
                                path,
                                role.displayName(),
                                TOKENS.getOrDefault(role, ""),
                                line.roles().contains(role));
                    }
                }));
    }

    /// Two people without any role, of whom each owns an application and a group.
    @TestFactory
    Stream<DynamicTest> letsAnOwnerChangeHisOwnAndNothingElse() {
        User owner = service.someone(UserId.random().value(), "Plain");
        User another = service.someone(UserId.random().value(), "Plain");
        return TABLE.lines().stream()
                .filter(line -> line.path().matches("/(applications|servicePrincipals|groups)/\\{.*"))
                .map(line -> DynamicTest.dynamicTest(line.title(), () -> {
                    boolean ofGroups = line.path().startsWith("/groups/");
                    Map<String, String> ids = ofGroups ? ownedGroup(owner) : owned(owner);
                    if (ofGroups) {
                        ownedGroup(another);
                    } else {
                        owned(another);
                    }
                    String path = "/v1.0" + line.path(ids, NOWHERE);
                    List<AuditEntry> before = newest(service.tenant.id());

                    assertEquals(
                            403, call(line, path, service.accessToken(another)).status(), "the owner of another one");
                    assertEquals(before, newest(service.tenant.id()));
                    int status = call(line, path, service.accessToken(owner)).status();
                    if (line.owner()) {
                        assertTrue(status != 401 && status != 403 && status < 500, "the owner got " + status);
                    } else {
                        assertEquals(403, status, "the owner");
                        assertEquals(before, newest(service.tenant.id()));
                    }
                }));
    }

    private static Map<String, String> owned(User owner) {
        Response application = service.post("/applications", "{\"displayName\":\"owned\"}");
        String id = application.text("/id");
        service.store.write(
                stores -> stores.owners().add(service.tenant.id(), new ObjectId(id), owner.id(), Instant.now()));
        return Map.of(
                "applications",
                id,
                "servicePrincipals",
                service.post("/servicePrincipals", "{\"appId\":\"" + application.text("/appId") + "\"}")
                        .text("/id"));
    }

    private static Map<String, String> ownedGroup(User owner) {
        String group = service.post("/groups", "{\"displayName\":\"owned\"}").text("/id");
        service.store.write(
                stores -> stores.groupOwners().add(service.tenant.id(), new GroupId(group), owner.id(), Instant.now()));
        return Map.of("groups", group);
    }

    private static void check(RouteTable.Line line, String path, String who, String token, boolean may) {
        String version = who.length() % 2 == 0 ? "/v1.0" : "/beta";
        List<AuditEntry> before = newest(service.tenant.id());
        int status = call(line, version + path, token).status();
        if (may) {
            assertNotEquals(401, status, who);
            assertNotEquals(403, status, who);
            assertFalse(status >= 500, who + " got " + status);
        } else {
            assertEquals(403, status, who);
            assertEquals(before, newest(service.tenant.id()), who + " was refused, but there is an audit entry");
        }
    }

    /// What another tenant has answers exactly as what nobody has, and is left alone.
    @TestFactory
    Stream<DynamicTest> showsNothingToAnotherTenant() {
        return TABLE.lines().stream()
                .filter(line -> !line.everyUser())
                .map(line -> DynamicTest.dynamicTest(line.title(), () -> {
                    List<AuditEntry> before = newest(service.tenant.id());
                    Response ours = call(line, "/v1.0" + line.path(IDS, NOWHERE), foreigner);
                    String text = ours.raw().body();
                    if (line.hasIds()) {
                        Response nobodys = call(line, "/v1.0" + line.path(Map.of(), NOWHERE), foreigner);
                        assertEquals(bare(nobodys.raw().body()), bare(text));
                        assertEquals(nobodys.status(), ours.status());
                        assertTrue(ours.status() >= 400 && ours.status() < 500, "status " + ours.status());
                    }
                    IDS.forEach((what, id) -> assertTrue(
                            line.hasIds() || !text.contains(id), () -> "shows an id of " + what + ": " + text));
                    assertEquals(before, newest(service.tenant.id()));
                }));
    }

    /// Without what differs from call to call, and without the ids that were asked for.
    private static String bare(String body) {
        String bare = body.replaceAll("\"(date|request-id)\":\"[^\"]*\"", "").replace(NOWHERE, "#");
        for (String id : IDS.values()) {
            bare = bare.replace(id, "#");
        }
        return bare;
    }

    /// Otherwise [#showsNothingToAnotherTenant()] would compare nothing with nothing.
    @TestFactory
    Stream<DynamicTest> showsTheSameToItsOwnAdministrator() {
        return TABLE.lines().stream()
                .filter(line -> line.verb().equals("GET") && line.hasIds())
                .filter(line -> IDS.containsKey(line.path().replaceFirst(".*/([a-zA-Z]+)/\\{.*", "$1")))
                .map(line -> DynamicTest.dynamicTest(line.title(), () -> {
                    int status = service.get(line.path(IDS, NOWHERE)).status();

                    assertTrue(status == 200
                            || line.path().endsWith("/logo")
                            || line.path().contains("linkReport"));
                }));
    }

    private static Response call(RouteTable.Line line, String path, String token) {
        Map<String, String> fields = token.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + token);
        boolean bare = line.verb().equals("GET") || line.verb().equals("DELETE");
        return service.call(line.verb(), path, fields, bare ? null : "{}");
    }

    /// The log is long by the end: what is new in it shows in its newest entry.
    private static List<AuditEntry> newest(TenantId tenant) {
        return service.store.read(stores -> stores.audit().list(tenant, 1));
    }

    @Test
    void challengesWhoHasNoToken() {
        Response refused = service.call("GET", "/v1.0/users", Map.of("postern-exchange", "e".repeat(32)), null);

        assertEquals("InvalidAuthenticationToken", refused.text("/error/code"));
        assertEquals("e".repeat(32), refused.text("/error/innerError/request-id"));
        assertTrue(refused.raw()
                .headers()
                .firstValue("www-authenticate")
                .orElse("")
                .startsWith("Bearer"));
    }

    @Test
    void tellsStrangersNothingOfWhatExists() {
        assertEquals(401, service.call("GET", "/v1.0/nowhere", Map.of(), null).status());
        assertEquals(404, service.get("/nowhere").status());
        assertEquals(405, service.api("PUT", "/users", "{}").status());
        assertEquals(404, service.get("/users/..%2fgroups").status());
    }

    @Test
    void saysWhichRolesWouldDo() {
        Response refused = service.call(
                "GET", "/v1.0/auditLogs/directoryAudits", Map.of("Authorization", "Bearer " + plainUser), null);

        assertEquals(
                "'a.user@contoso.example' may not do this; it needs one of the roles Global Administrator, Global"
                        + " Reader, Reports Reader, Security Administrator, Security Reader",
                refused.text("/error/message"));
    }

    @Test
    void hidesWhereApplicationsLieInsideFromWhoDoesNotAdministerTheProxy() {
        for (AdminRole role : List.of(AdminRole.CLOUD_APPLICATION_ADMINISTRATOR, AdminRole.GLOBAL_READER)) {
            Map<String, String> fields = Map.of("Authorization", "Bearer " + TOKENS.get(role));
            for (String path : List.of("/applications?$top=999", "/applications/" + IDS.get("applications"))) {
                assertEquals(
                        role == AdminRole.GLOBAL_READER,
                        service.call("GET", "/v1.0" + path, fields, null)
                                .raw()
                                .body()
                                .contains("wiki.corp"),
                        role + " " + path);
            }
        }
    }

    @Test
    void publishingWithARegistrationNeedsTheProxysAdministrator() {
        Map<String, String> fields =
                Map.of("Authorization", "Bearer " + TOKENS.get(AdminRole.CLOUD_APPLICATION_ADMINISTRATOR));
        String publishing = "\"onPremisesPublishing\":{\"internalUrl\":\"http://other.corp/\"}";

        assertEquals(
                403,
                service.call("POST", "/v1.0/applications", fields, "{\"displayName\":\"x\"," + publishing + "}")
                        .status());
        assertEquals(
                403,
                service.call("PATCH", "/v1.0/applications/" + IDS.get("applications"), fields, "{" + publishing + "}")
                        .status());
        assertEquals(
                201,
                service.call("POST", "/v1.0/applications", fields, "{\"displayName\":\"x\"}")
                        .status());
    }
}
