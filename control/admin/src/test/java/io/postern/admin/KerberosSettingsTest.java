package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// `singleSignOnSettings` by API (3.1, 3.2, 7.1): what is taken, what is kept, and what is refused by name.
class KerberosSettingsTest {
    private static final String KERBEROS =
            "{\"singleSignOnMode\":\"onPremisesKerberos\",\"kerberosSignOnSettings\":{\"kerberosServicePrincipalName\":"
                    + "\"HTTP/Wiki.corp.test\"}}";

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
        String name = "k" + ++count;
        Response made = service.post(
                "/applications",
                "{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{\"internalUrl\":\"https://" + name
                        + ".corp/\"" + more + "}}");
        assertEquals(201, made.status(), made.raw().body());
        return "/applications/" + made.text("/id");
    }

    private static Response set(String path, String signOn) {
        return service.patch(path, "{\"onPremisesPublishing\":{\"singleSignOnSettings\":" + signOn + "}}");
    }

    private static JsonNode shown(String path) {
        return service.get(path + "/onPremisesPublishing").json().path("singleSignOnSettings");
    }

    private static String principal(String path) {
        String appId = service.get(path).text("/appId");
        return "/servicePrincipals/"
                + service.get("/servicePrincipals?$filter=appId%20eq%20'" + appId + "'")
                        .text("/value/0/id");
    }

    @Test
    void withoutSettingsTheModeIsNone() {
        JsonNode shown = shown(published(""));
        assertEquals("none", shown.path("singleSignOnMode").asString());
        assertTrue(shown.path("kerberosSignOnSettings").isNull());
    }

    /// The original's sample body, and its defaults; the name is kept as it is written, without a port (KCD-8).
    @Test
    void whatIsSetIsReadBackAndWhatIsLeftOutStays() {
        String path = published("");
        assertEquals(204, set(path, KERBEROS).status());
        JsonNode first = shown(path);
        assertEquals("onPremisesKerberos", first.path("singleSignOnMode").asString());
        assertEquals(
                "HTTP/Wiki.corp.test",
                first.at("/kerberosSignOnSettings/kerberosServicePrincipalName").asString());
        assertEquals(
                "userPrincipalName",
                first.at("/kerberosSignOnSettings/kerberosSignOnMappingAttributeType")
                        .asString());
        assertEquals(
                "spnego", first.at("/kerberosSignOnSettings/kerberosMechanism").asString());
        assertFalse(first.at("/kerberosSignOnSettings/isMutualAuthenticationEnabled")
                .asBoolean());

        assertEquals(
                204,
                set(
                                path,
                                "{\"kerberosSignOnSettings\":{\"kerberosSignOnMappingAttributeType\":"
                                        + "\"onPremisesSAMAccountName\",\"kerberosMechanism\":\"kerberos\","
                                        + "\"isMutualAuthenticationEnabled\":true}}")
                        .status());
        JsonNode second = shown(path).path("kerberosSignOnSettings");
        assertEquals(
                "HTTP/Wiki.corp.test",
                second.path("kerberosServicePrincipalName").asString());
        assertEquals(
                "onPremisesSAMAccountName",
                second.path("kerberosSignOnMappingAttributeType").asString());
        assertEquals("kerberos", second.path("kerberosMechanism").asString());
        assertTrue(second.path("isMutualAuthenticationEnabled").asBoolean());

        assertEquals(204, set(path, shown(path).toString()).status(), "what is shown is taken");
        service.patch(path, "{\"onPremisesPublishing\":{\"applicationServerTimeout\":\"long\"}}");
        assertEquals(second, shown(path).path("kerberosSignOnSettings"));

        assertEquals(204, set(path, "{\"singleSignOnMode\":\"none\"}").status());
        assertEquals("none", shown(path).path("singleSignOnMode").asString());
        assertTrue(shown(path).path("kerberosSignOnSettings").isNull());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "userPrincipalName",
                "onPremisesUserPrincipalName",
                "userPrincipalUsername",
                "onPremisesUserPrincipalUsername",
                "onPremisesSAMAccountName"
            })
    void everyLoginIdentityOfTheOriginal(String identity) {
        String path = published("");
        set(path, KERBEROS);
        String patch = "{\"kerberosSignOnSettings\":{\"kerberosSignOnMappingAttributeType\":\"" + identity + "\"}}";
        assertEquals(204, set(path, patch).status());
        assertEquals(
                identity,
                shown(path)
                        .at("/kerberosSignOnSettings/kerberosSignOnMappingAttributeType")
                        .asString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "singleSignOnMode":"magic"                                                        | 'magic' is unknown
            "singleSignOnMode":"saml"                                                         | preferredSingleSignOnMode
            "singleSignOnMode":"oAuthToken"                                                   | preferredSingleSignOnMode
            "singleSignOnMode":"onPremisesKerberos"                                           | kerberosServicePrincipalName is missing
            "kerberosSignOnSettings":{"kerberosServicePrincipalName":"HTTP/a.corp"}           | singleSignOnMode is not onPremisesKerberos
            "singleSignOnMode":"none","kerberosSignOnSettings":{"kerberosMechanism":"spnego"} | singleSignOnMode is not onPremisesKerberos
            "singleSignOnMode":"onPremisesKerberos","kerberosSignOnSettings":{"kerberosServicePrincipalName":"a.corp"}     | 'a.corp' is none
            "singleSignOnMode":"onPremisesKerberos","kerberosSignOnSettings":{"kerberosServicePrincipalName":"HTTP/a b"}   | is none
            "singleSignOnMode":"onPremisesKerberos","kerberosSignOnSettings":{"kerberosServicePrincipalName":"HTTP/a.*.corp"} | is none
            "singleSignOnMode":"onPremisesKerberos","kerberosSignOnSettings":{"kerberosServicePrincipalName":"HTTP/*.corp"} | KCD-11
            "singleSignOnMode":"onPremisesKerberos","kerberosSignOnSettings":{"kerberosServicePrincipalName":"HTTP/a.corp","kerberosMechanism":"ntlm"} | 'ntlm' is unknown
            "singleSignOnMode":"onPremisesKerberos","kerberosSignOnSettings":{"kerberosServicePrincipalName":"HTTP/a.corp","kerberosSignOnMappingAttributeType":"mail"} | onPremisesSAMAccountName
            "singleSignOnMode":"onPremisesKerberos","kerberosSignOnSettings":{"kerberosServicePrincipalName":"HTTP/a.corp","spn":"x"} | unknown
            """)
    void whatCannotBeIsRefusedAndChangesNothing(String signOn, String message) {
        String path = published("");
        Response refused = set(path, "{" + signOn + "}");
        assertEquals(400, refused.status(), refused.raw().body());
        assertTrue(
                refused.text("/error/message").contains(message), refused.raw().body());
        assertEquals("none", shown(path).path("singleSignOnMode").asString());
    }

    @Test
    void passthroughSignsNobodyOn() { // SSO-1
        String path = published(",\"externalAuthenticationType\":\"passthru\"");
        Response refused = set(path, KERBEROS);
        assertEquals(400, refused.status());
        assertTrue(
                refused.text("/error/message").contains("SSO-1"), refused.raw().body());
        assertTrue(refused.text("/error/message").contains("'onPremisesKerberos'"));

        String other = published("");
        set(other, KERBEROS);
        Response back =
                service.patch(other, "{\"onPremisesPublishing\":{\"externalAuthenticationType\":\"passthru\"}}");
        assertEquals(400, back.status());
        assertTrue(back.text("/error/message").contains("SSO-1"), back.raw().body());
        assertEquals("onPremisesKerberos", shown(other).path("singleSignOnMode").asString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"saml", "oidc", "password"})
    void noOtherModeGoesWithPassthroughEither(String mode) { // SSO-1
        String path = published(",\"externalAuthenticationType\":\"passthru\"");
        String wanted = "{\"preferredSingleSignOnMode\":\"" + mode + "\"}";
        Response refused = service.patch(principal(path) + "/signOn", wanted);
        assertEquals(400, refused.status());
        assertTrue(
                refused.text("/error/message").contains("'" + mode + "'"),
                refused.raw().body());
        assertTrue(refused.text("/error/message").contains("SSO-1"));
        assertEquals("notSupported", service.get(principal(path) + "/signOn").text("/preferredSingleSignOnMode"));

        String other = published("");
        assertEquals(204, service.patch(principal(other) + "/signOn", wanted).status());
        Response back =
                service.patch(other, "{\"onPremisesPublishing\":{\"externalAuthenticationType\":\"passthru\"}}");
        assertEquals(400, back.status());
        assertTrue(back.text("/error/message").contains("SSO-1"), back.raw().body());
        assertEquals(
                "aadPreAuthentication",
                service.get(other + "/onPremisesPublishing").text("/externalAuthenticationType"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"linked", "notSupported"})
    void whatSignsNobodyOnGoesWithPassthrough(String mode) { // 3.6
        String path = published(",\"externalAuthenticationType\":\"passthru\"");
        String wanted = "{\"preferredSingleSignOnMode\":\"" + mode + "\",\"loginUrl\":\"https://elsewhere.example/\"}";
        assertEquals(204, service.patch(principal(path) + "/signOn", wanted).status());
    }

    @Test
    void changesAreAudited() {
        String path = published("");
        set(path, KERBEROS);
        String id = path.substring(path.lastIndexOf('/') + 1);
        String audit = service.get("/auditLogs/directoryAudits?$top=50").raw().body();
        assertTrue(audit.contains(id));
        assertTrue(audit.contains("HTTP/Wiki.corp.test"), audit);
    }
}
