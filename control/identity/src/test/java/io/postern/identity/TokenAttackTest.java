package io.postern.identity;

import static io.postern.identity.LoginHost.SPA_CALLBACK;
import static io.postern.identity.OidcClient.json;
import static io.postern.identity.OidcClient.number;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import io.postern.domain.SessionId;
import io.postern.fixtures.HostileTokens;
import io.postern.fixtures.HostileTokens.Hostile;
import io.postern.fixtures.TestCertificates;
import io.postern.identity.Browser.Answer;
import io.postern.identity.GrantSite.Way;
import io.postern.token.SigningJwk;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The same hostile tokens at everything of the login host that reads a token (RFC 8725, RFC 7523). Gateway and API
/// have theirs: `HostileTokenTest`, `BearerTest`.
class TokenAttackTest {
    @TempDir
    static Path folder;

    private static LoginHost host;
    private static GrantSite site;
    private static String forPortal;
    private static String forUserInfo;
    private static String idToken;

    @BeforeAll
    static void start() {
        host = new LoginHost(folder);
        site = new GrantSite(host);
        forPortal = site.prepare(Way.BEHALF).get("assertion");
        var tokens = new OidcClient(host, host.spa, SPA_CALLBACK).signIn(site.user, "openid");
        forUserInfo = tokens.path("access_token").asString();
        idToken = tokens.path("id_token").asString();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static List<Hostile> hostile(String good) {
        try {
            return HostileTokens.of(
                    host.signingKey(host.contoso).privateJson(),
                    host.signingKey(host.fabrikam).privateJson(),
                    host.address.issuer(host.fabrikam.id()),
                    claimsOf(good),
                    host.clock.instant());
        } catch (ParseException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, Object> claimsOf(String token) throws ParseException {
        var claims = new HashMap<>(SignedJWT.parse(token).getJWTClaimsSet().getClaims());
        claims.put("aud", ((List<?>) claims.get("aud")).getFirst()); // as we write it
        return claims;
    }

    private static Stream<DynamicTest> each(List<Hostile> tokens, Consumer<Hostile> test) {
        return tokens.stream().map(one -> DynamicTest.dynamicTest(one.name(), () -> test.accept(one)));
    }

    private static Answer withPortal(String path, Map<String, String> form) {
        return new OidcClient(host, site.portal, GrantSite.REDIRECT)
                .withSecret(site.portalSecret)
                .post("/contoso/oauth2/v2.0/" + path, form);
    }

    private static Answer userInfo(String token) {
        return host.browser().get("/contoso/oauth2/v2.0/userinfo", "authorization", "Bearer " + token);
    }

    @Test
    void theGoodTokensAreTaken() {
        assertEquals(200, userInfo(forUserInfo).status());
        assertTrue(json(withPortal("introspect", Map.of("token", forPortal)))
                .path("active")
                .asBoolean());
        assertEquals(200, site.ask(Way.BEHALF, behalf(forPortal)).status());
        assertEquals(200, site.ask(Way.EXCHANGE, exchange(forPortal)).status());
        assertFalse(hint(idToken).body().contains("AADSTS90014"));
    }

    private static Map<String, String> behalf(String token) {
        var form = new HashMap<String, String>();
        form.put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        form.put("requested_token_use", "on_behalf_of");
        form.put("assertion", token);
        form.put("scope", "api://" + site.orders.appId() + "/orders.read");
        return form;
    }

    private static Map<String, String> exchange(String token) {
        var form = new HashMap<String, String>();
        form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
        form.put("subject_token", token);
        form.put("subject_token_type", "urn:ietf:params:oauth:token-type:access_token");
        form.put("scope", "api://" + site.orders.appId() + "/orders.read");
        return form;
    }

    @TestFactory
    Stream<DynamicTest> onBehalfOfRefusesEachWithItsReason() {
        return each(hostile(forPortal), one -> refusedAs(one, site.ask(Way.BEHALF, behalf(one.token()))));
    }

    @TestFactory
    Stream<DynamicTest> tokenExchangeRefusesEachWithItsReason() {
        return each(hostile(forPortal), one -> refusedAs(one, site.ask(Way.EXCHANGE, exchange(one.token()))));
    }

    private static void refusedAs(Hostile one, Answer answer) {
        assertEquals(50013, number(answer), answer.body());
        String said = json(answer).path("error_description").asString();
        assertTrue(
                Arrays.stream(one.why().split("\\|"))
                        .map(why -> why.equals("audience") ? "it was not issued for this client" : why)
                        .anyMatch(why -> said.startsWith("AADSTS50013: The assertion is not valid: " + why)),
                said);
    }

    @TestFactory
    Stream<DynamicTest> introspectionKnowsNoneOfThem() {
        return each(
                hostile(forPortal),
                one -> assertEquals(
                        "{\"active\":false}",
                        withPortal("introspect", Map.of("token", one.token())).body()));
    }

    @TestFactory
    Stream<DynamicTest> theUserInfoEndpointRefusesThemAll() {
        return each(hostile(forUserInfo), one -> {
            Answer answer = userInfo(one.token());
            assertEquals(401, answer.status());
            assertTrue(
                    answer.fields().getOrDefault("www-authenticate", "").contains("error=\"invalid_token\""),
                    answer.toString());
            assertFalse(answer.body().contains(site.user.id().value()));
        });
    }

    /// A hint may be old, and name any client.
    @TestFactory
    Stream<DynamicTest> aHintMustBeAnIdTokenOfTheTenant() {
        List<String> allowed = List.of("expired", "not valid yet", "audience");
        return each(
                hostile(idToken).stream()
                        .filter(one -> !allowed.contains(one.why()))
                        .toList(),
                one -> {
                    if (one.why().contains("token is longer")) {
                        return; // an address has no room for it
                    }
                    Answer answer = hint(one.token());
                    assertTrue(answer.status() == 400 && answer.body().contains("AADSTS90014"), answer.toString());
                });
    }

    @Test
    void aHintIsNoOtherTokenOfOurs() throws ParseException {
        Map<String, Object> logout = claimsOf(idToken);
        logout.put("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
        String appOnly = json(site.ask(Way.SECRET, site.prepare(Way.SECRET)))
                .path("access_token")
                .asString();

        for (String other :
                List.of(forPortal, appOnly, host.signingKey(host.contoso).sign(logout))) {
            assertTrue(hint(other).body().contains("AADSTS90014"), other);
        }
    }

    private static Answer hint(String token) {
        return host.browser().get("/contoso/oauth2/v2.0/logout?id_token_hint=" + Browser.encode(token));
    }

    @TestFactory
    Stream<DynamicTest> revocationEndsNothingByAForgedToken() {
        var client = new OidcClient(host, host.spa, SPA_CALLBACK);
        var tokens = client.signIn(site.user, "openid offline_access");
        String refresh = OidcClient.refreshToken(tokens);
        List<String> allowed = List.of("expired", "not valid yet", "audience"); // those end what they came from
        return each(
                hostile(tokens.path("access_token").asString()).stream()
                        .filter(one -> !allowed.contains(one.why()))
                        .toList(),
                one -> {
                    client.post("/contoso/oauth2/v2.0/revoke", Map.of("token", one.token()));
                    assertTrue(holds(refresh), refresh);
                });
    }

    private static boolean holds(String refresh) {
        String hex = refresh.substring(4, 36);
        String id = String.join(
                "-",
                hex.substring(0, 8),
                hex.substring(8, 12),
                hex.substring(12, 16),
                hex.substring(16, 20),
                hex.substring(20));
        return host.store
                .read(s -> s.refreshFamilies().find(new SessionId(id)))
                .orElseThrow()
                .ended()
                .isEmpty();
    }

    // --- client assertions: the client's key, not ours

    private static final RSAKey CLIENT = rsa();

    private static RSAKey rsa() {
        try {
            return new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, Object> statement() {
        var claims = new HashMap<String, Object>();
        Instant now = host.clock.instant();
        claims.put("iss", site.portal.appId().value());
        claims.put("sub", site.portal.appId().value());
        claims.put("aud", host.address.issuer(host.contoso.id()));
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("exp", Date.from(now.plusSeconds(120)));
        return claims;
    }

    private static Answer assertion(String jwt) {
        return host.browser()
                .post(
                        "/contoso/oauth2/v2.0/token",
                        Map.of(
                                "grant_type",
                                "client_credentials",
                                "client_id",
                                site.portal.appId().value(),
                                "scope",
                                "api://" + site.orders.appId() + "/.default",
                                "client_assertion_type",
                                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                                "client_assertion",
                                jwt));
    }

    /// Its certificate decides, whatever the key id says; PS256 is among what we offer.
    @TestFactory
    Stream<DynamicTest> noAssertionProvesAClientButOneOfItsOwnKey() throws JOSEException {
        site.keep(TestCertificates.authority("clients").certify(CLIENT.toRSAPublicKey()));
        SigningJwk key = SigningJwk.parse(CLIENT.toJSONString());
        String good = key.sign(statement());
        assertEquals(200, assertion(good).status());
        assertEquals(700027, number(assertion(good)), "once");

        Map<String, Object> claims = new HashMap<>(statement());
        Stream<Hostile> forged = HostileTokens.of(
                        CLIENT.toJSONString(),
                        rsa().toJSONString(),
                        host.address.issuer(host.fabrikam.id()),
                        claims,
                        host.clock.instant())
                .stream()
                .filter(one -> !one.name().contains("key id") || one.name().startsWith("stranger"))
                .filter(one -> !one.name().startsWith("PS256"));
        Function<Map<String, Object>, String> signed = key::sign;
        Instant now = host.clock.instant();
        Stream<Hostile> own = Stream.of(
                altered("no jti", signed, "jti", null, "it has no jti"),
                altered("an endless jti", signed, "jti", "x".repeat(257), "it has no jti"),
                altered("too far ahead", signed, "exp", Date.from(now.plusSeconds(3600)), "it expires in more"),
                altered("another subject", signed, "sub", site.orders.appId().value(), "iss and sub"),
                altered("two audiences", signed, "aud", List.of(claims.get("aud"), "x"), "aud must be"),
                altered(
                        "another tenant's endpoint",
                        signed,
                        "aud",
                        host.address.issuer(host.fabrikam.id()),
                        "aud must be"));
        return each(Stream.concat(forged, own).toList(), one -> {
            Answer answer = assertion(one.token());
            assertEquals(700027, number(answer), answer.body());
            assertEquals("invalid_client", json(answer).path("error").asString());
            assertEquals(401, answer.status());
        });
    }

    private static Hostile altered(
            String name, Function<Map<String, Object>, String> signed, String claim, Object value, String why) {
        Map<String, Object> claims = statement();
        if (value == null) {
            claims.remove(claim);
        } else {
            claims.put(claim, value);
        }
        return new Hostile(name, signed.apply(claims), why);
    }

    // --- tokens of ours at the wrong door

    @Test
    void noTokenOfOursIsGoodAtAnotherDoor() {
        String appOnly = json(site.ask(Way.SECRET, site.prepare(Way.SECRET)))
                .path("access_token")
                .asString();
        for (String wrong : List.of(idToken, forPortal, appOnly)) {
            assertEquals(401, userInfo(wrong).status(), wrong);
        }
        for (String wrong : List.of(idToken, forUserInfo, appOnly)) {
            assertEquals(50013, number(site.ask(Way.BEHALF, behalf(wrong))), wrong);
            assertEquals(
                    "{\"active\":false}",
                    withPortal("introspect", Map.of("token", wrong)).body());
        }
        assertEquals(
                401,
                host.browser()
                        .get("/fabrikam/oauth2/v2.0/userinfo", "authorization", "Bearer " + forUserInfo)
                        .status());
    }
}
