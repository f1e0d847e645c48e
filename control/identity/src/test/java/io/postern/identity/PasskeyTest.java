package io.postern.identity;

import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import io.postern.domain.publish.SignInSettings;
import io.postern.domain.publish.SignInSettings.MfaNeed;
import io.postern.fixtures.TestCertificates;
import io.postern.identity.factor.Totp;
import io.postern.store.AuthenticationMethod;
import io.postern.store.SessionStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The sign-in pages in a real browser: passkeys of a virtual authenticator, keyboard.
class PasskeyTest {
    private static final TestCertificates.Issued CERTIFICATE =
            TestCertificates.authority("test").server("login.postern.localhost", "*.postern.localhost");
    private static final String NAME = "b.simon@contoso.example";
    private static LoginChromium chromium;

    @TempDir
    Path folder;

    private LoginHost host;

    @BeforeAll
    static void startChromium() {
        chromium = new LoginChromium(CERTIFICATE);
    }

    @AfterAll
    static void stopChromium() {
        chromium.close();
    }

    @BeforeEach
    void start() {
        host = LoginHost.secure(folder, CERTIFICATE);
        host.set(new SignInSettings(MfaNeed.EVERYBODY, false, false, Optional.empty()));
    }

    @AfterEach
    void stop() {
        chromium.closePages();
        host.close();
    }

    private String origin() {
        return "https://login.postern.localhost:" + host.address.publicPort();
    }

    private String callback() {
        return "https://wiki-contoso.postern.localhost:" + host.address.publicPort() + "/.postern/callback";
    }

    private void open(Page page) {
        host.clock.advance(Duration.ofSeconds(1)); // the newest session is the last
        page.navigate(origin() + AuthorizeLink.of("contoso", host.wiki, callback()));
    }

    /// By the keyboard alone: the field that is asked for has the focus.
    private static void typeNameAndPassword(Page page) {
        page.waitForSelector("#username:focus");
        page.keyboard().type(NAME);
        page.keyboard().press("Enter");
        page.waitForSelector("#password:focus");
        page.keyboard().type(PASSWORD);
        page.keyboard().press("Enter");
    }

    private static void arrives(Page page) {
        page.waitForURL(url -> url.contains("/.postern/callback") && url.contains("code="));
    }

    private SessionStore.Row session() {
        return host.store
                .read(s -> s.sessions().of(host.contoso.id(), host.simon.id()))
                .getLast();
    }

    @Test
    void isSetUpAndUsedAsSecondFactorAndWithoutAPassword() {
        Page page = chromium.page(host, "en");
        LoginChromium.authenticator(page);
        open(page);
        typeNameAndPassword(page);
        page.locator("form[data-passkey] button").click();
        page.waitForSelector(".codes");
        page.keyboard().press("Tab");
        page.locator("main form button").first().click();
        arrives(page);
        assertTrue(session().mfa().isPresent());

        page.context().clearCookies();
        open(page);
        typeNameAndPassword(page);
        page.waitForURL("**/login");
        assertEquals(
                "Use the passkey", page.locator("form[data-passkey] button").innerText());
        page.locator("form[data-passkey] button").click();
        arrives(page);
        assertTrue(
                session().methods().containsAll(Set.of("pwd", "hwk", "mfa")),
                session().methods().toString());

        page.context().clearCookies();
        open(page);
        page.locator("form[data-passkey] button").click();
        arrives(page);
        assertEquals(Set.of("hwk", "user", "mfa"), session().methods());

        AuthenticationMethod passkey =
                host.store.read(s -> s.authenticationMethods().of(host.contoso.id(), host.simon.id())).stream()
                        .filter(m -> m.kind() == AuthenticationMethod.Kind.PASSKEY)
                        .findFirst()
                        .orElseThrow();
        assertTrue(passkey.counter() >= 3, "the signature counter follows: " + passkey.counter());
        assertEquals("Passkey, Chrome on Linux", passkey.name());
    }

