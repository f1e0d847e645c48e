package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import io.postern.account.desktop.Keytab;
import io.postern.domain.publish.SignInSettings;
import io.postern.fixtures.KerberosRealm;
import io.postern.fixtures.TestCertificates;
import io.postern.store.DesktopSignIn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Chromium at a computer of the domain answers by itself (DSK-1, DSK-2): real browser, KDC and ticket.
///
/// On Linux Chromium keeps its network service in a sandbox, where the Kerberos library cannot be loaded, until
/// it has met `Negotiate` once: that first page is the form, as for whoever has no ticket.
class DesktopSignInChromiumTest {
    /// As the browser calls it; a name that it must look up elsewhere would be asked for under its address.
    private static final String HOST = "localhost";
    private static final String OFFICE = "10.1.2.3";
    private static final int TRIES = 20;

    @TempDir
    Path folder;

    private TestCertificates.Issued certificate;
    private LoginHost host;
    private KerberosRealm realm;

    @BeforeEach
    void open() throws IOException {
        certificate = TestCertificates.authority("desktop").server(HOST);
        host = LoginHost.secure(folder, certificate);
        host.set(new SignInSettings(SignInSettings.MfaNeed.NOBODY, false, false, Optional.empty()));
        realm = KerberosRealm.start();
        realm.addUser("b.simon");
        byte[] keytab = Files.readAllBytes(realm.keytab("HTTP/" + HOST, "aes256-cts:normal"));
        host.store.write(s -> {
            s.desktopSignIns()
                    .put(new DesktopSignIn(
                            host.contoso.id(),
                            true,
                            Keytab.read(keytab).principal(),
                            "contoso.example",
                            List.of("10.0.0.0/8"),
                            host.desktopKeys.seal(keytab, host.contoso.id().value())));
            return true;
        });
    }

    @AfterEach
    void close() {
        realm.close();
        host.close();
    }

    @Test
    void signsItsUserInWithoutAForm() {
        var environment = new HashMap<>(realm.signedIn("b.simon"));
        environment.put("HOME", folder.toString());
        try (Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                BrowserContext profile = playwright
                        .chromium()
                        .launchPersistentContext(
                                folder.resolve("profile"),
                                new BrowserType.LaunchPersistentContextOptions()
                                        .setExecutablePath(Path.of("/usr/bin/chromium"))
                                        .setEnv(environment)
                                        .setExtraHTTPHeaders(Map.of(
                                                "postern-client-address",
                                                OFFICE,
                                                "postern-origin",
                                                "https://login.postern.localhost:" + host.address.publicPort()))
                                        .setArgs(List.of(
                                                "--no-sandbox",
                                                "--disable-gpu",
                                                "--no-first-run",
                                                "--disable-background-networking",
                                                "--disable-component-update",
                                                "--auth-server-allowlist=" + HOST,
                                                "--disable-auth-negotiate-cname-lookup",
                                                "--ignore-certificate-errors-spki-list="
                                                        + LoginChromium.keyOf(certificate))))) {
            Page page = profile.newPage();
            String link = origin() + AuthorizeLink.of("contoso", host.spa, LoginHost.SPA_CALLBACK);

            page.navigate(link);
            assertTrue(page.locator("#username").isVisible(), "the first time it shows the form");
            for (int i = 0; i < TRIES && sessions() == 0; i++) {
                open(page, link);
            }

            assertEquals(1, sessions(), page::content);
        }
    }

    /// Signed in, the browser goes on to an application that nobody serves here.
    private static void open(Page page, String link) {
        try {
            page.navigate(link);
        } catch (PlaywrightException e) {
            assertTrue(e.getMessage().contains("spa.example.com"), e.getMessage());
        }
    }

    private int sessions() {
        return host.store
                .read(s -> s.sessions().of(host.simon.tenant(), host.simon.id()))
                .size();
    }

    private String origin() {
        return "https://" + HOST + ":" + host.address.publicPort();
    }
}
