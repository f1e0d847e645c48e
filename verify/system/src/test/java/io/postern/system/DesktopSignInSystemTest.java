package io.postern.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import io.postern.fixtures.KerberosRealm;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A browser on a computer of the domain uses a published application without ever seeing a form (DSK-1, DSK-2): a real
/// KDC, Chromium as a company sets it up, the whole service. One that has no ticket sees the form as ever.
class DesktopSignInSystemTest {
    private static final Quickstart QUICKSTART = Quickstart.shared();
    private static final List<String> MANAGED = List.of("--auth-server-allowlist=login.postern.localhost");
    private static KerberosRealm realm;

    @BeforeAll
    static void open() {
        realm = KerberosRealm.start();
        String[] name = QUICKSTART.user().split("@");
        realm.addUser(name[0]);
        String keytab = realm.keytab("HTTP/login.postern.localhost", "aes256-cts:normal")
                .toString();
        QUICKSTART
                .cli(
                        "tenant",
                        "desktop-sign-in",
                        "set",
                        "--keytab",
                        keytab,
                        "--network",
                        "127.0.0.0/8",
                        "--suffix",
                        name[1])
                .expectSuccess();
    }

    @AfterAll
    static void close() {
        QUICKSTART.cli("tenant", "desktop-sign-in", "remove").expectSuccess();
        realm.close();
    }

    private static Page opened(Chromium chromium, URI app) {
        Page page = chromium.browser().newContext().newPage();
        page.navigate(app.toString());
        return page;
    }

    @Test
    void whoHasATicketSeesNoForm() {
        URI app = QUICKSTART.application("sense").resolve("hub");
        Map<String, String> person = realm.signedIn(QUICKSTART.user().split("@")[0]);
        try (Chromium chromium = Chromium.trusting(QUICKSTART.authority(), MANAGED, person)) {
            Page page = opened(chromium, app);

            // who is asked whether to stay signed in has signed in
            page.locator("button[name=stay][value=no]").click();

            page.waitForURL(app.toString());
            assertThat(page.locator(".tile").first()).isVisible();
            String log = QUICKSTART.cli("audit", "signins", "--json").expectSuccess();
            assertTrue(log.contains("Windows integrated authentication"), log);
        }
    }

    @Test
    void whoHasNoneSeesTheForm() {
        try (Chromium chromium = Chromium.trusting(QUICKSTART.authority(), MANAGED, Map.of())) {
            Page page = opened(chromium, QUICKSTART.application("sense").resolve("hub"));

            page.locator("#username").fill(QUICKSTART.user());
            page.keyboard().press("Enter");
            page.locator("#password").fill(QUICKSTART.password());
            page.keyboard().press("Enter");

            assertThat(page.locator("button[name=stay][value=no]")).isVisible();
        }
    }

    @Test
    void whoIsNotSetUpForItSeesTheForm() {
        try (Chromium chromium = Chromium.trusting(QUICKSTART.authority())) {
            assertThat(opened(chromium, QUICKSTART.application("sense").resolve("hub"))
                            .locator("#username"))
                    .isVisible();
        }
    }
}
