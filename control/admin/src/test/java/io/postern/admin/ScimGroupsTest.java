package io.postern.admin;

import static io.postern.admin.ScimInstallation.GROUP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Groups and bulks by SCIM.
class ScimGroupsTest {
    @TempDir
    Path folder;

    private Installation service;
    private ScimInstallation scim;

    @BeforeEach
    void open() {
        service = new Installation(folder);
        scim = ScimInstallation.of(service, "Entra");
    }

    @AfterEach
    void close() {
        service.close();
    }

    private static List<String> sorted(String... ids) {
        return Stream.of(ids).sorted().toList();
    }

    @Test
    void makesFindsAndDeletesAGroup() {
        String anna = scim.user("anna");
        String id = scim.group("Sales", anna);
        scim.group("Support");

        assertEquals(List.of(anna), scim.members(id));
        assertEquals("Sales", scim.find("Groups", "displayName eq \"sales\"").text("/Resources/0/displayName"));
        Response without = scim.get("/Groups/" + id + "?excludedAttributes=members");
        assertEquals("Sales", without.text("/displayName"));
        assertTrue(without.json().path("members").isMissingNode());
        assertEquals(
                id, scim.find("Groups", "members[value eq \"" + anna + "\"]").text("/Resources/0/id"));
        assertEquals("Sales", scim.get("/Users/" + anna).text("/groups/0/display"));
        assertEquals(
                "Support",
                scim.get("/Groups?sortBy=displayName&sortOrder=descending").text("/Resources/0/displayName"));

        assertEquals(204, scim.delete("/Groups/" + id).status());
        assertEquals(404, scim.get("/Groups/" + id).status());
    }

    @Test
    void groupsAreMembersOfGroups() {
        String anna = scim.user("nanna");
        String inner = scim.group("Inner", anna);
        String outer = scim.group("Outer", anna, inner);

        assertEquals(sorted(anna, inner), scim.members(outer));
        assertTrue(scim.get("/Groups/" + outer).raw().body().contains("\"type\":\"Group\""));
        assertEquals(
                outer,
                scim.find("Groups", "members[value eq \"" + inner + "\"]").text("/Resources/0/id"));
        Response circle = scim.patch(
                "/Groups/" + inner, "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + outer + "\"}]}");
        assertEquals(409, circle.status());
        assertTrue(circle.text("/detail").contains("would be within itself"), circle.text("/detail"));
        String again = "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + inner + "\"}]}";
        assertEquals(204, scim.patch("/Groups/" + outer, again).status());

        assertEquals(
                204,
                scim.patch("/Groups/" + outer, "{\"op\":\"remove\",\"path\":\"members[type eq \\\"Group\\\"]\"}")
                        .status());
        assertEquals(List.of(anna), scim.members(outer));
        scim.patch("/Groups/" + outer, again);
        scim.patch("/Groups/" + outer, "{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + inner + "\\\"]\"}");
        assertEquals(List.of(anna), scim.members(outer));
        scim.patch("/Groups/" + outer, again);
        scim.put(
                "/Groups/" + outer,
                "{\"schemas\":[\"" + ScimInstallation.GROUP + "\"],\"displayName\":\"Outer\",\"members\":[]}");
        assertEquals(List.of(), scim.members(outer));
    }

    @Test
    void takesAndLosesMembersAsEntraSendsThem() {
        String anna = scim.user("anna");
        String berta = scim.user("berta");
        String id = scim.group("Sales");

        Response added = scim.patch(
                "/Groups/" + id,
                "{\"op\":\"Add\",\"path\":\"members\",\"value\":[{\"$ref\":null,\"value\":\"" + anna
                        + "\"},{\"$ref\":null,\"value\":\"" + berta + "\"}]}");
        assertEquals(204, added.status(), added.raw().body());
        assertEquals(sorted(anna, berta), scim.members(id));

        Response removed = scim.patch(
                "/Groups/" + id,
                "{\"op\":\"Remove\",\"path\":\"members\",\"value\":[{\"$ref\":null,\"value\":\"" + anna + "\"}]}");
        assertEquals(204, removed.status());
        assertEquals(List.of(berta), scim.members(id));
        assertEquals(
                204,
                scim.patch("/Groups/" + id, "{\"op\":\"Replace\",\"path\":\"displayName\",\"value\":\"Sales EU\"}")
                        .status());
        assertEquals("Sales EU", scim.get("/Groups/" + id).text("/displayName"));
    }

