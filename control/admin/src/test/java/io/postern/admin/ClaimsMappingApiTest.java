package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Claims policies that applications share, through the API (7.2).
class ClaimsMappingApiTest {
    private static final String POLICIES = "/policies/claimsMappingPolicies";

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

    private static String body(String name, String definition) {
        return JsonMapper.shared().writeValueAsString(Map.of("displayName", name, "definition", List.of(definition)));
    }

    /// Of one claim, with the user's sign-in name.
    private static String definition(String claim) {
        return "{\"ClaimsMappingPolicy\":{\"Version\":1,\"IncludeBasicClaimSet\":\"false\",\"ClaimsSchema\":["
                + "{\"Source\":\"user\",\"ID\":\"userprincipalname\",\"SamlClaimType\":\"urn:x/" + claim
                + "\",\"JwtClaimType\":\"" + claim + "\"}]}}";
    }

    private static String policy(String name, String definition) {
        Response made = service.post(POLICIES, body(name, definition));
        assertEquals(201, made.status(), made.raw().body());
        return made.text("/id");
    }

    private static Response assign(String path, String policy) {
        return service.post(
                path + "/claimsMappingPolicies/$ref",
                "{\"@odata.id\":\"https://api.postern.localhost:8443/v1.0" + POLICIES + "/" + policy + "\"}");
    }

    private static Response unassign(String path, String policy) {
        return service.delete(path + "/claimsMappingPolicies/" + policy + "/$ref");
    }

    private static Response by(String token, String method, String path, @Nullable String json) {
        return service.call(method, "/v1.0" + POLICIES + path, Map.of("Authorization", "Bearer " + token), json);
    }

    private static List<String> told(String path, String token) {
        Response shown = service.post(
                path + "/signOn/preview", "{\"user\":\"" + service.user.id() + "\",\"token\":\"" + token + "\"}");
        return shown.json()
                .path("claims")
                .valueStream()
                .map(claim -> claim.path("name").asString())
                .toList();
    }

    private static List<String> ids(Response list) {
        return list.json()
                .path("value")
                .valueStream()
                .map(row -> row.path("id").asString())
                .toList();
    }

    @Test
    void aPolicyIsMadeReadChangedAndDeleted() {
        String definition = definition("login");
        Response made = service.post(POLICIES, body("numbers", definition));

        assertEquals(201, made.status(), made.raw().body());
        assertEquals(definition, made.text("/definition/0"), "as it was sent");
        String one = POLICIES + "/" + made.text("/id");
        assertEquals(made.json(), service.get(one).json());
        assertTrue(ids(service.get(POLICIES + "?$filter=displayName%20eq%20'numbers'"))
                .contains(made.text("/id")));
        assertEquals(204, service.patch(one, "{\"displayName\":\"logins\"}").status());
        assertEquals("logins", service.get(one).text("/displayName"));
        assertEquals(definition, service.get(one).text("/definition/0"));
        assertEquals(204, service.delete(one).status());
        assertEquals(404, service.get(one).status());
    }

    @Test
    void whatItSaysIsToldByEveryApplicationThatGoesByItUntilItIsTakenAway() {
        String wiki = service.application("wiki");
        String forum = service.application("forum");
        List<String> before = told(wiki, "saml");
        String policy = policy("shared", definition("login"));

        assertEquals(204, assign(wiki, policy).status());
        assertEquals(204, assign(forum, policy).status());

        assertEquals(List.of("urn:x/login"), told(wiki, "saml"));
        assertEquals(List.of("login"), told(forum, "jwt"));
        assertEquals(List.of(policy), ids(service.get(wiki + "/claimsMappingPolicies")));
        assertEquals("shared", service.get(wiki + "/signOn").text("/claimsMappingPolicy/displayName"));
        assertEquals(
                2,
                service.get(POLICIES + "/" + policy + "/appliesTo")
                        .json()
                        .path("value")
                        .size());
        service.patch(
                POLICIES + "/" + policy,
                JsonMapper.shared().writeValueAsString(Map.of("definition", List.of(definition("name2")))));
        assertEquals(List.of("urn:x/name2"), told(wiki, "saml"));
        assertEquals(List.of("name2"), told(forum, "jwt"));

        assertEquals(204, unassign(wiki, policy).status());
        assertEquals(before, told(wiki, "saml"));
        assertEquals(List.of("name2"), told(forum, "jwt"));
        assertEquals(404, unassign(wiki, policy).status(), "it does not go by it any more");
    }

    @Test
    void oneInUseIsNotDeletedAndAnApplicationGoesByOneAtMost() {
        String path = service.application("busy");
        String policy = policy("first", definition("a"));
        String other = policy("second", definition("b"));
        assign(path, policy);

        Response deleted = service.delete(POLICIES + "/" + policy);
        Response second = assign(path, other);

        assertEquals(409, deleted.status());
        assertTrue(deleted.text("/error/message").contains("'busy'"), deleted.text("/error/message"));
        assertEquals(409, second.status());
        assertTrue(second.text("/error/message").contains("'first'"), second.text("/error/message"));
        assertEquals(409, assign(path, policy).status(), "a second time");
        assertEquals(List.of("urn:x/a"), told(path, "saml"));
        assertEquals(204, service.delete(path).status());
        assertEquals(204, service.delete(POLICIES + "/" + policy).status(), "nobody goes by it any more");
    }

