package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.IdentityProviderId;
import io.postern.domain.federation.ClaimMap;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.IdentityProvider.Newcomers;
import io.postern.domain.federation.Upstream;
import io.postern.fixtures.Browser.Page;
import io.postern.fixtures.KeycloakServer;
import io.postern.fixtures.Pem;
import io.postern.fixtures.TestCertificates;
import io.postern.identity.Browser.Answer;
import io.postern.saml.xml.SigningKey;
import io.postern.store.IdentityProviderStore;
import io.postern.store.SessionStore;
import io.postern.store.User;
import io.postern.token.SealedPrivateKey;
import io.postern.web.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keycloak as upstream, by OpenID Connect and by SAML: sign-in, sign-out from either side, change of keys.
class KeycloakUpstreamTest {
    private static final Path ARCHIVE = Path.of("target/keycloak/keycloak-quarkus-dist.zip");
    private static final TestCertificates AUTHORITY = TestCertificates.authority("keycloak");
    private static final TestCertificates.Issued CERTIFICATE = AUTHORITY.server("login.postern.localhost");
    private static final SigningKey OWN = SamlSite.key("postern-sp");
    private static final Pattern FORM = Pattern.compile("(?s)<form[^>]*action=\"([^\"]+)\"");
    private static final Pattern FIELD = Pattern.compile("(?i)<input[^>]*name=\"([^\"]+)\"[^>]*value=\"([^\"]*)\"");

    @TempDir
    static Path pem;

    private static KeycloakServer keycloak;

    @TempDir
    Path folder;

    private final String realm = "r" + System.nanoTime();
    private final IdentityProviderId id = IdentityProviderId.random();
    private LoginHost host;
    private String origin;
    private Browser browser;
    private io.postern.fixtures.Browser there;

    @BeforeAll
    static void startKeycloak() throws IOException {
        keycloak = KeycloakServer.start(ARCHIVE.toAbsolutePath(), AUTHORITY, "login.postern.localhost");
        Files.writeString(pem.resolve("authority.pem"), Pem.of(List.of(AUTHORITY.authority())));
    }

    @AfterAll
    static void stopKeycloak() {
        keycloak.close();
    }

    @BeforeEach
    void start() {
        host = LoginHost.secureTrusting(folder, CERTIFICATE, AUTHORITY);
        host.clock.advance(Duration.between(host.clock.instant(), Instant.now())); // Keycloak's is the real one
        origin = "https://login.postern.localhost:" + host.address.publicPort();
        fresh();
        ObjectNode made = Json.MAPPER.createObjectNode().put("realm", realm).put("enabled", true);
        ObjectNode user = made.putArray("users")
                .addObject()
                .put("username", "alice")
                .put("email", "alice@partner.example")
                .put("emailVerified", true)
                .put("firstName", "Alice")
                .put("lastName", "Arden")
                .put("enabled", true);
        user.putArray("credentials").addObject().put("type", "password").put("value", "wonder");
        keycloak.administer("POST", "", made.toString());
    }

    @AfterEach
    void stop() {
        host.close();
    }

    /// Another browser.
    private void fresh() {
        browser = new Browser(
                HttpClient.newBuilder()
                        .sslContext(SpBrowser.trusting(AUTHORITY))
                        .build(),
                origin,
                "192.0.2.1");
        there = new io.postern.fixtures.Browser(pem.resolve("authority.pem"));
    }

    private String own() {
        return origin + "/" + host.contoso.id() + "/federation/" + id;
    }

    private void register(Upstream settings, ClaimMap claims, String sealed) {
        var provider = new IdentityProvider(
                host.contoso.id(),
                id,
                "Keycloak",
                true,
                true,
                List.of(),
                Optional.empty(),
                settings,
                Newcomers.GUESTS,
                false,
                true,
                claims,
                List.of());
        host.store.write(s -> {
            s.identityProviders().put(new IdentityProviderStore.Row(provider, sealed, host.clock.instant()));
            return provider;
        });
    }

    private void registerOidc() {
        register(
                new Upstream.Oidc(
                        keycloak.realm(realm), "postern", Upstream.ClientProof.SECRET, Upstream.Oidc.SCOPES),
                // a preferred_username of Keycloak's is no address
                ClaimMap.OIDC.with(Map.of(ClaimMap.USER_PRINCIPAL_NAME, "email")),
                host.federationSecrets.seal("s3cret".getBytes(StandardCharsets.UTF_8), id.value()));
        ObjectNode client = Json.MAPPER
                .createObjectNode()
                .put("clientId", "postern")
                .put("protocol", "openid-connect")
                .put("secret", "s3cret");
        client.putArray("redirectUris").add(own() + "/callback");
        client.putObject("attributes")
                .put("post.logout.redirect.uris", own() + "/signed-out")
                .put("backchannel.logout.url", own() + "/back-channel-logout")
                .put("backchannel.logout.session.required", "true");
        keycloak.administer("POST", "/" + realm + "/clients", client.toString());
    }

