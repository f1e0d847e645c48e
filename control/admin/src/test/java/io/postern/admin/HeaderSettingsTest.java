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
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Header sign-on by API (3.3): what is taken and kept, what is refused and why, and that both are told.
class HeaderSettingsTest {
    private static final String USER =
            "{\"name\":\"X-User\",\"configurations\":[{\"attribute\":\"userPrincipalName\"}]}";

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
        String name = "h" + ++count;
        Response made = service.post(
                "/applications",
                "{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{\"internalUrl\":\"https://" + name
                        + ".corp/app/\"" + more + "}}");
        assertEquals(201, made.status(), made.raw().body());
        return "/applications/" + made.text("/id");
    }

    private static Response set(String path, String signOn) {
        return service.patch(path, "{\"onPremisesPublishing\":{\"singleSignOnSettings\":" + signOn + "}}");
    }

    private static String headers(String... headers) {
        return "{\"singleSignOnMode\":\"aadHeaderBased\",\"headerSignOnSettings\":{\"headers\":["
                + String.join(",", headers) + "]}}";
    }

    private static JsonNode shown(String path) {
        return service.get(path + "/onPremisesPublishing").json().path("singleSignOnSettings");
    }

    @Test
    void whatIsSetIsShownWithItsDefaultsAndTakenAgain() {
        String path = published("");
        assertEquals(204, set(path, headers(USER)).status());
        JsonNode first = shown(path);
        assertEquals("aadHeaderBased", first.path("singleSignOnMode").asString());
        assertTrue(first.path("kerberosSignOnSettings").isNull());
        JsonNode header = first.at("/headerSignOnSettings/headers/0");
        assertEquals("X-User", header.path("name").asString());
        assertEquals("/", header.path("path").asString());
        assertEquals("percent", header.path("encoding").asString());
        assertEquals(",", header.path("separator").asString());
        assertEquals(
                "userPrincipalName", header.at("/configurations/0/attribute").asString());

        assertEquals(204, set(path, first.toString()).status(), "what is shown is taken");
        service.patch(path, "{\"onPremisesPublishing\":{\"applicationServerTimeout\":\"long\"}}");
        assertEquals(first, shown(path), "other settings do not touch it");

        assertEquals(204, set(path, "{\"singleSignOnMode\":\"none\"}").status());
        assertTrue(shown(path).path("headerSignOnSettings").isNull());
    }

    @Test
    void bothNamesOfTheOriginalAreTaken() { // conflict 3
        String path = published("");
        assertEquals(
                204,
                set(path, headers(USER).replace("aadHeaderBased", "headerBased"))
                        .status());
        assertEquals("aadHeaderBased", shown(path).path("singleSignOnMode").asString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"name":"Host","configurations":[{"value":"a"}]}                                 | headers[0].name
            {"name":"X-A","path":"/elsewhere/","configurations":[{"value":"a"}]}             | HDR-SSO-3
            {"name":"X-A"}                                                                    | configurations and groupClaim
            {"name":"X-A","encoding":"raw","configurations":[{"value":"a"}]}                 | percent
            {"name":"X-A","configurations":[{"attribute":"nothingLikeIt"}]}                  | nothingLikeIt
            """)
    void whatCannotBeIsRefusedAndChangesNothing(String header, String message) {
        String path = published("");
        set(path, headers(USER));
        JsonNode before = shown(path);
        Response refused = set(path, headers(header));
        assertEquals(400, refused.status(), refused.raw().body());
        assertTrue(refused.raw().body().contains(message), refused.raw().body());
        assertEquals(before, shown(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"singleSignOnMode\":\"aadHeaderBased\"}",
                "{\"singleSignOnMode\":\"aadHeaderBased\",\"headerSignOnSettings\":{\"headers\":[]}}",
                "{\"headerSignOnSettings\":{\"headers\":[{\"name\":\"X-A\",\"configurations\":[{\"value\":\"a\"}]}]}}"
            })
    void modeAndHeadersGoTogether(String signOn) {
        String path = published("");
        Response refused = set(path, signOn);
        assertEquals(400, refused.status(), refused.raw().body());
        assertTrue(
                refused.raw().body().contains("headerSignOnSettings"),
                refused.raw().body());
        assertEquals("none", shown(path).path("singleSignOnMode").asString());
    }

    @Test
    void pingAccessIsRefusedByNameWithWhatToDoInstead() {
        String path = published("");
        Response refused = set(path, "{\"singleSignOnMode\":\"pingHeaderBased\"}");
        assertEquals(400, refused.status());
        assertTrue(
                refused.raw().body().contains("PingAccess")
                        && refused.raw().body().contains("aadHeaderBased"),
                refused.raw().body());
    }

    @Test
    void passthroughTellsNobody() { // SSO-1
        String path = published(",\"externalAuthenticationType\":\"passthru\"");
        Response refused = set(path, headers(USER));
        assertEquals(400, refused.status());
        assertTrue(
                refused.raw().body().contains("SSO-1") && refused.raw().body().contains("aadHeaderBased"));
    }

    @Test
    void theChangeIsAuditedWithItsHeaders() {
        String path = published("");
        set(path, headers(USER.replace("X-User", "X-Audited-User")));
        String audit = service.get("/auditLogs/directoryAudits?$top=50").raw().body();
        assertTrue(audit.contains("X-Audited-User"), audit);
    }

    @Test
    void whatWouldBeToldIsShownWithoutSending() {
        String path = published("");
        set(
                path,
                headers(
                        USER,
                        "{\"name\":\"X-City\",\"configurations\":[{\"attribute\":\"city\"}]}",
                        "{\"name\":\"X-Badge\",\"required\":true,\"configurations\":[{\"attribute\":\"employeeId\"}]}"));
        String user = "{\"user\":\"" + service.user.id() + "\"";
        Response told = service.post(path + "/onPremisesPublishing/previewHeaders", user + "}");
        assertEquals(200, told.status(), told.raw().body());
        assertEquals("failed", told.text("/result"));
        assertEquals(told.text("/userPrincipalName"), told.text("/headers/0/value"));
        assertEquals("passed", told.text("/headers/1/result"));
        assertTrue(told.text("/headers/1/detail").contains("not sent"));
        assertEquals("failed", told.text("/headers/2/result"));
        assertTrue(told.text("/headers/2/detail").contains("required"));

        Response draft = service.post(
                path + "/onPremisesPublishing/previewHeaders",
                user + ",\"headerSignOnSettings\":{\"headers\":[{\"name\":\"X-A\",\"encoding\":\"base64\","
                        + "\"configurations\":[{\"value\":\"hi\"}]}]}}");
        assertEquals("ready", draft.text("/result"));
        assertEquals("aGk=", draft.text("/headers/0/value"));

        Response none = service.post(published("") + "/onPremisesPublishing/previewHeaders", user + "}");
        assertEquals(409, none.status());
        assertTrue(none.raw().body().contains("aadHeaderBased"), none.raw().body());
        assertEquals(
                400,
                service.post(path + "/onPremisesPublishing/previewHeaders", "{}")
                        .status());
    }

    @Test
    void declarationsCarryIt() {
        String name = "declared" + ++count;
        String document = "{\"applications\":[{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{"
                + "\"internalUrl\":\"https://" + name + ".corp/app/\",\"singleSignOnSettings\":" + headers(USER)
                + "}}]}";
        String declarations = "/onPremisesPublishingProfiles/applicationProxy/declarations";
        Response applied = service.post(declarations + "/apply", document);
        assertEquals(200, applied.status(), applied.raw().body());
        String exported = service.get(declarations).raw().body();
        assertTrue(exported.contains("X-User"), exported);
        Response again = service.post(declarations + "/apply", document);
        assertTrue(
                again.raw().body().contains("\"action\":\"none\""), again.raw().body());
    }
}
