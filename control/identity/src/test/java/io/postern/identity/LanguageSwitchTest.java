package io.postern.identity;

import static io.postern.identity.LoginHost.CALLBACK;
import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.publish.SignInSettings;
import io.postern.domain.publish.SignInSettings.MfaNeed;
import io.postern.identity.Browser.Answer;
import io.postern.identity.factor.Totp;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Another language in the middle of a sign-in: the same step, with the same ticket, that counts as it did.
class LanguageSwitchTest {
    private static final String NAME = "b.simon@contoso.example";

    @TempDir
    Path folder;

    private LoginHost host;
    private Browser browser;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        host.set(new SignInSettings(MfaNeed.EVERYBODY, false, true, Optional.empty()));
        browser = host.browser();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private Answer begin() {
        return browser.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString(), "accept-language", "en");
    }

    private Answer withPassword() {
        return browser.submit(begin(), Map.of("username", NAME, "password", PASSWORD));
    }

    /// Posts the form of the page as the browser shows it, in the language of the page.
    private Answer submit(Answer page, Map<String, String> typed) {
        return browser.submit(page, typed);
    }

    private Answer german(Answer page) {
        Answer german = browser.chooseLanguage(page, "de");
        assertEquals("de", german.language());
        assertEquals(page.hidden(), german.hidden(), "the same ticket and the same request");
        assertEquals(page.action(), german.action());
        return german;
    }

    private String registered() {
        Answer page = withPassword();
        String secret = People.secretOn(page);
        browser.submit(People.registers(host, browser, page), Map.of());
        host.clock.advance(Duration.ofSeconds(60));
        browser = host.browser();
        return secret;
    }

    /// Entries of the sign-in log.
    private int noted() {
        return host.store
                .read(s -> s.logs().find(host.contoso.id(), LogKind.SIGN_IN, LogQuery.newest(500)))
                .size();
    }

    @Test
    void keepsEveryStepOfARegistration() {
        Answer name = german(begin());
        Answer password = german(submit(name, Map.of("username", NAME)));
        Answer register = german(submit(password, Map.of("username", NAME, "password", PASSWORD)));
        Answer codes = submit(register, Map.of("code", Totp.at(People.secretOn(register), host.clock.instant())));
        Answer english = browser.chooseLanguage(codes, "en");
        Answer again = german(english);
        Answer stay = german(submit(again, Map.of()));
        Answer callback = submit(stay, Map.of("stay", "no"));

        assertEquals(codes.body().replaceAll("(?s)<footer.*", ""), again.body().replaceAll("(?s)<footer.*", ""));
        assertTrue(codes.body().contains("class=\"codes\""), codes.body());
        assertTrue(callback.parameter("code").isPresent(), callback.toString());
    }

    @Test
    void saysInTheOtherLanguageWhatWasWrong() {
        registered();
        Answer wrong = submit(withPassword(), Map.of("code", "000000"));
        Answer german = german(wrong);

        assertEquals(400, german.status());
        assertTrue(wrong.body().contains("The code is wrong"), wrong.body());
        assertTrue(german.body().contains("Der Code ist falsch"), german.body());
        assertTrue(german.body().contains("AADSTS500121"), german.body());
        assertTrue(german.body().contains(NAME.replace("@", "<wbr>@")), "what is a name stays one");
    }

    @Test
    void costsNoTryAndGivesNone() {
        registered();
        Answer factor = withPassword();
        int before = noted();
        Answer page = factor;
        for (int i = 0; i < 12; i++) {
            page = german(browser.chooseLanguage(page, "en"));
        }

        assertEquals(before, noted(), "nothing is noted of it");
        Answer wrong = factor;
        for (int i = 0; i < 15 && wrong.status() != 429; i++) {
            wrong = submit(german(wrong), Map.of("code", "00000" + i % 10));
            host.clock.advance(Duration.ofSeconds(30));
        }
        assertEquals(429, wrong.status(), "the tries are counted across all of it");
    }

    @Test
    void neverMakesAUsedTicketGoodAgain() {
        String secret = registered();
        Answer factor = withPassword();
        submit(factor, Map.of("code", Totp.at(secret, host.clock.instant())));
        host.clock.advance(Duration.ofSeconds(60));

        Answer late = submit(german(factor), Map.of("code", Totp.at(secret, host.clock.instant())));

        assertEquals(403, late.status());
        assertFalse(browser.cookies.containsKey("__Host-postern-session"));
    }

    @Test
    void neverMakesATicketLastLonger() {
        String secret = registered();
        Answer factor = withPassword();
        host.clock.advance(Duration.ofMinutes(9));
        Answer german = german(factor);
        host.clock.advance(Duration.ofMinutes(2));

        assertEquals(
                403,
                submit(german, Map.of("code", Totp.at(secret, host.clock.instant())))
                        .status());
    }

    @Test
    void showsThePageOfAnotherBrowserToNobody() {
        Answer register = withPassword();
        Browser other = host.browser();
        other.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString());

        Answer answer = other.chooseLanguage(register, "de");

        assertEquals(303, answer.status());
        assertEquals(Optional.of("/"), answer.location());
    }

    @Test
    void showsNoPageThatWasChanged() {
        Answer page = begin();
        String kept = page.kept().orElseThrow();
        var form = new LinkedHashMap<String, String>();
        form.put("page", kept.substring(0, kept.length() - 2) + (kept.endsWith("AA") ? "BB" : "AA"));
        form.put("language", "de");

        assertEquals(303, browser.post("/language", form).status());
        form.put("page", page.hidden().get("request"));
        assertEquals(303, browser.post("/language", form).status(), "sealed by us for something else");
    }

    @Test
    void isNoWayForAnotherSite() {
        Answer page = begin();
        Answer answer = browser.post(
                "/language",
                Map.of("page", page.kept().orElseThrow(), "language", "de"),
                "origin",
                "https://evil.example",
                "sec-fetch-site",
                "cross-site");

        assertEquals(303, answer.status());
        assertNotEquals("de", begin().language());
    }

    @Test
    void standsOnAFaultToo() {
        Answer fault = browser.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK)
                .with("client_id", "x")
                .toString());
        Answer german = browser.chooseLanguage(fault, "de");

        assertEquals("de", german.language());
        assertEquals(fault.status(), german.status());
        assertTrue(german.body().contains("Sie können hier nicht angemeldet werden"), german.body());
        assertEquals(303, browser.get("/language").status());
    }
}