    /// Keycloak reads our metadata itself.
    private void registerSaml(Map<String, String> attributes) {
        register(
                new Upstream.Saml(
                        keycloak.realm(realm),
                        Optional.of(keycloak.realm(realm) + "/protocol/saml/descriptor"),
                        "sp-key",
                        SamlSite.base64(OWN),
                        true),
                ClaimMap.SAML.with(Map.of(ClaimMap.USER_PRINCIPAL_NAME, "upn")),
                SealedPrivateKey.seal(host.samlKeys, "sp-key", OWN.key()));
        String ours = browser.get("/contoso/federation/" + id + "/metadata").body();
        ObjectNode client = (ObjectNode) Json.MAPPER.readTree(
                keycloak.administer("POST", "/" + realm + "/client-description-converter", ours));
        ObjectNode settings = (ObjectNode) client.path("attributes");
        attributes.forEach(settings::put);
        client.putArray("protocolMappers")
                .addObject()
                .put("name", "upn")
                .put("protocol", "saml")
                .put("protocolMapper", "saml-user-property-mapper")
                .putObject("config")
                .put("user.attribute", "email")
                .put("attribute.name", "upn")
                .put("attribute.nameformat", "Basic");
        keycloak.administer("POST", "/" + realm + "/clients", client.toString());
    }

    /// From our sign-in page to Keycloak's, whose form is filled in.
    private Page signInThere() {
        Answer page = browser.get(
                AuthorizeLink.of("contoso", host.spa, LoginHost.SPA_CALLBACK).toString());
        Answer away = browser.submit(page, Map.of("provider", id.value()));
        Page form = there.step(URI.create(away.location().orElseThrow(() -> new AssertionError(away))));
        assertEquals(200, form.status(), form.body());
        return there.post(action(form), Map.of("username", "alice", "password", "wonder"));
    }

    private static URI action(Page page) {
        Matcher found = FORM.matcher(page.body());
        assertTrue(found.find(), page.status() + page.body());
        return page.uri().resolve(found.group(1).replace("&amp;", "&"));
    }

    private static String field(Page page, String name) {
        Matcher found = FIELD.matcher(page.body());
        while (found.find()) {
            if (found.group(1).equals(name)) {
                return found.group(2).replace("&amp;", "&");
            }
        }
        throw new AssertionError("no field " + name + " in " + page.body());
    }

    private static String path(String url) {
        URI uri = URI.create(url);
        return uri.getRawPath() + "?" + uri.getRawQuery();
    }

    private static String location(Page page) {
        return Optional.ofNullable(page.fields().get("location"))
                .orElseThrow(() -> new AssertionError(page.status() + page.body()));
    }

    private Answer byOidc() {
        return browser.staysNot(browser.get(path(location(signInThere()))));
    }

    private Answer bySaml() {
        Page answer = signInThere();
        assertEquals(URI.create(own() + "/acs"), action(answer));
        Answer bounced = new Browser(
                        HttpClient.newBuilder()
                                .sslContext(SpBrowser.trusting(AUTHORITY))
                                .build(),
                        origin,
                        "192.0.2.1")
                .post(
                        URI.create(own() + "/acs").getRawPath(),
                        Map.of(
                                "SAMLResponse", field(answer, "SAMLResponse"),
                                "RelayState", field(answer, "RelayState")));
        return browser.staysNot(browser.submit(bounced, Map.of()));
    }

    private static void signedIn(Answer answer) {
        assertTrue(answer.parameter("code").isPresent(), answer.status() + answer.body());
    }

    private List<SessionStore.Row> sessions() {
        return host.store.read(s -> s.users().list(host.contoso.id(), "", 10)).stream()
                .flatMap(u -> host.store.read(s -> s.sessions().of(u.tenant(), u.id())).stream())
                .toList();
    }

    private List<String> users() {
        return host.store.read(s -> s.users().list(host.contoso.id(), "", 10)).stream()
                .map(User::userPrincipalName)
                .toList();
    }

    private String aliceThere() {
        return Json.MAPPER
                .readTree(keycloak.administer("GET", "/" + realm + "/users?username=alice", ""))
                .at("/0/id")
                .asString();
    }

    private int sessionsThere() {
        return Json.MAPPER
                .readTree(keycloak.administer("GET", "/" + realm + "/users/" + aliceThere() + "/sessions", ""))
                .size();
    }

