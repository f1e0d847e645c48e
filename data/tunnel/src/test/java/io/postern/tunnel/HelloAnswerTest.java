package io.postern.tunnel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The optional members of a connector's hello (docs/protocol/tunnel.md §2).
class HelloAnswerTest {
    private static final String PLAIN =
            "{\"protocol\":1,\"version\":\"1\",\"machineName\":\"m\",\"os\":\"o\",\"startedAt\":\"2026-01-01T00:00:00Z\"%s}";

    @Test
    void aProcessOnTrialSaysSo() throws MalformedMessage {
        var answer = new HelloAnswer(1, "1", "m", "o", Instant.EPOCH, Optional.of("p-1"), true);

        assertEquals(answer, TunnelJson.helloAnswer(TunnelJson.write(answer)));
    }

    @Test
    void aConnectorWithoutUpdaterIsNotOnTrial() throws MalformedMessage {
        HelloAnswer answer = TunnelJson.helloAnswer(PLAIN.formatted("").getBytes(UTF_8));

        assertEquals(Optional.empty(), answer.process());
        assertEquals(false, answer.trial());
    }

    @ParameterizedTest
    @ValueSource(strings = {",\"trial\":1", ",\"trial\":\"true\"", ",\"process\":7", ",\"trial\":null"})
    void membersOfAWrongKindAreMalformed(String more) {
        assertThrows(
                MalformedMessage.class,
                () -> TunnelJson.helloAnswer(PLAIN.formatted(more).getBytes(UTF_8)));
    }
}
