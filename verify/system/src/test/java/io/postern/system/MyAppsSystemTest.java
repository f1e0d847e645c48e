package io.postern.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// My Apps through the whole house: a user asks for an application, an approver agrees, the user opens it.
/// Without JavaScript, since nothing here may need it.
class MyAppsSystemTest {
    private static final String PASSWORD = "Umbrella-tractor-7-velvet";
    private static final Path SCREENS = Path.of("target", "screens");

    @TempDir
    static Path home;

    private static Quickstart quickstart;
    private static Chromium chromium;

    @BeforeAll
    static void start() throws Exception {
        quickstart = Quickstart.start(home.resolve("data"));
        chromium = Chromium.trusting(quickstart.authority());
        Files.createDirectories(SCREENS);
        Path password = Files.writeString(home.resolve("password"), PASSWORD);
        for (String user : new String[] {"ada", "abel"}) {
            quickstart
                    .cli(
                            "user",
                            "add",
                            user + "@contoso.example",
                            "--display-name",
                            user,
                            "--password-file",
                            password.toString())
                    .expectSuccess();
        }
        quickstart
                .cli("app", "access-requests", "on", "sense", "--approver", "ada@contoso.example", "--days", "30")
                .expectSuccess();
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
        quickstart.close();
    }

    private static Page portal(String user, String path) {
        BrowserContext context = chromium.browser().newContext(new NewContextOptions().setJavaScriptEnabled(false));
        Page page = context.newPage();
        page.navigate(quickstart.url("portal").resolve(path).toString());
        page.locator("#username").fill(user + "@contoso.example");
        page.keyboard().press("Enter");
        page.locator("#password").fill(PASSWORD);
        page.keyboard().press("Enter");
        page.locator("button[name=stay][value=no]").click();
        page.waitForURL(quickstart.url("portal").resolve(path).toString());
        return page;
    }

    private static void shoot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENS.resolve("my-apps-" + name + ".png"))
                .setFullPage(true));
    }

    @Test
    void aUserAsksAnApproverAgreesAndTheUserOpensTheApplication() {
        Page abel = portal("abel", "/");
        assertThat(abel.locator(".tiles")).hasCount(0);
        abel.locator(".tabs a[href='/requests']").click();
        Locator offer = abel.locator(".offer").first();
        offer.locator("summary").click();
        offer.locator("textarea").fill("I look after the figures of the plant.");
        shoot(abel, "asks");
        offer.locator("button").click();
        assertThat(abel.locator(".done-note")).isVisible();
        assertThat(abel.locator(".state.waiting")).hasCount(1);

        Page ada = portal("ada", "/");
        assertThat(ada.locator(".badge")).containsText("1");
        ada.locator(".tabs a[href='/approvals']").click();
        assertThat(ada.locator(".decision")).containsText("I look after the figures of the plant.");
        shoot(ada, "decides");
        ada.locator("button[value=grant]").click();
        assertThat(ada.locator(".done-note")).isVisible();
        assertThat(ada.locator(".decision")).hasCount(0);

        abel.navigate(quickstart.url("portal").toString());
        shoot(abel, "has");
        abel.locator(".tile").first().click();
        abel.waitForURL(url -> url.startsWith(quickstart.application("sense").toString()));
        assertTrue(
                quickstart.cli("app", "access-requests", "list").expectSuccess().contains("granted"));
    }
}