    @Test
    void countsAnAnswerOnce() {
        Page page = chromium.page(host, "en");
        LoginChromium.authenticator(page);
        open(page);
        typeNameAndPassword(page);
        page.locator("form[data-passkey] button").click();
        page.waitForSelector(".codes");
        page.locator("main form button").first().click();
        arrives(page);

        page.context().clearCookies();
        open(page);
        // keeps what the browser would send
        page.route("**/contoso/passkey", route -> route.abort("aborted"));
        var sent = page.waitForRequest(
                "**/contoso/passkey",
                () -> page.locator("form[data-passkey] button").click());
        String body = sent.postData();
        page.unroute("**/contoso/passkey");
        send(page, body);
        arrives(page);

        String another = AuthorizeLink.of("contoso", host.wiki, callback())
                .with("prompt", "login")
                .toString();
        page.navigate(origin() + another);
        page.waitForSelector("#username, #password");
        send(page, body);
        page.waitForSelector("#problem");
        assertTrue(page.locator("#problem").innerText().contains("passkey could not be accepted"));
        assertEquals(
                1,
                host.store.read(s -> s.sessions().of(host.contoso.id(), host.simon.id())).stream()
                        .filter(s -> s.methods().contains("user"))
                        .count());
    }

    /// Sends what the browser would have sent.
    private static void send(Page page, String body) {
        page.evaluate("""
                body => {
                  const form = document.createElement("form");
                  form.method = "post";
                  form.action = "/contoso/passkey";
                  for (const [name, value] of new URLSearchParams(body)) {
                    const input = document.createElement("input");
                    input.type = "hidden";
                    input.name = name;
                    input.value = value;
                    form.append(input);
                  }
                  document.body.append(form);
                  form.submit();
                }
                """, body);
    }

    @Test
    void everyPageIsReachedInItsTurn() {
        Page page = chromium.page(host, "en");
        LoginChromium.authenticator(page);
        open(page);
        page.locator("#username").fill(NAME);
        page.keyboard().press("Enter");
        page.waitForSelector("#password:focus");
        page.locator("#password").fill("wrong");
        page.keyboard().press("Enter");
        page.waitForSelector("#problem");
        page.locator("button[name=other][value=pass]").click();
        page.locator("button[name=other][value=password]").click();
        page.locator("#password").fill(PASSWORD);
        page.keyboard().press("Enter");
        page.waitForSelector(".qr");
        String secret = page.locator(".secret code").innerText().replace(" ", "");
        page.locator("#code").fill(Totp.at(secret, host.clock.instant()));
        page.keyboard().press("Enter");
        page.waitForSelector(".codes");
        page.locator("main form button").first().click();
        arrives(page);

        page.navigate(origin() + "/contoso/security-info");
        page.waitForSelector(".methods");
        page.locator("input[name=name]").fill("Telephone");
        page.locator("input[name=name] + button").click();
        page.waitForSelector(".done-note");
        host.clock.advance(Duration.ofSeconds(1)); // what was used last is offered first
        page.locator("button.choice").first().click();
        page.waitForSelector("form[data-passkey]");
        page.locator("form[data-passkey] button").click();
        page.waitForSelector(".methods li:nth-child(3)");

        page.context().clearCookies();
        host.clock.advance(Duration.ofMinutes(1));
        host.set(new SignInSettings(MfaNeed.EVERYBODY, false, true, Optional.of(1)));
        open(page);
        typeNameAndPassword(page);
        page.waitForSelector("form[data-passkey]");
        page.locator("button[name=other][value=totp]").click();
        page.waitForSelector("#code");
        page.locator("button[name=other][value=recovery]").click();
        page.waitForSelector("#code");
        page.locator("button[name=other][value=totp]").click();
        host.clock.advance(Duration.ofDays(2));
        open(page);
        typeNameAndPassword(page);
        page.locator("form[data-passkey] button").click();
        page.waitForSelector("#again");
        page.locator("#new").fill("an entirely new gate");
        page.locator("#again").fill("an entirely new gate");
        page.keyboard().press("Enter");
        page.waitForSelector("button[name=stay]");
        page.locator("button[name=stay][value=yes]").click();
        arrives(page);
        open(page);
        arrives(page);
        page.navigate(origin() + "/contoso/oauth2/v2.0/authorize?client_id=x");
    }

    @Test
    void speaksGermanToWhoeverAsksForIt() {
        Page page = chromium.page(host, "de-CH");
        open(page);
        assertEquals("de", page.locator("html").getAttribute("lang"));
        page.locator("#username").fill(NAME);
        page.keyboard().press("Enter");
        page.waitForSelector("#password:focus");
        page.keyboard().type("falsch");
        page.keyboard().press("Enter");
        page.waitForSelector("#problem");
        assertTrue(page.locator("#problem").innerText().contains("Der Benutzername oder das Passwort ist falsch"));

        Page english = chromium.page(host, "en");
        english.navigate(
                origin() + AuthorizeLink.of("contoso", host.wiki, callback()).with("ui_locales", "fr de"));
        assertEquals("de", english.locator("html").getAttribute("lang"));
    }
}
