package io.postern.identity;

import static io.postern.identity.OidcClient.claims;
import static io.postern.identity.OidcClient.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jwt.SignedJWT;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.SessionId;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.ExposedScope;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.client.OptionalClaim;
import io.postern.domain.directory.Attributes;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.BackendSignOn;
import io.postern.domain.publish.IdentityHeader;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.SignOnSettings;
import io.postern.identity.key.SigningKeys;
import io.postern.store.PermissionGrant;
import io.postern.store.User;
import io.postern.token.JwtVerifier;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// IDT-1, IDT-2, OBO-1: what the gateway is given for the backend of a user's requests.
class OnwardTokensTest {
    private static final IdentityHeader DEFAULT = new IdentityHeader(IdentityHeader.DEFAULT_NAME, Optional.empty());

    @TempDir
    private Path folder;

    private LoginHost site;
    private Application orders;
    private String session = "";

    @BeforeEach
    void open() {
        site = new LoginHost(folder);
        orders = site.application(site.contoso, "orders", List.of(), Optional.empty(), false, false);
        expose();
        session = claims(
                        new OidcClient(site, site.wiki, LoginHost.CALLBACK)
                                .withSecret(site.edgeSecret(site.wiki))
                                .signIn(site.simon, "openid"),
                        "id_token")
                .path("sid")
                .asString();
    }

    @AfterEach
    void close() {
        site.close();
    }

