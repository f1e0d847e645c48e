package io.postern.identity;

import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import io.postern.fixtures.TestCertificates;
import io.postern.store.RoleStore;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The pages of the test action and of single logout in a real browser, looked at and without a fault of
/// accessibility.
class SignOnPicturesTest {
    private static final TestCertificates.Issued CERTIFICATE =
            TestCertificates.authority("pictures").server("login.postern.localhost");

    @TempDir
    Path folder;

    /// The service provider is nowhere: its frame fails, and the page goes on and says so.
    @Test
    void testActionAndSingleLogout() {
        try (var chromium = new LoginChromium(CERTIFICATE);
                var host = LoginHost.secure(folder, CERTIFICATE)) {
            SamlSite site = SamlSite.register(host, "wages", UnaryOperator.identity());
            host.store.write(s -> {
                s.roles().grant(host.contoso.id(), host.simon.id().value(), RoleStore.GLOBAL_ADMINISTRATOR);
                return site;
            });
            String contoso = "https://login.postern.localhost:" + host.address.publicPort() + "/contoso";
            Page page = chromium.page(host, "en-GB");
            page.navigate(contoso + "/sign-on-test?appid=" + site.application.appId());
            page.locator("#username").fill("b.simon@contoso.example");
            page.keyboard().press("Enter");
            page.locator("#password").fill(PASSWORD);
            page.keyboard().press("Enter");
            page.locator("button[name=stay][value=no]").click();
            page.waitForSelector("pre.message");
            chromium.inspect(page, "sign-on-test");
            page.keyboard().press("Tab"); // the button, then the message, which scrolls
            page.keyboard().press("Tab");
            assertTrue((Boolean) page.evaluate("() => document.activeElement.matches('pre, a')"));

            page.navigate(contoso + "/sign-on-test?appid="
                    + host.application(
                                    host.contoso,
                                    "locked",
                                    java.util.List.of(),
                                    java.util.Optional.empty(),
                                    false,
                                    true)
                            .appId());
            page.waitForSelector("#problem");
            chromium.inspect(page, "sign-on-test-refused");

            // the posted response leads nowhere, but the application takes part in the session from here on
            page.route("https://sp.example.com/**", route -> route.fulfill());
            page.navigate(contoso + "/saml2/start?appid=" + site.application.appId());
            page.waitForURL("https://sp.example.com/**");
            page.navigate(contoso + "/oauth2/v2.0/logout");
            page.locator("main button[type=submit]").click();
            page.getByText("Did not answer").waitFor();
            chromium.inspect(page, "signed-out-of-some");
        }
    }
}