    /// A new key signs from now on.
    private void rollOver() {
        JsonNode made = Json.MAPPER.readTree(keycloak.administer("GET", "/" + realm, ""));
        ObjectNode component = Json.MAPPER
                .createObjectNode()
                .put("name", "next")
                .put("providerId", "rsa-generated")
                .put("providerType", "org.keycloak.keys.KeyProvider")
                .put("parentId", made.path("id").asString());
        ObjectNode config = component.putObject("config");
        config.putArray("priority").add("200");
        config.putArray("algorithm").add("RS256");
        keycloak.administer("POST", "/" + realm + "/components", component.toString());
        host.clock.advance(Duration.ofSeconds(70)); // before, nobody is asked again
    }

    @Test
    void signsInByOpenIdConnectAndOutFromHere() {
        registerOidc();
        signedIn(byOidc());
        assertEquals(List.of("alice_partner.example#ext#@contoso.example", "b.simon@contoso.example"), users());
        assertEquals(1, sessionsThere());

        Answer out = browser.signOut("/contoso/oauth2/v2.0/logout");
        Page back = there.step(URI.create(out.location().orElseThrow(() -> new AssertionError(out))));

        assertTrue(location(back).startsWith(own() + "/signed-out?state="), location(back));
        assertEquals(0, sessionsThere());
        assertEquals(200, browser.get(path(location(back))).status());
        assertEquals(List.of(), sessions());
    }

    @Test
    void aSignOutThereEndsTheSessionHereByLogoutToken() {
        registerOidc();
        signedIn(byOidc());
        assertEquals(1, sessions().size());

        keycloak.administer("POST", "/" + realm + "/users/" + aliceThere() + "/logout", "");

        assertEquals(List.of(), sessions(), keycloak::log); // it is asked before Keycloak answers
    }

    @Test
    void aNewKeyOfOpenIdConnectIsFound() {
        registerOidc();
        signedIn(byOidc());
        String before = keyId();
        rollOver();
        fresh();

        signedIn(byOidc());
        assertNotEquals(before, keyId());
    }

    /// Of the key that signs now.
    private String keyId() {
        JsonNode keys = Json.MAPPER.readTree(keycloak.administer("GET", "/" + realm + "/keys", ""));
        return keys.at("/active/RS256").asString();
    }

    @Test
    void signsInBySamlAndOutFromHere() {
        registerSaml(Map.of("saml.encrypt", "false"));
        signedIn(bySaml());
        assertEquals(1, sessionsThere());

        Answer out = browser.signOut("/contoso/oauth2/v2.0/logout");
        Page back = there.step(URI.create(out.location().orElseThrow(() -> new AssertionError(out))));

        assertEquals(0, sessionsThere(), back.body());
        assertEquals(List.of(), sessions());
        assertFalse(back.body().contains("error"), back.body());
    }

    @Test
    void aSignOutThereEndsTheSessionHereBySaml() {
        registerSaml(Map.of("saml.encrypt", "false"));
        signedIn(bySaml());
        assertEquals(1, sessions().size());

        // the user's own, in the browser: Keycloak asks whether he means it, and sends him to us with a LogoutRequest
        Page asks = there.step(URI.create(keycloak.realm(realm) + "/protocol/openid-connect/logout"));
        Page sent = there.post(action(asks), Map.of("session_code", field(asks, "session_code"), "confirmLogout", "x"));
        assertEquals(URI.create(own() + "/signed-out"), action(sent));
        Answer answer = browser.post(
                URI.create(own() + "/signed-out").getRawPath(), Map.of("SAMLRequest", field(sent, "SAMLRequest")));

        assertEquals(List.of(), sessions());
        Page end = there.open(URI.create(answer.location().orElseThrow(() -> new AssertionError(answer.body()))));
        assertEquals(200, end.status(), end.body());
        assertEquals(0, sessionsThere());
    }

    @Test
    void aNewKeyOfSamlIsFound() {
        registerSaml(Map.of("saml.encrypt", "false"));
        signedIn(bySaml());
        rollOver();
        fresh();

        signedIn(bySaml());
    }

    @Test
    void encryptsForUsAsOurMetadataSays() {
        registerSaml(Map.of(
                "saml.encrypt", "true",
                "saml.encryption.algorithm", "http://www.w3.org/2009/xmlenc11#aes256-gcm",
                "saml.encryption.keyAlgorithm", "http://www.w3.org/2009/xmlenc11#rsa-oaep"));

        signedIn(bySaml());
    }

    @Test
    void encryptsForUsByCipherBlockChainingInASignedResponse() {
        registerSaml(Map.of(
                "saml.encrypt", "true",
                "saml.server.signature", "true",
                "saml.encryption.algorithm", "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
                "saml.encryption.keyAlgorithm", "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"));

        signedIn(bySaml());
    }
}
