package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.DoorFields;
import io.postern.domain.SessionId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Users, groups, lists, requests that are refused whole, My Apps, first start.
class DirectoryTest {
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

    private static Response addUser(String name) {
        return service.post(
                "/users",
                "{\"userPrincipalName\":\"" + name + "@contoso.example\",\"displayName\":\"User " + name
                        + "\",\"passwordProfile\":{\"password\":\"correct horse battery\",\"forceChangePasswordNextSignIn\":true}}");
    }

    @Test
    void makesAUserWhosePasswordNobodyReads() {
        Response made = addUser("reader");

        assertEquals(201, made.status(), made.raw().body());
        String all = service.get("/users/reader@contoso.example").raw().body();
        assertFalse(all.toLowerCase(java.util.Locale.ROOT).contains("password") || all.contains("argon2"), all);
        assertTrue(service.store
                .read(s -> s.users().findByPrincipalName("reader@contoso.example"))
                .orElseThrow()
                .forceChangePassword());
        assertEquals(409, addUser("READER").status());
    }

    @Test
    void changesNothingWhenAnyPartIsBad() {
        addUser("whole");

        Response refused = service.patch(
                "/users/whole@contoso.example",
                "{\"displayName\":\"Changed\",\"passwordProfile\":{\"password\":\"short\"}}");

        assertEquals(400, refused.status());
        assertEquals("passwordProfile.password", refused.text("/error/details/0/target"));
        assertEquals("User whole", service.get("/users/whole@contoso.example").text("/displayName"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    POST  | /groups                    | {"displayName":"a","colour":"red"}        | 400 | colour
                    POST  | /groups                    | {"displayName":"a","displayName":"b"}     | 400 | JSON
                    POST  | /groups                    | {"displayName":"a"} {"displayName":"b"}   | 400 | JSON
                    POST  | /groups                    | ["a"]                                     | 400 | object
                    POST  | /groups                    | {"displayName":null}                      | 400 | must be a text
                    POST  | /groups                    | not json                                  | 400 | JSON
                    POST  | /groups?id=x               | {"displayName":"a"}                       | 400 | id
                    GET   | /users?$top=1&$top=2       |                                           | 400 | more than once
                    GET   | /users?$top=0              |                                           | 400 | $top
                    GET   | /users?$top=1000           |                                           | 400 | $top
                    GET   | /users?$expand=memberOf    |                                           | 400 | $expand
                    GET   | /users?$filter=shoeSize%20eq%20'4'|                                   | 400 | not supported
                    GET   | /users?$skiptoken=%25%25   |                                           | 400 | $skiptoken
                    POST  | /users                     | {"userPrincipalName":"x@evil.example","displayName":"x","passwordProfile":{"password":"correct horse battery"}} | 400 | contoso.example
                    """)
    void refuses(String verb, String path, String body, int status, String named) {
        Response refused = service.api(verb, path, body);

        assertEquals(status, refused.status(), refused.raw().body());
        assertTrue(refused.text("/error/message").contains(named), refused.raw().body());
        assertEquals(
                0,
                service.get("/groups?$filter=displayName%20eq%20'a'")
                        .json()
                        .at("/value")
                        .size());
    }

    @Test
    void refusesBodiesThatAreNoJsonOrTooLarge() {
        Response form = service.call(
                "POST",
                "/v1.0/groups",
                Map.of("Authorization", "Bearer " + service.apiToken, "Content-Type", "text/plain"),
                "{\"displayName\":\"a\"}");
        Response large = service.post("/groups", "{\"displayName\":\"" + "a".repeat(1_100_000) + "\"}");

        assertEquals(415, form.status());
        assertEquals(413, large.status());
    }

    @Test
    void consentNamesAResourceByEitherOfItsIdsAndIsKeptByOne() {
        String appId =
                service.get("/servicePrincipals/" + service.quickstart.id()).text("/appId");
        String client = service.get("/servicePrincipals?$filter=displayName%20eq%20'My%20Apps'")
                .text("/value/0/id");
        String grant = "{\"clientId\":\"" + client + "\",\"consentType\":\"AllPrincipals\",\"resourceId\":\"%s\","
                + "\"scope\":\"user_impersonation\"}";

        Response unknown = service.post("/oauth2PermissionGrants", grant.formatted(java.util.UUID.randomUUID()));
        Response made = service.post("/oauth2PermissionGrants", grant.formatted(service.quickstart.id()));
        Response again = service.post("/oauth2PermissionGrants", grant.formatted(appId));

        assertEquals(400, unknown.status(), unknown.raw().body());
        assertEquals("resourceId", unknown.text("/error/details/0/target"));
        assertEquals(201, made.status(), made.raw().body());
        assertEquals(appId, made.text("/resourceId"));
        assertEquals(409, again.status(), "it is the same resource");
    }

    @Test
    void pathWinsOverTheBody() { // security-cases: same parameter from two sources
        String other = service.get("/servicePrincipals?$filter=displayName%20eq%20'My%20Apps'")
                .text("/value/0/id");

        Response refused = service.post(
                "/servicePrincipals/" + service.quickstart.id() + "/appRoleAssignedTo",
                "{\"principalId\":\"" + service.user.id() + "\",\"resourceId\":\"" + other + "\"}");

        assertEquals(400, refused.status());
        assertEquals("resourceId", refused.text("/error/details/0/target"));
    }

    @Test
    void pagesThroughAListWithoutLossOrRepeat() {
        for (int i = 0; i < 7; i++) {
            service.post("/groups", "{\"displayName\":\"page " + (i / 2) + "\"}"); // names repeat
        }
        var seen = new ArrayList<String>();
        String path = "/groups?$top=2&$filter=startswith(displayName,'page')&$select=id,displayName";
        while (!path.isEmpty()) {
            Response page = service.get(path);
            page.json().at("/value").forEach(row -> seen.add(row.path("id").asString()));
            assertEquals(2, page.json().at("/value/0").size());
            String next = page.json().path("@odata.nextLink").asString("");
            path = next.isEmpty() ? "" : next.substring(next.indexOf("/groups"));
        }

        assertEquals(7, seen.size());
        assertEquals(7, List.copyOf(seen).stream().distinct().count());
    }

    @Test
    void keepsTheLastAdministrator() {
        String path = "/users/b.simon@contoso.example";

        assertEquals(409, service.delete(path).status());
        assertEquals(409, service.patch(path, "{\"accountEnabled\":false}").status());
    }

    @Test
    void writesEveryChangeIntoTheAuditLog() {
        service.post("/groups", "{\"displayName\":\"audited\"}");

        Response log = service.get("/auditLogs/directoryAudits?$top=1");

        assertEquals("Add group", log.text("/value/0/activityDisplayName"));
        assertEquals("quickstart", log.text("/value/0/initiatedBy/app/displayName"));
        assertEquals("audited", log.text("/value/0/targetResources/0/displayName"));
    }

    @Test
    void showsTilesOfAssignedAndVisibleApplicationsOnly() { // ASG-1
        String tile = publish("tile");
        String hidden = publish("hidden");
        publish("unassigned");
        assign(tile);
        assign(hidden);
        service.patch("/servicePrincipals/" + hidden, "{\"tags\":[\"HideApp\"]}");
        Map<String, String> signedIn = Map.of(
                DoorFields.SUBJECT,
                service.tenant.id() + "/" + service.user.id() + "/" + SessionId.random(),
                "Accept",
                "application/json");

        Response seen = service.myApps("/", signedIn);

        assertEquals("A. User", seen.text("/user/displayName"));
        assertEquals(1, seen.json().at("/apps").size(), seen.raw().body());
        assertEquals("https://tile-contoso.postern.localhost:8443/", seen.text("/apps/0/url"));
        assertEquals(
                0,
                service.myApps("/?search=nothing", signedIn).json().at("/apps").size());
    }

    @Test
    void speaksToEachUserInHisLanguage() {
        service.post(
                "/users",
                "{\"userPrincipalName\":\"h.uber@contoso.example\",\"displayName\":\"H. Uber\","
                        + "\"preferredLanguage\":\"de-CH\",\"passwordProfile\":{\"password\":\"correct horse battery\"}}");
        String subject = service.tenant.id() + "/"
                + service.get("/users/h.uber@contoso.example").text("/id") + "/";

        Response page = service.myApps("/", Map.of(DoorFields.SUBJECT, subject + SessionId.random()));
        Response asked =
                service.myApps("/", Map.of(DoorFields.SUBJECT, subject + SessionId.random(), "Accept-Language", "en"));

        assertTrue(page.raw().body().contains("<html lang=\"de\""), page.raw().body());
        assertTrue(asked.raw().body().contains("<html lang=\"en\""), asked.raw().body());
    }

    @Test
    void showsAPageToBrowsersAndNothingToStrangers() {
        Response page = service.myApps(
                "/",
                Map.of(
                        DoorFields.SUBJECT,
                        service.tenant.id() + "/" + service.administrator.id() + "/" + SessionId.random()));
        Response stranger = service.myApps("/", Map.of());
        Response forged = service.myApps("/", Map.of(DoorFields.SUBJECT, "x/y/z"));

        assertEquals(200, page.status());
        assertTrue(page.raw().body().contains("B. Simon"));
        assertTrue(page.raw().body().contains("/.postern/signout"));
        assertEquals("403 403", stranger.status() + " " + forged.status());
    }

    @Test
    void startsAgainWithoutMakingAnythingTwice() {
        long before = service.store.version();

        var bootstrap = service.administration.bootstrap();
        bootstrap.ensureTenant("other", "Other", "other.example");
        bootstrap.ensureAdministrator(service.tenant, "b.simon@contoso.example", "B", Installation.PASSWORD);
        bootstrap.ensureQuickstart(service.tenant);

        assertEquals(before, service.store.version());
        assertTrue(bootstrap.isValid(service.apiToken));
        assertFalse(bootstrap.isValid("pat_nothing"));
        assertFalse(bootstrap.hasNoAdministrator());
    }

    private static String publish(String name) {
        Response made = service.post(
                "/applications",
                "{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{\"internalUrl\":\"http://" + name
                        + ".corp/\"}}");
        return service.get("/servicePrincipals?$filter=appId%20eq%20'" + made.text("/appId") + "'")
                .text("/value/0/id");
    }

    private static void assign(String principal) {
        service.post(
                "/servicePrincipals/" + principal + "/appRoleAssignedTo",
                "{\"principalId\":\"" + service.user.id() + "\"}");
    }
}
