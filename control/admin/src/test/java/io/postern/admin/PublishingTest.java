package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/// Publishing by API: the rules of sections 1.1 and 1.3, by their ids.
class PublishingTest {
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

    private static String draft(String name, String publishing) {
        return "{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{" + publishing + "}}";
    }

    @Test
    void makesRegistrationPrincipalAndExternalUrlInOneCall() {
        Response made =
                service.post("/applications", draft("Wiki Übersicht", "\"internalUrl\":\"http://wiki.corp/docs\""));
        Response principals = service.get("/servicePrincipals?$filter=appId%20eq%20'" + made.text("/appId") + "'");

        assertEquals(201, made.status(), made.raw().body());
        String host = "wiki-ubersicht-contoso.postern.localhost";
        assertAll(
                () -> assertEquals("https://" + host + ":8443/docs/", made.text("/onPremisesPublishing/externalUrl")),
                () -> assertEquals("http://wiki.corp/docs/", made.text("/onPremisesPublishing/internalUrl")),
                () -> assertEquals(
                        "aadPreAuthentication", made.text("/onPremisesPublishing/externalAuthenticationType")),
                () -> assertEquals("https://" + host + ":8443/.postern/callback", made.text("/web/redirectUris/0")),
                () -> assertEquals("https://" + host + "/docs", made.text("/identifierUris/0")),
                () -> assertEquals("https://" + host + ":8443/docs/", made.text("/web/homePageUrl")),
                () -> assertTrue(principals
                        .json()
                        .at("/value/0/appRoleAssignmentRequired")
                        .booleanValue()),
                () -> assertEquals(
                        2, made.json().at("/warnings").size(), "no connector yet (APP-7), and http inside (BTLS-3)"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # what is wrong                 | publishing                                                                 | target      | part of the message
                    PUB-1 scheme inside             | "internalUrl":"ftp://a.corp/"                                              | internalUrl | PUB-1
                    PUB-1 scheme outside            | "internalUrl":"http://a1.corp/","externalUrl":"ftp://a1.postern.localhost/"| externalUrl | PUB-1
                    PUB-3 address outside           | "internalUrl":"http://a2.corp/","externalUrl":"https://127.0.0.1/"         | externalUrl | PUB-3
                    PUB-3 IPv6 outside              | "internalUrl":"http://a2.corp/","externalUrl":"https://[::1]/"             | externalUrl | PUB-3
                    PUB-4 port outside              | "internalUrl":"http://a3.corp/","externalUrl":"https://a3.postern.localhost:9443/" | externalUrl | PUB-4
                    PUB-5 dot segments              | "internalUrl":"http://a4.corp/x/../y/"                                     | internalUrl | dot segments
                    no scheme                       | "internalUrl":"a5.corp"                                                    | internalUrl | must look like
                    colon missing                   | "internalUrl":"http//a5.corp/"                                             | internalUrl | colon
                    user name                       | "internalUrl":"http://u:p@a5.corp/"                                        | internalUrl | user name
                    none                            | "externalUrl":"https://a6.postern.localhost/"                              | internalUrl | is missing
                    link-local                      | "internalUrl":"http://169.254.169.254/"                                    | internalUrl | link-local
                    link-local in one number        | "internalUrl":"http://2852039166/"                                         | internalUrl | plain address
                    link-local in hex               | "internalUrl":"http://0xa9fea9fe/"                                         | internalUrl | plain address
                    link-local IPv6                 | "internalUrl":"http://[fe80::1]/"                                          | internalUrl | link-local
                    link-local mapped               | "internalUrl":"http://[::ffff:169.254.169.254]/"                           | internalUrl | link-local
                    metadata by name                | "internalUrl":"http://metadata.google.internal/"                           | internalUrl | credentials
                    everywhere                      | "internalUrl":"http://0.0.0.0/"                                            | internalUrl | one machine
                    reserved login                  | "internalUrl":"http://a7.corp/","externalUrl":"https://login.postern.localhost/"   | externalUrl | reserved
                    reserved admin                  | "internalUrl":"http://a7.corp/","externalUrl":"https://ADMIN.postern.localhost/"   | externalUrl | reserved
                    reserved api                    | "internalUrl":"http://a7.corp/","externalUrl":"https://api.postern.localhost/x/"   | externalUrl | reserved
                    the base domain                 | "internalUrl":"http://a7.corp/","externalUrl":"https://postern.localhost/"         | externalUrl | reserved
                    foreign domain (PUB-8)          | "internalUrl":"http://a8.corp/","externalUrl":"https://a8.example.com/"            | externalUrl | postern domain add
                    two labels below                | "internalUrl":"http://a8.corp/","externalUrl":"https://a.b.postern.localhost/"     | externalUrl | postern domain add
                    look-alike suffix               | "internalUrl":"http://a8.corp/","externalUrl":"https://a.evilpostern.localhost/"   | externalUrl | postern domain add
                    our own paths                   | "internalUrl":"http://a9.corp/","externalUrl":"https://a9.postern.localhost/.postern/" | externalUrl | reserved
                    unknown mode                    | "internalUrl":"http://b1.corp/","externalAuthenticationType":"none"        | externalAuthenticationType | passthru
                    unknown timeout                 | "internalUrl":"http://b1.corp/","applicationServerTimeout":"75"            | applicationServerTimeout | long
                    idle too short                  | "internalUrl":"http://b1.corp/","webSocketIdleTimeout":"PT1S"              | webSocketIdleTimeout | PT10S
                    no SPN                          | "internalUrl":"http://b1.corp/","singleSignOnSettings":{"singleSignOnMode":"onPremisesKerberos"} | onPremisesPublishing | kerberosServicePrincipalName is missing
                    alternate without a URL (FE-1)  | "internalUrl":"http://b1.corp/","useAlternateUrlForTranslationAndRedirect":true | onPremisesPublishing | FE-1
                    a pin that is none              | "internalUrl":"http://b1.corp/","backendTls":{"pinnedCertificates":["x"]}  | onPremisesPublishing | 64 hexadecimal
                    unknown property                | "internalUrl":"http://b1.corp/","internalURL":"x"                          | onPremisesPublishing.internalURL | unknown
                    wrong type                      | "internalUrl":7                                                            | onPremisesPublishing.internalUrl | must be a text
                    """)
    void refusesNamingPropertyAndRule(String what, String publishing, String target, String message) {
        int before = service.get("/applications?$top=999").json().at("/value").size();

        Response refused = service.post("/applications", draft("bad", publishing));

        assertEquals(400, refused.status(), what + refused.raw().body());
        assertEquals("Request_BadRequest", refused.text("/error/code"));
        assertTrue(
                refused.text("/error/details/0/target").endsWith(target),
                refused.raw().body());
        assertTrue(
                refused.text("/error/message").contains(message), refused.raw().body());
        assertEquals(
                before,
                service.get("/applications?$top=999").json().at("/value").size());
    }

    /// 7.1: what is sent is what is read back, and a change of one setting leaves the others.
    @Test
    void keepsEverySettingThatItTakes() throws Exception {
        String settings = """
                {"alternateUrl":"https://front.postern.localhost:8443/","useAlternateUrlForTranslationAndRedirect":true,
                 "applicationServerTimeout":"PT5M","webSocketIdleTimeout":"PT2H","isMaintenanceModeEnabled":true,
                 "requestsPerSecondMax":500,"isHttpOnlyCookieEnabled":false,"isSecureCookieEnabled":false,
                 "isPersistentCookieEnabled":true,"cookieSameSite":"none","isTranslateHostHeaderEnabled":false,
                 "forwardedHeaders":"xForwardedFor","isRobotsTxtAnswered":false,
                 "responseHeaders":{"x-frame-options":"DENY"},"isTranslateLinksInBodyEnabled":true,
                 "linkTranslation":{"isScriptTextTranslated":true,"isJsonTranslated":false,"isSrcsetTranslated":true,
                   "isXmlTranslated":false,"isPolicyHeaderTranslated":true,"isPercentEncodedUrlTranslated":false},
                 "isBackendCertificateValidationEnabled":false,
                 "backendTls":{"isHttp2Enabled":false,"pinnedCertificates":["%s"],"serverName":"sni.corp",
                   "clientCertificate":"plant"},
                 "isStateSessionEnabled":false,"isContinuousAccessEvaluationEnabled":false,
                 "isDnsResolutionEnabled":true,"isAccessibleViaZTNAClient":true}
                """.formatted("0a".repeat(32));
        Response made = service.post("/applications", draft("every", "\"internalUrl\":\"https://every.corp/\""));
        String path = "/applications/" + made.text("/id") + "/onPremisesPublishing";

        assertEquals(204, service.patch(path, settings).status());
        assertEquals(204, service.patch(path, "{\"requestsPerSecondMax\":null}").status());

        JsonNode shown = service.get(path).json();
        JsonMapper.shared()
                .readTree(settings)
                .properties()
                .forEach(setting -> assertEquals(
                        setting.getKey().equals("requestsPerSecondMax") ? NullNode.getInstance() : setting.getValue(),
                        shown.get(setting.getKey()),
                        setting.getKey()));
    }

    @Test
    void warnsOfABareAddressButPublishesIt() {
        Response made = service.post("/applications", draft("bare", "\"internalUrl\":\"http://127.0.0.1:9000/\""));

        assertEquals(201, made.status());
        assertTrue(made.text("/warnings/0").contains("PUB-3"), made.raw().body());
    }

    @Test
    void forcesHttpsWhenPreAuthenticating() {
        Response made = service.post(
                "/applications",
                draft(
                        "forced",
                        "\"internalUrl\":\"http://f.corp/\",\"externalUrl\":\"http://forced.postern.localhost/\""));

        assertTrue(made.text("/onPremisesPublishing/externalUrl").startsWith("https://forced."));
    }

    @Test
    void takesBackTheUrlThatItShows() {
        Response made = service.post("/applications", draft("echo", "\"internalUrl\":\"http://echo.corp/\""));
        String shown = made.text("/onPremisesPublishing/externalUrl");

        Response patched = service.patch(
                "/applications/" + made.text("/id") + "/onPremisesPublishing", "{\"externalUrl\":\"" + shown + "\"}");

        assertTrue(shown.contains(":8443/"));
        assertEquals(204, patched.status(), patched.raw().body());
    }

    @Test
    void refusesToPatchPublishingWithOtherProperties() { // GRF-1
        String id = service.post("/applications", draft("grf", "\"internalUrl\":\"http://grf.corp/\""))
                .text("/id");

        Response refused = service.patch(
                "/applications/" + id,
                "{\"displayName\":\"other\",\"onPremisesPublishing\":{\"applicationServerTimeout\":\"long\"}}");

        assertEquals(400, refused.status());
        assertTrue(refused.text("/error/message").contains("GRF-1"));
        Response now = service.get("/applications/" + id);
        assertEquals("grf", now.text("/displayName"));
        assertEquals("default", now.text("/onPremisesPublishing/applicationServerTimeout"));
    }

    @Test
    void movesWhatFollowsFromTheExternalUrl() {
        Response made = service.post("/applications", draft("mover", "\"internalUrl\":\"http://mover.corp/\""));
        service.patch(
                "/applications/" + made.text("/id"),
                "{\"web\":{\"redirectUris\":[\"https://client.example.com/cb\"]}}");

        service.patch(
                "/applications/" + made.text("/id"),
                "{\"onPremisesPublishing\":{\"externalUrl\":\"https://moved.postern.localhost/\"}}");

        Response now = service.get("/applications/" + made.text("/id"));
        assertEquals(
                List.of("https://moved.postern.localhost:8443/.postern/callback", "https://client.example.com/cb"),
                now.json()
                        .at("/web/redirectUris")
                        .valueStream()
                        .map(n -> n.asString())
                        .toList());
        assertEquals("https://moved.postern.localhost", now.text("/identifierUris/0"));
        assertEquals("https://moved.postern.localhost:8443/", now.text("/web/homePageUrl"));
    }

    @Test
    void keepsTheSystemsRedirectUri() { // APP-1
        Response made = service.post("/applications", draft("keeper", "\"internalUrl\":\"http://keeper.corp/\""));

        service.patch("/applications/" + made.text("/id"), "{\"web\":{\"redirectUris\":[]}}");

        assertTrue(service.get("/applications/" + made.text("/id"))
                .text("/web/redirectUris/0")
                .endsWith("/.postern/callback"));
    }

    @Test
    void refusesTheSameInternalUrlInTheSameGroupOnly() { // PUB-6, CONFLICT 17
        service.post("/applications", draft("twin", "\"internalUrl\":\"http://twin.corp/\""));
        String group = service.post(Installation.PROFILE + "/connectorGroups", "{\"name\":\"site two\"}")
                .text("/id");

        Response same = service.post("/applications", draft("twin2", "\"internalUrl\":\"http://twin.corp\""));
        Response elsewhere = service.post(
                "/applications",
                "{\"displayName\":\"twin3\",\"connectorGroup\":{\"id\":\"" + group
                        + "\"},\"onPremisesPublishing\":{\"internalUrl\":\"http://twin.corp/\"}}");

        assertEquals(409, same.status());
        assertTrue(same.text("/error/message").contains("twin"));
        assertEquals(201, elsewhere.status(), elsewhere.raw().body());
    }

    @Test
    void sharesAHostByPathWithinTheTenantOnly() { // PUB-10; hosts are unique over all tenants
        String other = service.otherTenantToken();
        service.post(
                "/applications",
                draft(
                        "a",
                        "\"internalUrl\":\"http://s1.corp/\",\"externalUrl\":\"https://share.postern.localhost/a/\""));

        Response ours = service.post(
                "/applications",
                draft(
                        "b",
                        "\"internalUrl\":\"http://s2.corp/\",\"externalUrl\":\"https://share.postern.localhost/b/\""));
        Response theirs = service.call(
                "POST",
                "/v1.0/applications",
                java.util.Map.of("Authorization", "Bearer " + other),
                draft(
                        "c",
                        "\"internalUrl\":\"http://s3.corp/\",\"externalUrl\":\"https://share.postern.localhost/c/\""));

        assertEquals(201, ours.status(), ours.raw().body());
        assertEquals(409, theirs.status(), theirs.raw().body());
    }

    @Test
    void letsOneOfTwoPublishersOfTheSameHostWin() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> publishers = List.of(publisher(1), publisher(2), publisher(3), publisher(4));
            List<Integer> statuses = threads.invokeAll(publishers).stream()
                    .map(Future::resultNow)
                    .sorted()
                    .toList();

            assertEquals(List.of(201, 409, 409, 409), statuses);
        }
    }

    private static Callable<Integer> publisher(int number) {
        return () -> service.post(
                        "/applications",
                        draft(
                                "race " + number,
                                "\"internalUrl\":\"http://race" + number
                                        + ".corp/\",\"externalUrl\":\"https://race.postern.localhost/\""))
                .status();
    }

    @Test
    void deletesRegistrationAndPrincipalTogether() { // APP-2
        Response made = service.post("/applications", draft("gone", "\"internalUrl\":\"http://gone.corp/\""));
        String filter = "?$filter=appId%20eq%20'" + made.text("/appId") + "'";
        String principal = service.get("/servicePrincipals" + filter).text("/value/0/id");

        Response deleted = service.delete("/servicePrincipals/" + principal);

        assertEquals(204, deleted.status());
        assertEquals(404, service.get("/applications/" + made.text("/id")).status());
        assertEquals(
                0,
                service.get("/servicePrincipals" + filter).json().at("/value").size());
    }

    @Test
    void publishesInTheStepsOfTheOriginal() { // 7.2
        Response template = service.post(
                "/applicationTemplates/8adf8e6e-67b2-4cf2-a259-e3dc5476c621/instantiate",
                "{\"displayName\":\"steps\"}");
        String id = template.text("/application/id");

        assertEquals(
                404,
                service.get("/applications/" + id + "/onPremisesPublishing").status());
        Response patched = service.patch(
                "/applications/" + id,
                "{\"onPremisesPublishing\":{\"internalUrl\":\"http://steps.corp\",\"externalAuthenticationType\":\"passthru\","
                        + "\"applicationServerTimeout\":\"long\",\"isTranslateHostHeaderEnabled\":false}}");
        Response publishing = service.get("/applications/" + id + "/onPremisesPublishing");

        assertEquals(204, patched.status(), patched.raw().body());
        assertEquals("passthru", publishing.text("/externalAuthenticationType"));
        assertEquals("long", publishing.text("/applicationServerTimeout"));
        assertFalse(publishing.json().at("/isTranslateHostHeaderEnabled").booleanValue());
        assertEquals(
                0,
                service.get("/applications/" + id)
                        .json()
                        .at("/web/redirectUris")
                        .size()); // APP-3
    }

    @Test
    void leavesSystemApplicationsAlone() {
        String id = service.get("/applications?$filter=displayName%20eq%20'My%20Apps'")
                .text("/value/0/id");

        assertEquals(403, service.delete("/applications/" + id).status());
        assertEquals(
                403,
                service.patch("/applications/" + id, "{\"displayName\":\"mine\"}")
                        .status());
    }
}
