package io.postern.admin;

import static io.postern.admin.ScimInstallation.ENTERPRISE;
import static io.postern.admin.ScimInstallation.LOCATION;
import static io.postern.admin.ScimInstallation.USER;
import static io.postern.admin.ScimInstallation.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.UserId;
import io.postern.domain.directory.AdminRole;
import io.postern.store.User;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Users by SCIM, with the bodies that clients are documented to send.
class ScimUsersTest {
    @TempDir
    Path folder;

    private Installation service;
    private ScimInstallation scim;

    @BeforeEach
    void open() {
        service = new Installation(folder);
        scim = ScimInstallation.of(service, "Okta");
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Response graph(String id) {
        return service.get("/users/" + id);
    }

    private static final String BARBARA = """
            {"schemas":["%s","%s"],
             "externalId":"701984","userName":"bjensen@contoso.example",
             "name":{"formatted":"Ms. Barbara J Jensen, III","familyName":"Jensen","givenName":"Barbara",
               "middleName":"Jane","honorificPrefix":"Ms."},
             "displayName":"Babs Jensen","nickName":"Babs","title":"Tour Guide","userType":"Employee",
             "preferredLanguage":"en-US","locale":"en-US","timezone":"America/Los_Angeles","active":true,
             "emails":[{"value":"bjensen@contoso.example","type":"work","primary":true},
               {"value":"babs@jensen.example","type":"home"}],
             "phoneNumbers":[{"value":"555-555-5555","type":"work"},{"value":"555-555-4444","type":"mobile"},
               {"value":"555-1","type":"pager"}],
             "addresses":[{"type":"work","streetAddress":"100 Universal City Plaza","locality":"Hollywood",
               "region":"CA","postalCode":"91608","country":"USA"}],
             "groups":[{"value":"e9e30dba"}],"shoeSize":42,
             "meta":{"resourceType":"User"},
             "%s":{"employeeNumber":"701984","costCenter":"4130","organization":"Universal Studios",
               "division":"Theme Park","department":"Tour Operations"}}
            """.formatted(USER, ENTERPRISE, ENTERPRISE);

    @Nested
    class Creating {
        @Test
        void putsEverythingWhereItBelongsAndGivesItBack() {
            Response made = scim.post("/Users", BARBARA);

            assertEquals(201, made.status(), made.raw().body());
            String id = made.text("/id");
            assertEquals(
                    LOCATION + "/Users/" + id,
                    made.raw().headers().firstValue("location").orElseThrow());
            assertEquals(made.text("/meta/location"), LOCATION + "/Users/" + id);
            assertEquals(
                    made.text("/meta/version"),
                    made.raw().headers().firstValue("etag").orElseThrow());
            Response read = scim.get("/Users/" + id);
            assertEquals(made.json(), read.json());
            assertEquals("Jane", read.text("/name/middleName"));
            assertEquals(
                    List.of("babs@jensen.example", "bjensen@contoso.example"),
                    texts(read.json().path("emails"), "value"));
            assertEquals(List.of("mobile", "pager", "work"), texts(read.json().path("phoneNumbers"), "type"));
            assertEquals("4130", read.json().path(ENTERPRISE).path("costCenter").asString());
            assertTrue(read.json().path("shoeSize").isMissingNode());
            assertTrue(read.json().path("groups").isMissingNode(), "read-only");
            Response user = graph(id);
            assertEquals("bjensen@contoso.example", user.text("/mail"));
            assertEquals("Tour Guide", user.text("/jobTitle"));
            assertEquals("Employee", user.text("/employeeType"));
            assertEquals("Tour Operations", user.text("/department"));
            assertEquals("701984", user.text("/employeeId"));
            assertEquals("555-555-4444", user.text("/mobilePhone"));
            assertEquals("Hollywood", user.text("/city"));
        }

        @Test
        void saysWhoDidItInTheAuditLog() {
            String id = scim.user("carla");

            Response log = service.get("/auditLogs/directoryAudits?$filter=activityDisplayName%20eq%20'Add%20user'");
            assertTrue(log.raw().body().contains("\"Okta\""), log.raw().body());
            assertTrue(log.raw().body().contains(id));
            assertFalse(log.raw().body().contains(scim.token()));
        }

        @Test
        void refusesANameThatIsTakenAndOneOfAnotherDomain() {
            scim.user("carla");

            Response taken = scim.post("/Users", "{\"userName\":\"CARLA@contoso.example\"}");
            Response foreign = scim.post("/Users", "{\"userName\":\"x@fabrikam.example\"}");
            Response sameAnchor =
                    scim.post("/Users", "{\"userName\":\"other@contoso.example\",\"externalId\":\"x-carla\"}");
            Response none = scim.post("/Users", "{\"displayName\":\"x\"}");

            assertEquals(409, taken.status());
            assertEquals("uniqueness", taken.text("/scimType"));
            assertEquals("409", taken.text("/status"));
            assertEquals(400, foreign.status());
            assertEquals("invalidValue", foreign.text("/scimType"));
            assertTrue(foreign.text("/detail").contains("use @contoso.example"), foreign.text("/detail"));
            assertEquals("uniqueness", sameAnchor.text("/scimType"));
            assertEquals(
                    0,
                    scim.find("Users", "userName eq \"other@contoso.example\"")
                            .json()
                            .path("totalResults")
                            .asInt());
            assertEquals("userName is missing", none.text("/detail"));
        }

        @Test
        void takesPasswordsAndNeverShowsThem() {
            Response made = scim.post(
                    "/Users", "{\"userName\":\"dora@contoso.example\",\"password\":\"correct horse battery\"}");
            Response weak = scim.post("/Users", "{\"userName\":\"emma@contoso.example\",\"password\":\"password\"}");

            assertEquals(201, made.status());
            assertFalse(made.raw().body().contains("password"));
            Optional<User> dora =
                    service.store.read(s -> s.users().find(service.tenant.id(), new UserId(made.text("/id"))));
            assertTrue(dora.flatMap(User::passwordHash).isPresent());
            assertEquals("invalidValue", weak.text("/scimType"));
        }
    }

    @Nested
    class Finding {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "userName eq \"BJensen@contoso.example\" | 1",
                    "externalId eq \"701984\" | 1",
                    "externalId eq \"x\" | 0",
                    "userName eq \"bjensen@contoso.example\" and active eq false | 0",
                    "emails[type eq \"home\" and value ew \"jensen.example\"] | 1",
                    "emails.value eq \"bjensen@contoso.example\" | 1",
                    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter eq \"4130\" | 1",
                    "userName ew \"contoso.example\" | 3",
                    "not (nickName pr) | 2",
                    "groups.display eq \"Guides\" | 1",
                    "id eq \"no-id\" | 0",
                })
        void findsByFilter(String filter, int expected) {
            String id = scim.post("/Users", BARBARA).text("/id");
            scim.group("Guides", id);

            Response found = scim.find("Users", filter);

            assertEquals(200, found.status(), found.raw().body());
            assertEquals(
                    expected,
                    found.json().path("totalResults").asInt(),
                    found.raw().body());
            assertEquals(expected, found.json().path("Resources").size());
        }