    private void expose() {
        var settings = new ClientSettings(
                List.of(),
                List.of(),
                List.of(new ExposedScope(UUID.randomUUID().toString(), "orders.read", "Read", "", true, true)),
                List.of(),
                List.of(),
                List.of(),
                GroupClaims.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        site.store.write(s -> {
            s.clientSettings().put(site.contoso.id(), orders.id(), settings);
            return s;
        });
    }

    private void consent() {
        ServicePrincipalId wiki = site.principal(site.wiki).id();
        site.store.write(s -> {
            s.permissionGrants()
                    .put(new PermissionGrant(
                            site.contoso.id(),
                            "g",
                            wiki,
                            Optional.empty(),
                            orders.appId().value(),
                            Set.of("orders.read"),
                            site.clock.instant()));
            return s;
        });
    }

    private void set(Optional<IdentityHeader> identity, Optional<String> backend) {
        Application wiki = site.wiki;
        Publishing now = wiki.publishing().orElseThrow();
        Publishing changed =
                now.with(now.settings().with(new SignOnSettings(new BackendSignOn.None(), identity, backend)));
        site.store.write(s -> s.applications()
                .update(new Application(
                        wiki.tenant(),
                        wiki.id(),
                        wiki.appId(),
                        wiki.displayName(),
                        wiki.identifierUris(),
                        wiki.redirectUris(),
                        wiki.homePageUrl(),
                        Optional.of(changed),
                        wiki.group(),
                        wiki.publicClient(),
                        wiki.system(),
                        wiki.created())));
    }

    private void setBackend() {
        set(Optional.empty(), Optional.of("api://" + orders.appId() + "/orders.read"));
    }

    private Browser.Answer ask() {
        var form = new LinkedHashMap<>(Map.of(
                "client_id", site.wiki.appId().value(),
                "client_secret", site.edgeSecret(site.wiki),
                "user", site.simon.id().value()));
        if (!session.isEmpty()) {
            form.put("session", session);
        }
        return site.browser().post("/contoso/edge/sign-on", form, "postern-door", "edge");
    }

    private JsonNode told() {
        Browser.Answer answer = ask();
        assertEquals(200, answer.status(), answer.body());
        return json(answer);
    }

    private static JsonNode said(JsonNode told, String prefix) {
        String token = told.at("/fields/0/value").asString().substring(prefix.length());
        return claims(
                tools.jackson.databind.json.JsonMapper.shared()
                        .createObjectNode()
                        .put("token", token),
                "token");
    }

    private JwtVerifier verifier() {
        return new SigningKeys(site.store, site.keySealer, site.address, site.clock).verifier(site.contoso.id());
    }

    private void wikiAsksFor(String... claims) {
        var settings = new ClientSettings(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Stream.of(claims).map(OptionalClaim::new).toList(),
                List.of(),
                GroupClaims.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        site.store.write(s -> {
            s.clientSettings().put(site.contoso.id(), site.wiki.id(), settings);
            return s;
        });
    }

    private void refusedFor(String why) {
        Browser.Answer answer = ask();
        assertEquals(403, answer.status(), answer.body());
        assertTrue(answer.body().contains(why), answer.body());
    }

    /// All but what is new in each token, and what only a session has.
    @Test
    void aPreviewSaysWhatTheTokenSays() {
        wikiAsksFor("acct");
        set(Optional.of(new IdentityHeader(IdentityHeader.DEFAULT_NAME, Optional.of("urn:wiki"))), Optional.empty());
        var token = new LinkedHashMap<String, JsonNode>();
        said(told(), "").properties().forEach(claim -> token.put(claim.getKey(), claim.getValue()));

        Map<String, Object> preview = site.identity
                .identityClaims(site.contoso.id(), site.wiki.appId(), site.simon.id(), Optional.of("urn:wiki"))
                .orElseThrow();

        List.of("jti", "uti", "sid").forEach(token::remove);
        List.of("jti", "uti").forEach(preview::remove);
        assertTrue(token.containsKey("acct") && token.containsKey("exp"), token.toString());
        token.forEach(
                (name, value) -> assertEquals(value.asString(), String.valueOf(preview.remove(name)), "claim " + name));
        assertEquals(Map.of(), preview);
        assertEquals(
                Optional.empty(),
                site.identity.identityClaims(site.fabrikam.id(), site.wiki.appId(), site.simon.id(), Optional.empty()),
                "another tenant's");
    }

    @Test
    void theIdentityHeaderTellsWhoAsksForFiveMinutes() {
        set(Optional.of(DEFAULT), Optional.empty());
        JsonNode told = told();
        assertEquals("x-identity-token", told.at("/fields/0/name").asString());
        assertEquals("/", told.at("/fields/0/path").asString());
        assertEquals(240, told.path("validSeconds").asInt(), "a minute is left when the gateway asks anew");
        JsonNode said = said(told, "");
        assertEquals(
                site.address.identityIssuer(site.contoso.id()), said.path("iss").asString());
        assertEquals(site.wiki.appId().value(), said.path("aud").asString());
        assertEquals(site.simon.id().value(), said.path("sub").asString());
        assertEquals("b.simon@contoso.example", said.path("upn").asString());
        assertEquals("B. Simon", said.path("name").asString());
        assertEquals(300, said.path("exp").asLong() - said.path("iat").asLong());
        assertEquals(site.clock.instant().getEpochSecond(), said.path("iat").asLong());
        assertFalse(said.has("department"));
    }

    @Test
    void audienceAndClaimsAreTheApplications() {
        site.store.write(s -> s.users()
                .update(site.simon.withAttributes(new Attributes(Map.of("department", List.of("Grüße & Co"))))));
        set(Optional.of(new IdentityHeader("X-Who", Optional.of("urn:wiki"))), Optional.empty());
        wikiAsksFor("department", "acct");
        JsonNode told = told();
        assertEquals("x-who", told.at("/fields/0/name").asString());
        JsonNode said = said(told, "");
        assertEquals("urn:wiki", said.path("aud").asString());
        assertEquals("Grüße & Co", said.path("department").asString());
        assertEquals(0, said.path("acct").asInt(-1));
    }

    /// It has the signature of our tokens and goes to places that we do not know: nothing of ours may open by it.
    @Test
    void theIdentityHeaderOpensNoneOfOurDoors() throws ParseException {
        set(
                Optional.of(new IdentityHeader(
                        "X-Who", Optional.of(site.wiki.appId().value()))),
                Optional.empty());
        String token = told().at("/fields/0/value").asString();
        Set<String> wiki = Set.of(site.wiki.appId().value());
        assertTrue(verifier().verify(token, wiki, site.clock.instant()) instanceof JwtVerifier.Result.Refused);
        assertTrue(verifier().verifySignature(token) instanceof JwtVerifier.Result.Refused);
        assertEquals(
                401,
                site.browser()
                        .get("/contoso/oauth2/v2.0/userinfo", "authorization", "Bearer " + token)
                        .status());
    }

    @Test
    void aTokenThatNoWebServerWouldTakeIsRefused() {
        List<String> names = IntStream.rangeClosed(1, 15)
                .mapToObj(i -> "extensionAttribute" + i)
                .toList();
        Map<String, List<String>> much =
                names.stream().collect(Collectors.toMap(name -> name, _ -> List.of("ü".repeat(256))));
        site.store.write(s -> s.users().update(site.simon.withAttributes(new Attributes(much))));
        set(Optional.of(new IdentityHeader("X-Who", Optional.empty())), Optional.empty());
        wikiAsksFor(names.toArray(String[]::new));
        refusedFor("web servers take 8000");
    }

    @Test
    void theKeyThatSignsIsPublishedAndRollsOver() throws ParseException {
        set(Optional.of(DEFAULT), Optional.empty());
        String before = SignedJWT.parse(told().at("/fields/0/value").asString())
                .getHeader()
                .getKeyID();
        site.clock.advance(Duration.ofDays(89).plusMinutes(1));
        site.identity.rotateKeys();
        assertEquals(
                before,
                SignedJWT.parse(told().at("/fields/0/value").asString())
                        .getHeader()
                        .getKeyID());
        site.clock.advance(Duration.ofDays(1));
        String after = SignedJWT.parse(told().at("/fields/0/value").asString())
                .getHeader()
                .getKeyID();
        assertFalse(before.equals(after));
        String published = site.browser().get("/contoso/discovery/v2.0/keys").body();
        assertTrue(published.contains(before) && published.contains(after), published);
    }

    @Test
    void theBackendGetsATokenInTheUsersNameForTheApiThatItMayCall() {
        consent();
        setBackend();
        JsonNode told = told();
        assertEquals("authorization", told.at("/fields/0/name").asString());
        assertEquals(300, told.path("validSeconds").asInt());
        JsonNode said = said(told, "Bearer ");
        assertEquals(orders.appId().value(), said.path("aud").asString());
        assertEquals("orders.read", said.path("scp").asString());
        assertEquals(site.wiki.appId().value(), said.path("azp").asString());
        assertEquals(site.simon.id().value(), said.path("oid").asString());
        assertEquals(session, said.path("sid").asString(), "it ends with the session");
    }

    @Test
    void withoutConsentThereIsNoToken() {
        setBackend();
        refusedFor("has not consented to use the application 'wiki'");
    }

    @Test
    void whoIsNotAssignedToTheApiGetsNoToken() {
        Application api = site.application(site.contoso, "closed", List.of(), Optional.empty(), false, true);
        orders = api;
        expose();
        consent();
        setBackend();
        refusedFor("is not assigned");
    }

    @Test
    void anApiThatIsNotThereIsNamed() {
        set(Optional.empty(), Optional.of("api://nowhere/orders.read"));
        refusedFor("api://nowhere/orders.read");
    }

    @Test
    void withTheSessionTheTokensEnd() {
        consent();
        setBackend();
        assertEquals(200, ask().status());
        site.store.write(s -> s.sessions().delete(site.contoso.id(), new SessionId(session)));
        refusedFor("is over; let him sign in again");
        session = "";
        refusedFor("no session");
    }

    @Test
    void aSignInBeforeTheUserWasSignedOutEverywhereGivesNoToken() {
        consent();
        setBackend();
        Instant later = site.clock.instant().plusSeconds(60);
        site.clock.advance(Duration.ofMinutes(2));
        User u = site.simon;
        site.store.write(s -> s.users()
                .update(new User(
                        u.tenant(),
                        u.id(),
                        u.userPrincipalName(),
                        u.displayName(),
                        u.givenName(),
                        u.surname(),
                        u.mail(),
                        true,
                        u.passwordHash(),
                        false,
                        later,
                        u.created(),
                        u.attributes())));
        refusedFor("no access token for");
    }

    /// A program with a refresh token: its access tokens outlive the browser session that it began in.
    @Test
    void aProgramsRefreshTokenIsASessionToo() {
        consent();
        setBackend();
        JsonNode tokens = new OidcClient(site, site.spa, LoginHost.SPA_CALLBACK)
                .signIn(site.simon, "offline_access api://" + site.wiki.appId() + "/user_impersonation");
        session = claims(tokens, "access_token").path("sid").asString();
        assertEquals(session, said(told(), "Bearer ").path("sid").asString());
    }
}
