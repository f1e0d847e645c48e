package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// `identityToken` and `backendToken` of `singleSignOnSettings` by API (IDT-1, OBO-1).
class TokenSettingsTest {
    private static final String KERBEROS =
            "\"singleSignOnMode\":\"onPremisesKerberos\",\"kerberosSignOnSettings\":{\"kerberosServicePrincipalName\":"
                    + "\"HTTP/a.corp\"}";

    @TempDir
    static Path folder;

    private static Installation service;
    private static int count;

    @BeforeAll
    static void open() {
        service = new Installation(folder);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    /// @return its path
    private static String published(String more) {
        String name = "t" + ++count;
        Response made = service.post(
                "/applications",
                "{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{\"internalUrl\":\"https://" + name
                        + ".corp/\"" + more + "}}");
        assertEquals(201, made.status(), made.raw().body());
        return "/applications/" + made.text("/id");
    }

    private static Response set(String path, String signOn) {
        return service.patch(path, "{\"onPremisesPublishing\":{\"singleSignOnSettings\":{" + signOn + "}}}");
    }

    private static JsonNode shown(String path) {
        return service.get(path + "/onPremisesPublishing").json().path("singleSignOnSettings");
    }

    @Test
    void theTokensStandBesideAnyModeAndWhatIsLeftOutStays() {
        String path = published("");
        assertTrue(shown(path).path("identityToken").isNull());
        assertTrue(shown(path).path("backendToken").isNull());

        assertEquals(204, set(path, "\"identityToken\":{}").status());
        assertEquals(
                "X-Identity-Token", shown(path).at("/identityToken/headerName").asString());
        assertTrue(shown(path).at("/identityToken/audience").isNull());

        assertEquals(
                204, set(path, "\"identityToken\":{\"audience\":\"urn:wiki\"}").status());
        assertEquals(
                204, set(path, "\"identityToken\":{\"headerName\":\"X-Who\"}").status());
        assertEquals(204, set(path, KERBEROS).status());
        assertEquals("X-Who", shown(path).at("/identityToken/headerName").asString());
        assertEquals("urn:wiki", shown(path).at("/identityToken/audience").asString());
        assertEquals(204, set(path, "\"identityToken\":{\"audience\":null}").status());
        assertTrue(shown(path).at("/identityToken/audience").isNull());

        String scope = "\"backendToken\":{\"scope\":\"api://orders/read\"}";
        assertTrue(set(path, scope).raw().body().contains("OBO-1"), "one Authorization field");
        assertEquals(204, set(path, "\"singleSignOnMode\":\"none\"," + scope).status());
        assertEquals("api://orders/read", shown(path).at("/backendToken/scope").asString());
        assertEquals(204, set(path, KERBEROS + ",\"backendToken\":null").status(), "the one goes, the other comes");
        assertTrue(shown(path).path("backendToken").isNull());

        JsonNode before = shown(path);
        assertEquals(204, set(path, before.toString().replaceAll("^\\{|}$", "")).status(), "what is shown is taken");
        assertEquals(before, shown(path));
        assertEquals(204, set(path, "\"identityToken\":null").status());
        assertTrue(shown(path).path("identityToken").isNull());
    }

    @Test
    void whatTheTokenWouldSayIsShownWithoutOne() {
        String path = published("");
        String preview = path + "/onPremisesPublishing/previewIdentityToken";
        String user = "{\"user\":\"" + service.user.id() + "\"}";
        Response none = service.post(preview, user);
        assertEquals(409, none.status());
        assertTrue(
                none.raw().body().contains("sends its backend no identity token"),
                none.raw().body());

        set(path, "\"identityToken\":{\"headerName\":\"X-Who\",\"audience\":\"urn:wiki\"}");
        Response told = service.post(preview, user);

        assertEquals(200, told.status(), told.raw().body());
        assertEquals("X-Who", told.text("/headerName"));
        assertEquals("urn:wiki", told.text("/claims/aud"));
        assertEquals(service.user.id().value(), told.text("/claims/sub"));
        assertEquals("b", told.text("/claims/groups/1"));
        assertEquals(400, service.post(preview, "{}").status());
        assertEquals(
                404,
                service.post(preview, "{\"user\":\"nobody@contoso.example\"}").status());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "identityToken":{"headerName":"Cookie"}             | 'Cookie'
            "identityToken":{"headerName":"X-Forwarded-Host"}   | 'X-Forwarded-Host'
            "identityToken":{"headerName":"Postern-Sign-On"}    | 'Postern-Sign-On'
            "identityToken":{"headerName":"a b"}                | 'a b'
            "identityToken":{"audience":"a b"}                  | audience
            "identityToken":{"secret":"x"}                      | secret
            "identityToken":"on"                                | identityToken
            "backendToken":{"scope":"orders"}                   | 'orders'
            "backendToken":{"scope":"api://a/b\\r\\nX: y"}      | OBO-1
            "backendToken":{"scope":7}                          | scope
            """)
    void whatCannotBeIsRefusedByNameAndChangesNothing(String signOn, String named) {
        String path = published("");
        JsonNode before = shown(path);
        Response refused = set(path, signOn);
        assertEquals(400, refused.status(), refused.raw().body());
        assertTrue(refused.raw().body().contains(named), refused.raw().body());
        assertEquals(before, shown(path));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "identityToken":{}                               | identityToken
            "backendToken":{"scope":"api://orders/read"}     | backendToken
            """)
    void whereNobodyIsKnownThereIsNoToken(String signOn, String named) {
        String path = published(",\"externalAuthenticationType\":\"passthru\"");
        Response refused = set(path, signOn);
        assertEquals(400, refused.status());
        assertTrue(
                refused.raw().body().contains(named) && refused.raw().body().contains("SSO-1"),
                refused.raw().body());
    }
}