        @Test
        void pagesAndSorts() {
            List.of("p1", "p2", "p3", "p4").forEach(scim::user);

            Response page = scim.get("/Users?startIndex=2&count=3&attributes=userName");
            Response last = scim.get("/Users?startIndex=6&count=3&sortBy=userName&attributes=userName");
            Response sorted = scim.get("/Users?sortBy=userName&sortOrder=descending&count=2&attributes=userName");
            Response none = scim.get("/Users?count=0");

            assertEquals(6, page.json().path("totalResults").asInt());
            assertEquals(3, page.json().path("itemsPerPage").asInt());
            assertEquals(2, page.json().path("startIndex").asInt());
            assertEquals(
                    List.of("b.simon@contoso.example", "p1@contoso.example", "p2@contoso.example"),
                    texts(page.json().path("Resources"), "userName"));
            assertTrue(page.json().at("/Resources/0/active").isMissingNode());
            assertEquals(List.of("p4@contoso.example"), texts(last.json().path("Resources"), "userName"));
            assertEquals("p4@contoso.example", sorted.text("/Resources/0/userName"));
            assertEquals("p3@contoso.example", sorted.text("/Resources/1/userName"));
            assertEquals(6, none.json().path("totalResults").asInt());
            assertEquals(0, none.json().path("Resources").size());
        }

