package io.postern.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import io.postern.base.HostPort;
import io.postern.fixtures.Browser;
import io.postern.sense.SenseDemo;
import io.postern.sense.SenseSetup;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The recipe for Qlik Sense on an empty system (docs/guide/qlik-sense.md): templates and preflights by command, a
/// release of before April 2018 behind two published applications, one of today behind one.
class QlikSenseSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USER = "ada@contoso.example";
    private static final String PASSWORD = "Umbrella-tractor-7-velvet";
    private static final Map<String, String> INSIDE = Map.of("ada", "inside only");

    /// Of its own, since the login port of an old release is fixed.
    private static final String OLD_HOST = "127.44.0.1";

    @TempDir
    static Path home;

    private static Installation site;

    @BeforeAll
    static void start() throws Exception {
        site = Installation.start(home.resolve("site"), "365d");
        site.connector("--token-file", site.token().toString()).awaitLine("connected to the service", 1);
        site.api("POST", "v1.0/users", "--fail-with-body", "--data", """
            {"userPrincipalName": "%s", "displayName": "Ada", "passwordProfile": {"password": "%s"}}
            """.formatted(USER, PASSWORD));
    }

    @AfterAll
    static void stop() {
        if (site != null) {
            site.close();
        }
    }

    private static SenseDemo old() throws IOException {
        return SenseDemo.start(new HostPort(OLD_HOST, 0), SenseSetup.old(new HostPort(OLD_HOST, 4248), INSIDE));
    }

    private static JsonNode preflight(String name) throws IOException {
        return JSON.readTree(site.cli("app", "preflight", name, "--json"));
    }

    private static String finding(JsonNode report, String check) {
        for (JsonNode one : report.path("findings")) {
            if (one.path("check").asString().equals(check)) {
                return one.path("result").asString() + ": "
                        + one.path("finding").asString() + " -> "
                        + one.path("remedy").asString();
            }
        }
        throw new AssertionError("no finding of " + check + " in " + report);
    }

    private static JsonNode add(String name, String internalUrl, String... more) throws IOException {
        var command = new java.util.ArrayList<>(List.of(
                "gallery",
                "add",
                "qlik-sense-proxied",
                "--json",
                "--name",
                name,
                "--set",
                "internal-url=" + internalUrl,
                "--user",
                USER));
        command.addAll(List.of(more));
        return JSON.readTree(site.cli(command.toArray(String[]::new)));
    }

    private static URI external(JsonNode application) {
        return URI.create(application.at("/onPremisesPublishing/externalUrl").asString());
    }

    @Test
    void anOldReleaseIsTwoApplicationsThatWorkAsOne() throws Exception {
        try (SenseDemo demo = old()) {
            String inside = "http://" + OLD_HOST + ":" + demo.port() + "/";
            site.cli("app", "publish", "--name", "alone", "--internal-url", inside);
            JsonNode alone = preflight("alone");
            assertEquals("qlikSense", alone.path("product").asString());
            assertTrue(
                    finding(alone, "redirect").startsWith("fault: redirects to port 4248, which is not published"),
                    alone.toString());
            site.cli("app", "delete", "alone");

            JsonNode added = add("Old Sense", inside, "--set", "old-release=yes");
            URI hub = external(added.path("application"));
            URI login = external(added.at("/secondApplication/application"));
            JsonNode report = preflight("Old Sense");
            assertEquals("ready", report.path("result").asString(), report.toString());
            assertTrue(finding(report, "redirect").contains("which users reach as " + login), report.toString());

            var browser = new Browser(site.authority());
            Browser.Page form = browser.openSignedIn(hub.resolve("hub?a=b"), USER, PASSWORD);
            assertEquals(login.getHost(), form.uri().getHost(), form.body());
            assertTrue(form.body().contains("name=\"pwd\""), form.body());
            Browser.Page entered = browser.fill(form, Map.of("username", "ada", "pwd", "inside only"));
            assertEquals(hub.resolve("hub?a=b"), entered.uri());
            assertEquals(200, entered.status());
            assertTrue(browser.open(hub.resolve("qps/user")).body().contains("\"ada\""));
            assertTrue(!browser.open(site.url("myapps")).body().contains("login port"), "the login port has no tile");

            assertEquals("signed in as ada", socket(browser, hub, ""));
            site.cli("app", "unassign", "Old Sense", "--user", USER);
            Await.until(
                    "who is taken away from the first is from the second",
                    () -> browser.step(login.resolve("internal_forms_authentication/"))
                                    .status()
                            == 403);
        }
    }

    @Test
    void aReleaseOfTodayIsOneApplicationWhoseHostMustBeAllowed() throws Exception {
        try (SenseDemo strict =
                        SenseDemo.start(new HostPort("127.0.0.1", 0), SenseSetup.today(INSIDE, List.of("sense.corp")));
                SenseDemo open = SenseDemo.start(
                        new HostPort("127.0.0.1", 0),
                        SenseSetup.today(INSIDE, List.of("allowed-sense-contoso.postern.localhost")))) {
            add("Strict Sense", "http://127.0.0.1:" + strict.port() + "/");
            JsonNode added = add("Allowed Sense", "http://127.0.0.1:" + open.port() + "/");
            URI hub = external(added.path("application"));

            JsonNode refused = preflight("Strict Sense");
            JsonNode ready = preflight("Allowed Sense");

            assertTrue(added.path("secondApplication").isMissingNode());
            assertEquals("faults", refused.path("result").asString(), refused.toString());
            assertTrue(
                    finding(refused, "websocket").endsWith("add strict-sense-contoso.postern.localhost"),
                    refused.toString());
            assertEquals("ready", ready.path("result").asString(), ready.toString());
            assertTrue(finding(ready, "websocket").startsWith("ok: "), ready.toString());
            var browser = new Browser(site.authority());
            Browser.Page form = browser.openSignedIn(hub.resolve("hub"), USER, PASSWORD);
            Browser.Page entered = browser.fill(form, Map.of("username", "ada", "pwd", "inside only"));
            assertEquals(hub.resolve("hub"), entered.uri());
            String token = browser.open(hub.resolve("qps/csrftoken")).fields().get("qlik-csrf-token");
            assertEquals("signed in as ada", socket(browser, hub, "?qlik-csrf-token=" + token));
            assertEquals("403", socket(browser, hub, ""));
        }
    }

    /// In a real browser: signed in once outside and once inside, every check of the tester passes through the
    /// proxy.
    @Test
    void theTesterPassesInARealBrowserBehindTheOldLogin() throws Exception {
        try (SenseDemo demo = SenseDemo.start(
                        new HostPort("127.44.0.2", 0), SenseSetup.old(new HostPort("127.44.0.2", 4248), INSIDE));
                Chromium running = Chromium.trusting(site.authority());
                var context = running.browser().newContext()) {
            JsonNode added = add("Walked Sense", "http://127.44.0.2:" + demo.port() + "/", "--set", "old-release=yes");
            URI tester = external(added.path("application")).resolve("content/default/WebsocketTest.html");

            Page page = context.newPage();
            page.navigate(tester.toString());
            page.locator("#username").fill(USER);
            page.keyboard().press("Enter");
            page.locator("#password").fill(PASSWORD);
            page.keyboard().press("Enter");
            page.locator("button[name=stay][value=no]").click();
            page.locator("input[name=username]").fill("ada");
            page.locator("input[name=pwd]").fill("inside only");
            page.locator("#loginbtn").click();

            page.waitForURL(tester.toString());
            assertThat(page.locator("#state")).hasText("all checks passed");
            page.navigate(tester.resolve("/sense/app/1f4a2c60-0001-4000-8000-000000000001")
                    .toString());
            assertThat(page.locator("#state")).hasText("live");
        }
    }

    /// @return what the first message says, or the status of the refusal
    private static String socket(Browser browser, URI hub, String query) {
        var said = new CompletableFuture<String>();
        try {
            browser.client()
                    .newWebSocketBuilder()
                    .header("Cookie", browser.cookiesFor(hub.getHost()))
                    .header("Origin", "https://" + hub.getAuthority())
                    .buildAsync(
                            URI.create("wss://" + hub.getAuthority() + "/app/engineData" + query),
                            new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
                                    said.complete(text.toString());
                                    return WebSocket.Listener.super.onText(socket, text, last);
                                }
                            })
                    .join();
        } catch (CompletionException e) {
            return Integer.toString(
                    ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode());
        }
        JsonNode who = JSON.readTree(said.join()).path("params");
        return who.path("mustAuthenticate").asBoolean()
                ? "must sign in at " + who.path("loginUri").asString()
                : "signed in as " + who.path("userId").asString();
    }
}