    @Test
    void aChangeThatThePolicyWouldHideIsRefused() {
        String path = service.application("hidden");
        assign(path, policy("hiding", definition("login")));
        JsonNode read = service.get(path + "/claimsPolicy").json();
        assertEquals("login", read.at("/claims/0/name").asString(), "what is told, not what is hidden");

        Response refused = service.api("PUT", path + "/claimsPolicy", "{\"claims\":[]}");
        assertEquals(409, refused.status());
        assertTrue(refused.text("/error/message").contains("'hiding'"), refused.text("/error/message"));
        assertEquals(
                204,
                service.api("PUT", path + "/claimsPolicy", read.toString()).status(),
                "what was read may be sent back");
        assertEquals(
                204,
                service.patch(path + "/signOn", "{\"claimsPolicy\":{\"audienceOverride\":\"urn:mine\"}}")
                        .status(),
                "the policy says nothing of it");
        assertEquals("urn:mine", service.get(path + "/signOn").text("/claimsPolicy/audienceOverride"));
        assertEquals(List.of("urn:x/login"), told(path, "saml"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"ClaimsMappingPolicy\":{\"ClaimsSchema\":[}|line 1, column 41",
                "[]|JSON object",
                "{\"TokenLifetimePolicy\":{}}|ClaimsMappingPolicy is missing",
                "{\"ClaimsMappingPolicy\":{\"Version\":1,\"Version\":2}}|Duplicate",
                "{\"ClaimsMappingPolicy\":{\"GroupFilter\":{}}}|'GroupFilter'",
                "{\"ClaimsMappingPolicy\":{\"ClaimsSchema\":[{\"Source\":\"user\",\"ID\":\"shoesize\",\"JwtClaimType\":\"s\"}]}}|ClaimsSchema[0].ID: 'shoesize'",
                "{\"ClaimsMappingPolicy\":{\"ClaimsSchema\":[{\"Source\":\"company\",\"ID\":\"tenantcountry\",\"JwtClaimType\":\"s\"}]}}|'company'",
                "{\"ClaimsMappingPolicy\":{\"ClaimsSchema\":[{\"Source\":\"user\",\"ID\":\"mail\",\"JwtClaimType\":\"aud\"}]}}|'aud'",
                "{\"ClaimsMappingPolicy\":{\"ClaimsSchema\":[{\"Source\":\"user\",\"ID\":\"mail\",\"SamlClaimType\":\"a b\"}]}}|'a b'",
            })
    void namesWhatCannotBe(String definition, String word) {
        int before = service.get(POLICIES + "?$top=999").json().path("value").size();

        Response refused = service.post(POLICIES, body("bad", definition));

        assertEquals(400, refused.status());
        assertTrue(refused.text("/error/message").contains(word), refused.text("/error/message"));
        assertTrue(refused.text("/error/message").startsWith("definition[0]"), refused.text("/error/message"));
        assertEquals(
                before, service.get(POLICIES + "?$top=999").json().path("value").size());
    }

    @Test
    void refusesBodiesThatSayTooLittleOrTooMuch() {
        String two = "{\"displayName\":\"x\",\"definition\":[\"{}\",\"{}\"]}";
        String everywhere = "{\"displayName\":\"x\",\"isOrganizationDefault\":true,"
                + "\"definition\":[\"{\\\"ClaimsMappingPolicy\\\":{}}\"]}";

        assertTrue(service.post(POLICIES, "{\"displayName\":\"x\"}")
                .text("/error/message")
                .contains("definition"));
        assertTrue(service.post(POLICIES, two).text("/error/message").contains("one text"));
        assertTrue(service.post(POLICIES, everywhere).text("/error/message").contains("isOrganizationDefault"));
        assertEquals(400, service.post(POLICIES, body(" ", definition("x"))).status());
        assertEquals(400, assign(service.application("ref"), "no-id").status());
        assertEquals(
                404,
                assign(service.application("none"), UUID.randomUUID().toString())
                        .status());
    }

    @Test
    void anotherTenantsPolicyIsNobodys() {
        String policy = policy("ours", definition("login"));
        String path = service.application("ours");
        String stranger = service.otherTenantToken();

        assertEquals(404, by(stranger, "GET", "/" + policy, null).status());
        assertEquals(404, by(stranger, "DELETE", "/" + policy, null).status());
        assertEquals(
                404,
                by(stranger, "PATCH", "/" + policy, "{\"displayName\":\"x\"}").status());
        assertEquals(404, by(stranger, "GET", "/" + policy + "/appliesTo", null).status());
        assertFalse(ids(by(stranger, "GET", "?$top=999", null)).contains(policy));
        Response theirs = by(stranger, "POST", "", body("theirs", definition("x")));
        assertEquals(201, theirs.status(), theirs.raw().body());
        assertEquals(404, assign(path, theirs.text("/id")).status(), "to an application of ours");
    }

    @Test
    void anExportSaysTheClaimsSinceTheOtherTenantHasNoSuchPolicy() {
        String path = service.application("carried");
        assign(path, policy("stays", definition("login")));
        service.patch(path + "/signOn", "{\"identifierUris\":[\"urn:carried\"]}");

        JsonNode declared = service.get(Installation.PROFILE + "/declarations?$top=999")
                .json()
                .path("value")
                .valueStream()
                .filter(app -> app.path("displayName").asString().equals("carried"))
                .findFirst()
                .orElseThrow();

        assertEquals("login", declared.at("/signOn/claimsPolicy/claims/0/name").asString());
        assertTrue(declared.at("/signOn/claimsMappingPolicy").isMissingNode());
    }
}