        @Test
        void searchesByPostWithoutTellingTheUrl() {
            scim.user("carla");
            Response found = scim.post(
                    "/Users/.search",
                    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:SearchRequest\"],"
                            + "\"attributes\":[\"userName\"],"
                            + "\"filter\":\"userName sw \\\"carla\\\"\",\"startIndex\":1,\"count\":10}");

            assertEquals(200, found.status(), found.raw().body());
            assertEquals("carla@contoso.example", found.text("/Resources/0/userName"));
        }

        @Test
        void saysWhatIsWrongWithAFilter() {
            Response refused = scim.find("Users", "userName is \"x\"");

            assertEquals(400, refused.status());
            assertEquals("invalidFilter", refused.text("/scimType"));
            assertEquals(
                    "filter 'userName is \"x\"' is not understood at character 10: an operator is expected"
                            + " (eq, ne, co, sw, ew, pr, gt, ge, lt, le), not 'is \"x\"'",
                    refused.text("/detail"));
        }
    }

    @Nested
    class Changing {
        @Test
        void disablesAtOnce() {
            String id = scim.user("carla");
            service.session(new UserId(id), "Firefox on Linux");

            Response disabled =
                    scim.patch("/Users/" + id, "{\"op\":\"Replace\",\"path\":\"active\",\"value\":\"False\"}");

            assertEquals(200, disabled.status(), disabled.raw().body());
            assertFalse(disabled.json().path("active").asBoolean(true));
            assertEquals(List.of(), service.store.read(s -> s.sessions().of(service.tenant.id(), new UserId(id))));
            assertTrue(service.administration
                    .snapshots()
                    .current()
                    .revocations()
                    .toString()
                    .contains(id));

            scim.patch("/Users/" + id, "{\"op\":\"replace\",\"value\":{\"active\":true}}");
            assertTrue(graph(id).json().path("accountEnabled").asBoolean());
        }

        @Test
        void patchesAsEntraDoes() {
            String boss = scim.user("boss");
            String id = scim.user("carla");

            Response patched = scim.patch("/Users/" + id, """
                    {"op":"Add","path":"emails[type eq \\"work\\"].value","value":"carla@contoso.example"},
                    {"op":"Replace","path":"displayName","value":"Carla C"},
                    {"op":"Add","path":"name.givenName","value":"Carla"},
                    {"op":"Add","path":"phoneNumbers[type eq \\"mobile\\"].value","value":"+49 170 1"},
                    {"op":"Add","path":"addresses[type eq \\"work\\"].country","value":"DE"},
                    {"op":"Add","path":"%1$s:department","value":"Sales"},
                    {"op":"Add","path":"%1$s:manager","value":"%2$s"}""".formatted(ENTERPRISE, boss));

            assertEquals(200, patched.status(), patched.raw().body());
            Response user = graph(id);
            assertEquals("carla@contoso.example", user.text("/mail"));
            assertEquals("Carla C", user.text("/displayName"));
            assertEquals("Carla", user.text("/givenName"));
            assertEquals("+49 170 1", user.text("/mobilePhone"));
            assertEquals("DE", user.text("/country"));
            assertEquals("Sales", user.text("/department"));
            assertEquals(boss, user.text("/manager"));
            assertEquals(
                    "boss",
                    patched.json()
                            .path(ENTERPRISE)
                            .path("manager")
                            .path("displayName")
                            .asString());

            scim.patch("/Users/" + id, "{\"op\":\"Remove\",\"path\":\"" + ENTERPRISE + ":manager\"}");
            assertTrue(graph(id).json().path("manager").isNull());
        }

        @Test
        void changesNothingWhenOneOperationCannotBeDone() {
            String id = scim.user("carla");
            Response refused = scim.patch(
                    "/Users/" + id,
                    "{\"op\":\"replace\",\"path\":\"title\",\"value\":\"Boss\"}," + "{\"op\":\"replace\",\"path\":\""
                            + ENTERPRISE + ":manager\",\"value\":\"nobody\"}");

            assertEquals(400, refused.status());
            assertEquals("invalidValue", refused.text("/scimType"));
            assertTrue(graph(id).json().path("jobTitle").isNull());
        }

        @Test
        void replacesWhatIsSentAndClearsWhatIsNot() {
            String id = scim.post("/Users", BARBARA).text("/id");

            Response replaced = scim.put(
                    "/Users/" + id,
                    "{\"schemas\":[\"" + USER + "\"],\"id\":\"" + id + "\",\"userName\":\"bjensen@contoso.example\","
                            + "\"externalId\":\"701984\",\"displayName\":\"Barbara\"}");

            assertEquals(200, replaced.status(), replaced.raw().body());
            assertTrue(replaced.json().path("title").isMissingNode());
            assertTrue(replaced.json().path("nickName").isMissingNode());
            assertTrue(replaced.json().path("active").asBoolean(), "stays where nobody says");
            assertTrue(graph(id).json().path("mail").isNull());
        }

        @Test
        void refusesToActOnAVersionThatIsPast() {
            String id = scim.user("carla");
            String version = scim.get("/Users/" + id).text("/meta/version");
            Map<String, String> ifMatch = Map.of("If-Match", version);
            String body = "{\"userName\":\"carla@contoso.example\",\"title\":\"%s\"}";

            assertEquals(
                    304,
                    scim.call("GET", "/Users/" + id, null, Map.of("If-None-Match", version))
                            .status());
            assertEquals(
                    200,
                    scim.call("PUT", "/Users/" + id, body.formatted("A"), ifMatch)
                            .status());
            Response past = scim.call("PUT", "/Users/" + id, body.formatted("B"), ifMatch);
            Response gone = scim.call("DELETE", "/Users/" + id, null, ifMatch);

            assertEquals(412, past.status());
            assertEquals(412, gone.status());
            assertEquals("A", scim.get("/Users/" + id).text("/title"));
            assertNotEquals(version, scim.get("/Users/" + id).text("/meta/version"));
        }

        @Test
        void whoIsDeletedComesBackIfAnAdministratorWants() {
            String id = scim.user("della");
            String group = scim.group("Delta", id);

            assertEquals(204, scim.delete("/Users/" + id).status());

            assertEquals(404, scim.get("/Users/" + id).status());
            assertEquals(List.of(), scim.members(group));
            assertEquals(404, graph(id).status());
            Response restored = service.post("/directory/deletedItems/" + id + "/restore", "{}");
            assertEquals(200, restored.status(), restored.raw().body());
            assertTrue(graph(id).json().path("accountEnabled").asBoolean());
            assertEquals("della@contoso.example", scim.get("/Users/" + id).text("/userName"));
            assertFalse(scim.get("/Users/" + id).json().has("externalId"), "its program has to say who he is");
            assertEquals(List.of(id), scim.members(group));
        }

        @Test
        void afterADeletionNameAndExternalIdAreFree() {
            String first = scim.user("dora");
            assertEquals(204, scim.delete("/Users/" + first).status());

            assertNotEquals(first, scim.user("dora"));

            assertEquals(
                    409,
                    service.post("/directory/deletedItems/" + first + "/restore", "{}")
                            .status());
        }

        @Test
        void findsNobodyWhoIsDeleted() {
            String id = scim.user("carla");

            assertEquals(204, scim.delete("/Users/" + id).status());

            assertEquals(404, scim.get("/Users/" + id).status());
            assertEquals(404, scim.delete("/Users/" + id).status());
            assertEquals(404, scim.get("/Users/no-id").status());
            assertEquals(
                    0,
                    scim.find("Users", "externalId eq \"x-carla\"")
                            .json()
                            .path("totalResults")
                            .asInt());
        }

        @Test
        void leavesAdministratorsAlone() {
            String id = service.holder(AdminRole.REPORTS_READER).id().value();

            Response disabled = scim.patch("/Users/" + id, "{\"op\":\"replace\",\"path\":\"active\",\"value\":false}");
            Response password = scim.patch(
                    "/Users/" + id, "{\"op\":\"add\",\"path\":\"password\",\"value\":\"correct horse battery\"}");
            Response deleted = scim.delete("/Users/" + id);

            assertEquals(403, disabled.status());
            assertEquals(403, password.status());
            assertEquals(403, deleted.status());
            assertTrue(
                    disabled.text("/detail").contains("is an administrator (Reports Reader)"),
                    disabled.text("/detail"));
            assertTrue(graph(id).json().path("accountEnabled").asBoolean());
            assertEquals(
                    Optional.empty(),
                    service.store.read(s -> s.users()
                            .find(service.tenant.id(), new UserId(id))
                            .orElseThrow()
                            .passwordHash()));
        }
    }
}
