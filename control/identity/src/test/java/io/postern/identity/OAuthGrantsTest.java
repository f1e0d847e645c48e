package io.postern.identity;

import static io.postern.identity.LoginHost.SPA_CALLBACK;
import static io.postern.identity.OidcClient.claims;
import static io.postern.identity.OidcClient.json;
import static io.postern.identity.OidcClient.number;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.ExposedScope;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.publish.Application;
import io.postern.fixtures.TestCertificates;
import io.postern.identity.Browser.Answer;
import io.postern.store.ClientCredential;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.store.PermissionGrant;
import io.postern.store.RoleStore;
import io.postern.store.User;
import io.postern.web.Json;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The grants beside code and refresh token, consent, and what each credential opens. Longer than most files: every
/// case goes by the same few clients and steps, and the grants are told one after the other.
class OAuthGrantsTest {
    private static final String DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    @TempDir
    Path folder;

    private LoginHost host;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private OidcClient spa() {
        return new OidcClient(host, host.spa, SPA_CALLBACK);
    }

    // --- device code (RFC 8628)

    private JsonNode begin(OidcClient client, String scope) {
        Answer answer = client.post("/contoso/oauth2/v2.0/devicecode", Map.of("scope", scope));
        assertEquals(200, answer.status(), answer.body());
        return json(answer);
    }

    private Answer poll(OidcClient client, JsonNode code) {
        return client.token(Map.of(
                "grant_type", DEVICE, "device_code", code.path("device_code").asString()));
    }

    /// The pages up to the one that asks whether the device is the user's own.
    private Answer typed(Browser browser, JsonNode code, User user) {
        Answer form = browser.get("/device");
        Answer page = browser.submit(
                form, Map.of("user_code", code.path("user_code").asString().toLowerCase(Locale.ROOT)));
        return browser.signIn(page, user.userPrincipalName(), LoginHost.PASSWORD);
    }

    @Test
    void aDeviceGetsTokensOnceItsUserConfirmed() {
        JsonNode code = begin(spa(), "openid offline_access");
        Browser browser = host.browser("198.51.100.7");

        Answer before = poll(spa(), code);
        Answer confirm = typed(browser, code, host.simon);
        host.clock.advance(Duration.ofSeconds(6));
        Answer signedIn = poll(spa(), code);
        Answer done = browser.submit(confirm, Map.of("answer", "allow"));
        host.clock.advance(Duration.ofSeconds(6));
        Answer tokens = poll(spa(), code);

        assertEquals("authorization_pending", json(before).path("error").asString());
        assertTrue(confirm.body().contains("spa") && confirm.body().contains("192.0.2.1"), confirm.body());
        assertEquals("authorization_pending", json(signedIn).path("error").asString(), "nothing is allowed yet");
        assertEquals(200, done.status());
        assertEquals(200, tokens.status(), tokens.body());
        assertTrue(json(tokens).has("refresh_token"));
        assertEquals(54005, number(poll(spa(), code)), "once");
    }

    @Test
    void aDeviceIsSlowedDownDeclinedAndForgotten() {
        JsonNode hasty = begin(spa(), "openid");
        poll(spa(), hasty);
        Answer tooSoon = poll(spa(), hasty);
        JsonNode declined = begin(spa(), "openid");
        Browser browser = host.browser();
        browser.submit(typed(browser, declined, host.simon), Map.of("answer", "decline"));
        Answer refused = poll(spa(), declined);
        host.clock.advance(Duration.ofMinutes(16));

        assertEquals("slow_down", json(tooSoon).path("error").asString());
        assertEquals("access_denied", json(refused).path("error").asString());
        assertEquals("expired_token", json(poll(spa(), hasty)).path("error").asString());
    }

    @Test
    void aDeviceCodeIsOfItsClientAndItsUserMustBeAllowed() {
        JsonNode code = begin(spa(), "openid api://" + host.wiki.appId() + "/user_impersonation");
        User other = host.user(host.contoso, "o.ther", "O. Ther");
        var wiki = new OidcClient(host, host.wiki, LoginHost.CALLBACK).withSecret(host.edgeSecret(host.wiki));

        assertEquals(70000, number(poll(wiki, code)));
        assertTrue(typed(host.browser(), code, other).body().contains("AADSTS50105"));
        assertEquals(
                7000218,
                number(new OidcClient(host, host.wiki, LoginHost.CALLBACK)
                        .post("/contoso/oauth2/v2.0/devicecode", Map.of("scope", "openid"))));
    }

