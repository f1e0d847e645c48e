package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.admin.Installation.Response;
import io.postern.domain.DoorFields;
import io.postern.domain.SessionId;
import io.postern.store.Connector;
import io.postern.store.User;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `POST /application-passwords/ended`: which users' sessions at applications a connector is to end (PWD-8).
class EndedSessionsTest {
    @TempDir
    Path folder;

    private Installation service;
    private Connector connector;
    private User alice;
    private SessionId one;
    private SessionId other;

    @BeforeEach
    void open() {
        service = new Installation(folder);
        connector = ScriptedDirectory.connector(service, "inside");
        alice = service.someone("alice", "Alice");
        one = service.session(alice, "Firefox on Linux");
        other = service.session(alice, "Safari on iPhone");
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Response ask(String fingerprint, String held) {
        return service.connect(
                "POST",
                "/application-passwords/ended",
                Map.of(DoorFields.DOOR, DoorFields.ENROLL, DoorFields.CLIENT_CERTIFICATE, fingerprint),
                "{\"held\":" + held + "}");
    }

    private String held(String session, Instant begun) {
        return "{\"user\":\"" + alice.id() + "\",\"session\":\"" + session + "\",\"begun\":\"" + begun + "\"}";
    }

    private List<Integer> ended(String... held) {
        service.administration.catchUp();
        Response answer = ask(connector.certificateFingerprint(), "[" + String.join(",", held) + "]");
        assertEquals(200, answer.status(), answer.raw().body());
        return answer.json()
                .path("ended")
                .valueStream()
                .map(index -> index.asInt())
                .toList();
    }

    @Test
    void aSessionThatWasEndedIsOverAndItsNeighbourIsNot() {
        Instant now = Instant.now();
        assertEquals(List.of(), ended(held(one.value(), now), held(other.value(), now)));

        assertEquals(
                204,
                service.delete("/users/" + alice.id() + "/sessions/" + other).status());

        assertEquals(List.of(1), ended(held(one.value(), now), held(other.value(), now)));
    }

    @Test
    void whatWasBegunBeforeARevocationIsOverAlsoWithoutASession() {
        Instant before = Instant.now().minusSeconds(60);
        assertEquals(List.of(), ended(held("token", before)));

        service.post("/users/" + alice.id() + "/revokeSignInSessions", "{}");

        Instant later = Instant.now().plusSeconds(60);
        assertEquals(List.of(0, 1), ended(held("token", before), held(one.value(), before), held("token", later)));
    }

    @Test
    void onlyConnectorsAskAndOnlyWithSessions() {
        assertEquals(404, ask("0".repeat(64), "[]").status());
        assertEquals(400, ask(connector.certificateFingerprint(), "7").status());
        for (String wrong : List.of(
                held("no-session", Instant.now()),
                "{\"user\":\"x\",\"session\":\"token\",\"begun\":\"2026-01-01T00:00:00Z\"}",
                "{\"user\":\"" + alice.id() + "\",\"session\":\"token\",\"begun\":\"yesterday\"}")) {
            assertEquals(
                    400,
                    ask(connector.certificateFingerprint(), "[" + wrong + "]").status(),
                    wrong);
        }
        String many = (held("token", Instant.now()) + ",").repeat(1_001);
        assertEquals(
                400,
                ask(connector.certificateFingerprint(), "[" + many.substring(0, many.length() - 1) + "]")
                        .status());
    }
}
