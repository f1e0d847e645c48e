package io.postern.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import io.postern.fixtures.KerberosRealm;
import io.postern.fixtures.ProcessFixture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A computer of the domain signs its user in through the whole service (DSK-1, DSK-2), with a real KDC. A browser that
/// has
/// no ticket, set up for it or not, shows the form as ever.
class DesktopSignInSystemTest {
    private static final Quickstart QUICKSTART = Quickstart.shared();
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

    private static ManagedChromium chromium(Map<String, String> person) {
        return ManagedChromium.start(QUICKSTART.authority(), "login.postern.localhost", person);
    }

    private static String hub() {
        return QUICKSTART.application("sense").resolve("hub").toString();
    }

    /// By HTTP/2 through the gateway, as curl and MIT's library send it.
    @Test
    void whoHasATicketSeesNoForm() {
        String authority = QUICKSTART.authority().toString();
        String start = Command.of(
                        "curl",
                        "-sS",
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{redirect_url}",
                        "-H",
                        "Accept: text/html",
                        "--cacert",
                        authority,
                        hub())
                .expectSuccess();
        Map<String, String> person = realm.signedIn(QUICKSTART.user().split("@")[0]);
        var signIn = List.of(
                "curl", "-sS", "--negotiate", "-u", ":", "-H", "Accept: text/html", "--cacert", authority, start);
        try (ProcessFixture curl = ProcessFixture.start("curl", signIn, person)) {
            assertEquals(0, curl.awaitExit(Duration.ofSeconds(20)));
            // who is asked whether to stay signed in has signed in
            assertTrue(curl.stdout().contains("name=\"stay\""), curl.stdout());
        }
    }

    @Test
    void whoHasNoneSeesTheForm() {
        try (ManagedChromium chromium = chromium(Map.of())) {
            Page page = chromium.open(hub());

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
            Page page = chromium.browser().newContext().newPage();
            page.navigate(hub());

            assertThat(page.locator("#username")).isVisible();
        }
    }
}
