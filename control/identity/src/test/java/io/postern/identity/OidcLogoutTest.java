package io.postern.identity;

import static io.postern.identity.LoginHost.SPA_CALLBACK;
import static io.postern.identity.OidcClient.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.GroupClaims;
import io.postern.identity.Browser.Answer;
import io.postern.token.SignOutProof;
import io.postern.web.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Who may end a session without a question, and who hears of its end.
class OidcLogoutTest {
    private static final String LOGOUT = "/contoso/oauth2/v2.0/logout";
    private static final String BACK = "&post_logout_redirect_uri=" + Browser.encode(SPA_CALLBACK) + "&state=s";

    @TempDir
    Path folder;

    private LoginHost host;
    private HttpServer client;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    @BeforeEach
    void start() throws IOException {
        host = new LoginHost(folder);
        client = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        client.createContext("/", exchange -> {
            heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        client.start();
    }

    @AfterEach
    void stop() {
        client.stop(0);
        host.close();
    }

    private void backChannel(String hostName) {
        var settings = new ClientSettings(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                GroupClaims.NONE,
                Optional.empty(),
                Optional.of("http://" + hostName + ":" + client.getAddress().getPort() + "/logout"),
                Optional.empty());
        host.store.write(s -> {
            s.clientSettings().put(host.contoso.id(), host.spa.id(), settings);
            return settings;
        });
    }

    /// @return the ID token
    private String signIn(Browser browser) {
        var spa = new OidcClient(host, host.spa, SPA_CALLBACK);
        Answer tokens = spa.redeem(spa.code(browser, host.simon, "openid"));
        return json(tokens).path("id_token").asString();
    }

    private boolean isSignedIn(Browser browser) {
        return browser.get(new OidcClient(host, host.spa, SPA_CALLBACK)
                        .link("openid")
                        .with("prompt", "none")
                        .toString())
                .parameter("code")
                .isPresent();
    }

    @Test
    void anIdTokenOfThisSessionEndsItAndLeadsBack() {
        Browser browser = host.browser();
        String hint = signIn(browser);
        host.clock.advance(Duration.ofHours(3)); // long over: it proves nothing but whose session is meant

        Answer out = browser.get(LOGOUT + "?id_token_hint=" + hint + BACK, "sec-fetch-site", "cross-site");

        assertEquals(Optional.of(SPA_CALLBACK + "?state=s"), out.location());
        assertFalse(isSignedIn(browser));
    }

    @Test
    void anIdTokenOfAnotherSessionOnlyAsks() {
        Browser browser = host.browser();
        signIn(browser);
        String other = signIn(host.browser());

        Answer asked = browser.get(LOGOUT + "?id_token_hint=" + other + BACK);
        boolean before = isSignedIn(browser);
        Answer out = browser.submit(asked, Map.of());

        assertTrue(before);
        assertEquals(Optional.of(SPA_CALLBACK + "?state=s"), out.location(), out.body());
        assertFalse(isSignedIn(browser));
    }

    @Test
    void aForgedOrForeignHintIsRefusedAndNobodySignedOut() {
        Browser browser = host.browser();
        String hint = signIn(browser);
        String[] parts = hint.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        String forged = parts[0] + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(claims.replace("B. Simon", "A. Simon").getBytes(StandardCharsets.UTF_8))
                + "." + parts[2];

        assertEquals(
                400, browser.get(LOGOUT + "?id_token_hint=" + forged + BACK).status());
        assertEquals(
                400,
                browser.get("/fabrikam/oauth2/v2.0/logout?id_token_hint=" + hint + BACK)
                        .status());
        assertTrue(isSignedIn(browser));
    }

    @Test
    void anotherSiteCannotSignAnybodyOutAndNoHintLeadsToAnAddressOfAnotherClient() {
        Browser browser = host.browser();
        String hint = signIn(browser);

        Answer asked = browser.get(LOGOUT, "sec-fetch-site", "same-site");
        boolean before = isSignedIn(browser);
        Answer out = browser.get(
                LOGOUT + "?id_token_hint=" + hint + "&post_logout_redirect_uri=" + Browser.encode(LoginHost.CALLBACK));

        assertTrue(asked.body().contains("name=\"csrf\"") && before, asked.body());
        assertEquals(Optional.empty(), out.location(), "that is the wiki's");
    }

    /// Who presses "Sign out" in an application is not asked again.
    @Test
    void theGatewaysProofOfThisSessionEndsItAndAnotherOnlyAsks() {
        Browser browser = host.browser();
        signIn(browser);
        Browser stranger = host.browser();
        signIn(stranger);
        String mine = proof(session(browser));

        Answer asked = stranger.get(LOGOUT + "?" + SignOutProof.PARAMETER + "=" + mine);
        boolean strangersBefore = isSignedIn(stranger);
        Answer out = browser.get(LOGOUT + "?" + SignOutProof.PARAMETER + "=" + mine, "sec-fetch-site", "same-site");

        assertTrue(asked.body().contains("name=\"csrf\"") && strangersBefore, asked.body());
        assertEquals(200, out.status());
        assertFalse(isSignedIn(browser));
    }

    @Test
    void aProofThatIsOverOnlyAsks() {
        Browser browser = host.browser();
        signIn(browser);
        String late = proof(session(browser));
        host.clock.advance(Duration.ofMinutes(3));

        browser.get(LOGOUT + "?" + SignOutProof.PARAMETER + "=" + late);

        assertTrue(isSignedIn(browser));
    }

    private String proof(String session) {
        return new SignOutProof(host.ring).seal(session, host.clock.instant());
    }

    private String session(Browser browser) {
        var spa = new OidcClient(host, host.spa, SPA_CALLBACK);
        return OidcClient.claims(json(spa.redeem(spa.code(browser, host.simon, "openid"))), "id_token")
                .path("sid")
                .asString();
    }

    @Test
    void aClientHearsOnceByALogoutTokenWhoseSessionEnded() {
        backChannel("spa.postern.localhost");
        Browser browser = host.browser();
        signIn(browser);

        host.identity.tellClients();
        assertEquals(List.of(), heard);
        browser.signOut(LOGOUT);
        host.identity.tellClients();
        host.identity.tellClients();

        assertEquals(1, heard.size(), heard.toString());
        JsonNode token = Json.MAPPER.readTree(Base64.getUrlDecoder()
                .decode(heard.getFirst().substring("logout_token=".length()).split("\\.")[1]));
        assertEquals(host.spa.appId().value(), token.path("aud").asString());
        assertEquals(host.address.issuer(host.contoso.id()), token.path("iss").asString());
        assertEquals(host.simon.id().value(), token.path("sub").asString());
        assertTrue(token.path("events").has("http://schemas.openid.net/event/backchannel-logout"));
        assertTrue(token.has("sid") && token.has("jti") && token.has("iat") && token.has("exp"));
        assertFalse(token.has("nonce"), "so that nobody takes it for an ID token (Back-Channel Logout §2.4)");
    }

    @Test
    void aClientThatFailsIsToldAgainLater() {
        backChannel("spa.postern.localhost");
        status = 503;
        Browser browser = host.browser();
        signIn(browser);
        browser.signOut(LOGOUT);

        host.identity.tellClients();
        host.identity.tellClients();
        int soon = heard.size();
        status = 200;
        host.clock.advance(Duration.ofSeconds(31));
        host.identity.tellClients();
        host.clock.advance(Duration.ofHours(1));
        host.identity.tellClients();

        assertEquals(1, soon);
        assertEquals(2, heard.size());
    }

    @Test
    void noClientMakesUsKnockAtOurOwnDoors() {
        backChannel("127.0.0.1");
        Browser browser = host.browser();
        signIn(browser);
        browser.signOut(LOGOUT);

        host.identity.tellClients();

        assertEquals(List.of(), heard);
    }
}
