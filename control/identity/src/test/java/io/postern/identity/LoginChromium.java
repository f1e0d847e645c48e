package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A real browser before the login host, as if the gateway stood between them.
final class LoginChromium implements AutoCloseable {
    /// Looked at by people; each page on a desktop and a phone, light and dark.
    private static final Path SCREENS = Path.of("target", "screens");

    private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

    private final Playwright playwright;
    private final Browser browser;
    private final String axe;
    private final Map<String, Page> tabs = new HashMap<>();

    LoginChromium(TestCertificates.Issued certificate) {
        playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of(
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1",
                        "PW_TEST_SCREENSHOT_NO_FONTS_READY", // no web fonts here; waiting can hang
                        "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of("/usr/bin/chromium"))
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                // trusted like one of an authority: passkeys need a page without faults
                                "--ignore-certificate-errors-spki-list=" + keyOf(certificate))));
        try (InputStream in = LoginChromium.class.getResourceAsStream(AXE)) {
            axe = new String(Objects.requireNonNull(in, AXE).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Page page(LoginHost host, String language) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setLocale(language)
                .setExtraHTTPHeaders(Map.of(
                        "postern-client-address",
                        "192.0.2.1",
                        "postern-origin",
                        "https://login.postern.localhost:" + host.address.publicPort())));
        Page page = context.newPage();
        page.bringToFront(); // a page in the background is given no passkey
        return page;
    }

    /// The same one for every page that is only looked at: to open a context takes longer than all else together.
    Page tab(String language) {
        Page tab = tabs.computeIfAbsent(
                language,
                l -> browser.newContext(new Browser.NewContextOptions().setLocale(l))
                        .newPage());
        tab.unrouteAll();
        tab.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        tab.setViewportSize(1280, 800);
        return tab;
    }

    void closePages() {
        browser.contexts().forEach(BrowserContext::close);
    }

    /// An authenticator that asks its user and always gets a yes.
    static void authenticator(Page page) {
        CDPSession session = page.context().newCDPSession(page);
        session.send("WebAuthn.enable");
        var options = new JsonObject();
        options.addProperty("protocol", "ctap2");
        options.addProperty("transport", "internal");
        options.addProperty("hasResidentKey", true);
        options.addProperty("hasUserVerification", true);
        options.addProperty("isUserVerified", true);
        options.addProperty("automaticPresenceSimulation", true);
        var parameters = new JsonObject();
        parameters.add("options", options);
        session.send("WebAuthn.addVirtualAuthenticator", parameters);
    }

    /// Takes the four pictures and finds no fault of accessibility in either scheme.
    void inspect(Page page, String name) {
        page.evaluate(axe);
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            String look = scheme.name().toLowerCase(java.util.Locale.ROOT);
            phone(page, name + "-phone-" + look);
            page.setViewportSize(1280, 800);
            shoot(page, name + "-desktop-" + look);
            Object faults = page.evaluate("""
                async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
                  .map(v => v.id + ": " + v.nodes.map(n => n.html.slice(0, 120)).join(" | ")).join("\\n")
                """);
            assertEquals("", faults, name + " " + look);
        }
    }

    void phone(Page page, String name) {
        page.setViewportSize(390, 844);
        shoot(page, name);
        assertEquals(
                false,
                page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"),
                name + " is wider than a phone");
    }

    private static void shoot(Page page, String name) {
        page.evaluate("() => scrollTo(0, 0)"); // or the bar at the top is drawn across it
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENS.resolve(name + ".png"))
                .setFullPage(true));
    }

    static String keyOf(TestCertificates.Issued certificate) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256")
                            .digest(certificate.leaf().getPublicKey().getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
