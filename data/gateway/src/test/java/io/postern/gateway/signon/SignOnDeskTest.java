package io.postern.gateway.signon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.OwnHost;
import io.postern.domain.SessionId;
import io.postern.domain.UserId;
import io.postern.domain.event.Cause;
import io.postern.domain.policy.Subject;
import io.postern.domain.publish.BackendSignOn;
import io.postern.domain.publish.SignOnSettings;
import io.postern.domain.snapshot.Revocations;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import io.postern.gateway.ScriptedDoor;
import io.postern.gateway.admit.SignedInCookie;
import io.postern.token.EdgeCredential;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes onward because of who asks: through a whole gateway, with the control plane's door played by the test.
class SignOnDeskTest {
    private static final String FIELDS = """
            {"validSeconds":300,
             "fields":[{"name":"X-User","value":"alice","path":"/"},{"name":"X-User","value":"boss","path":"/wiki/deep"}],
             "tunnel":{"postern-sign-on":"kerberos user=alice"}}""";

    private static final SignOnSettings SETTINGS = settings("HTTP/inside.corp");

    @TempDir
    private Path folder;

    private final ScriptedBackend.Log log = new ScriptedBackend.Log();
    private final UserId user = UserId.random();
    private final SessionId session = SessionId.random();
    private volatile String answer = ScriptedDoor.json(200, FIELDS);
    private ScriptedDoor door;
    private House house;

    @BeforeEach
    void open() throws IOException {
        door = new ScriptedDoor(folder.resolve("login.sock"), _ -> answer);
        house = new House(
                log.factory(ScriptedBackend::echo), config -> config, Map.of(OwnHost.LOGIN, door.address()), 1, 1, 100);
        house.guard(Set.of(user), Revocations.NONE, SETTINGS);
    }

    @AfterEach
    void close() throws IOException {
        house.close();
        door.close();
    }

    private static SignOnSettings settings(String spn) {
        return new SignOnSettings(new BackendSignOn.Kerberos(
                spn, BackendSignOn.LoginIdentity.USER_PRINCIPAL_NAME, BackendSignOn.Mechanism.SPNEGO, false));
    }

    private RawClient.Response ask(String target, String... fields) {
        Instant now = Instant.now();
        String cookie = SignedInCookie.of(
                house,
                new Subject(
                        House.TENANT,
                        user,
                        "alice@contoso.example",
                        Optional.of(session),
                        now.minusSeconds(60),
                        now.plusSeconds(3600)));
        try (var client = house.client()) {
            String[] lines = Stream.concat(
                            Stream.of("GET " + target + " HTTP/1.1", "Host: app.example.test", "Cookie: " + cookie),
                            Arrays.stream(fields))
                    .toArray(String[]::new);
            return client.send(RawClient.head(lines)).response();
        }
    }

    @Test
    void asksOnceAndPutsTheAnswerIntoEachRequest() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            assertEquals(200, ask("/app/page?q=/wiki/deep").status());
            ScriptedBackend stream = log.next();
            assertEquals("alice", stream.field("x-user"));
            assertEquals("kerberos user=alice", stream.field("postern-sign-on"));
        }
        ScriptedDoor.Seen asked = door.seen.take();
        assertEquals("POST /" + House.TENANT + "/edge/sign-on HTTP/1.1", asked.line());
        assertEquals("edge", asked.fields().get("postern-door"));
        String secret = EdgeCredential.of(house.ring, House.APP.value()).reveal();
        assertEquals(
                "client_id=" + House.APP + "&client_secret=" + secret + "&user=" + user + "&session=" + session,
                asked.body());
        assertTrue(door.seen.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app/deep", "/app/deep/er", "/app/deep?x"})
    void theLongestPathDecides(String target) {
        ask(target);
        assertEquals("boss", log.next().field("x-user"));
    }

    @Test
    void aFolderOfASimilarNameIsAnother() {
        ask("/app/deeper");
        assertEquals("alice", log.next().field("x-user"));
    }

    @Test
    void asksAnewWhenTheApplicationHasOtherSettings() throws InterruptedException {
        ask("/app/");
        log.next();
        door.seen.take();
        house.guard(Set.of(user), Revocations.NONE, settings("HTTP/other.corp"));
        answer = ScriptedDoor.json(200, FIELDS.replace("alice", "anna"));
        ask("/app/");
        assertEquals("anna", log.next().field("x-user"));
        assertEquals(1, door.seen.size());
    }

    @Test
    void aClientCannotSetWhatOnlyWeMay() {
        ask("/app/", "Authorization: Negotiate forged", "authorization: Basic forged", "Postern-Sign-On: forged");
        log.next()
                .head
                .orElseThrow()
                .forEach(field -> assertFalse(field.getValue().toString().contains("forged"), field.toString()));
    }

    @Test
    void aRefusalIsAPageAndNothingIsForwarded() {
        answer = ScriptedDoor.json(
                403, "{\"cause\":\"sign_on_no_identity\",\"detail\":\"no onPremisesSamAccountName\"}");
        RawClient.Response refused = ask("/app/");
        assertEquals(403, refused.status());
        assertFalse(refused.body().contains("onPremises"), refused.body());
        assertEquals(Optional.of(Cause.SIGN_ON_NO_IDENTITY), house.event().cause());
        assertTrue(log.streams.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "{\"fields\":[{\"name\":\"x user\",\"value\":\"a\"}]}",
                "{\"fields\":[{\"name\":\"x-user\",\"value\":\"a\\r\\nb: c\"}]}",
                "{\"fields\":[{\"name\":\"x-user\",\"value\":\"\\u00e4\"}]}",
                "{\"fields\":[{\"name\":\"transfer-encoding\",\"value\":\"chunked\"}]}",
                "{\"fields\":[{\"name\":\":path\",\"value\":\"/\"}]}",
                "{\"tunnel\":{\"x-user\":\"a\"}}"
            })
    void anAnswerThatIsNoneRefuses(String body) {
        answer = ScriptedDoor.json(200, body);
        assertEquals(500, ask("/app/").status());
        assertEquals(Optional.of(Cause.INTERNAL), house.event().cause());
        assertTrue(log.streams.isEmpty());
    }

    @Test
    void withoutTheControlPlaneNothingIsForwarded() throws IOException {
        door.close();
        assertEquals(503, ask("/app/").status());
        assertEquals(Optional.of(Cause.SIGN_IN_UNREACHABLE), house.event().cause());
        assertTrue(log.streams.isEmpty());
    }
}
