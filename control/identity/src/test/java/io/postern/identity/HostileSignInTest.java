package io.postern.identity;

import static io.postern.identity.LoginHost.CALLBACK;
import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.account.Methods;
import io.postern.domain.publish.SignInSettings;
import io.postern.domain.publish.SignInSettings.MfaNeed;
import io.postern.identity.Browser.Answer;
import io.postern.identity.factor.Totp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ways around the sign-in pages that somebody without the right would try.
class HostileSignInTest {
    private static final String NAME = "b.simon@contoso.example";

    @TempDir
    Path folder;

    private LoginHost host;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        host.set(new SignInSettings(MfaNeed.NOBODY, false, false, Optional.empty()));
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private Answer begin(Browser browser) {
        return browser.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString());
    }

    private Answer with(String address, String name, String password) {
        Browser browser = host.browser(address);
        return browser.submit(begin(browser), Map.of("username", name, "password", password));
    }

    /// However the name is written, from wherever and through whichever tenant's pages it comes, it is one account.
    @Test
    void lockoutIsOfTheAccountAndNotOfTheSpelling() {
        var theirs = host.application(
                host.fabrikam, "their", List.of("https://their.example/"), Optional.empty(), true, false);
        List<String> spellings =
                List.of(NAME, "B.SIMON@CONTOSO.EXAMPLE", " b.simon@contoso.example ", "b.Simon@contoso.example");
        for (int i = 0; i < 8; i++) {
            with("198.51.100." + i, spellings.get(i % spellings.size()), "guess number " + i);
        }
        for (int i = 8; i < 10; i++) {
            Browser browser = host.browser("198.51.100." + i);
            Answer page = browser.get(AuthorizeLink.of("fabrikam", theirs, "https://their.example/")
                    .toString());
            browser.submit(page, Map.of("username", NAME, "password", "guess number " + i));
        }

        for (String spelling : spellings) {
            Answer answer = with("203.0.113.1", spelling, PASSWORD);
            assertTrue(answer.body().contains("AADSTS50053"), spelling + " " + answer.body());
        }
        Browser browser = host.browser("203.0.113.2");
        Answer pass = browser.submit(begin(browser), Map.of("username", NAME, "password", "x", "way", "pass"));
        assertTrue(pass.body().contains("AADSTS50053"), "a temporary pass is no second purse of guesses");
    }

    /// Letters that look alike, or that case folding of other languages makes equal, are nobody's name.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "b.s\u0131mon@contoso.example",
                "\uff42.simon@contoso.example",
                "b.simon@contoso.example\u200b",
                "b.simon\u0000@contoso.example",
                "b.simon@contoso.example@fabrikam.example",
                "b.simon%40contoso.example"
            })
    void aNameThatOnlyLooksLikeAnotherIsNobodys(String name) {
        Answer answer = with("192.0.2.77", name, PASSWORD);

        assertTrue(answer.location().isEmpty(), answer.toString());
        assertEquals(400, answer.status());
    }

    @Test
    void aCodeOfTheAppWorksOnceThoughItsTimeIsNotOver() {
        host.set(new SignInSettings(MfaNeed.EVERYBODY, false, false, Optional.empty()));
        Browser browser = host.browser();
        Answer page = browser.submit(begin(browser), Map.of("username", NAME, "password", PASSWORD));
        String secret = People.secretOn(page);
        People.registers(host, browser, page);
        Answer registeredWith = used(Totp.at(secret, host.clock.instant()));
        assertEquals(400, registeredWith.status(), "the code of the registration is used");
        host.clock.advance(Duration.ofSeconds(60));
        String code = Totp.at(secret, host.clock.instant());

        Answer first = used(code);
        Answer second = used(code);
        String before = Totp.at(secret, host.clock.instant().minusSeconds(30));
        Answer older = used(before);

        assertTrue(first.parameter("code").isPresent(), first.toString());
        assertEquals(400, second.status());
        assertEquals(400, older.status(), "nor does one of before it");
    }

    private Answer used(String code) {
        Browser browser = host.browser();
        Answer factor = browser.submit(begin(browser), Map.of("username", NAME, "password", PASSWORD));
        return browser.submit(factor, Map.of("code", code));
    }

    @Test
    void aTemporaryPassCountsInItsTimeOnly() {
        Methods methods = host.accounts.methods();
        var starts = host.clock.instant().plus(Duration.ofHours(1));
        Methods.Given pass =
                methods.pass(host.contoso.id(), host.simon.id(), Duration.ofMinutes(30), false, Optional.of(starts));
        host.store.write(s -> {
            Methods.keep(s, host.simon, pass);
            return true;
        });

        assertEquals(400, byPass(pass).status(), "too early");
        host.clock.advance(Duration.ofMinutes(61));
        assertTrue(byPass(pass).parameter("code").isPresent(), "now");
        host.clock.advance(Duration.ofMinutes(30));
        assertEquals(400, byPass(pass).status(), "too late");
    }

    private Answer byPass(Methods.Given pass) {
        Browser browser = host.browser();
        return browser.submit(begin(browser), Map.of("username", NAME, "password", pass.text(), "way", "pass"));
    }

    /// Another site cannot show our pages in a frame, nor does a shared computer keep them.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/contoso/security-info",
                "/contoso/sessions",
                "/contoso/oauth2/v2.0/logout",
                "/contoso/oauth2/v2.0/authorize",
                "/contoso/v2.0/adminconsent",
                "/contoso/saml2",
                "/contoso/login",
                "/device",
                "/setup",
                "/nowhere"
            })
    void noPageIsFramedOrKept(String path) {
        Answer answer = host.browser().get(path);

        assertEquals("DENY", answer.fields().get("x-frame-options"), answer.toString());
        assertTrue(answer.fields().get("content-security-policy").contains("frame-ancestors 'none'"));
        assertEquals("no-store", answer.fields().get("cache-control"));
        assertEquals("nosniff", answer.fields().get("x-content-type-options"));
    }

    /// What is typed stands in no address and comes back in no page.
    @Test
    void noSecretIsRepeated() {
        Answer wrong = with("192.0.2.78", NAME, "hunter two and more");
        Answer right = with("192.0.2.78", NAME, PASSWORD);

        assertFalse(wrong.body().contains("hunter two"), wrong.body());
        assertFalse(right.toString().contains(PASSWORD), right.toString());
    }
}