    @Test
    void takesAndLosesMembersAsOktaSendsThem() {
        String anna = scim.user("anna");
        String berta = scim.user("berta");
        String id = scim.group("Sales", anna);

        scim.patch(
                "/Groups/" + id,
                "{\"op\":\"replace\",\"value\":{\"id\":\"" + id + "\",\"displayName\":\"Sales EU\"}},"
                        + "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + berta
                        + "\",\"display\":\"berta@contoso.example\"}]},"
                        + "{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + anna + "\\\"]\"}");
        assertEquals(List.of(berta), scim.members(id));
        assertEquals("Sales EU", scim.get("/Groups/" + id).text("/displayName"));

        scim.patch(
                "/Groups/" + id, "{\"op\":\"replace\",\"path\":\"members\",\"value\":[{\"value\":\"" + anna + "\"}]}");
        assertEquals(List.of(anna), scim.members(id));
        scim.patch("/Groups/" + id, "{\"op\":\"remove\",\"path\":\"members[display co \\\"ann\\\"]\"}");
        assertEquals(List.of(), scim.members(id));
    }

    @Test
    void replacesAGroupAndKeepsMembersThatNobodyNames() {
        String anna = scim.user("anna");
        String id = scim.group("Sales", anna);

        scim.put("/Groups/" + id, "{\"schemas\":[\"" + GROUP + "\"],\"displayName\":\"Renamed\"}");
        assertEquals(List.of(anna), scim.members(id));

        scim.put("/Groups/" + id, "{\"schemas\":[\"" + GROUP + "\"],\"displayName\":\"Renamed\",\"members\":[]}");
        assertEquals(List.of(), scim.members(id));
    }

    @Test
    void changesNothingWhenOneMemberIsUnknown() {
        String anna = scim.user("anna");
        String id = scim.group("Sales");
        Response refused = scim.patch(
                "/Groups/" + id,
                "{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"Other\"},"
                        + "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + anna
                        + "\"},{\"value\":\"00000000-0000-4000-8000-000000000000\"}]}");

        assertEquals(400, refused.status());
        assertEquals("invalidValue", refused.text("/scimType"));
        assertEquals(List.of(), scim.members(id));
        assertEquals("Sales", scim.get("/Groups/" + id).text("/displayName"));
    }

    @Test
    void refusesToActOnAVersionThatIsPast() {
        String id = scim.group("Sales");
        String version = scim.get("/Groups/" + id).text("/meta/version");
        scim.patch(
                "/Groups/" + id,
                "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + scim.user("a") + "\"}]}");

        Response past = scim.call(
                "PATCH",
                "/Groups/" + id,
                "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"Other\"}]}",
                Map.of("If-Match", version));
        assertEquals(412, past.status());
        assertEquals("Sales", scim.get("/Groups/" + id).text("/displayName"));
    }

