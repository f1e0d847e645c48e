package io.postern.system;

import static io.postern.system.PublishedSite.ANN;
import static io.postern.system.PublishedSite.BOB;
import static io.postern.system.PublishedSite.PASSWORD;
import static io.postern.system.PublishedSite.defaultHost;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import io.postern.fixtures.WsgiServer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// One application taken into use in the recommended order (8.2): first reachable, then behind sign-in and
/// assignment, then known to the backend, first for a pilot, then for a group. At each step: who gets in, who
/// does not, what the backend sees.
class RolloutSystemTest {
    private static final String NAME = "rollout";
    private static final String GROUP = "rollout-production";
    private static final String HEADERS = """
            "singleSignOnSettings": {"singleSignOnMode": "aadHeaderBased", "headerSignOnSettings": {"headers": [
              {"name": "X-User", "configurations": [{"attribute": "userPrincipalName"}]}]}}
            """;
    private static final String NO_SIGN_ON = "\"singleSignOnSettings\": {\"singleSignOnMode\": \"none\"}";

    private static PublishedSite site;
    private static WsgiServer backend;

    @BeforeAll
    static void open() {
        site = PublishedSite.shared();
        backend = WsgiServer.start();
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    private static URI url() {
        return site.outside(defaultHost(NAME), "/");
    }

    private static String settings(String authentication, String signOn) {
        return "\"internalUrl\": \"http://127.0.0.1:" + backend.port() + "/\", \"externalAuthenticationType\": \""
                + authentication + "\", " + signOn;
    }

    private static void declare(String assigned, String authentication, String signOn) {
        site.declare(NAME, assigned, settings(authentication, signOn));
    }

    /// In a browser of his own.
    private static Browser.Page signsIn(String user) {
        return site.browser().openSignedIn(url(), user, PASSWORD);
    }

    /// As [#signsIn], and then claims to be somebody else.
    private static Browser.Page asks(String user) {
        Browser browser = site.browser();
        browser.openSignedIn(url(), user, PASSWORD);
        return claiming(browser);
    }

    private static Browser.Page claiming(Browser browser) {
        return browser.send(HttpRequest.newBuilder(url()).header("X-User", "forged"), url());
    }

    private static Map<String, String> inside(Browser.Page page) {
        assertEquals(200, page.status(), page.body());
        assertTrue(page.body().contains("HTTP_HOST="), page.body());
        return PublishedSite.echo(page);
    }

    private static void stays(String who, Browser.Page page, int status) {
        assertEquals(status, page.status(), who + ": " + page.body());
        assertFalse(page.body().contains("HTTP_"), who + " sees nothing of the inside: " + page.body());
    }

    @Test
    void reachableThenSignedInThenKnownAndFirstForAPilot() {
        reachable();
        signedInAndAssigned();
        known();
        forProduction();
        noWayBackByAccident();
    }

    /// (1) Everybody gets through, and nobody is known. Sign-on would have nobody to speak of (SSO-1).
    private void reachable() {
        declare("\"assignedUsers\": []", "passthru", NO_SIGN_ON);
        Await.until("published", () -> site.browser().open(url()).status() == 200);

        Map<String, String> seen = inside(claiming(site.browser()));

        assertEquals("forged", seen.get("HTTP_X_USER"), "a field of the client's like any other");
        PublishedSite.Reply refused = site.api(
                "PATCH",
                "/v1.0/applications/" + site.application(NAME).path("id").asString(),
                "{\"onPremisesPublishing\": {" + HEADERS + "}}");
        assertEquals(400, refused.status(), refused::message);
        assertTrue(refused.message().contains("aadHeaderBased"), refused::message);
        inside(claiming(site.browser()));
    }

    /// (2) Nobody but the pilot; the backend learns nothing of sessions and is told nothing yet.
    private void signedInAndAssigned() {
        declare("\"assignedUsers\": [\"" + ANN + "\"]", "aadPreAuthentication", NO_SIGN_ON);
        Await.until(
                "strangers are asked who they are",
                () -> Browser.asksWho(site.browser().open(url())));

        Map<String, String> ann = inside(asks(ANN));

        assertFalse(ann.containsValue(ANN), "not told yet: " + ann);
        assertFalse(ann.containsKey("HTTP_COOKIE"), "our session is none of its business: " + ann);
        assertFalse(ann.containsKey("HTTP_AUTHORIZATION"), ann.toString());
        stays("a stranger", site.browser().step(url()), 302);
        stays("a program without a token", program(), 401);
        stays("Bob", signsIn(BOB), 403);
    }

    /// (3) The backend knows the pilot, whatever she claims; who was kept out stays out.
    private void known() {
        declare("\"assignedUsers\": [\"" + ANN + "\"]", "aadPreAuthentication", HEADERS);
        Browser ann = site.browser();
        ann.openSignedIn(url(), ANN, PASSWORD);
        Await.until("Ann is known", () -> ANN.equals(inside(claiming(ann)).get("HTTP_X_USER")));

        assertFalse(claiming(ann).body().contains("forged"));
        stays("a stranger", claiming(site.browser()), 401);
        stays("Bob", signsIn(BOB), 403);
    }

    /// Then production: a group beside the pilot, each member known by his own name, until he leaves.
    private void forProduction() {
        String group = site.api("POST", "/v1.0/groups", "{\"displayName\": \"" + GROUP + "\"}")
                .body()
                .path("id")
                .asString();
        String bob = site.api("GET", "/v1.0/users/" + BOB, "").body().path("id").asString();
        declare(
                "\"assignedUsers\": [\"" + ANN + "\"], \"assignedGroups\": [\"" + GROUP + "\"]",
                "aadPreAuthentication",
                HEADERS);
        stays("Bob, who is in no group", signsIn(BOB), 403);

        site.api("POST", "/v1.0/groups/" + group + "/members/$ref", """
                {"@odata.id": "https://api.postern.localhost/v1.0/users/%s"}
                """.formatted(bob));
        Await.until("Bob is in", () -> signsIn(BOB).status() == 200);

        assertEquals(BOB, inside(asks(BOB)).get("HTTP_X_USER"));
        assertEquals(ANN, inside(asks(ANN)).get("HTTP_X_USER"));
        site.api("DELETE", "/v1.0/groups/" + group + "/members/" + bob + "/$ref", "");
        Await.until("Bob is out again", () -> signsIn(BOB).status() == 403);
    }

    /// Sign-on and passthrough together are refused, and then nothing has changed.
    private void noWayBackByAccident() {
        PublishedSite.Reply refused = site.api(
                "PATCH",
                "/v1.0/applications/" + site.application(NAME).path("id").asString(),
                "{\"onPremisesPublishing\": {\"externalAuthenticationType\": \"passthru\"}}");

        assertEquals(400, refused.status(), refused::message);
        assertEquals(ANN, inside(asks(ANN)).get("HTTP_X_USER"));
        stays("a stranger", site.browser().step(url()), 302);
    }

    private static Browser.Page program() {
        return site.browser()
                .send(
                        HttpRequest.newBuilder(url())
                                .header("Sec-Fetch-Mode", "cors")
                                .header("Accept", "application/json"),
                        url());
    }
}
