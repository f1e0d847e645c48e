package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.postern.domain.SessionId;
import io.postern.domain.UserId;
import io.postern.domain.event.Cause;
import io.postern.domain.policy.Subject;
import io.postern.domain.snapshot.Revocations;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is open ends with the permission for it (CAE-1; security case "session outlives deletion, expiry, logout").
class OpenStreamsTest {
    private static final UserId USER = UserId.random();
    private static final SessionId SESSION = SessionId.random();
    private static final Revocations ENDED = new Revocations(Set.of(SESSION), Map.of());

    /// Seconds: cookies drop their fraction, and a busy machine must still get in before the end.
    private static final long SOON = 4;

    private static final String HELLO = "\u0081\u0005hello"; // a text frame

    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private House house;

    @BeforeEach
    void open() {
        house = House.open(log.factory(() -> ScriptedBackend.manual(true)));
        house.guard(Set.of(USER), Revocations.NONE);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void aWebSocketOfAnEndedSessionIsClosedWithAFrame() {
        try (var client = house.client()) {
            ScriptedBackend stream = webSocket(client, cookie(3600, Optional.empty()));
            stream.data(HELLO, false);
            assertEquals(HELLO, client.text(7));

            house.guard(Set.of(USER), ENDED);

            assertEquals(closed("revoked"), client.untilEnd());
            House.await(() -> stream.reset.isPresent());
            assertEquals(Optional.of(Cause.REVOKED), house.event().cause());
        }
    }

    @Test
    void aWebSocketOfARevokedUserIsClosedThoughTheClientSendsOn() {
        try (var client = house.client()) {
            ScriptedBackend stream = webSocket(client, cookie(3600, Optional.empty()));
            client.send("\u0081\u0085\0\0\0\0hello");
            House.await(() -> stream.body().endsWith("hello"));

            house.guard(Set.of(USER), new Revocations(Set.of(), Map.of(USER, Instant.MAX)));

            assertEquals(closed("revoked"), client.untilEnd());
        }
    }

    @Test
    void theFrameThatIsHalfSentIsFinishedFirst() {
        try (var client = house.client()) {
            ScriptedBackend stream = webSocket(client, cookie(3600, Optional.empty()));
            stream.data("\u0081~\u0001\0" + "a".repeat(200), false);
            assertEquals("a".repeat(200), client.text(204).substring(4));

            house.guard(Set.of(USER), ENDED);
            stream.data("b".repeat(56) + HELLO, false);

            assertEquals("b".repeat(56) + closed("revoked"), client.untilEnd());
        }
    }

    @Test
    void aFrameThatNeverEndsDoesNotKeepTheWebSocketOpen() {
        try (var client = house.client()) {
            ScriptedBackend stream = webSocket(client, cookie(3600, Optional.empty()));
            stream.data("\u0081\u0005hel", false);
            assertEquals("\u0081\u0005hel", client.text(5));

            house.guard(Set.of(USER), ENDED);

            assertFalse(client.untilEnd().contains(closed("revoked")));
            assertEquals(Optional.of(Cause.REVOKED), house.event().cause());
        }
    }

    /// A browser shows an error or asks again; it never keeps half a file as a whole one.
    @ParameterizedTest
    @ValueSource(strings = {"", "1000000"})
    void answersEndSoThatNobodyTakesThemForWhole(String length) {
        try (var client = house.client()) {
            client.send(RawClient.head(
                    "GET /app/events HTTP/1.1", "Host: app.example.test", "Cookie: " + cookie(3600, Optional.empty())));
            ScriptedBackend stream = log.next();
            var fields = new DefaultHttp2Headers().status("200").set("content-type", "text/event-stream");
            if (!length.isEmpty()) {
                fields.set("content-length", length);
            }
            stream.head(fields, false);
            client.skipHead();
            stream.data("data: 1\n\n", false);
            House.await(() -> house.metric("exchanges_open") == 1);

            house.guard(Set.of(), Revocations.NONE); // the assignment is gone

            String rest = client.untilEnd();
            assertTrue(rest.contains("data: 1") || rest.startsWith("<"), rest);
            assertFalse(rest.endsWith("0\r\n\r\n"), rest);
            House.await(() -> stream.reset.isPresent());
            assertEquals(Optional.of(Cause.NOT_ASSIGNED), house.event().cause());
        }
    }

    @Test
    void othersGoOn() {
        try (var client = house.client()) {
            ScriptedBackend stream = webSocket(client, cookie(3600, Optional.empty()));

            house.guard(
                    Set.of(USER), new Revocations(Set.of(SessionId.random()), Map.of(UserId.random(), Instant.MAX)));

            stream.data(HELLO, false);
            assertEquals(HELLO, client.text(7));
        }
    }

    /// qlik 6: a new proof would be given without a question, so nobody's work is interrupted for it.
    @Test
    void theEndOfTheProofIsNotTheEndOfTheSession() {
        try (var client = house.client()) {
            ScriptedBackend stream = webSocket(client, cookie(SOON, Optional.of(3600L)));
            Instant later = Instant.now().plusSeconds(SOON + 1); // it was looked at after the end of the proof
            House.await(() -> Instant.now().isAfter(later));
            house.guard(Set.of(USER), Revocations.NONE); // asks again

            stream.data(HELLO, false);
            assertEquals(HELLO, client.text(7));
        }
    }

    @Test
    void theEndOfTheSessionEndsWhatIsOpen() {
        try (var client = house.client()) {
            webSocket(client, cookie(SOON, Optional.of(SOON)));

            assertEquals(closed("session_expired"), client.untilEnd());
            assertEquals(Optional.of(Cause.SESSION_EXPIRED), house.event().cause());
        }
    }

    private ScriptedBackend webSocket(RawClient client, String cookie) {
        client.send(RawClient.head(
                "GET /app/ws HTTP/1.1",
                "Host: app.example.test",
                "Origin: https://app.example.test",
                "Cookie: " + cookie,
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
        ScriptedBackend stream = log.next();
        stream.head(new DefaultHttp2Headers().status("200"), false);
        assertEquals("HTTP/1.1 101 Switching Protocols", client.line());
        client.skipHead();
        return stream;
    }

    private String cookie(long seconds, Optional<Long> sessionSeconds) {
        Instant now = Instant.now();
        var subject = new Subject(
                House.TENANT,
                USER,
                "b.simon@contoso.example",
                Optional.of(SESSION),
                now.minusSeconds(60),
                now.plusSeconds(seconds),
                sessionSeconds.map(now::plusSeconds));
        return CookieText.accessName(House.APP) + "=" + new AccessCookie(house.ring).seal(subject, House.APP);
    }

    private static String closed(String reason) {
        return "\u0088" + (char) (2 + reason.length()) + "\u0003\u00f0" + reason;
    }
}