    private Response bulk(String operations, String more) {
        return scim.post(
                "/Bulk",
                "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"]" + more + ",\"Operations\":["
                        + operations + "]}");
    }

    /// The group stands before the user that it names (RFC 7644 §3.7.2).
    @Test
    void doesABulkWhoseOperationsNameEachOther() {
        Response done = bulk("""
                {"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"Guides",
                  "members":[{"type":"User","value":"bulkId:u"}]}},
                {"method":"post","path":"/Users","bulkId":"u","data":{"userName":"alice@contoso.example"}},
                {"method":"PATCH","path":"/Users/bulkId:u","data":{"Operations":[
                  {"op":"replace","path":"title","value":"Guide"}]}}""", "");

        assertEquals(200, done.status(), done.raw().body());
        assertEquals("201", done.text("/Operations/0/status"), done.raw().body());
        assertEquals("201", done.text("/Operations/1/status"));
        assertEquals("200", done.text("/Operations/2/status"));
        assertEquals("u", done.text("/Operations/1/bulkId"));
        String url = done.text("/Operations/1/location");
        String user = url.substring(url.lastIndexOf('/') + 1);
        String group = done.text("/Operations/0/location").replaceFirst(".*/", "");
        assertEquals(List.of(user), scim.members(group));
        assertEquals("Guide", scim.get("/Users/" + user).text("/title"));
    }

    @Test
    void stopsABulkAfterSoManyErrors() {
        Response done = bulk("""
                {"method":"POST","path":"/Users","bulkId":"1","data":{"userName":"one@contoso.example"}},
                {"method":"POST","path":"/Users","bulkId":"2","data":{"userName":"two@elsewhere.example"}},
                {"method":"POST","path":"/Users","bulkId":"3","data":{"userName":"three@contoso.example"}}
                """, ",\"failOnErrors\":1");

        assertEquals(2, done.json().path("Operations").size());
        assertEquals("400", done.text("/Operations/1/status"));
        assertEquals("invalidValue", done.text("/Operations/1/response/scimType"));
        assertEquals(
                1,
                scim.find("Users", "userName eq \"one@contoso.example\"")
                        .json()
                        .path("totalResults")
                        .asInt());
        assertEquals(
                0,
                scim.find("Users", "userName eq \"three@contoso.example\"")
                        .json()
                        .path("totalResults")
                        .asInt());
    }

    @Test
    void refusesBulksThatCannotBeDone() {
        Response circle = bulk("""
                {"method":"POST","path":"/Groups","bulkId":"a","data":{"displayName":"A",
                  "members":[{"value":"bulkId:b"}]}},
                {"method":"POST","path":"/Groups","bulkId":"b","data":{"displayName":"B",
                  "members":[{"value":"bulkId:a"}]}},
                {"method":"DELETE","path":"/Users/bulkId:nobody"}""", "");
        String many =
                String.join(",", java.util.Collections.nCopies(1_001, "{\"method\":\"DELETE\",\"path\":\"/Users/x\"}"));

        assertEquals("409", circle.text("/Operations/0/status"), circle.raw().body());
        assertEquals("409", circle.text("/Operations/1/status"));
        assertEquals("invalidValue", circle.text("/Operations/2/response/scimType"));
        assertEquals(413, bulk(many, "").status());
    }

    @Test
    void tellsWhatItCan() {
        Response can = scim.get("/ServiceProviderConfig");
        for (String feature : List.of("patch", "bulk", "filter", "sort", "etag", "changePassword")) {
            assertTrue(can.json().path(feature).path("supported").asBoolean(), feature);
        }
        assertEquals(2, scim.get("/ResourceTypes").json().path("totalResults").asInt());
        assertEquals("/Users", scim.get("/ResourceTypes/User").text("/endpoint"));
        assertEquals(3, scim.get("/Schemas").json().path("totalResults").asInt());
        assertEquals("Group", scim.get("/Schemas/" + GROUP).text("/name"));
        assertEquals(501, scim.get("/Me").status());
        assertEquals(404, scim.get("/Devices").status());
        assertEquals(405, scim.delete("/Users").status());
    }

    @Test
    void letsNobodyInWithoutATokenThatHolds() {
        String client = service.get("/provisioningClients").text("/value/0/id");
        Response second = service.post("/provisioningClients/" + client + "/tokens", "{}");
        var with = new ScimInstallation(service, second.text("/secretText"));
        assertEquals(200, with.get("/Users").status());
        assertFalse(service.get("/provisioningClients").raw().body().contains("secret"));
        assertFalse(service.get("/auditLogs/directoryAudits").raw().body().contains(second.text("/secretText")));

        service.delete("/provisioningClients/" + client + "/tokens/" + second.text("/id"));
        Response refused = with.get("/Users");
        assertEquals(401, refused.status());
        assertTrue(refused.raw()
                .headers()
                .firstValue("www-authenticate")
                .orElse("")
                .startsWith("Bearer"));
        assertEquals(200, scim.get("/Users").status(), "the other one stays");
        assertEquals(401, service.call("GET", "/scim/v2/Users", Map.of(), null).status());
        assertEquals(
                401,
                new ScimInstallation(service, service.apiToken).get("/Users").status(),
                "no API token");
        assertEquals(
                401,
                service.call("GET", "/v1.0/users", Map.of("Authorization", "Bearer " + scim.token()), null)
                        .status(),
                "and none for the API");
        assertEquals(
                400,
                service.post(
                                "/provisioningClients/" + client + "/tokens",
                                "{\"expirationDateTime\":\"2020-01-01T00:00:00Z\"}")
                        .status());

        service.delete("/provisioningClients/" + client);
        assertEquals(401, scim.get("/Users").status());
    }

    @Test
    void seesNothingOfOtherTenants() {
        String anna = scim.user("anna");
        Response made = service.call(
                "POST",
                "/v1.0/provisioningClients",
                Map.of("Authorization", "Bearer " + service.otherTenantToken()),
                "{\"displayName\":\"Entra\"}");
        var other = new ScimInstallation(service, made.text("/secretText"));

        assertEquals(0, other.get("/Users").json().path("totalResults").asInt());
        assertEquals(404, other.get("/Users/" + anna).status());
        assertEquals(
                0,
                other.find("Users", "userName eq \"anna@contoso.example\"")
                        .json()
                        .path("totalResults")
                        .asInt());
        assertEquals(
                404,
                other.patch("/Users/" + anna, "{\"op\":\"replace\",\"path\":\"active\",\"value\":false}")
                        .status());
        assertEquals(
                400,
                other.post("/Groups", "{\"displayName\":\"G\",\"members\":[{\"value\":\"" + anna + "\"}]}")
                        .status());
    }

    @Test
    void keepsWhatEachClientCallsAUser() {
        String id = scim.user("anna");
        ScimInstallation okta = ScimInstallation.of(service, "Okta");

        assertTrue(okta.get("/Users/" + id).json().path("externalId").isMissingNode());
        okta.patch("/Users/" + id, "{\"op\":\"add\",\"path\":\"externalId\",\"value\":\"00u1\"}");

        assertEquals("00u1", okta.get("/Users/" + id).text("/externalId"));
        assertEquals("x-anna", scim.get("/Users/" + id).text("/externalId"));
    }
}
