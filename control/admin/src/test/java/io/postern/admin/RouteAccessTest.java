package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.admin.service.SystemApplications;
import io.postern.domain.AppId;
import io.postern.domain.ConnectorId;
import io.postern.store.Connector;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// security-cases: secrets readable, debug endpoint open. Every route × anonymous, ordinary user,
/// administrator, administrator of another tenant. The expectation below is written by hand; a route that
/// is missing here fails [#knowsEveryRoute()].
class RouteAccessTest {
    /// Statuses for: nobody, a user without role, an administrator of another tenant, an administrator by
    /// access token of a user, an administrator by API token. Bodies are empty objects, so a call that is
    /// let through ends in 400 or 404 where it needs more; what matters is that 401 and 403 stand where
    /// they must and nowhere else, and that no object of ours is found from another tenant.
    private static final String EXPECTED = """
            GET    /applications                                     401 403 200 200 200
            POST   /applications                                     401 403 400 400 400
            GET    /applications/{app}                               401 403 404 200 200
            PATCH  /applications/{app}                               401 403 404 403 403
            DELETE /applications/{app}                               401 403 404 403 403
            GET    /applications/{app}/onPremisesPublishing          401 403 404 404 404
            PATCH  /applications/{app}/onPremisesPublishing          401 403 404 403 403
            GET    /applications/{app}/onPremisesPublishing/health   401 403 404 404 404
            POST   /applications/{app}/onPremisesPublishing/probe    401 403 404 404 404
            GET    /applications/{app}/onPremisesPublishing/linkReport 401 403 404 404 404
            POST   /applications/{app}/onPremisesPublishing/linkReport 401 403 404 404 404
            DELETE /applications/{app}/onPremisesPublishing/linkReport 401 403 404 404 404
            GET    /applications/{app}/connectorGroup                401 403 404 200 200
            PUT    /applications/{app}/connectorGroup/$ref           401 403 400 400 400
            DELETE /applications/{app}/connectorGroup/$ref           401 403 404 403 403
            GET    /applications/{app}/logo                          401 403 404 404 404
            PUT    /applications/{app}/logo                          401 403 415 415 415
            DELETE /applications/{app}/logo                          401 403 404 403 403
            GET    PP/traces                                         401 403 200 200 200
            POST   PP/traces                                         401 403 400 400 400
            GET    PP/traces/{none}                                  401 403 404 404 404
            DELETE PP/traces/{none}                                  401 403 404 404 404
            POST   PP/traces/{none}/end                              401 403 404 404 404
            POST   PP/traces/{none}/read                             401 403 404 404 404
            GET    PP/declarations                                   401 403 200 200 200
            POST   PP/declarations/apply                             401 403 200 200 200
            POST   /applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate 401 403 400 400 400
            GET    /servicePrincipals                                401 403 200 200 200
            POST   /servicePrincipals                                401 403 400 400 400
            GET    /servicePrincipals/{sp}                           401 403 404 200 200
            PATCH  /servicePrincipals/{sp}                           401 403 404 403 403
            DELETE /servicePrincipals/{sp}                           401 403 404 403 403
            GET    /servicePrincipals/{sp}/appRoleAssignedTo         401 403 404 200 200
            POST   /servicePrincipals/{sp}/appRoleAssignedTo         401 403 400 400 400
            DELETE /servicePrincipals/{sp}/appRoleAssignedTo/{none}  401 403 404 404 404
            GET    /servicePrincipals/{sp}/apiTokens                 401 403 404 200 200
            POST   /servicePrincipals/{sp}/apiTokens                 401 403 400 400 400
            DELETE /servicePrincipals/{sp}/apiTokens/{none}          401 403 404 404 404
            GET    /me                                               401 200 403 200 403
            GET    /users                                            401 403 200 200 200
            POST   /users                                            401 403 400 400 400
            GET    /users/{user}                                     401 403 404 200 200
            PATCH  /users/{user}                                     401 403 404 204 204
            DELETE /users/{admin}                                    401 403 404 409 409
            POST   /users/{user}/revokeSignInSessions                401 403 404 200 200
            GET    /users/{user}/memberOf                            401 403 404 200 200
            GET    /users/{user}/appRoleAssignments                  401 403 404 200 200
            GET    /domains                                         401 403 200 200 200
            POST   /domains                                         401 403 400 400 400
            GET    /domains/{none}                                  401 403 404 404 404
            PATCH  /domains/{none}                                  401 403 404 404 404
            DELETE /domains/{none}                                  401 403 404 404 404
            POST   /domains/{none}/verify                           401 403 404 404 404
            GET    /domains/{none}/verificationDnsRecords           401 403 404 404 404
            GET    /domains/{none}/serviceConfigurationRecords      401 403 404 404 404
            GET    /certificates                                    401 403 200 200 200
            POST   /certificates                                    401 403 400 400 400
            GET    /certificates/{none}                             401 403 404 404 404
            DELETE /certificates/{none}                             401 403 404 404 404
            GET    /certificateOrders                               401 403 200 200 200
            POST   /certificateOrders                               401 403 409 409 409
            GET    /certificateOrders/{none}                        401 403 404 404 404
            DELETE /certificateOrders/{none}                        401 403 404 404 404
            GET    /groups                                           401 403 200 200 200
            POST   /groups                                           401 403 400 400 400
            GET    /groups/{group}                                   401 403 404 200 200
            PATCH  /groups/{group}                                   401 403 404 204 204
            DELETE /groups/{none}                                    401 403 404 404 404
            GET    /groups/{group}/members                           401 403 404 200 200
            POST   /groups/{group}/members/$ref                      401 403 400 400 400
            DELETE /groups/{group}/members/{none}/$ref               401 403 404 404 404
            GET    PP                                                401 403 200 200 200
            PATCH  PP                                                401 403 400 400 400
            GET    PP/connectorUpdates                               401 403 200 200 200
            POST   PP/connectors/{connector}/update                  401 403 404 409 409
            GET    PP/connectors                                     401 403 200 200 200
            GET    PP/connectors/{connector}                         401 403 404 200 200
            PATCH  PP/connectors/{connector}                         401 403 404 204 204
            GET    PP/connectors/{connector}/memberOf                401 403 404 200 200
            POST   PP/connectors/{connector}/memberOf/$ref           401 403 400 400 400
            DELETE PP/connectors/{none}                              401 403 404 404 404
            GET    PP/connectors/{connector}/applicationHealth       401 403 404 200 200
            GET    PP/applicationHealth                              401 403 200 200 200
            GET    PP/connectorGroups                                401 403 200 200 200
            POST   PP/connectorGroups                                401 403 400 400 400
            GET    PP/connectorGroups/{cg}                           401 403 404 200 200
            PATCH  PP/connectorGroups/{cg}                           401 403 404 204 204
            DELETE PP/connectorGroups/{cg}                           401 403 404 409 409
            GET    PP/connectorGroups/{cg}/members                   401 403 404 200 200
            GET    PP/connectorGroups/{cg}/applications              401 403 404 200 200
            GET    PP/connectorTokens                                401 403 200 200 200
            POST   PP/connectorTokens                                401 403 201 201 201
            DELETE PP/connectorTokens/{none}                         401 403 404 404 404
            GET    PP/exchanges/{none}                               401 403 404 404 404
            GET    /organization                                     401 403 200 200 200
            PATCH  /organization/{none}                              401 403 404 404 404
            GET    /roleManagement/directory/roleAssignments         401 403 200 200 200
            POST   /roleManagement/directory/roleAssignments         401 403 400 400 400
            DELETE /roleManagement/directory/roleAssignments/{none}  401 403 404 404 404
            GET    /auditLogs/signIns                                401 403 200 200 200
            GET    /auditLogs/signIns/{none}                         401 403 404 404 404
            GET    /auditLogs/directoryAudits                        401 403 200 200 200
            GET    /auditLogs/directoryAudits/{none}                 401 403 404 404 404
            GET    /me/signIns                                       401 200 403 200 403
            """;