    @Test
    void wrongDeviceCodesAreCountedPerAddress() {
        Browser browser = host.browser("203.0.113.9");
        int status = 0;
        for (int i = 0; i < 40 && status != 429; i++) {
            status = browser.submit(browser.get("/device"), Map.of("user_code", "BBBB-BBBB"))
                    .status();
        }

        assertEquals(429, status);
    }

    @Test
    void aConnectorsProgramIsKnownToEveryTenant() {
        Answer answer = host.browser()
                .post(
                        "/fabrikam/oauth2/v2.0/devicecode",
                        Map.of(
                                "client_id",
                                "00000006-0000-4000-8000-706f73746572",
                                "scope",
                                "https://api.postern.localhost/.default"));

        assertEquals(200, answer.status(), answer.body());
    }

    /// Everybody knows its id, and nobody is asked whether he consents: who sends somebody its code shall get little.
    @Test
    void aConnectorsProgramGetsToTheApiAloneAndDoesNotStay() {
        for (String scope : List.of(
                "api://" + host.wiki.appId() + "/user_impersonation",
                "openid profile",
                "https://api.postern.localhost/.default offline_access")) {
            Answer answer = host.browser()
                    .post(
                            "/contoso/oauth2/v2.0/devicecode",
                            Map.of("client_id", "00000006-0000-4000-8000-706f73746572", "scope", scope));

            assertEquals(70011, number(answer), scope + ": " + answer.body());
        }
    }

    // --- private_key_jwt (RFC 7523)

    private Map<String, String> assertion(String jwt) {
        return Map.of(
                "grant_type",
                "client_credentials",
                "scope",
                "https://api.postern.localhost/.default",
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion",
                jwt);
    }

    private static JWTClaimsSet.Builder statement(Application job, String audience, Instant expires) {
        return new JWTClaimsSet.Builder()
                .issuer(job.appId().value())
                .subject(job.appId().value())
                .audience(audience)
                .jwtID(UUID.randomUUID().toString())
                .expirationTime(Date.from(expires));
    }

    @Test
    void aClientProvesItselfByACertificateOnceEachAndByNoOtherAlgorithm() throws Exception {
        Application job = host.application(host.contoso, "job", List.of(), Optional.empty(), false, false);
        var key = TestCertificates.selfSigned("job");
        byte[] der = key.leaf().getEncoded();
        host.store.write(s -> {
            s.clientCredentials()
                    .insert(new ClientCredential(
                            host.contoso.id(),
                            UUID.randomUUID().toString(),
                            job.id(),
                            ClientCredential.Kind.CERTIFICATE,
                            "test",
                            "f",
                            "CN=job",
                            Optional.of(Base64.getEncoder().encodeToString(der)),
                            Instant.EPOCH,
                            Instant.parse("2030-01-01T00:00:00Z")));
            return s;
        });
        var client = new OidcClient(host, job, "");
        Instant soon = host.clock.instant().plusSeconds(120);
        String ours = host.address.issuer(host.contoso.id());
        String good = signed(statement(job, ours, soon).build(), key);

        assertEquals(200, client.token(assertion(good)).status());
        assertEquals(700027, number(client.token(assertion(good))), "the same twice");
        for (String bad : List.of(
                signed(statement(job, "https://elsewhere.example", soon).build(), key),
                signed(statement(job, ours, soon.minusSeconds(3600)).build(), key),
                signed(statement(job, ours, soon.plusSeconds(3600)).build(), key),
                signed(statement(job, ours, soon).jwtID(null).build(), key),
                signed(statement(host.spa, ours, soon).build(), key),
                signed(statement(job, ours, soon).build(), TestCertificates.selfSigned("other")),
                hmac(statement(job, ours, soon).build(), der),
                new PlainJWT(statement(job, ours, soon).build()).serialize())) {
            assertEquals(700027, number(client.token(assertion(bad))), bad);
        }
    }

