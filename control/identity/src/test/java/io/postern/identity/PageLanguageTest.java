package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.directory.Attributes;
import io.postern.domain.publish.SignInSettings;
import io.postern.identity.Browser.Answer;
import io.postern.store.User;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The language of the pages: the user's choice, `ui_locales`, the browser's, the directory's.
class PageLanguageTest {
    private static final String LANGUAGES = "accept-language";

    @TempDir
    Path folder;

    private LoginHost host;
    private Browser browser;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        host.set(new SignInSettings(SignInSettings.MfaNeed.NOBODY, false, true, Optional.empty()));
        browser = host.browser();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private AuthorizeLink wiki() {
        return AuthorizeLink.of("contoso", host.wiki, LoginHost.CALLBACK);
    }

    private static String language(Answer page) {
        return page.body().replaceAll("(?s).*<html lang=\"(..)\".*", "$1");
    }

    private Answer choose(Answer page, String language) {
        return browser.chooseLanguage(page, language);
    }

    @Test
    void isTheBrowsersWhereWeSpeakIt() {
        assertEquals("de", language(browser.get(wiki().toString(), LANGUAGES, "fr, de-CH;q=0.7, en;q=0.5")));
        assertEquals("en", language(browser.get(wiki().toString(), LANGUAGES, "fr")));
    }

    @Test
    void isWhatTheApplicationAskedForOnEveryPageOfItsSignIn() {
        Answer first = browser.get(wiki().with("ui_locales", "fr de").toString(), LANGUAGES, "en");
        Answer second = browser.submit(first, Map.of("username", "b.simon@contoso.example"));

        assertEquals("de", language(first));
        assertTrue(second.body().contains("id=\"password\""), second.body());
        assertEquals("de", language(second));
        assertEquals("en", language(browser.get(wiki().toString(), LANGUAGES, "en")), "nothing is left of it");
    }

    @Test
    void isWhatTheUserChoseAboveAll() {
        Answer page = browser.get(wiki().with("ui_locales", "en").toString(), LANGUAGES, "en");

        Answer german = choose(page, "de");

        assertEquals("de", language(german));
        assertTrue(german.body().contains("id=\"username\""), "the sign-in goes on");
        assertEquals("de", language(browser.get(wiki().with("ui_locales", "en").toString(), LANGUAGES, "en")));
        assertEquals("de", language(choose(german, "xx")), "what we do not speak changes nothing");
    }

    @Test
    void isTheDirectorysOnceTheUserIsKnownAndTheBrowserSpeaksNothingOfOurs() {
        preferring("de-AT");
        Answer first = browser.get(wiki().toString(), LANGUAGES, "fr");
        Answer stay =
                browser.submit(first, Map.of("username", "b.simon@contoso.example", "password", LoginHost.PASSWORD));

        assertEquals("en", language(first), "nobody is known yet, and nothing tells whose name it is");
        assertTrue(stay.body().contains("name=\"stay\""), stay.body());
        assertEquals("de", language(stay));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/contoso/sessions", "/contoso/security-info"})
    void isWhatTheDirectorySaysOnThePagesOfAUserWhoIsSignedIn(String page) {
        preferring("de-AT");
        browser.signIn(browser.get(wiki().toString()), "b.simon@contoso.example", LoginHost.PASSWORD);

        assertEquals("de", language(browser.get(page)));
        assertEquals("de", language(browser.get(page, LANGUAGES, "fr")));
        assertEquals("en", language(browser.get(page, LANGUAGES, "en")));
    }

    @Test
    void isTheTenantsWhereNobodySaysOneThatWeSpeak() {
        host.setLanguage("de");

        assertEquals("de", language(browser.get(wiki().toString())));
        assertEquals("de", language(browser.get(wiki().toString(), LANGUAGES, "fr")));
        assertEquals("de", language(browser.get(wiki().with("client_id", "x").toString(), LANGUAGES, "fr")), "a fault");
        assertEquals("en", language(browser.get(wiki().toString(), LANGUAGES, "en")));
        assertEquals("en", language(browser.get(wiki().with("ui_locales", "en").toString())));
        assertEquals(
                "en",
                language(browser.get(
                        AuthorizeLink.of("fabrikam", host.wiki, LoginHost.CALLBACK)
                                .toString(),
                        LANGUAGES,
                        "fr")),
                "another tenant's is its own");
    }

    @Test
    void ofTheTenantDoesNotGoBeforeTheDirectorys() {
        host.setLanguage("de");
        preferring("en-GB");
        Answer first = browser.get(wiki().toString(), LANGUAGES, "fr");
        Answer stay =
                browser.submit(first, Map.of("username", "b.simon@contoso.example", "password", LoginHost.PASSWORD));

        assertEquals("de", language(first));
        assertEquals("en", language(stay));
    }

    @Test
    void ofTheDirectoryDoesNotGoBeforeTheBrowsers() {
        preferring("de-AT");
        Answer stay = browser.post(
                "/contoso/login",
                with(browser.get(wiki().toString(), LANGUAGES, "en")),
                "origin",
                Browser.ORIGIN,
                LANGUAGES,
                "en");

        assertTrue(stay.body().contains("name=\"stay\""), stay.body());
        assertEquals("en", language(stay));
    }

    @Test
    void ofAnotherSiteIsNotChosen() {
        browser.post(
                "/language",
                Map.of("language", "de"),
                "origin",
                "https://evil.example",
                "sec-fetch-site",
                "cross-site");

        assertFalse(browser.cookies.containsKey("__Host-postern-language"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "https://login.postern.localhost:8443//evil.example/",
                "https://login.postern.localhost:8443/\\evil.example/",
                "https://login.postern.localhost:8443.evil.example/",
                "https://login.postern.localhost:8443@evil.example/"
            })
    void leadsNowhereElse(String referrer) {
        Answer answer = browser.post("/language", Map.of("language", "de"), "referer", referrer);

        assertEquals(Optional.of("/"), answer.location());
    }

    @Test
    void leadsBackToThePage() {
        Answer answer = browser.post(
                "/language", Map.of("language", "de"), "referer", Browser.ORIGIN + "/device?user_code=BCDF-GHJK");

        assertEquals(Optional.of("/device?user_code=BCDF-GHJK"), answer.location());
        assertEquals("de", language(browser.get("/device", LANGUAGES, "en")));
    }

    private static Map<String, String> with(Answer page) {
        var form = new java.util.LinkedHashMap<>(page.hidden());
        form.put("username", "b.simon@contoso.example");
        form.put("password", LoginHost.PASSWORD);
        return form;
    }

    private void preferring(String language) {
        host.store.write(s -> {
            User u = s.users().find(host.contoso.id(), host.simon.id()).orElseThrow();
            s.users()
                    .update(new User(
                            u.tenant(),
                            u.id(),
                            u.userPrincipalName(),
                            u.displayName(),
                            u.givenName(),
                            u.surname(),
                            u.mail(),
                            u.accountEnabled(),
                            u.passwordHash(),
                            u.forceChangePassword(),
                            u.sessionsValidFrom(),
                            u.created(),
                            u.attributes().with(Attributes.PREFERRED_LANGUAGE, Optional.of(language))));
            return u;
        });
    }
}