    @TempDir
    static Path folder;

    private static Installation service;
    private static Map<String, String> ids;
    private static List<String> tokens;

    @BeforeAll
    static void open() {
        service = new Installation(folder);
        ids = new LinkedHashMap<>();
        ids.put("{none}", "11111111-2222-4333-8444-555555555555");
        ids.put("{app}", own("/applications", SystemApplications.MY_APPS));
        ids.put("{sp}", own("/servicePrincipals", SystemApplications.MY_APPS));
        ids.put("{user}", service.user.id().value());
        ids.put("{admin}", service.administrator.id().value());
        ids.put("{group}", service.post("/groups", "{\"displayName\":\"g\"}").text("/id"));
        ids.put("{cg}", service.get(Installation.PROFILE + "/connectorGroups").text("/value/0/id"));
        ids.put("{connector}", connector());
        tokens = List.of("", "user", service.otherTenantToken(), "administrator", service.apiToken);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static String connector() {
        ConnectorId id = ConnectorId.random();
        service.store.write(stores -> {
            stores.connectors()
                    .insert(new Connector(
                            service.tenant.id(),
                            id,
                            stores.connectorGroups()
                                    .defaultGroup(service.tenant.id())
                                    .id(),
                            "host",
                            Optional.empty(),
                            "1.0",
                            "f".repeat(64),
                            Instant.now().plusSeconds(3600),
                            Instant.now(),
                            Optional.empty(),
                            true,
                            Optional.empty()));
            return true;
        });
        return id.value();
    }

    private static String own(String collection, AppId appId) {
        return service.get(collection + "?$filter=appId%20eq%20'" + appId + "'").text("/value/0/id");
    }

    private record Line(String verb, String path, List<Integer> statuses) {}

    private static List<Line> lines() {
        return EXPECTED.lines()
                .map(line -> line.split(" +"))
                .map(words -> new Line(
                        words[0],
                        words[1].replace("PP", Installation.PROFILE),
                        Stream.of(words).skip(2).map(Integer::valueOf).toList()))
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> lets() {
        return lines().stream()
                .map(line -> DynamicTest.dynamicTest(line.verb() + " " + line.path(), () -> {
                    for (String version : List.of("/v1.0", "/beta")) {
                        assertEquals(line.statuses(), statuses(version, line), version);
                    }
                }));
    }

    private static List<Integer> statuses(String version, Line line) {
        String path = line.path();
        for (Map.Entry<String, String> id : ids.entrySet()) {
            path = path.replace(id.getKey(), id.getValue());
        }
        var statuses = new ArrayList<Integer>();
        for (String token : tokens) {
            // made anew each time: one of the routes revokes what was there before
            String bearer = switch (token) {
                case "user" -> service.accessToken(service.user, c -> c.put("auth_time", c.get("exp")));
                case "administrator" -> service.accessToken(service.administrator);
                default -> token;
            };
            Map<String, String> fields = token.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + bearer);
            boolean bare = line.verb().equals("GET") || line.verb().equals("DELETE");
            Response response = service.call(line.verb(), version + path, fields, bare ? null : "{}");
            statuses.add(response.status());
        }
        return statuses;
    }

    @Test
    void knowsEveryRoute() {
        var expected = new TreeSet<String>();
        lines().forEach(line -> expected.add(line.verb() + " " + line.path().replaceAll("\\{[a-z]+}", "{}")));
        var served = new TreeSet<String>();
        service.administration.apiRoutes().forEach(route -> served.add(route.replaceAll("\\{[a-zA-Z]+}", "{}")));

        assertEquals(served, expected);
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
}