    private static String signed(JWTClaimsSet claims, TestCertificates.Issued key) throws JOSEException {
        var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), claims);
        jwt.sign(new ECDSASigner((ECPrivateKey) key.key()));
        return jwt.serialize();
    }

    /// The public key as a shared secret.
    private static String hmac(JWTClaimsSet claims, byte[] key) throws JOSEException {
        var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        jwt.sign(new MACSigner(key));
        return jwt.serialize();
    }

    // --- on behalf of (RFC 8693), introspection

    private String wikiToken() {
        return spa().signIn(host.simon, "openid api://" + host.wiki.appId() + "/user_impersonation")
                .path("access_token")
                .asString();
    }

    private Map<String, String> behalf(String assertion, Application target) {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", JWT_BEARER);
        form.put("requested_token_use", "on_behalf_of");
        form.put("assertion", assertion);
        form.put("scope", "api://" + target.appId() + "/orders.read");
        return form;
    }

    private Application orders() {
        Application orders = host.application(host.contoso, "orders", List.of(), Optional.empty(), false, false);
        host.store.write(s -> {
            s.clientSettings()
                    .put(
                            host.contoso.id(),
                            orders.id(),
                            new ClientSettings(
                                    List.of(),
                                    List.of(),
                                    List.of(new ExposedScope(
                                            UUID.randomUUID().toString(),
                                            "orders.read",
                                            "Read orders",
                                            "",
                                            true,
                                            true)),
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    GroupClaims.NONE,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.of(Duration.ofMinutes(10))));
            return s;
        });
        return orders;
    }

    @Test
    void anApplicationActsForItsUserOnlyWithConsentAndOnlyByATokenForItself() {
        Application orders = orders();
        String secret = host.edgeSecret(host.wiki);
        var wiki = new OidcClient(host, host.wiki, LoginHost.CALLBACK).withSecret(secret);
        String token = wikiToken();
        Answer without = wiki.token(behalf(token, orders));
        ServicePrincipalId client = host.principal(host.wiki).id();
        host.store.write(s -> {
            s.permissionGrants()
                    .put(new PermissionGrant(
                            host.contoso.id(),
                            "g",
                            client,
                            Optional.empty(),
                            orders.appId().value(),
                            Set.of("orders.read"),
                            host.clock.instant()));
            return s;
        });

        Answer with = wiki.token(behalf(token, orders));
        Answer idToken = wiki.token(
                behalf(wiki.signIn(host.simon, "openid").path("id_token").asString(), orders));
        Answer foreign = new OidcClient(host, orders, "")
                .withSecret(host.secretOf(orders, Optional.empty()))
                .token(behalf(token, orders));
        Answer unproved = new OidcClient(host, host.wiki, "").token(behalf(token, orders));
        host.setEnabled(host.simon, false);
        Answer disabled = wiki.token(behalf(token, orders));

        assertEquals(65001, number(without), without.body());
        assertEquals(200, with.status(), with.body());
        assertEquals(
                "orders.read", claims(json(with), "access_token").path("scp").asString());
        assertEquals(600, json(with).path("expires_in").asInt(), "the lifetime of the resource's policy");
        assertEquals(50013, number(idToken), idToken.body());
        assertEquals(50013, number(foreign), foreign.body());
        assertEquals(7000218, number(unproved));
        assertEquals(50057, number(disabled), disabled.body());
    }

    @Test
    void aResourceLearnsWhetherATokenForItHolds() {
        var wiki = new OidcClient(host, host.wiki, LoginHost.CALLBACK).withSecret(host.edgeSecret(host.wiki));
        String token = wikiToken();
        String path = "/contoso/oauth2/v2.0/introspect";

        JsonNode holds = json(wiki.post(path, Map.of("token", token)));
        JsonNode others = json(wiki.post(
                path,
                Map.of(
                        "token",
                        spa().signIn(host.simon, "openid").path("access_token").asString())));
        Answer anonymous = spa().post(path, Map.of("token", token));
        host.setEnabled(host.simon, false);
        JsonNode disabled = json(wiki.post(path, Map.of("token", token)));

        assertTrue(holds.path("active").asBoolean());
        assertEquals(host.simon.userPrincipalName(), holds.path("username").asString());
        assertFalse(others.path("active").asBoolean());
        assertEquals("{\"active\":false}", disabled.toString());
        assertEquals(7000218, number(anonymous));
    }

    @Test
    void eachCredentialOpensOnlyItsOwnDoor() {
        JsonNode tokens = spa().signIn(host.simon, "openid offline_access");
        String access = tokens.path("access_token").asString();
        String id = tokens.path("id_token").asString();
        String refresh = tokens.path("refresh_token").asString();
        String code = spa().code(host.browser(), host.simon, "openid");

        for (String wrong : List.of(access, id, code)) {
            assertEquals(70008, number(spa().refresh(wrong)));
        }
        for (String wrong : List.of(access, id, refresh)) {
            assertEquals(70008, number(spa().redeem(wrong)));
        }
        for (String wrong : List.of(id, refresh, code)) {
            Answer answer = host.browser().get("/contoso/oauth2/v2.0/userinfo", "authorization", "Bearer " + wrong);
            assertEquals(401, answer.status());
        }
    }

    // --- consent

    @Test
    void aUserMayDeclineAndHisClientHearsIt() {
        Browser browser = host.browser();
        Answer page = browser.signIn(
                browser.get(spa().link("openid offline_access").toString()),
                host.simon.userPrincipalName(),
                LoginHost.PASSWORD);

        Answer declined = browser.submit(page, Map.of("answer", "decline"));

        assertTrue(page.body().contains("b.simon@contoso.example"), page.body());
        assertEquals(Optional.of("access_denied"), declined.parameter("error"));
        assertTrue(declined.parameter("error_description").orElse("").startsWith("AADSTS65004"));
    }

    /// Who is asked has not come in yet, whoever declines or cannot be asked never does: the log says so.
    @Test
    void theLogTellsOfASuccessOnlyOnceConsentIsGiven() {
        Browser browser = host.browser();
        String link = spa().link("openid offline_access").toString();
        Answer page = browser.signIn(browser.get(link), host.simon.userPrincipalName(), LoginHost.PASSWORD);
        assertEquals(List.of(50199), codesOfLog());
        host.clock.advance(Duration.ofSeconds(1));
        browser.submit(page, Map.of("answer", "decline"));
        assertEquals(List.of(65004, 50199), codesOfLog());
        host.clock.advance(Duration.ofSeconds(1));
        browser.get(link + "&prompt=none");
        assertEquals(List.of(65001, 65004, 50199), codesOfLog());
        host.clock.advance(Duration.ofSeconds(1));
        browser.submit(browser.get(link), Map.of("answer", "allow"));
        assertEquals(List.of(0, 50199, 65001, 65004, 50199), codesOfLog());
    }

    /// Newest first, without those that tell of steps.
    private List<Integer> codesOfLog() {
        return host.store.read(s -> s.logs().find(host.contoso.id(), LogKind.SIGN_IN, LogQuery.newest(50))).stream()
                .map(entry -> Json.MAPPER
                        .readTree(entry.text())
                        .path("status")
                        .path("errorCode")
                        .asInt())
                .filter(code -> code != 50140)
                .toList();
    }

    @Test
    void consentOfOneBrowserIsWorthNothingInAnother() {
        Browser browser = host.browser();
        Answer page = browser.signIn(
                browser.get(spa().link("openid offline_access").toString()),
                host.simon.userPrincipalName(),
                LoginHost.PASSWORD);

        Answer stolen = host.browser().submit(page, Map.of("answer", "allow"));

        assertTrue(stolen.status() == 400 && stolen.location().isEmpty(), stolen.toString());
        assertTrue(host.store
                .read(s -> s.permissionGrants().list(host.contoso.id()))
                .isEmpty());
    }

    /// The API is an application of the tenant too, and under that id it is no less mighty.
    @Test
    void aUserConsentsToTheApiUnderNoneOfItsNames() {
        Application made = host.application(host.contoso, "Postern API", List.of(), Optional.empty(), false, false);
        var api = new Application(
                made.tenant(),
                made.id(),
                made.appId(),
                made.displayName(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                made.created());
        host.store.write(s -> {
            s.applications().update(api);
            return api;
        });
        for (String name : List.of("https://api.postern.localhost", "api://" + api.appId())) {
            Browser browser = host.browser();
            Answer refused = browser.signIn(
                    browser.get(
                            spa().link("openid " + name + "/user_impersonation").toString()),
                    host.simon.userPrincipalName(),
                    LoginHost.PASSWORD);

            assertTrue(refused.body().contains("AADSTS90094"), name + ": " + refused.body());
        }
    }

    @Test
    void anAdministratorConsentsForEverybodyAndNobodyElseDoes() { // ASG-6
        User admin = host.user(host.contoso, "a.dmin", "A. Dmin");
        host.store.write(s -> {
            s.roles().grant(host.contoso.id(), admin.id().value(), RoleStore.GLOBAL_ADMINISTRATOR);
            return s;
        });
        String link = "/contoso/v2.0/adminconsent?scope=offline_access&state=x&client_id=" + host.spa.appId()
                + "&redirect_uri=" + Browser.encode(SPA_CALLBACK);
        Browser plain = host.browser();
        Answer refused = plain.signIn(plain.get(link), host.simon.userPrincipalName(), LoginHost.PASSWORD);
        Browser browser = host.browser();
        Answer page = browser.signIn(browser.get(link), admin.userPrincipalName(), LoginHost.PASSWORD);
        Answer done = browser.submit(page, Map.of("answer", "allow"));
        Browser user = host.browser();
        Answer silent = user.signIn(
                user.get(spa().link("openid offline_access").toString()),
                host.simon.userPrincipalName(),
                LoginHost.PASSWORD);

        assertTrue(refused.status() == 403 && refused.body().contains("AADSTS90094"), refused.body());
        assertEquals(Optional.of("True"), done.parameter("admin_consent"));
        assertTrue(silent.parameter("code").isPresent(), "nobody is asked any more: " + silent);
    }
}
