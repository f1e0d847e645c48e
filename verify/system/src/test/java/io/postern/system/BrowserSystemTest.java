package io.postern.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A real browser that trusts nothing but our authority: signs in and uses the demo. Screenshots are
/// left in `target/screens` to be looked at.
class BrowserSystemTest {
    private static final Quickstart QUICKSTART = Quickstart.shared();
    private static final Path SCREENS = Path.of("target", "screens");
    private static Chromium running;
    private static com.microsoft.playwright.Browser chromium;

    @BeforeAll
    static void startChromium() throws IOException {
        running = Chromium.trusting(QUICKSTART.authority());
        chromium = running.browser();
        Files.createDirectories(SCREENS);
    }

    @AfterAll
    static void stopChromium() {
        running.close();
    }

    private static Page signedIn(BrowserContext context, URI uri, String screen) {
        Page page = context.newPage();
        page.navigate(uri.toString());
        shoot(page, screen);
        page.locator("#username").fill(QUICKSTART.user());
        page.keyboard().press("Enter");
        page.locator("#password").fill(QUICKSTART.password());
        page.keyboard().press("Enter");
        page.locator("button[name=stay][value=no]").click();
        page.waitForURL(uri.toString());
        return page;
    }

    private static void shoot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENS.resolve(name + ".png")));
    }

    @Test
    void signsInAndUsesTheDemo() {
        URI app = QUICKSTART.application("sense").resolve("sense/app/1f4a2c60-0001-4000-8000-000000000001?view=live");
        try (var context = chromium.newContext()) {
            Page page = signedIn(context, app, "sign-in");

            assertThat(page.locator("#title")).hasText("Sales pulse");
            assertThat(page.locator("#state")).hasText("live");
            String first = page.locator("#facts b").first().innerText();
            page.waitForFunction("first => document.querySelector('#facts b').innerText !== first", first);
            shoot(page, "demo-app");
            page.navigate(QUICKSTART.application("sense").resolve("hub").toString());
            assertThat(page.locator(".tile").first()).isVisible();
            shoot(page, "demo-hub");
        }
    }

    /// PUB-14.
    @Test
    void theFragmentSurvivesSignIn() {
        URI page = QUICKSTART.application("sense").resolve("content/default/WebsocketTest.html?a=1#part/two=3");
        try (var context = chromium.newContext()) {
            assertEquals(
                    page.toString(), signedIn(context, page, "sign-in-fragment").url());
        }
    }

    @Test
    void withoutAFragmentOrScriptSignInIsAsEver() {
        URI page = QUICKSTART.application("sense").resolve("content/default/WebsocketTest.html?a=2");
        try (var context = chromium.newContext(
                new com.microsoft.playwright.Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            assertEquals(
                    page.toString(),
                    signedIn(context, page, "sign-in-no-script").url());
        }
    }

    @Test
    void passesTheWebSocketTesterFromOutside() {
        try (var context = chromium.newContext()) {
            Page page = signedIn(
                    context,
                    QUICKSTART.application("sense").resolve("content/default/WebsocketTest.html"),
                    "sign-in-tester");

            assertThat(page.locator("#state")).hasText("all checks passed");
            shoot(page, "demo-tester");
        }
    }

    /// Over HTTP/2, as browsers do where they can (RFC 8441).
    @Test
    void isToldWith1012ThatAConnectorRestarts() {
        URI hub = QUICKSTART.application("sense").resolve("hub");
        try (var context = chromium.newContext()) {
            Page page = signedIn(context, hub, "sign-in-restart");
            page.evaluate("""
                    () => new Promise(opened => {
                      const socket = new WebSocket(`wss://${location.host}/app/engineData`);
                      window.closeCode = new Promise(ended => { socket.onclose = event => ended(event.code); });
                      socket.onopen = () => opened();
                    })
                    """);

            QUICKSTART.connector().destroy();

            assertEquals(1012, ((Number) page.evaluate("() => window.closeCode")).intValue());
        }
        Await.until(
                "the next connector serves",
                () -> QUICKSTART.connector().isAlive()
                        && new io.postern.fixtures.Browser(QUICKSTART.authority())
                                        .openSignedIn(hub, QUICKSTART.user(), QUICKSTART.password())
                                        .status()
                                == 200);
    }

    @Test
    void worksOnAPhoneInTheDark() {
        try (var context = chromium.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(390, 844)
                .setColorScheme(ColorScheme.DARK))) {
            Page page = signedIn(context, QUICKSTART.url("portal"), "sign-in-phone-dark");

            assertThat(page.getByText("sense").first()).isVisible();
            shoot(page, "portal-phone-dark");
            assertEquals(
                    390,
                    ((Number) page.evaluate("document.documentElement.scrollWidth")).intValue(),
                    "nothing sticks out");
        }
    }

    @Test
    void showsThePortalAndItsTilesOpenTheApplication() {
        try (var context = chromium.newContext()) {
            Page page = signedIn(context, QUICKSTART.url("portal"), "sign-in-portal");
            shoot(page, "portal");

            page.getByText("sense").first().click();

            page.waitForURL(QUICKSTART.application("sense") + "**");
            context.pages().getLast();
        }
    }

    /// Who presses it is not asked whether he means it, though whoever is led to the provider from elsewhere is.
    @Test
    void signsOutFromTheAccountMenu() {
        try (var context = chromium.newContext()) {
            Page page = signedIn(context, QUICKSTART.url("portal"), "sign-in-sign-out");

            page.locator("details.account summary").click(); // the account menu
            page.getByText("Sign out").click();

            assertThat(page.locator("#username")).isVisible(); // the portal asks who comes next
        }
    }
}
