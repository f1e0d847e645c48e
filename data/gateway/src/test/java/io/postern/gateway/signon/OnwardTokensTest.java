package io.postern.gateway.signon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import io.postern.domain.OwnHost;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.BackendSignOn;
import io.postern.domain.publish.IdentityHeader;
import io.postern.domain.publish.SignOnSettings;
import io.postern.domain.snapshot.Revocations;
import io.postern.domain.snapshot.VerificationKey;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import io.postern.gateway.ScriptedDoor;
import io.postern.token.SigningJwk;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
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

/// IDT-1, IDT-3, BRR-1, BRR-3, OBO-1: a program shows its token at the edge, and the backend gets ours instead.
class OnwardTokensTest {
    private static final SigningJwk KEY = SigningJwk.generate();
    private static final SigningJwk NEXT = SigningJwk.generate();
    private static final IdentityHeader IDENTITY = new IdentityHeader("X-Who", Optional.empty());
    private static final String ISSUER = "https://login.example.test/" + House.TENANT + "/v2.0";
    private static final String KEYS = "/.postern/identity/jwks.json";
    private static final String FIELDS = """
            {"validSeconds":240,
             "fields":[{"name":"X-Who","value":"ours.is.signed","path":"/"},
                       {"name":"Authorization","value":"Bearer on.behalf.of","path":"/"}],
             "tunnel":{}}""";

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
        guard(Optional.of(IDENTITY), Optional.of("api://orders/read"));
    }

    @AfterEach
    void close() throws IOException {
        house.close();
        door.close();
    }

    private void guard(Optional<IdentityHeader> identity, Optional<String> backend) {
        house.guard(Set.of(user), Revocations.NONE, new SignOnSettings(new BackendSignOn.None(), identity, backend));
        house.trust(List.of(
                key(House.TENANT, KEY), key(House.TENANT, NEXT), key(TenantId.random(), SigningJwk.generate())));
    }

    private static VerificationKey key(TenantId tenant, SigningJwk key) {
        return new VerificationKey(tenant, key.keyId(), ISSUER, key.publicJson());
    }

    private String accessToken() {
        Instant now = Instant.now();
        return KEY.sign(Map.of(
                "iss", ISSUER,
                "aud", House.APP.value(),
                "tid", House.TENANT.value(),
                "oid", user.value(),
                "sid", session.value(),
                "preferred_username", "alice@contoso.example",
                "scp", "user_impersonation",
                "iat", Date.from(now),
                "auth_time", now.getEpochSecond(),
                "exp", Date.from(now.plusSeconds(600))));
    }

    private RawClient.Response send(String target, String... fields) {
        String[] lines = Stream.concat(
                        Stream.of("GET " + target + " HTTP/1.1", "Host: app.example.test"), Arrays.stream(fields))
                .toArray(String[]::new);
        try (var client = house.client()) {
            return client.send(RawClient.head(lines)).response();
        }
    }

    private ScriptedBackend passed(String... fields) {
        assertEquals(
                200,
                send(
                                "/app/",
                                Stream.concat(
                                                Stream.of("Authorization: Bearer " + accessToken()),
                                                Arrays.stream(fields))
                                        .toArray(String[]::new))
                        .status());
        return log.next();
    }

    @Test
    void theTokenShownIsConsumedAndTheBackendGetsOurs() throws InterruptedException {
        ScriptedBackend stream = passed();
        assertEquals("ours.is.signed", stream.field("x-who"));
        assertEquals("Bearer on.behalf.of", stream.field("authorization"));
        String asked = door.seen.take().body();
        assertTrue(asked.endsWith("&user=" + user + "&session=" + session), asked);
        passed();
        assertTrue(door.seen.isEmpty(), "kept until shortly before its end");
    }

    /// BRR-1: without a token of our own the backend sees none.
    @Test
    void theTokenShownNeverReachesTheBackend() {
        answer = ScriptedDoor.json(200, FIELDS.replace("Authorization", "X-Other"));
        guard(Optional.of(IDENTITY), Optional.empty());
        passed().head
                .orElseThrow()
                .forEach(field -> assertFalse(field.getKey().toString().equals("authorization"), field.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Who", "x-who", "X_Who", "x.who", "X~Who", "X-WHO"})
    void aClientsOwnIsRemovedInEverySpelling(String name) {
        ScriptedBackend stream = passed(name + ": forged", "X-Honest: 1", name + ": forged", "Connection: " + name);
        stream.head
                .orElseThrow()
                .forEach(field -> assertFalse(field.getValue().toString().contains("forged"), field.toString()));
        assertEquals("ours.is.signed", stream.field("x-who"));
        assertEquals("1", stream.field("x-honest"));
    }

    @Test
    void whoShowsAnIdentityTokenIsNotLetIn() {
        String stolen = KEY.sign(Map.of(
                "iss", "https://login.example.test/" + House.TENANT + "/identity",
                "aud", House.APP.value(),
                "tid", House.TENANT.value(),
                "oid", user.value(),
                "scp", "user_impersonation",
                "exp", Date.from(Instant.now().plusSeconds(600))));
        assertEquals(401, send("/app/", "Authorization: Bearer " + stolen).status());
        assertTrue(log.streams.isEmpty());
    }

    @Test
    void aTokenThatCannotBeMadeIsAPageWithItsCause() {
        answer = ScriptedDoor.json(403, "{\"cause\":\"sign_on_no_token\",\"detail\":\"no consent to api://orders\"}");
        RawClient.Response refused = send("/app/", "Authorization: Bearer " + accessToken());
        assertEquals(403, refused.status());
        assertFalse(refused.body().contains("orders"), refused.body());
        assertEquals(Optional.of(Cause.SIGN_ON_NO_TOKEN), house.event().cause());
        assertTrue(log.streams.isEmpty());
    }

    @Test
    void theKeysOfTheTenantAreOnTheHostWithoutSignIn() throws ParseException, JOSEException {
        RawClient.Response keys = send(KEYS);
        assertEquals(200, keys.status());
        assertEquals("application/jwk-set+json", keys.headers().get("content-type"));
        assertEquals("public, max-age=300", keys.headers().get("cache-control"));
        JWKSet set = JWKSet.parse(keys.body());
        assertEquals(
                Set.of(KEY.keyId(), NEXT.keyId()),
                set.getKeys().stream().map(one -> one.getKeyID()).collect(java.util.stream.Collectors.toSet()),
                "the successor before it signs, and none of other tenants");
        assertTrue(set.getKeys().stream().noneMatch(one -> one.isPrivate()));
        assertTrue(log.streams.isEmpty());
        assertTrue(door.seen.isEmpty());
    }
}
