package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import io.postern.domain.publish.SignInSettings;
import io.postern.domain.publish.SignInSettings.MfaNeed;
import io.postern.fixtures.TestCertificates;
import io.postern.identity.factor.Totp;
import io.postern.store.AuthenticationMethod.Kind;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A guest in a real browser: from the link in his mail to an application, with the second factor that it asks for.
class GuestWalkTest {
    private static final TestCertificates.Issued CERTIFICATE =
            TestCertificates.authority("test").server("login.postern.localhost", "*.postern.localhost");
    private static final String ADDRESS = "alice@partner.example";
    private static final String PASSWORD = "purple marble canyon";

    @TempDir
    Path folder;

    private LoginHost host;
    private LoginChromium chromium;

    @BeforeEach
    void start() {
        host = LoginHost.secure(folder, CERTIFICATE);
        chromium = new LoginChromium(CERTIFICATE);
    }

    @AfterEach
    void stop() {
        chromium.close();
        host.close();
    }

    private String origin() {
        return "https://login.postern.localhost:" + host.address.publicPort();
    }

    private static void type(Page page, String text) {
        page.keyboard().type(text);
        page.keyboard().press("Enter");
    }

    @Test
    void fromTheLinkToTheApplication() {
        host.set(new SignInSettings(MfaNeed.EVERYBODY, false, false, Optional.empty()));
        Invited alice = Invited.to(host, ADDRESS, Optional.of("de"));
        host.assign(alice.user(), host.wiki);
        Page page = chromium.page(host, "de");
        page.navigate(origin() + alice.link());
        chromium.inspect(page, "guest-1-invitation");
        page.waitForSelector("#new:focus");
        page.keyboard().type(PASSWORD);
        page.keyboard().press("Tab");
        type(page, "anderes Passwort");
        page.waitForSelector("#problem");
        assertTrue(page.title().startsWith("Fehler: "), page.title());

        page.waitForSelector("#new:focus");
        page.keyboard().type(PASSWORD);
        page.keyboard().press("Tab");
        type(page, PASSWORD);
        page.waitForSelector("main.done");
        assertEquals("Willkommen", page.locator("h1").innerText());
        assertEquals(
                "https://myapps.postern.localhost:8443/",
                page.locator("main a.button").getAttribute("href"));
        chromium.inspect(page, "guest-2-accepted");

        page.navigate(origin() + AuthorizeLink.of("contoso", host.wiki, callback()));
        page.waitForSelector("#username:focus");
        type(page, ADDRESS);
        page.waitForSelector("#password:focus");
        type(page, PASSWORD);
        page.waitForSelector(".qr");
        String secret = page.locator(".secret code").innerText().replace(" ", "");
        page.locator("#code").fill(Totp.at(secret, host.clock.instant()));
        page.keyboard().press("Enter");
        page.waitForSelector(".codes");
        page.locator("main form button").first().click();
        page.waitForURL(url -> url.contains("/.postern/callback") && url.contains("code="));
        assertTrue(host.store.read(s -> s.authenticationMethods().of(host.contoso.id(), alice.id())).stream()
                .anyMatch(method -> method.kind() == Kind.TOTP));

        page.navigate(origin() + alice.link());
        assertEquals("Diese Einladung gilt nicht mehr", page.locator("h1").innerText());
        chromium.inspect(page, "guest-3-late");
    }

    private String callback() {
        return "https://wiki-contoso.postern.localhost:" + host.address.publicPort() + "/.postern/callback";
    }
}
