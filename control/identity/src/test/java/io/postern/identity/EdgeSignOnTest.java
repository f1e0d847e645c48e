package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.ExposedScope;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.directory.Attributes;
import io.postern.domain.publish.Application;
import io.postern.domain.publish.BackendSignOn;
import io.postern.domain.publish.BackendSignOn.Kerberos;
import io.postern.domain.publish.BackendSignOn.LoginIdentity;
import io.postern.domain.publish.BackendSignOn.Mechanism;
import io.postern.domain.publish.BackendSignOn.None;
import io.postern.domain.publish.IdentityHeader;
import io.postern.domain.publish.PasswordSignOn;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.SignOnSettings;
import io.postern.domain.signon.HeadersDocument;
import io.postern.store.ApplicationPassword;
import io.postern.store.Group;
import io.postern.store.PermissionGrant;
import io.postern.store.ServicePrincipal;
import io.postern.store.User;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the gateway is told about users at backends (3.2), and that nobody else can ask.
class EdgeSignOnTest {
    private static final String SESSION = "11111111-2222-3333-4444-555555555555";

    @TempDir
    private Path folder;

    private LoginHost site;

    @BeforeEach
    void open() {
        site = new LoginHost(folder);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Browser.Answer ask(String tenant, Map<String, String> form, String... fields) {
        return site.browser().post("/" + tenant + "/edge/sign-on", form, fields);
    }

    private Browser.Answer ask(User user) {
        return ask(user, "");
    }

    private Browser.Answer ask(User user, String session) {
        return ask(
                "contoso",
                Map.of(
                        "client_id",
                        site.wiki.appId().value(),
                        "client_secret",
                        site.edgeSecret(site.wiki),
                        "user",
                        user.id().value(),
                        "session",
                        session),
                "postern-door",
                "edge");
    }

    /// As backends that verify do, by the published keys.
    private JWTClaimsSet verified(String token, String issuer, String audience) throws Exception {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        JWKSet keys =
                JWKSet.parse(site.browser().get("/contoso/discovery/v2.0/keys").body());
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, new ImmutableJWKSet<>(keys)));
        var verifier =
                new DefaultJWTClaimsVerifier<SecurityContext>(
                        audience, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("exp", "sub", "iat")) {
                    @Override
                    protected Date currentTime() {
                        return Date.from(site.clock.instant());
                    }
                };
        processor.setJWTClaimsSetVerifier(verifier);
        return processor.process(token, null);
    }

    private static JsonNode field(Browser.Answer answer, String name) {
        assertEquals(200, answer.status(), answer.body());
        for (JsonNode field : JsonMapper.shared().readTree(answer.body()).path("fields")) {
            if (field.path("name").asString().equals(name)) {
                return field;
            }
        }
        throw new AssertionError("no " + name + " in " + answer.body());
    }

    private void signOnBy(LoginIdentity identity) {
        signOnBy(new SignOnSettings(new Kerberos("HTTP/wiki.corp", identity, Mechanism.SPNEGO, false)));
    }

    private void signOn(BackendSignOn how) {
        signOnBy(new SignOnSettings(how));
    }

    private void signOnBy(SignOnSettings settings) {
        Application wiki = site.wiki;
        Publishing now = wiki.publishing().orElseThrow();
        Publishing changed = now.with(now.settings().with(settings));
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

    private void give(Map<String, List<String>> attributes) {
        site.store.write(s -> s.users().update(site.simon.withAttributes(new Attributes(attributes))));
    }

    @ParameterizedTest
    @CsvSource({
        "userPrincipalName, b.simon%40contoso.example",
        "userPrincipalUsername, b.simon",
        "onPremisesUserPrincipalName, simon%40corp.test",
        "onPremisesUserPrincipalUsername, simon",
        "onPremisesSAMAccountName, BSIMON"
    })
    void tellsTheLoginIdentityThatTheApplicationAsksFor(String identity, String user) {
        give(Map.of(
                "onPremisesUserPrincipalName", List.of("simon@corp.test"),
                "onPremisesSamAccountName", List.of("BSIMON")));
        signOnBy(LoginIdentity.of(identity).orElseThrow());
        Browser.Answer answer = ask(site.simon);
        assertEquals(200, answer.status(), answer.body());
        JsonNode told = JsonMapper.shared().readTree(answer.body());
        assertEquals(300, told.path("validSeconds").asInt());
        assertTrue(
                told.path("tunnel")
                        .path("postern-sign-on")
                        .asString()
                        .startsWith("kerberos user=" + user + " identity=" + identity + " spn=HTTP%2Fwiki.corp"),
                answer.body());
    }

    /// KCD-6: a guest is known by his shadow account where one is said, else by his own user principal name.
    @ParameterizedTest
    @CsvSource({
        "userPrincipalName,               , b.simon%40contoso.example, userPrincipalName",
        "userPrincipalUsername,           , b.simon%40contoso.example, userPrincipalName",
        "onPremisesUserPrincipalName,     , b.simon%40contoso.example, userPrincipalName",
        "onPremisesUserPrincipalUsername, , b.simon%40contoso.example, userPrincipalName",
        "onPremisesSAMAccountName,        , b.simon%40contoso.example, userPrincipalName",
        "onPremisesUserPrincipalName,     x-simon, x-simon%40corp.test, onPremisesUserPrincipalName",
        "onPremisesUserPrincipalUsername, x-simon, x-simon, onPremisesUserPrincipalUsername",
        "onPremisesSAMAccountName,        x-simon, x-simon, onPremisesSAMAccountName"
    })
    void knowsAGuestByHisShadowAccount(String wanted, String shadow, String user, String identity) {
        give(
                shadow == null
                        ? Map.of(Attributes.USER_TYPE, List.of(Attributes.GUEST))
                        : Map.of(
                                Attributes.USER_TYPE,
                                List.of(Attributes.GUEST),
                                "onPremisesUserPrincipalName",
                                List.of(shadow + "@corp.test"),
                                "onPremisesSamAccountName",
                                List.of(shadow)));
        signOnBy(LoginIdentity.of(wanted).orElseThrow());
        Browser.Answer answer = ask(site.simon);
        assertEquals(200, answer.status(), answer.body());
        String told = JsonMapper.shared()
                .readTree(answer.body())
                .path("tunnel")
                .path("postern-sign-on")
                .asString();
        assertTrue(told.startsWith("kerberos user=" + user + " identity=" + identity + " spn="), told);
    }

    @Test
    void refusesAUserWithoutThatName() {
        signOnBy(LoginIdentity.ON_PREMISES_SAM_ACCOUNT_NAME);
        Browser.Answer answer = ask(site.simon);
        assertEquals(403, answer.status());
        assertTrue(answer.body().contains("sign_on_no_identity"), answer.body());
        assertTrue(answer.body().contains("b.simon@contoso.example has no onPremisesSamAccountName"), answer.body());
    }

    private void signOnByHeaders(String headers) {
        TypeReference<Map<String, Object>> document = new TypeReference<>() {};
        signOn(HeadersDocument.read(JsonMapper.shared().readValue("{\"headers\":[" + headers + "]}", document)));
    }

    private List<String> fields(Browser.Answer answer) {
        assertEquals(200, answer.status(), answer.body());
        return JsonMapper.shared()
                .readTree(answer.body())
                .path("fields")
                .valueStream()
                .map(f -> f.path("name").asString() + "=" + f.path("value").asString() + " "
                        + f.path("path").asString())
                .toList();
    }

    @Test
    void tellsHeadersFromAttributesTransformationsAndGroups() {
        var sales = new Group(site.contoso.id(), GroupId.random(), "Sales, EU", Optional.empty(), site.clock.instant());
        var staff = new Group(site.contoso.id(), GroupId.random(), "Staff", Optional.empty(), site.clock.instant());
        site.store.write(s -> {
            List.of(sales, staff).forEach(group -> {
                s.groups().insert(group);
                s.groups().addMember(site.contoso.id(), group.id(), site.simon.id());
            });
            return null;
        });
        give(Map.of("department", List.of("F\u00fchrung 100%")));
        signOnByHeaders("""
                {"name":"X-User","configurations":[{"attribute":"userPrincipalName",
                    "transformations":[{"type":"extractMailPrefix"},{"type":"toUppercase"}]}]},
                {"name":"X-Dept","path":"/deep/","configurations":[{"attribute":"department"}]},
                {"name":"X-City","configurations":[{"attribute":"city"}]},
                {"name":"X-Level","configurations":[{"value":"guest"},
                    {"condition":{"userType":"members","memberOf":["%s"]},"value":"seller"}]},
                {"name":"X-Groups","groupClaim":{"groups":"all","sourceAttribute":"displayName"}}
                """.formatted(sales.id()));
        List<String> told = fields(ask(site.simon));
        assertEquals("X-User=B.SIMON /", told.get(0));
        assertEquals("X-Dept=F%C3%BChrung 100%25 /deep/", told.get(1));
        assertEquals("X-City= /", told.get(2), "nothing, and no client may say it");
        assertEquals("X-Level=seller /", told.get(3));
        assertTrue(
                Set.of("X-Groups=Sales%2C EU,Staff /", "X-Groups=Staff,Sales%2C EU /")
                        .contains(told.get(4)),
                told.get(4));
    }

    @Test
    void refusesAUserWithoutARequiredHeader() {
        signOnByHeaders("{\"name\":\"X-City\",\"required\":true,\"configurations\":[{\"attribute\":\"city\"}]}");
        Browser.Answer answer = ask(site.simon);
        assertEquals(403, answer.status());
        assertTrue(answer.body().contains("sign_on_no_identity"), answer.body());
        assertTrue(answer.body().contains("header 'X-City' is required"), answer.body());
    }

    @Test
    void refusesWhatDoesNotFit() {
        give(Map.of("department", List.of("F\u00fchrung")));
        signOnByHeaders(
                "{\"name\":\"X-Dept\",\"encoding\":\"ascii\",\"configurations\":[{\"attribute\":\"department\"}]}");
        Browser.Answer answer = ask(site.simon);
        assertEquals(403, answer.status());
        assertTrue(answer.body().contains("sign_on_unsayable") && answer.body().contains("percent"), answer.body());

        String long4k = "x".repeat(4000);
        signOnByHeaders(IntStream.range(0, 5)
                .mapToObj(i -> "{\"name\":\"X-H" + i + "\",\"configurations\":[{\"value\":\"" + long4k + "\"}]}")
                .collect(Collectors.joining(",")));
        Browser.Answer together = ask(site.simon);
        assertEquals(403, together.status());
        assertTrue(together.body().contains("20020 characters together"), together.body());
    }

    /// PWD-2: the gateway learns for whom, and nothing that opens anything.
    @Test
    void tellsTheConnectorForWhomItSignsInByPassword() {
        signOnBy(new SignOnSettings(new PasswordSignOn(
                PasswordSignOn.Way.FORM,
                "/login",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty())));
        Browser.Answer without = ask(site.simon, SESSION);
        assertEquals(403, without.status());
        assertTrue(without.body().contains("sign_on_no_password"), without.body());
        ServicePrincipal wiki = site.store
                .read(s -> s.servicePrincipals().findByAppId(site.wiki.tenant(), site.wiki.appId()))
                .orElseThrow();
        var password = new ApplicationPassword(
                wiki.tenant(),
                wiki.id(),
                new ApplicationPassword.Whose.OfUser(site.simon.id()),
                "simon",
                "v1",
                site.clock.instant());
        site.store.write(s -> {
            s.applicationPasswords().put(password, Map.of());
            return true;
        });

        JsonNode told = JsonMapper.shared().readTree(ask(site.simon, SESSION).body());

        assertEquals(60, told.path("validSeconds").asInt());
        String field = told.path("tunnel").path("postern-sign-on").asString();
        assertTrue(
                field.startsWith(
                        "form app=" + site.wiki.appId() + " user=" + site.simon.id() + " session=" + SESSION + " version=v1-"),
                field);
        assertFalse(field.contains("simon "), field);
    }

    @Test
    void answersTheGatewayOnly() {
        signOnBy(LoginIdentity.USER_PRINCIPAL_NAME);
        String secret = site.edgeSecret(site.wiki);
        String app = site.wiki.appId().value();
        String user = site.simon.id().value();
        var right = Map.of("client_id", app, "client_secret", secret, "user", user);
        assertEquals(200, ask("contoso", right, "postern-door", "edge").status());
        assertEquals(404, ask("contoso", right).status());
        assertEquals(404, ask("contoso", right, "postern-door", "enroll").status());
        assertEquals(
                404,
                ask("contoso", Map.of("client_id", app, "user", user), "postern-door", "edge")
                        .status());
        var foreign = Map.of("client_id", site.spa.appId().value(), "client_secret", secret, "user", user);
        assertEquals(404, ask("contoso", foreign, "postern-door", "edge").status());
        assertEquals(403, ask("fabrikam", right, "postern-door", "edge").status());
    }

    @Test
    void tellsNothingOfADisabledUser() {
        signOnBy(LoginIdentity.USER_PRINCIPAL_NAME);
        site.setEnabled(site.simon, false);
        Browser.Answer answer = ask(site.simon);
        assertEquals(403, answer.status());
        assertTrue(answer.body().contains("revoked"), answer.body());
    }

    @Test
    void anApplicationWithoutSignOnGetsNothing() {
        JsonNode told = JsonMapper.shared().readTree(ask(site.simon).body());
        assertEquals(0, told.path("tunnel").size() + told.path("fields").size());
        assertEquals(300, told.path("validSeconds").asInt());
    }

    @Test
    void provesTheUserToABackendThatVerifies() throws Exception {
        signOnBy(new SignOnSettings(
                new None(), Optional.of(new IdentityHeader("X-Who", Optional.empty())), Optional.empty()));
        Browser.Answer answer = ask(site.simon, SESSION);
        String token = field(answer, "x-who").path("value").asString();
        String issuer = Browser.ORIGIN + "/" + site.contoso.id() + "/identity";
        JWTClaimsSet claims = verified(token, issuer, site.wiki.appId().value());
        assertEquals(site.simon.id().value(), claims.getSubject());
        assertEquals("b.simon@contoso.example", claims.getStringClaim("upn"));
        assertEquals(SESSION, claims.getStringClaim("sid"));
        assertEquals(
                site.clock.instant().plusSeconds(300),
                claims.getExpirationTime().toInstant());
        assertEquals( // what is kept has a minute left
                240,
                JsonMapper.shared().readTree(answer.body()).path("validSeconds").asInt());
    }

    @Test
    void aProofForABackendOpensNothingHere() {
        signOnBy(new SignOnSettings(
                new None(),
                Optional.of(new IdentityHeader("X-Who", Optional.of("https://api.postern.localhost"))),
                Optional.empty()));
        String token = field(ask(site.simon), "x-who").path("value").asString();
        assertEquals(
                401,
                site.browser()
                        .get("/contoso/oauth2/v2.0/userinfo", "authorization", "Bearer " + token)
                        .status());
    }

    @Test
    void anAccessTokenGoesToTheBackendInTheUsersNameOnceSomebodyAgreed() throws Exception {
        Application orders = site.application(site.contoso, "orders", List.of(), Optional.empty(), false, false);
        site.store.write(s -> {
            s.clientSettings().put(site.contoso.id(), orders.id(), offering("orders.read"));
            return true;
        });
        signOnBy(backendToken("api://" + orders.appId() + "/orders.read"));
        String idToken = new OidcClient(site, site.wiki, LoginHost.CALLBACK)
                .withSecret(site.edgeSecret(site.wiki))
                .signIn(site.simon, "openid")
                .path("id_token")
                .asString();
        String session = JWTParser.parse(idToken).getJWTClaimsSet().getStringClaim("sid");

        ServicePrincipalId client = site.principal(site.wiki).id();
        Browser.Answer without = ask(site.simon, session);
        site.store.write(s -> {
            s.permissionGrants()
                    .put(new PermissionGrant(
                            site.contoso.id(),
                            "g",
                            client,
                            Optional.empty(),
                            orders.appId().value(),
                            Set.of("orders.read"),
                            site.clock.instant()));
            return true;
        });
        Browser.Answer with = ask(site.simon, session);

        assertEquals(403, without.status());
        assertTrue(without.body().contains("AADSTS65001"), without.body());
        String value = field(with, "authorization").path("value").asString();
        assertTrue(value.startsWith("Bearer "), value);
        String issuer = Browser.ORIGIN + "/" + site.contoso.id() + "/v2.0";
        JWTClaimsSet claims =
                verified(value.substring(7), issuer, orders.appId().value());
        assertEquals("orders.read", claims.getStringClaim("scp"));
        assertEquals(site.wiki.appId().value(), claims.getStringClaim("azp"));
        assertEquals(session, claims.getStringClaim("sid"));
    }

    private static ClientSettings offering(String scope) {
        return new ClientSettings(
                List.of(),
                List.of(),
                List.of(new ExposedScope(UUID.randomUUID().toString(), scope, scope, "", true, true)),
                List.of(),
                List.of(),
                List.of(),
                GroupClaims.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void withoutASessionThereIsNoAccessToken() {
        signOnBy(backendToken("https://api.postern.localhost/user_impersonation"));
        Browser.Answer answer = ask(site.simon);
        assertEquals(403, answer.status());
        assertTrue(answer.body().contains("sign_on_no_token"), answer.body());
    }

    private static SignOnSettings backendToken(String scope) {
        return new SignOnSettings(new None(), Optional.empty(), Optional.of(scope));
    }
}
