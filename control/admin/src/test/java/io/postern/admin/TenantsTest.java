package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.directory.AdminRole;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Several tenants in one service: each is administered from within, and none sees another.
class TenantsTest {
    private static final String BODY = """
            {"name":"%s","domain":"%s","administrator":"%s","passwordProfile":{"password":"correct horse battery"}}""";

    @TempDir
    Path folder;

    private Installation service;

    @BeforeEach
    void open() {
        service = new Installation(folder);
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Response add() {
        return service.post("/tenants", BODY.formatted("fabrikam", "fabrikam.example", "ada@fabrikam.example"));
    }

    private Response as(String token, String verb, String path, String body) {
        return service.call(verb, "/v1.0" + path, Map.of("Authorization", "Bearer " + token), body);
    }

    @Test
    void aNewTenantHasAnAdministratorWhoMustChangeThePasswordAndAConnectorGroup() {
        Response added = add();

        assertEquals(201, added.status(), added.raw().body());
        assertEquals("ada@fabrikam.example", added.text("/administrator"));
        var ada = service.store
                .read(s -> s.users().findByPrincipalName("ada@fabrikam.example"))
                .orElseThrow();
        assertEquals(added.text("/id"), ada.tenant().value());
        assertTrue(ada.forceChangePassword());
        assertTrue(service.store
                .read(s -> s.roles().rolesOf(ada.tenant(), ada.id().value()))
                .contains(AdminRole.GLOBAL_ADMINISTRATOR.templateId()));
        String token = added.text("/apiToken");
        assertEquals(
                "Default",
                as(token, "GET", Installation.PROFILE + "/connectorGroups", null)
                        .text("/value/0/name"));
        assertEquals("fabrikam", as(token, "GET", "/organization", null).text("/value/0/name"));
        assertFalse(service.get("/tenants").raw().body().contains("pat_"), "the token is shown once");
    }

    @Test
    void bothTenantsArePublishedAndNeitherTakesTheOthersHost() {
        String token = add().text("/apiToken");
        String mine = "{\"displayName\":\"wiki\",\"onPremisesPublishing\":{\"internalUrl\":\"http://wiki.corp/\"}}";
        assertEquals(201, service.post("/applications", mine).status());

        assertEquals(201, as(token, "POST", "/applications", mine).status());

        var hosts = service.administration.snapshots().current().applications().stream()
                .map(a -> a.externalUrl().host().value())
                .toList();
        assertTrue(
                hosts.contains("wiki-contoso.postern.localhost") && hosts.contains("wiki-fabrikam.postern.localhost"));
        assertEquals(
                409,
                as(
                                token,
                                "POST",
                                "/applications",
                                mine.replace(
                                        "http://wiki.corp/\"",
                                        "http://x.corp/\",\"externalUrl\":"
                                                + "\"https://wiki-contoso.postern.localhost/\""))
                        .status());
    }

    /// An application goes to another tenant as it is declared; its users do not.
    @Test
    void aDeclarationCarriesAnApplicationIntoAnotherTenant() {
        String token = add().text("/apiToken");
        service.post(
                "/applications",
                "{\"displayName\":\"wiki\",\"onPremisesPublishing\":{\"internalUrl\":\"http://wiki.corp/\"}}");
        assertEquals(
                1,
                service.get(Installation.PROFILE + "/declarations")
                        .json()
                        .path("value")
                        .size());

        Response applied = as(
                token,
                "POST",
                Installation.PROFILE + "/declarations/apply",
                "{\"applications\":[{\"displayName\":\"wiki\",\"onPremisesPublishing\":{\"internalUrl\":"
                        + "\"http://wiki.corp/\"}}]}");

        assertEquals("create", applied.text("/changes/0/action"), applied.raw().body());
        assertEquals(
                "wiki",
                as(token, "GET", Installation.PROFILE + "/declarations", null).text("/value/0/displayName"));
    }

    /// With its roles and what it says as a client; ids stay what they are where the other tenant has it already.
    @Test
    void aDeclarationCarriesRolesClientSettingsAndSignOn() {
        String token = add().text("/apiToken");
        String id = service.post("/applications", """
                        {"displayName":"crm","isFallbackPublicClient":true,
                         "web":{"redirectUris":["https://crm.example/cb"],"logoutUrl":"https://crm.example/out"},
                         "spa":{"redirectUris":["https://crm.example/spa"]},
                         "appRoles":[{"displayName":"Reader","value":"Read","description":"reads"}],
                         "api":{"oauth2PermissionScopes":[{"value":"crm.read","adminConsentDisplayName":"Read",
                           "adminConsentDescription":"Reads"}]},
                         "optionalClaims":{"idToken":[{"name":"email"}]},"groupMembershipClaims":"SecurityGroup"}""").text("/id");
        String appId = service.get("/applications/" + id).text("/appId");
        assertEquals(
                201,
                service.post("/servicePrincipals", "{\"appId\":\"" + appId + "\"}")
                        .status());
        JsonNode exported =
                service.get(Installation.PROFILE + "/declarations").json().at("/value/0");
        assertEquals("Read", exported.at("/appRoles/0/value").asString(), exported.toString());
        assertFalse(exported.toString().contains(id), "nothing of the first tenant but roles and scopes has an id");
        String file = "{\"applications\":[" + exported + "]}";

        Response applied = as(token, "POST", Installation.PROFILE + "/declarations/apply", file);
        assertEquals("create", applied.text("/changes/0/action"), applied.raw().body());
        JsonNode there = as(token, "GET", Installation.PROFILE + "/declarations", null)
                .json()
                .at("/value/0");
        assertEquals(exported, there);
        Response again = as(token, "POST", Installation.PROFILE + "/declarations/apply", file);
        assertEquals("none", again.text("/changes/0/action"), again.raw().body());

        String role = exported.at("/appRoles/0/id").asString();
        Response renamed = as(
                token,
                "POST",
                Installation.PROFILE + "/declarations/apply",
                file.replace(role, "0a4b0d6e-63a5-4a1b-9b3a-6e1c0b1d7a11").replace("reads", "reads all"));
        assertEquals("update", renamed.text("/changes/0/action"), renamed.raw().body());
        assertEquals(
                role,
                as(token, "GET", Installation.PROFILE + "/declarations", null).text("/value/0/appRoles/0/id"));
    }

    @Test
    void aNewTenantHasMyAppsTheApiAndAKeyOfItsOwnOrIsNotAddedAtAll() {
        Response added = add();
        var id = new io.postern.domain.TenantId(added.text("/id"));

        var names = service.store.read(s -> s.applications().list(id)).stream()
                .map(a -> a.displayName())
                .sorted()
                .toList();
        assertEquals(java.util.List.of("My Apps", "Postern API", "administration"), names);
        assertEquals(1, service.store.read(s -> s.signingKeys().list(id)).size());
        assertTrue(service.administration.snapshots().current().applications().stream()
                .anyMatch(a -> a.externalUrl().host().value().equals("myapps-fabrikam.postern.localhost")
                        && a.tenant().equals(id)));
        var mine =
                "{\"displayName\":\"x\",\"onPremisesPublishing\":{\"internalUrl\":\"http://x.corp/\",\"externalUrl\":"
                        + "\"https://myapps-other.postern.localhost/\"}}";
        assertEquals(400, service.post("/applications", mine).status(), "the portal of a tenant to come");

        Response taken = service.post(
                "/tenants",
                BODY.formatted("third", "third.example", "ada@third.example")
                        .replace("correct horse battery", "third"));
        assertEquals(400, taken.status());
        assertEquals(2, service.store.read(s -> s.tenants().list()).size());
    }

    @Test
    void onlyTheServicesOperatorAddsAndListsTenants() {
        String token = add().text("/apiToken");

        assertEquals(2, service.get("/tenants").json().path("value").size());
        assertEquals(403, as(token, "GET", "/tenants", null).status());
        assertEquals(
                403,
                as(token, "POST", "/tenants", BODY.formatted("third", "third.example", "a@third.example"))
                        .status());
    }

    @ParameterizedTest
    @CsvSource({
        "fabrikam, other.example, a@other.example, 409",
        "other, fabrikam.example, a@fabrikam.example, 409",
        "Upper, other.example, a@other.example, 400",
        "common, other.example, a@other.example, 400",
        "other, no domain, a@other.example, 400",
        "other, other.example, a@elsewhere.example, 400"
    })
    void refusesNamesThatAreTakenOrWrong(String name, String domain, String administrator, int status) {
        add();

        assertEquals(
                status,
                service.post("/tenants", BODY.formatted(name, domain, administrator))
                        .status());
        assertEquals(2, service.get("/tenants").json().path("value").size());
    }
}
