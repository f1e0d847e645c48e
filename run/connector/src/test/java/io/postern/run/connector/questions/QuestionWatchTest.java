package io.postern.run.connector.questions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.run.connector.directory.PlayedService;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Questions of the service (tunnel.md §6), at the connector's side.
class QuestionWatchTest {
    private static final Map<String, Answering> KINDS = Map.of(
            "echo", (question, _) -> question,
            "bad",
                    (_, _) -> {
                        throw new IllegalArgumentException("spn '' is empty; name one");
                    },
            "fault",
                    (_, _) -> {
                        throw new IllegalStateException("a secret of the inside");
                    });

    @TempDir
    Path folder;

    private JsonNode answer(String kind) throws Exception {
        try (var service = new PlayedService(folder)) {
            service.refuse("/questions/ask", 503, "unavailable"); // it asks again
            service.question("{\"id\":\"q1\",\"kind\":\"" + kind + "\",\"limitMillis\":1000,\"body\":{\"a\":1}}");
            List<QuestionWatch> watches =
                    QuestionWatch.start(KINDS, List.of(new QuestionDoor(service.call(), service.folder())));
            try {
                JsonNode said = service.await("/questions/answer", 1).getFirst().body();
                assertEquals("q1", said.path("id").asString());
                JsonNode asked = service.await("/questions/ask", 2).getLast().body();
                assertEquals(3, asked.path("kinds").size());
                assertEquals(8, asked.path("free").asInt());
                return said.path("body");
            } finally {
                watches.forEach(QuestionWatch::close);
            }
        }
    }

    @Test
    void aQuestionIsAnswered() throws Exception {
        assertEquals(1, answer("echo").path("a").asInt());
    }

    @Test
    void whatCannotBeAnsweredIsSaid() throws Exception {
        assertEquals("spn '' is empty; name one", answer("bad").path("error").asString());
    }

    @Test
    void unknownKindsAreNamed() throws Exception {
        assertTrue(answer("later").path("error").asString().contains("'later'"));
    }

    @Test
    void faultsTellNothingOfTheInside() throws Exception {
        assertEquals(
                "the connector failed: IllegalStateException; its log tells more",
                answer("fault").path("error").asString());
    }
}
