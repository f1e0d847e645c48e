package io.postern.gateway.signon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.OwnHost;
import io.postern.domain.SessionId;
import io.postern.domain.UserId;
import io.postern.domain.policy.Subject;
import io.postern.domain.publish.SignOnSettings;
import io.postern.domain.signon.HeadersDocument;
import io.postern.domain.snapshot.Revocations;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import io.postern.gateway.ScriptedDoor;
import io.postern.gateway.admit.SignedInCookie;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the gateway keeps of users never outlives their admission, and is never somebody else's.
class KeptFactsTest {
    private static final SignOnSettings SETTINGS = new SignOnSettings(HeadersDocument.read(Map.of(
            "headers",
            List.of(Map.of("name", "X-User", "configurations", List.of(Map.of("attribute", "userPrincipalName")))))));

    private record Person(UserId user, SessionId session) {
        static Person random() {
            return new Person(UserId.random(), SessionId.random());
        }
    }

    @TempDir
    private Path folder;

    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private final Person alice = Person.random();
    private final Person bob = Person.random();
    private ScriptedDoor door;
    private House house;

    @BeforeEach
    void open() throws IOException {
        door = new ScriptedDoor(
                folder.resolve("login.sock"),
                asked -> ScriptedDoor.json(
                        200,
                        "{\"validSeconds\":300,\"fields\":[{\"name\":\"X-User\",\"value\":\""
                                + (asked.body().contains(alice.user().value()) ? "alice" : "bob")
                                + "\",\"path\":\"/\"}]}"));
        house = new House(
                log.factory(ScriptedBackend::echo), config -> config, Map.of(OwnHost.LOGIN, door.address()), 1, 1, 100);
        guard(Revocations.NONE, alice, bob);
    }

    @AfterEach
    void close() throws IOException {
        house.close();
        door.close();
    }

    private void guard(Revocations revocations, Person... assigned) {
        house.guard(Arrays.stream(assigned).map(Person::user).collect(Collectors.toSet()), revocations, SETTINGS);
    }

    private String head(Person who) {
        Instant now = Instant.now();
        var subject = new Subject(
                House.TENANT,
                who.user(),
                "somebody@contoso.example",
                Optional.of(who.session()),
                now.minusSeconds(60),
                now.plusSeconds(3600));
        return RawClient.head(
                "GET /app/ HTTP/1.1", "Host: app.example.test", "Cookie: " + SignedInCookie.of(house, subject));
    }

    private int ask(Person who) {
        try (var client = house.client()) {
            return client.send(head(who)).response().status();
        }
    }

    private void known(Person who, String name) {
        assertEquals(200, ask(who));
        assertEquals(name, log.next().field("x-user"));
    }

    private void turnedAway(Person who) {
        assertNotEquals(200, ask(who));
        assertTrue(log.streams.isEmpty());
    }

    @Test
    void whoSignsOutIsNotKnownAnyMoreAndOthersAre() {
        known(alice, "alice");
        known(bob, "bob");
        guard(new Revocations(Set.of(alice.session()), Map.of()), alice, bob);
        turnedAway(alice);
        known(bob, "bob");
        assertEquals(2, door.seen.size());
    }

    @Test
    void whoIsDisabledOrRevokedIsNotKnownAnyMore() {
        known(alice, "alice");
        guard(new Revocations(Set.of(), Map.of(alice.user(), Instant.MAX)), alice, bob);
        turnedAway(alice);
    }

    @Test
    void whoIsNotAssignedAnyMoreIsNotKnown() {
        known(alice, "alice");
        guard(Revocations.NONE, bob);
        turnedAway(alice);
    }

    @Test
    void usersOnOneConnectionAreNotMixedUp() {
        try (var client = house.client()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, client.send(head(alice)).response().status());
                assertEquals("alice", log.next().field("x-user"));
                assertEquals(200, client.send(head(bob)).response().status());
                assertEquals("bob", log.next().field("x-user"));
            }
        }
        assertEquals(2, door.seen.size());
    }

    @Test
    void anotherSessionOfTheSameUserIsAskedAboutByItself() {
        known(alice, "alice");
        known(new Person(alice.user(), SessionId.random()), "alice");
        assertEquals(2, door.seen.size());
    }
}
