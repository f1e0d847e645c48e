package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.fixtures.TestCertificates;
import io.postern.saml.metadata.IdpMetadata;
import io.postern.saml.xml.Markup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// Upstream identity providers, through the API.
class IdentityProviderApiTest {
    private static final String PROVIDERS = "/identity/identityProviders";

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

    private static String oidc(String issuer, String more) {
        return "{\"@odata.type\":\"#microsoft.graph.oidcIdentityProvider\",\"displayName\":\"Partner\",\"issuer\":\""
                + issuer + "\",\"clientId\":\"c\",\"clientSecret\":\"hush-hush\"" + more + "}";
    }

    private static String saml(String entity) {
        String metadata = Markup.write(new IdpMetadata(
                        entity,
                        List.of(TestCertificates.selfSigned("idp").leaf()),
                        "https://idp.example/sso",
                        Optional.empty(),
                        false)
                .write(null, null));
        return JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "@odata.type", "#microsoft.graph.samlOrWsFedExternalDomainFederation",
                        "displayName", "Works",
                        "metadata", metadata));
    }

    private static Response created(String body) {
        Response made = service.post(PROVIDERS, body);
        assertEquals(201, made.status(), made.raw().body());
        return made;
    }

    @Test
    void anOpenIdProviderTellsWhatToSetThereAndNeverItsSecret() {
        String group = service.post("/groups", "{\"displayName\":\"Staff\"}").text("/id");
        Response made = created(oidc(
                "https://one.example/tenant",
                ",\"newcomers\":\"members\",\"trustsMultiFactor\":true,\"isShownOnSignInPage\":true,"
                        + "\"domainHint\":\"Partner\",\"scope\":\"email\","
                        + "\"inboundClaimMapping\":{\"jobTitle\":\"title\"},"
                        + "\"groupMapping\":[{\"value\":\"employees\",\"groupId\":\"" + group + "\"}]"));
        String path = PROVIDERS + "/" + made.text("/id");

        Response shown = service.get(path);
        assertEquals("partner", shown.text("/domainHint"));
        assertEquals("openid email", shown.text("/scope"));
        assertEquals("title", shown.text("/inboundClaimMapping/jobTitle"));
        assertEquals("preferred_username", shown.text("/inboundClaimMapping/userPrincipalName"));
        assertEquals(group, shown.text("/groupMapping/0/groupId"));
        assertTrue(shown.text("/redirectUri").endsWith("/federation/" + made.text("/id") + "/callback"));
        assertTrue(shown.json().path("isClientSecretSet").asBoolean());
        assertFalse(shown.raw().body().contains("hush"));
        assertEquals(
                204,
                service.patch(path, "{\"isEnabled\":false,\"clientSecret\":\"other\"}")
                        .status());
        assertFalse(service.get(path).json().path("isEnabled").asBoolean());
        assertEquals(204, service.delete(path).status());
        assertEquals(404, service.get(path).status());
    }

    @Test
    void aSamlProviderIsReadFromItsMetadataAndHasAKeyOfOurs() {
        Response made = created(saml("urn:works"));

        assertEquals("urn:works", made.text("/issuerUri"));
        assertTrue(made.text("/serviceProvider/replyUrl").endsWith("/acs"));
        String path = PROVIDERS + "/" + made.text("/id");
        Response tested = service.post(path + "/test", "{}");
        assertTrue(tested.json().path("passed").asBoolean(), tested.raw().body());
        Response other = service.patch(
                path,
                "{\"metadata\":"
                        + JsonMapper.shared().readTree(saml("urn:other")).path("metadata")
                        + "}");
        assertEquals(400, other.status());
        assertTrue(
                other.raw().body().contains("on which everybody's link hangs"),
                other.raw().body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                        | @odata.type must be",
                "{\"domains\":[\"microsoft.com\"]}                         | is not of this organisation",
                "{\"issuer\":\"http://plain.example\"}                     | must be https://host/path",
                "{\"clientSecret\":null}                                   | clientSecret must be a text",
                "{\"clientAuthentication\":\"none\"}                       | use clientSecret or privateKeyJwt",
                "{\"newcomers\":\"all\"}                                   | use none, guests or members",
                "{\"inboundClaimMapping\":{\"userType\":\"role\"}}         | cannot be filled from a claim",
                "{\"groupMapping\":[{\"value\":\"x\"}]}                    | a rule needs value",
                "{\"domainHint\":\"a b\"}                                  | must be 1 to 64 letters",
                "{\"displayName\":\" \"}                                   | displayName needs 1 to 256",
                "{\"secret\":\"x\"}                                        | property 'secret' is unknown"
            })
    void refusesWhatCannotWork(String change, String why) {
        var body = new LinkedHashMap<String, Object>();
        if (!change.equals("{}")) {
            JsonMapper.shared()
                    .readTree(oidc("https://" + UUID.randomUUID() + ".example", ""))
                    .properties()
                    .forEach(e -> body.put(e.getKey(), e.getValue()));
        }
        JsonMapper.shared().readTree(change).properties().forEach(e -> body.put(e.getKey(), e.getValue()));
        int before = service.get(PROVIDERS).json().path("value").size();

        Response answer = service.post(PROVIDERS, JsonMapper.shared().writeValueAsString(body));

        assertEquals(400, answer.status(), answer.raw().body());
        assertTrue(answer.raw().body().contains(why), answer.raw().body());
        assertEquals(before, service.get(PROVIDERS).json().path("value").size());
    }

    @Test
    void aDomainAndAnIssuerHaveOneProvider() {
        String domain = service.administrator.userPrincipalName().replaceAll(".*@", "");
        created(oidc("https://two.example", ",\"domains\":[\"" + domain.toUpperCase(Locale.ROOT) + "\"]"));

        var answers = new ArrayList<Response>();
        answers.add(service.post(PROVIDERS, oidc("https://two.example", "")));
        answers.add(service.post(PROVIDERS, oidc("https://three.example", ",\"domains\":[\"" + domain + "\"]")));
        for (Response answer : answers) {
            assertEquals(409, answer.status(), answer.raw().body());
        }
    }
}
