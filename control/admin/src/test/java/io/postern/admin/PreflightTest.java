package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.DoorFields;
import io.postern.store.Connector;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What is made of a connector's look at a backend (PFL-1), whose part is played here.
class PreflightTest {
    private static final AtomicInteger NEXT = new AtomicInteger();

    @TempDir
    Path folder;

    private Installation service;
    private Connector connector;
    private final ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor();
    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() {
        service = new Installation(folder, Clock.systemUTC());
        connector = ScriptedDirectory.connector(service, "eye");
    }

    @AfterEach
    void close() {
        crowd.shutdownNow();
        service.close();
    }

    private Response door(String path, String json) {
        return service.connect(
                "POST",
                path,
                Map.of(
                        DoorFields.DOOR,
                        DoorFields.ENROLL,
                        DoorFields.CLIENT_CERTIFICATE,
                        connector.certificateFingerprint()),
                json);
    }

    /// Answers each question by its turn.
    private void plays(String... answers) {
        crowd.submit(() -> {
            for (String answer : answers) {
                JsonNode question = door(
                                "/questions/ask", "{\"kinds\":[\"backend-look\"],\"process\":\"p\",\"free\":1}")
                        .json()
                        .path("questions")
                        .path(0);
                asked.add(question.path("body"));
                door(
                        "/questions/answer",
                        "{\"id\":\"" + question.path("id").asString() + "\",\"body\":" + answer + "}");
            }
        });
        while (service.administration
                .services()
                .questions()
                .present(service.tenant.id(), connector.group(), "backend-look")
                .isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private String published(String url, String more) {
        Response made = service.post(
                "/applications",
                "{\"displayName\":\"app" + NEXT.incrementAndGet() + "\",\"onPremisesPublishing\":{\"internalUrl\":\""
                        + url + "\"" + more + "}}");
        assertEquals(201, made.status(), made.raw().body());
        return made.text("/id");
    }

    private Response look(String app, String body) {
        return service.post("/applications/" + app + "/onPremisesPublishing/preflight", body);
    }

    private static String one(String answer) {
        return "{\"answers\":[" + answer + "]}";
    }

    private static JsonNode finding(Response report, String check) {
        assertEquals(200, report.status(), report.raw().body());
        for (JsonNode finding : report.json().path("findings")) {
            if (finding.path("check").asString().equals(check)) {
                return finding;
            }
        }
        throw new AssertionError(
                "no finding of " + check + " in " + report.raw().body());
    }

    @Test
    void saysThatNobodyCanLook() {
        Response report = look(published("http://a.corp/", ""), "{}");

        assertEquals("faults", report.text("/result"));
        assertTrue(finding(report, "connector").path("finding").asString().contains("no connector of group 'Default'"));
        assertTrue(report.json().path("connector").isNull());
    }

    @Test
    void anOldQlikWhoseLoginPortIsNotPublishedIsNamed() {
        plays(
                one("{\"status\":302,\"location\":\"/hub\",\"remote\":\"/10.0.0.1:443\",\"cookies\":[]}"),
                one("{\"status\":302,\"location\":\"https://old.corp:4244/internal_forms_authentication/\"},"
                        + "{\"status\":302},{\"status\":403}"));

        Response report = look(published("https://old.corp/", ""), "{}");

        assertEquals("qlikSense", report.text("/product"));
        assertEquals("eye", report.text("/connector"));
        assertEquals("faults", report.text("/result"));
        JsonNode redirect = finding(report, "redirect");
        assertEquals(
                "redirects to port 4244, which is not published",
                redirect.path("finding").asString());
        assertTrue(redirect.path("remedy").asString().contains("old-release=yes"));
        JsonNode socket = finding(report, "websocket");
        assertEquals("fault", socket.path("result").asString());
        assertTrue(socket.path("remedy").asString().contains("Host allow list: add app"), socket.toString());
        assertEquals("/hub", asked.get(1).at("/requests/0/target").asString());
        assertEquals("/app/engineData", asked.get(1).at("/requests/2/target").asString());
        assertTrue(asked.get(1).at("/requests/2/fields/Origin").asString().startsWith("https://app"));
    }

    @Test
    void aPublishedLoginPortIsFoundAndMustBeTranslated() {
        published("https://two.corp:4244/", "");
        String translating = published("https://two.corp/", "");
        String location = one("{\"status\":302,\"location\":\"https://two.corp:4244/internal_forms_authentication/\"},"
                + "{\"status\":302},{\"status\":101}");
        String first = one("{\"status\":302,\"location\":\"/hub\"}");
        plays(first, location, first, location);

        Response ready = look(translating, "{}");
        service.patch(
                "/applications/" + translating, "{\"onPremisesPublishing\":{\"isTranslateHostHeaderEnabled\":false}}");
        Response plain = look(translating, "{}");

        assertEquals("ready", ready.text("/result"), ready.raw().body());
        assertTrue(finding(ready, "redirect").path("finding").asString().contains("which users reach as https://app"));
        assertTrue(finding(plain, "redirect").path("finding").asString().contains("headers are not translated"));
        assertTrue(asked.getLast().at("/requests/0/fields/Host").asString().startsWith("app"));
    }

    @Test
    void whatDoesNotAnswerIsNamedWithItsRemedy() {
        plays(one("{\"status\":0,\"failure\":\"tls-name\",\"why\":\"No name matching b.corp found\"}"));

        JsonNode tls = finding(look(published("https://b.corp/", ""), "{}"), "tls");

        assertEquals(
                "https://b.corp: No name matching b.corp found",
                tls.path("finding").asString());
        assertTrue(tls.path("remedy").asString().contains("backendTls.serverName"), tls.toString());
        assertEquals(1, asked.size());
    }

    @Test
    void aPromptOfTheBackendAndSmallHeadersAreWarnedOf() {
        plays(
                one("{\"status\":401}"),
                one("{\"status\":401,\"authenticate\":[\"Negotiate\",\"NTLM\"],\"cookies\":[\"sid\"]},"
                        + "{\"status\":431}"));

        Response report = look(published("http://c.corp/", ""), "{}");

        assertEquals("none", report.text("/product"));
        assertEquals("ready", report.text("/result"));
        assertEquals("warning", finding(report, "sign-on").path("result").asString());
        assertTrue(finding(report, "sign-on").path("finding").asString().contains("Negotiate, NTLM"));
        assertEquals("warning", finding(report, "headers").path("result").asString());
        assertTrue(finding(report, "cookies").path("finding").asString().endsWith("sets sid"));
    }

    @Test
    void aWordThatMeansNothingIsRefused() {
        String app = published("http://d.corp/", "");

        assertEquals(400, look(app, "{\"product\":\"wiki\"}").status());
        assertEquals(400, look(app, "{\"webSocketPath\":\"app\"}").status());
        assertEquals(404, look("00000000-0000-0000-0000-000000000001", "{}").status());
    }
}
