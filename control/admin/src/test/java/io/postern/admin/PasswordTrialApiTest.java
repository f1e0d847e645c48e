package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.admin.service.ConnectorQuestions;
import io.postern.base.PasswordSeal;
import io.postern.domain.DoorFields;
import io.postern.store.Connector;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `testSignOn` at an application with a sign-on by name and password (PWD-7): what connectors are asked, and what
/// administrators learn.
class PasswordTrialApiTest {
    private static final String SETTINGS = "{\"singleSignOnMode\":\"password\",\"passwordSignOnSettings\":{"
            + "\"signOnPage\":\"/login\",\"proofCookie\":\"sid\",\"signOutPage\":\"/bye\"}}";
    private static final String PASSED =
            "{\"name\":\"proof\",\"result\":\"passed\",\"detail\":\"cookie 'sid' is there\"}";
    private static final String FAILED =
            "{\"name\":\"proof\",\"result\":\"failed\",\"detail\":\"refused\",\"remedy\":\"set it anew\"}";

    @TempDir
    Path folder;

    private Installation service;
    private Connector first;
    private Connector second;
    private String appId;
    private String principal;
    private String test;
    private final ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void open() {
        service = new Installation(folder);
        first = ScriptedDirectory.connector(service, "a-first");
        second = ScriptedDirectory.connector(service, "b-second");
        Response made = service.post(
                "/applications",
                "{\"displayName\":\"Wiki\",\"onPremisesPublishing\":{\"internalUrl\":\"https://wiki.corp:8443/docs/\","
                        + "\"singleSignOnSettings\":" + SETTINGS + "}}");
        appId = made.text("/appId");
        test = "/applications/" + made.text("/id") + "/onPremisesPublishing/testSignOn";
        principal = "/servicePrincipals/"
                + service.get("/servicePrincipals?$filter=appId%20eq%20'" + appId + "'")
                        .text("/value/0/id");
    }

    @AfterEach
    void close() {
        crowd.shutdownNow();
        service.close();
    }

    private void setPassword() {
        door(
                first,
                "/application-passwords/key",
                "{\"key\":\"" + PasswordSeal.create().publicKey() + "\"}");
        assertEquals(
                200,
                service.post(
                                principal + "/createPasswordSingleSignOnCredentials",
                                "{\"id\":\"" + service.user.id()
                                        + "\",\"credentials\":[{\"fieldId\":\"user\",\"value\":"
                                        + "\"anna7\",\"type\":\"username\"},{\"fieldId\":\"password\",\"value\":"
                                        + "\"s3cr3t\",\"type\":\"password\"}]}")
                        .status());
    }

    private Response door(Connector as, String path, String json) {
        return service.connect(
                "POST",
                path,
                Map.of(DoorFields.DOOR, DoorFields.ENROLL, DoorFields.CLIENT_CERTIFICATE, as.certificateFingerprint()),
                json);
    }

    /// One that waits for a question.
    private Future<JsonNode> waits(Connector one) {
        Future<JsonNode> turn = crowd.submit(
                () -> door(one, "/questions/ask", "{\"kinds\":[\"password-check\"],\"process\":\"p\",\"free\":1}")
                        .json()
                        .at("/questions/0"));
        ConnectorQuestions questions = service.administration.services().questions();
        while (questions.present(service.tenant.id(), one.group(), "password-check").stream()
                .noneMatch(present -> present.id().equals(one.id()))) {
            Thread.onSpinWait();
        }
        return turn;
    }

    private void answers(Connector as, JsonNode question, String steps) {
        door(
                as,
                "/questions/answer",
                "{\"id\":\"" + question.path("id").asString() + "\",\"body\":{\"steps\":[" + steps + "]}}");
    }

    private Future<JsonNode> report(String body) {
        return crowd.submit(() -> service.post(test, body).json());
    }

    private String forUser() {
        return "{\"user\":\"" + service.user.userPrincipalName() + "\"}";
    }

    @Test
    void everyConnectorTriesWithWhatIsSet() throws Exception {
        setPassword();
        Future<JsonNode> toFirst = waits(first);
        Future<JsonNode> toSecond = waits(second);
        Future<JsonNode> report = report(forUser());

        JsonNode asked = toFirst.get();
        assertFalse(toSecond.isDone(), "one tries first");
        JsonNode body = asked.path("body");
        assertEquals("wiki.corp", body.at("/backend/host").asString());
        assertEquals(8443, body.at("/backend/port").asInt());
        assertTrue(body.at("/backend/tls/validate").asBoolean());
        assertEquals("form", body.path("way").asString());
        assertEquals("/login", body.path("page").asString());
        assertEquals("sid", body.path("proofCookie").asString());
        assertEquals("/bye", body.path("signOut").asString());
        assertEquals(appId, body.path("app").asString());
        assertEquals(service.user.id().value(), body.path("user").asString());
        answers(first, asked, PASSED);
        JsonNode next = toSecond.get();
        assertEquals(body, next.path("body"));
        answers(second, next, PASSED);

        JsonNode told = report.get();
        assertEquals("ready", told.path("result").asString(), told.toString());
        assertEquals("credential", told.at("/steps/0/name").asString());
        assertTrue(told.at("/steps/0/detail").asString().contains("'anna7'"), told.toString());
        assertTrue(told.path("login").isNull());
        assertEquals("a-first", told.at("/connectors/0/machineName").asString());
        assertEquals(
                "cookie 'sid' is there", told.at("/connectors/1/steps/0/detail").asString());
        assertFalse(told.toString().contains("s3cr3t"));
        String audit = service.get("/auditLogs/directoryAudits?$top=20").raw().body();
        assertTrue(audit.contains("Test sign-on of application"), audit);
    }

    @Test
    void afterARefusalNobodyElseTries() throws Exception {
        setPassword();
        Future<JsonNode> toFirst = waits(first);
        Future<JsonNode> toSecond = waits(second);
        Future<JsonNode> report = report(forUser());

        answers(first, toFirst.get(), FAILED);
        JsonNode next = toSecond.get();
        assertTrue(next.at("/body/user").isMissingNode(), next.toString());
        answers(second, next, "{\"name\":\"form\",\"result\":\"passed\",\"detail\":\"there\"}");

        JsonNode told = report.get();
        assertEquals("failed", told.path("result").asString());
        assertEquals("set it anew", told.at("/connectors/0/steps/0/remedy").asString());
        assertEquals("skipped", told.at("/connectors/1/steps/1/result").asString());
    }

    @Test
    void withoutAPasswordOrAUserThePageIsLookedAt() throws Exception {
        for (String body : new String[] {forUser(), "{}"}) {
            Future<JsonNode> toFirst = waits(first);
            Future<JsonNode> report = report(body);
            JsonNode asked = toFirst.get();
            assertTrue(asked.at("/body/user").isMissingNode(), asked.toString());
            answers(first, asked, "{\"name\":\"form\",\"result\":\"passed\",\"detail\":\"there\"}");

            JsonNode told = report.get();
            boolean isNamed = !body.equals("{}");
            assertEquals(isNamed ? "failed" : "ready", told.path("result").asString());
            assertEquals(isNamed, told.at("/steps/0/remedy").asString("").contains("password-for"), told.toString());
        }
    }

    @Test
    void withoutAConnectorThatIsSaid() throws Exception {
        JsonNode told = report("{}").get();

        assertEquals("failed", told.path("result").asString());
        assertEquals("connector", told.at("/steps/0/name").asString());
    }
}
