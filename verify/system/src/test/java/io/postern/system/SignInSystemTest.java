package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectMapper;

/// Pre-authentication from outside (1.5): what a user, a script and a stranger see.
class SignInSystemTest {
    private final Quickstart quickstart = Quickstart.shared();
    private final Browser browser = new Browser(quickstart.authority());
    private final URI sense = quickstart.application("sense");

    private Browser.Page signIn(URI uri) {
        return browser.openSignedIn(uri, quickstart.user(), quickstart.password());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hub",
                "api/echo?q=a%20b&q=%2F%3F&empty=&plus=a+b",
                "api/echo?x=%C3%A9%E2%82%AC&y=';--",
                "api/echo;v=1/x%2Fy?z"
            })
    void landsOnExactlyTheUrlThatWasAskedFor(String target) {
        URI asked = URI.create(sense + target);

        var page = signIn(asked);

        assertEquals(asked, page.uri());
        assertTrue(page.status() == 200 || page.status() == 404, () -> page.status() + page.body());
        if (target.startsWith("api/echo?")) {
            assertEquals(
                    "/" + target,
                    new ObjectMapper().readTree(page.body()).path("target").asString());
        }
    }

    @Test
    void survivesAnEightKibibyteUrl() {
        URI asked = sense.resolve("api/echo?long=" + "a".repeat(8_000));

        assertEquals(asked, signIn(asked).uri());
    }

    @Test
    void showsTheSignInPageBeforeAnythingReachesTheInside() {
        var first = browser.step(sense.resolve("hub"));

        assertEquals(302, first.status());
        URI location = URI.create(first.fields().get("location"));
        assertEquals(quickstart.url("login").getHost(), location.getHost());
        assertTrue(location.getPath().endsWith("/oauth2/v2.0/authorize"), location.toString());
        assertTrue(location.getQuery().contains("code_challenge_method=S256"));
        assertFalse(first.body().contains("Sense demo"));
    }

    @Test
    void refusesAWrongPasswordWithoutSayingWhichPartWasWrong() {
        var wrong = browser.submit(browser.open(sense), quickstart.user(), "not the password");
        var nobody = browser.submit(browser.open(sense), "nobody@contoso.example", "not the password");

        assertTrue(wrong.body().contains("type=\"password\""));
        assertFalse(wrong.body().contains("Sense demo"));
        assertEquals(alert(wrong), alert(nobody));
    }

    private static String alert(Browser.Page page) {
        var matcher = java.util.regex.Pattern.compile("(?s)role=\"alert\"[^>]*>(.*?)</")
                .matcher(page.body());
        assertTrue(matcher.find(), page.body());
        return matcher.group(1).strip();
    }

    @Test
    void answersScriptsWithPlain401() throws Exception {
        for (HttpRequest.Builder request : java.util.List.of(
                HttpRequest.newBuilder(sense.resolve("api/echo")).header("Sec-Fetch-Mode", "cors"),
                HttpRequest.newBuilder(sense.resolve("api/echo"))
                        .header("X-Requested-With", "XMLHttpRequest")
                        .header("Accept", "text/html"),
                HttpRequest.newBuilder(sense.resolve("api/echo")).header("Accept", "application/json"),
                HttpRequest.newBuilder(sense.resolve("api/echo")).header("Authorization", "Bearer nonsense"),
                HttpRequest.newBuilder(sense.resolve("upload"))
                        .header("Sec-Fetch-Mode", "navigate")
                        .POST(HttpRequest.BodyPublishers.ofString("x")))) {
            var answer = browser.client().send(request.build(), HttpResponse.BodyHandlers.ofString());

            assertEquals(401, answer.statusCode(), () -> request.build() + " " + answer.headers());
            assertTrue(answer.headers().firstValue("location").isEmpty());
        }
    }

    @Test
    void refusesAWebSocketWithoutSession() {
        var failure = org.junit.jupiter.api.Assertions.assertThrows(
                java.util.concurrent.ExecutionException.class,
                () -> browser.client()
                        .newWebSocketBuilder()
                        .buildAsync(
                                URI.create("wss://" + sense.getAuthority() + "/app/engineData"),
                                new java.net.http.WebSocket.Listener() {})
                        .get());

        var handshake = (java.net.http.WebSocketHandshakeException) failure.getCause();
        assertEquals(401, handshake.getResponse().statusCode());
    }

    @Test
    void neverShowsOurCookiesToTheBackend() {
        signIn(sense.resolve("hub"));

        var echo = new ObjectMapper()
                .readTree(browser.open(sense.resolve("api/echo")).body());

        assertTrue(browser.cookiesFor(sense.getHost()).contains("__Host-postern-access-"));
        assertFalse(echo.toString().contains("postern-access"), echo.toString());
        assertFalse(
                echo.path("fields").propertyNames().stream()
                        .anyMatch(n -> n.toLowerCase(java.util.Locale.ROOT).startsWith("postern")),
                echo.toString());
    }

    @Test
    void oneSignInServesEveryApplicationAndThePortal() {
        signIn(sense.resolve("hub"));

        var portal = browser.open(quickstart.url("portal"));

        assertEquals(200, portal.status());
        assertTrue(portal.body().contains("sense"), portal.body());
        assertTrue(portal.body().contains(sense.toString()), portal.body());
    }

    @Test
    void signsOutEverywhereAtOnce() {
        signIn(sense.resolve("hub"));
        String oldCookies = browser.cookiesFor(sense.getHost());

        URI signOut = sense.resolve(".postern/signout"); // by a link of the application, as browsers tell
        var onward = browser.send(HttpRequest.newBuilder(signOut).header("Sec-Fetch-Site", "same-origin"), signOut);
        browser.open(URI.create(onward.fields().get("location")));

        Await.until("the old cookie is refused", () -> {
            var answer = browser.client()
                    .send(
                            HttpRequest.newBuilder(sense.resolve("hub"))
                                    .header("Cookie", oldCookies)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 401 || answer.statusCode() == 302;
        });
        assertTrue(Browser.asksWho(browser.open(sense.resolve("hub"))), "asks who it is again");
    }

    @Test
    void aCookieOfOneApplicationIsUselessAtAnother() {
        signIn(sense.resolve("hub"));
        String cookie = browser.cookiesFor(sense.getHost());
        quickstart
                .cli("app", "publish", "--name", "second", "--internal-url", "http://127.0.0.1:9/second/")
                .expectSuccess();
        URI second = URI.create(sense.toString().replace("sense-", "second-") + "second/");
        String renamed = cookie.replaceAll("access-[0-9a-f-]+", "access-" + appId("second"));

        Await.until("the new application is routed", () -> browser.step(second).status() == 302);
        var answer = browser.client()
                .sendAsync(
                        HttpRequest.newBuilder(second)
                                .header("Cookie", cookie + "; " + renamed)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .join();

        assertEquals(401, answer.statusCode());
    }

    private String appId(String name) {
        var list = new ObjectMapper()
                .readTree(
                        quickstart.cli("app", "show", "--name", name, "--json").expectSuccess());
        return list.path("appId").asString();
    }

    @Test
    void anUnassignedUserSeesForbidden() {
        var added = Command.in(Map.of(
                        "POSTERN_URL", quickstart.url("api").toString(),
                        "POSTERN_TOKEN", quickstart.apiToken(),
                        "POSTERN_CA", quickstart.authority().toString()))
                .runWith(
                        "Correct-Horse-7-Battery\n",
                        Checkout.launcher(),
                        "user",
                        "add",
                        "--name",
                        "e.none@contoso.example",
                        "--password-file",
                        "-",
                        "--json");
        added.expectSuccess();

        var page = browser.openSignedIn(sense, "e.none@contoso.example", "Correct-Horse-7-Battery");

        assertEquals(403, page.status());
        assertFalse(page.body().contains("Sense demo"));
        assertNull(page.fields().get("location"));
    }

    @Test
    void speaksToEveryOidcClient() throws Exception {
        URI discovery = quickstart.url("login").resolve("contoso/v2.0/.well-known/openid-configuration");

        var document = new ObjectMapper()
                .readTree(browser.client()
                        .send(HttpRequest.newBuilder(discovery).build(), HttpResponse.BodyHandlers.ofString())
                        .body());

        assertTrue(document.path("issuer")
                .asString()
                .startsWith(quickstart.url("login").toString()));
        var keys = new ObjectMapper()
                .readTree(browser.client()
                        .send(
                                HttpRequest.newBuilder(URI.create(
                                                document.path("jwks_uri").asString()))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body());
        assertEquals("RSA", keys.path("keys").path(0).path("kty").asString());
        assertFalse(keys.path("keys").path(0).has("d"), "never the private part");
    }
}
