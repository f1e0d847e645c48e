package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.admin.service.ConnectorQuestions;
import io.postern.admin.service.ConnectorQuestions.Answer;
import io.postern.admin.service.ConnectorQuestions.Question;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.DoorFields;
import io.postern.store.Connector;
import io.postern.web.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
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

/// Questions to connectors (tunnel.md §6): who gets them, whose answer counts, and what is said when none comes.
class ConnectorQuestionsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private Installation service;
    private ConnectorQuestions questions;
    private Connector connector;
    private final ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void open() {
        service = new Installation(folder, Clock.systemUTC());
        questions = service.administration.services().questions();
        connector = ScriptedDirectory.connector(service, "first");
    }

    @AfterEach
    void close() {
        crowd.shutdownNow();
        service.close();
    }

    private Response door(Connector as, String path, String json) {
        return service.connect(
                "POST",
                path,
                Map.of(DoorFields.DOOR, DoorFields.ENROLL, DoorFields.CLIENT_CERTIFICATE, as.certificateFingerprint()),
                json);
    }

    private Future<Response> waits(Connector as, String kind, String process) {
        return crowd.submit(() -> door(as, "/questions/ask", offer(kind, process, 2)));
    }

    private static String offer(String kind, String process, int free) {
        return "{\"kinds\":[\"" + kind + "\"],\"process\":\"" + process + "\",\"free\":" + free + "}";
    }

    private void awaitPresent(String kind, String... names) {
        while (!questions.present(service.tenant.id(), connector.group(), kind).stream()
                .map(ConnectorQuestions.Present::name)
                .toList()
                .equals(List.of(names))) {
            Thread.onSpinWait();
        }
    }

    private Future<Answer> ask(Optional<ConnectorId> wanted, String kind, Duration limit) {
        return crowd.submit(() -> questions.ask(
                service.tenant.id(),
                connector.group(),
                wanted,
                new Question(kind, Json.MAPPER.createObjectNode().put("spn", "HTTP/app"), limit)));
    }

    private static String says(JsonNode question, String word) {
        return "{\"id\":\"" + question.path("id").asString() + "\",\"body\":{\"outcome\":\"" + word + "\"}}";
    }

    @Test
    void aQuestionGoesToWhoWaitsAndHisAnswerComesBack() throws Exception {
        Future<Response> turn = waits(connector, "kerberos-check", "p1");
        awaitPresent("kerberos-check", "first");
        Future<Answer> answer = ask(Optional.empty(), "kerberos-check", LONG);

        JsonNode question = turn.get().json().path("questions").path(0);
        assertEquals("kerberos-check", question.path("kind").asString());
        assertEquals("HTTP/app", question.path("body").path("spn").asString());
        assertTrue(question.path("limitMillis").asLong() > 0);

        Connector other = ScriptedDirectory.connector(service, "other");
        assertFalse(
                door(other, "/questions/answer", says(question, "forged"))
                        .json()
                        .path("taken")
                        .asBoolean(),
                "was not asked");
        assertTrue(door(connector, "/questions/answer", says(question, "good"))
                .json()
                .path("taken")
                .asBoolean());
        Answer.Said said = assertInstanceOf(Answer.Said.class, answer.get());
        assertEquals(connector.id(), said.connector().id());
        assertEquals("good", said.body().path("outcome").asString());
        assertFalse(
                door(connector, "/questions/answer", says(question, "again"))
                        .json()
                        .path("taken")
                        .asBoolean(),
                "nobody waits any more");
    }

    @Test
    void theOneThatIsMeantGetsIt() throws Exception {
        Connector other = ScriptedDirectory.connector(service, "other");
        Future<Response> first = waits(connector, "preflight", "p1");
        Future<Response> second = waits(other, "preflight", "p2");
        awaitPresent("preflight", "first", "other");
        Future<Answer> answer = ask(Optional.of(other.id()), "preflight", LONG);
        JsonNode question = second.get().json().path("questions").path(0);
        assertFalse(first.isDone());
        door(other, "/questions/answer", says(question, "good"));
        assertEquals(
                other.id(),
                assertInstanceOf(Answer.Said.class, answer.get()).connector().id());
    }

    @Test
    void nobodyIsAskedWhoCannotAnswerOrIsOfAnotherGroup() throws Exception {
        assertInstanceOf(
                Answer.Nobody.class,
                ask(Optional.empty(), "kerberos-check", LONG).get());
        Future<Response> turn = waits(connector, "preflight", "p1");
        awaitPresent("preflight", "first");
        assertInstanceOf(
                Answer.Nobody.class,
                ask(Optional.empty(), "kerberos-check", LONG).get());
        assertInstanceOf(
                Answer.Nobody.class,
                questions.ask(
                        service.tenant.id(),
                        ConnectorGroupId.random(),
                        Optional.empty(),
                        new Question("preflight", Json.MAPPER.createObjectNode(), LONG)));
        assertFalse(turn.isDone(), "it got nothing");
    }

    @Test
    void whoTakesItAndSaysNothingIsNamed() throws Exception {
        Future<Response> turn = waits(connector, "preflight", "p1");
        awaitPresent("preflight", "first");
        Future<Answer> answer = ask(Optional.empty(), "preflight", Duration.ofMillis(200));
        assertEquals(1, turn.get().json().path("questions").size());
        assertEquals(
                "first",
                assertInstanceOf(Answer.Silent.class, answer.get()).connector().name());
    }

    @Test
    void aNewProcessSendsTheOldOneAway() throws Exception {
        Future<Response> old = waits(connector, "preflight", "p1");
        awaitPresent("preflight", "first");
        waits(connector, "preflight", "p2");
        JsonNode sentAway = old.get().json();
        assertEquals(0, sentAway.path("questions").size());
        assertTrue(sentAway.path("wait").asInt() > 0);
    }

    @Test
    void strangersAndMalformedRequestsGetNothing() {
        assertEquals(
                401,
                service.connect(
                                "POST",
                                "/questions/ask",
                                Map.of(DoorFields.DOOR, DoorFields.ENROLL),
                                offer("preflight", "p", 1))
                        .status());
        for (String wrong : List.of(
                "{}",
                offer("preflight", "p", 0),
                offer("preflight", "p", 17),
                offer("preflight", "", 1),
                offer("Pre flight", "p", 1))) {
            assertEquals(400, door(connector, "/questions/ask", wrong).status(), wrong);
        }
        assertEquals(400, door(connector, "/questions/answer", "{\"id\":\"x\"}").status());
        service.store.write(s -> s.connectors().update(connector.withEnabled(false)));
        assertEquals(
                403,
                door(connector, "/questions/ask", offer("preflight", "p", 1)).status());
    }
}
