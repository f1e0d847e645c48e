package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.postern.domain.federation.IdentityProvider;
import io.postern.identity.Browser.Answer;
import io.postern.store.SessionStore;
import io.postern.store.User;
import io.postern.token.SigningJwk;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Sign-out that begins at an upstream OpenID Provider (FED-4).
class UpstreamLogoutTest extends OneUpstreamSite {
    private static final Map<String, Object> EVENTS =
            Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of());

    private User signIn(String subject, String session) {
        browser = host.browser();
        Map<String, Object> claims = FakeOpenIdProvider.claims(subject, subject + "@partner.example");
        claims.put("sid", session);
        Answer back = arrive(claims);
        assertTrue(back.parameter("code").isPresent(), back.status() + back.body());
        return host.store.read(s -> s.users()
                .findByPrincipalName(subject + "_partner.example#ext#@contoso.example")
                .orElseThrow());
    }

    private List<SessionStore.Row> sessions(User user) {
        return host.store.read(s -> s.sessions().of(user.tenant(), user.id()));
    }

    private Map<String, Object> token(String id) {
        var claims = new HashMap<String, Object>();
        claims.put("iss", upstream.issuer());
        claims.put("aud", "postern");
        claims.put("iat", Date.from(host.clock.instant()));
        claims.put("exp", Date.from(host.clock.instant().plusSeconds(120)));
        claims.put("jti", id);
        claims.put("events", EVENTS);
        return claims;
    }

    private Answer send(String token) {
        return host.browser()
                .post(
                        "/" + host.contoso.id() + "/federation/" + provider.id() + "/back-channel-logout",
                        Map.of("logout_token", token));
    }

    private Answer send(Map<String, Object> claims) {
        return send(upstream.signing.sign(claims));
    }

    @Test
    void aNamedSessionEndsAndNoOther() {
        User alice = signIn("alice", "there-1");
        signIn("alice", "there-2");
        User bob = signIn("bob", "there-3");
        Map<String, Object> token = token("t1");
        token.put("sid", "there-1");
        token.put("sub", "alice");
        assertEquals(2, sessions(alice).size());

        Answer answer = send(token);

        assertEquals(200, answer.status(), answer.body());
        assertEquals("no-store", answer.fields().get("cache-control"));
        assertEquals(1, sessions(alice).size());
        assertEquals(1, sessions(bob).size());
        assertEquals(1, host.store.read(s -> s.revocations().sessions()).size());
    }

    @Test
    void withoutASessionAllOfTheSubjectEnd() {
        User alice = signIn("alice", "there-1");
        signIn("alice", "there-2");
        User bob = signIn("bob", "there-3");
        Map<String, Object> token = token("t1");
        token.put("sub", "alice");

        assertEquals(200, send(token).status());

        assertEquals(List.of(), sessions(alice));
        assertEquals(1, sessions(bob).size());
    }

    @Test
    void aSessionOfAnotherSubjectStays() {
        User alice = signIn("alice", "there-1");
        Map<String, Object> token = token("t1");
        token.put("sid", "there-1");
        token.put("sub", "bob");

        assertEquals(200, send(token).status());
        assertEquals(1, sessions(alice).size());
    }

    @Test
    void countsOnceSoThatNoLaterSessionEndsByIt() {
        User alice = signIn("alice", "there-1");
        Map<String, Object> token = token("t1");
        token.put("sub", "alice");
        String sent = upstream.signing.sign(token);
        assertEquals(200, send(sent).status());
        assertEquals(List.of(), sessions(alice));
        signIn("alice", "there-2");

        assertEquals(200, send(sent).status());
        assertEquals(1, sessions(alice).size());
    }

    @Test
    void takesTheTypeOfItsOwn() throws JOSEException, ParseException {
        User alice = signIn("alice", "there-1");
        Map<String, Object> token = token("t1");
        token.put("sid", "there-1");

        assertEquals(200, send(typed("logout+jwt", token)).status());
        assertEquals(List.of(), sessions(alice));
    }

    static Stream<Arguments> forgeries() {
        return Stream.of(
                Arguments.of("another issuer", Map.of("iss", "https://evil.example")),
                Arguments.of("another client", Map.of("aud", "other")),
                Arguments.of("no event", Map.of("events", Map.of("http://schemas.openid.net/event/other", Map.of()))),
                Arguments.of(
                        "an event that is no object",
                        Map.of("events", Map.of(EVENTS.keySet().iterator().next(), 1))),
                Arguments.of("events that are a text", Map.of("events", "backchannel-logout")),
                Arguments.of("an ID token", Map.of("nonce", "n")),
                Arguments.of("expired", Map.of("exp", Date.from(Instant.EPOCH))),
                Arguments.of("no exp", Map.of("exp", "")),
                Arguments.of("of the future", Map.of("iat", Date.from(Instant.ofEpochSecond(4_000_000_000L)))),
                Arguments.of("no iat", Map.of("iat", "")),
                Arguments.of("no jti", Map.of("jti", "")),
                Arguments.of("nobody", Map.of("sub", "", "sid", "")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void refuses(String what, Map<String, Object> change) {
        User alice = signIn("alice", "there-1");
        Map<String, Object> token = token("t1");
        token.put("sub", "alice");
        token.put("sid", "there-1");
        token.putAll(change);
        token.values().removeIf(""::equals);

        Answer answer = send(token);

        assertEquals(400, answer.status(), what + answer.body());
        assertTrue(answer.body().contains("invalid_request"), answer.body());
        assertFalse(answer.body().contains("alice"), answer.body());
        assertEquals(1, sessions(alice).size(), what);
    }

    @Test
    void refusesAForeignKeyAndATypeThatIsNoLogout() throws JOSEException, ParseException {
        User alice = signIn("alice", "there-1");
        Map<String, Object> token = token("t1");
        token.put("sub", "alice");

        assertEquals(400, send(SigningJwk.generate().sign(token)).status());
        assertEquals(400, send(typed("at+jwt", token)).status());
        assertEquals(400, send("").status());
        assertEquals(1, sessions(alice).size());
    }

    @Test
    void looksForANewKeyWhenTheTokenIsSignedByOne() {
        User alice = signIn("alice", "there-1");
        SigningJwk next = SigningJwk.generate();
        upstream.published = List.of(next);
        upstream.signing = next;
        host.clock.advance(Duration.ofMinutes(2));
        Map<String, Object> token = token("t1");
        token.put("sub", "alice");

        assertEquals(200, send(token).status());
        assertEquals(List.of(), sessions(alice));
    }

    @Test
    void byAFrameOnlyTheSessionThatIsNamed() {
        User alice = signIn("alice", "there-1");
        signIn("alice", "there-2");
        String frame = "/" + host.contoso.id() + "/federation/" + provider.id() + "/front-channel-logout?iss=";

        assertEquals(400, host.browser().get(frame + upstream.issuer()).status());
        assertEquals(
                400,
                host.browser().get(frame + "https://evil.example&sid=there-1").status());
        assertEquals(
                200,
                host.browser().get(frame + upstream.issuer() + "&sid=elsewhere").status());
        assertEquals(2, sessions(alice).size());
        assertEquals(
                200,
                host.browser().get(frame + upstream.issuer() + "&sid=there-1").status());
        assertEquals(1, sessions(alice).size());
    }

    @Test
    void aProviderThatIsDisabledEndsNothing() {
        User alice = signIn("alice", "there-1");
        register(p -> new IdentityProvider(
                p.tenant(),
                p.id(),
                p.displayName(),
                false,
                p.shown(),
                p.domains(),
                p.hint(),
                p.upstream(),
                p.newcomers(),
                p.trustsMfa(),
                p.signsOut(),
                p.claims(),
                p.groups()));
        Map<String, Object> token = token("t1");
        token.put("sub", "alice");

        assertEquals(404, send(token).status());
        assertEquals(1, sessions(alice).size());
    }

    private String typed(String type, Map<String, Object> claims) throws JOSEException, ParseException {
        RSAKey key = RSAKey.parse(upstream.signing.privateJson());
        var builder = new JWTClaimsSet.Builder();
        claims.forEach(builder::claim);
        var jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new JOSEObjectType(type))
                        .keyID(key.getKeyID())
                        .build(),
                builder.build());
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }
}
