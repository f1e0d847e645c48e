package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.admin.service.ConnectorQuestions;
import io.postern.domain.DoorFields;
import io.postern.store.Connector;
import io.postern.store.Domain;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `testSignOn`: what administrators learn of a user's sign-on at a backend, and what connectors are asked.
class BackendSignOnApiTest {
    @TempDir
    Path folder;

    private Installation service;
    private Connector connector;
    private String user;
    private final ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void open() {
        service = new Installation(folder);
        connector = ScriptedDirectory.connector(service, "kdc-side");
        user = service.someone("alice", "Alice").userPrincipalName();
    }

    @AfterEach
    void close() {
        crowd.shutdownNow();
        service.close();
    }

    private String published(String urls, String kerberos) {
        return "/applications/"
                + service.post(
                                "/applications",
                                "{\"displayName\":\"wiki\",\"onPremisesPublishing\":{" + urls
                                        + ",\"singleSignOnSettings\":{\"singleSignOnMode\":\"onPremisesKerberos\","
                                        + "\"kerberosSignOnSettings\":{" + kerberos + "}}}}")
                        .text("/id")
                + "/onPremisesPublishing/testSignOn";
    }

    private String wiki(String more) {
        return published(
                "\"internalUrl\":\"https://wiki.corp:8443/docs/\"",
                "\"kerberosServicePrincipalName\":\"HTTP/wiki.corp\"" + more);
    }

    private Response test(String path) {
        return service.post(path, "{\"user\":\"" + user + "\"}");
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

    /// One that waits for a question.
    private Future<Response> waits() {
        Future<Response> turn = crowd.submit(
                () -> door("/questions/ask", "{\"kinds\":[\"kerberos-check\"],\"process\":\"p\",\"free\":1}"));
        ConnectorQuestions questions = service.administration.services().questions();
        while (questions
                .present(service.tenant.id(), connector.group(), "kerberos-check")
                .isEmpty()) {
            Thread.onSpinWait();
        }
        return turn;
    }

    @Test
    void theConnectorWalksAndItsStepsAreTold() throws Exception {
        String path = wiki(",\"kerberosMechanism\":\"kerberos\"");
        Future<Response> turn = waits();
        Future<Response> report = crowd.submit(() -> test(path));

        JsonNode question = turn.get().json().path("questions").path(0);
        JsonNode body = question.path("body");
        assertEquals(user, body.path("user").asString());
        assertEquals("userPrincipalName", body.path("identity").asString());
        assertEquals("HTTP/wiki.corp", body.path("spn").asString());
        assertEquals("krb5", body.path("mechanism").asString());
        assertEquals("https://wiki.corp:8443/docs/", body.path("url").asString());
        door(
                "/questions/answer",
                "{\"id\":\"" + question.path("id").asString() + "\",\"body\":{\"steps\":["
                        + "{\"name\":\"clock\",\"result\":\"passed\",\"detail\":\"in time\"},"
                        + "{\"name\":\"spn list\",\"result\":\"failed\",\"detail\":\"not listed\","
                        + "\"remedy\":\"add it\"}]}}");

        JsonNode told = report.get().json();
        assertEquals("failed", told.path("result").asString());
        assertEquals(user, told.at("/login/name").asString());
        assertEquals("kdc-side", told.at("/connectors/0/machineName").asString());
        assertEquals("passed", told.at("/connectors/0/steps/0/result").asString());
        assertEquals("add it", told.at("/connectors/0/steps/1/remedy").asString());
        String audit = service.get("/auditLogs/directoryAudits?$top=20").raw().body();
        assertTrue(audit.contains("Test sign-on of application"), audit);
        assertTrue(audit.contains(user), audit);
    }

    @Test
    void aConnectorThatCannotIsQuoted() throws Exception {
        Future<Response> turn = waits();
        String path = wiki("");
        Future<Response> report = crowd.submit(() -> test(path));
        String id = turn.get().json().at("/questions/0/id").asString();
        door("/questions/answer", "{\"id\":\"" + id + "\",\"body\":{\"error\":\"it broke\"}}");
        JsonNode told = report.get().json();
        assertEquals("failed", told.path("result").asString());
        assertTrue(told.at("/connectors/0/steps/0/detail").asString().contains("it broke"));
    }

    @Test
    void withoutAConnectorThatIsSaid() {
        JsonNode told = test(wiki("")).json();
        assertEquals("failed", told.path("result").asString());
        assertEquals("connector", told.at("/steps/1/name").asString());
        assertTrue(told.at("/steps/1/remedy").asString().contains("kerberos"));
    }

    @Test
    void aUserWithoutTheNameNeedsNoConnector() { // 13016
        JsonNode told = test(wiki(",\"kerberosSignOnMappingAttributeType\":\"onPremisesSAMAccountName\""))
                .json();
        assertEquals("identity", told.at("/steps/0/name").asString());
        assertTrue(told.at("/steps/0/detail").asString().contains("13016"), told.toString());
        assertTrue(told.path("login").isNull());
    }

    @Test
    void aWildcardIsTriedAtOneOfItsBackendsAndNowhereElse() throws Exception {
        Instant now = Instant.now();
        var domain = new Domain(service.tenant.id(), "apps.example", "proof", false, Optional.of(now), now);
        service.store.write(s -> {
            s.domains().put(domain);
            return true;
        });
        String path = published(
                "\"internalUrl\":\"https://*.corp/\",\"externalUrl\":\"https://*.apps.example/\"",
                "\"kerberosServicePrincipalName\":\"HTTP/*.corp\"");
        for (String host : new String[] {"", ",\"host\":\"evil.example\"", ",\"host\":\"x@evil.corp\""}) {
            Response refused = service.post(path, "{\"user\":\"" + user + "\"" + host + "}");
            assertEquals(400, refused.status(), host);
            assertTrue(
                    refused.text("/error/message").contains("host"),
                    refused.raw().body());
        }
        Future<Response> turn = waits();
        Future<Response> report =
                crowd.submit(() -> service.post(path, "{\"user\":\"" + user + "\",\"host\":\"a.corp\"}"));
        JsonNode question = turn.get().json().path("questions").path(0);
        assertEquals("HTTP/a.corp", question.at("/body/spn").asString());
        assertEquals("https://a.corp/", question.at("/body/url").asString());
        door(
                "/questions/answer",
                "{\"id\":\"" + question.path("id").asString() + "\",\"body\":{\"steps\":["
                        + "{\"name\":\"http\",\"result\":\"passed\",\"detail\":\"200\"}]}}");
        assertEquals("ready", report.get().json().path("result").asString());
    }

    @Test
    void whatCannotBeTriedIsSaid() {
        String plain = service.application("plain");
        String path = "/applications/"
                + service.post(
                                "/applications",
                                "{\"displayName\":\"other\",\"onPremisesPublishing\":{\"internalUrl\":\"http://other.corp/\"}}")
                        .text("/id");
        assertEquals(409, test(path + "/onPremisesPublishing/testSignOn").status());
        assertEquals(400, service.post(wiki(""), "{}").status());
        assertEquals(
                404,
                service.post(wiki(""), "{\"user\":\"nobody@contoso.example\"}").status(),
                plain);
    }
}
