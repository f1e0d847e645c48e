package io.postern.connector.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Answers with random damage. Each exchange must come to an end, no byte of one may show up in the next,
/// and the tunnel must live on. The seed is fixed: a failure can be run again.
class AnswerFuzzTest {
    private static final int ROUNDS = 300;
    private static final String[] SEEDS = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"
    };

    @Test
    void everyExchangeEndsAndNoneLeaksIntoTheNext() throws Exception {
        var answers = new Random(20_261_121);
        var current = new AtomicInteger();
        try (var rig = TunnelRig.open();
                var good = ScriptedBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood");
                var bad = new ScriptedBackend((connection, number) -> {
                    connection.readHead();
                    connection.send(damaged(new Random(current.get())));
                    // ends the connection, so that a promised rest never comes
                })) {
            String goodId = rig.publish(good.port());
            String badId = rig.publish(bad.port());
            for (int i = 0; i < ROUNDS; i++) {
                current.set(answers.nextInt());
                TestStream answer = rig.get(badId, "/" + i).awaitEnd();
                assertTrue(answer.isComplete() || answer.resetCode() >= 0, "round " + i);
                if (i % 10 == 0) {
                    assertEquals("good", rig.get(goodId, "/").awaitEnd().body());
                }
            }
            TunnelRig.await(() -> rig.metric("connector_open_streams") == 0);
        }
    }

    private static String damaged(Random random) {
        var text = new StringBuilder(SEEDS[random.nextInt(SEEDS.length)]);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.insert(at, (char) random.nextInt(256));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(20))));
            }
        }
        return text.toString();
    }
}
