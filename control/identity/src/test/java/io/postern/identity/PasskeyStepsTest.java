package io.postern.identity;

import static io.postern.identity.LoginHost.CALLBACK;
import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.TenantId;
import io.postern.domain.publish.SignInSettings;
import io.postern.domain.publish.SignInSettings.MfaNeed;
import io.postern.identity.Browser.Answer;
import io.postern.identity.factor.SoftKey;
import io.postern.store.AuthenticationMethod.Kind;
import io.postern.store.User;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Honest answers of authenticators that are sent where they do not belong: to another page, by another browser, for
/// another user, twice. What is wrong in the answer itself: `PasskeyAttackTest`.
class PasskeyStepsTest {
    private static final Pattern FORM = Pattern.compile(
            "(?s)<form method=\"post\" action=\"([^\"]+)\" class=\"passkey\" data-passkey=\"([^\"]+)\">(.*?)</form>");
    private static final Pattern CHALLENGE = Pattern.compile("challenge(?:&#34;|&quot;|\"|:)+([A-Za-z0-9_-]+)");
    private static final String WRONG = "passkey could not be accepted";

    /// What a page asks of the authenticator, and the fields that go with its answer.
    private record Asked(String action, String challenge, Map<String, String> fields) {}

    @TempDir
    Path folder;

    private LoginHost host;
    private User other;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        host.set(new SignInSettings(MfaNeed.EVERYBODY, false, false, Optional.empty()));
        other = host.user(host.contoso, "o.ther", "O. Ther");
    }

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void onePasskeyIsBothFactorsOnce() {
        SoftKey key = registered(host.simon);
        Browser browser = host.browser();
        Asked asked = asked(begun(browser));
        String proof = key.proves(asked.challenge());

        assertTrue(arrives(browser, answer(browser, asked, proof)));
        assertEquals(1, sessions(host.simon));

        Answer again = answer(browser, asked, proof);
        assertTrue(refused(again), again.toString());
        Asked fresh = asked(begun(host.browser()));
        assertTrue(refused(answer(host.browser(), fresh, proof)));
        assertEquals(1, sessions(host.simon));
    }

    @Test
    void aChallengeOfAnotherBrowserIsNotAnswered() {
        SoftKey key = registered(host.simon);
        Browser victim = host.browser();
        Browser thief = host.browser();
        Asked ofVictim = asked(begun(victim));
        Asked ofThief = asked(begun(thief));

        // his own challenge, answered by the victim's authenticator on another site, would be another origin; so he
        // takes what the victim was asked
        Answer swapped = answer(thief, ofThief, key.proves(ofVictim.challenge()));
        Answer carried = answer(thief, ofVictim, key.proves(ofVictim.challenge()));

        assertTrue(refused(swapped), swapped.toString());
        assertTrue(refused(carried), carried.toString());
        assertEquals(0, sessions(host.simon));
    }

    @Test
    void anotherUsersPasskeyIsNoSecondFactor() {
        registered(host.simon);
        SoftKey foreign = registered(other);
        Browser browser = host.browser();
        Asked asked = asked(browser.signIn(begun(browser), host.simon.userPrincipalName(), PASSWORD));

        Answer answer = answer(browser, asked, foreign.proves(asked.challenge()));

        assertTrue(refused(answer), answer.toString());
        assertEquals(0, sessions(host.simon));
        assertEquals(0, sessions(other));
    }

    @Test
    void aProofForTheSecondFactorIsNoneWithoutAPassword() {
        SoftKey key = registered(host.simon);
        Browser browser = host.browser();
        Asked alone = asked(begun(browser));
        Asked second = asked(browser.signIn(begun(browser), host.simon.userPrincipalName(), PASSWORD));

        Answer moved = answer(browser, new Asked(alone.action(), "", second.fields()), key.proves(second.challenge()));

        assertTrue(refused(moved), moved.toString());
        assertEquals(0, sessions(host.simon));
    }

    @Test
    void aRegistrationCountsOnceAndForOneUser() {
        Browser browser = host.browser();
        Asked asked = asked(browser.signIn(begun(browser), host.simon.userPrincipalName(), PASSWORD));
        var key = new SoftKey(Browser.ORIGIN);
        String made = key.made(asked.challenge());
        assertTrue(answer(browser, asked, made).body().contains("codes"));

        answer(browser, asked, made);
        Browser thief = host.browser();
        Asked ofOther = asked(thief.signIn(begun(thief), other.userPrincipalName(), PASSWORD));
        assertTrue(refused(answer(thief, ofOther, made)), "what answered another challenge");
        Asked again = asked(thief.signIn(begun(thief), other.userPrincipalName(), PASSWORD));
        assertTrue(refused(answer(thief, again, key.made(again.challenge()))), "what is registered already");

        assertEquals(1, passkeys(host.simon));
        assertEquals(0, passkeys(other));
    }

    private Answer begun(Browser browser) {
        return browser.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK)
                .with("prompt", "login")
                .toString());
    }

    /// Through the registration that is forced at the first sign-in, in a browser that is not used again.
    private SoftKey registered(User user) {
        Browser browser = host.browser();
        Asked asked = asked(browser.signIn(begun(browser), user.userPrincipalName(), PASSWORD));
        var key = new SoftKey(Browser.ORIGIN);
        Answer codes = answer(browser, asked, key.made(asked.challenge()));
        assertTrue(codes.body().contains("codes"), codes.toString());
        assertEquals(0, sessions(user), "the codes are still to be confirmed");
        return key;
    }

    private static Asked asked(Answer page) {
        Matcher form = FORM.matcher(page.body());
        assertTrue(form.find(), page.toString());
        Matcher challenge = CHALLENGE.matcher(form.group(2));
        assertTrue(challenge.find(), form.group(2));
        return new Asked(form.group(1), challenge.group(1), new Answer(200, form.group(3), Map.of()).hidden());
    }

    private static Answer answer(Browser browser, Asked asked, String credential) {
        var fields = new LinkedHashMap<>(asked.fields());
        fields.put("credential", credential);
        return browser.post(asked.action(), fields, "origin", Browser.ORIGIN, "sec-fetch-site", "same-origin");
    }

    private static boolean arrives(Browser browser, Answer answer) {
        return browser.staysNot(answer).parameter("code").isPresent();
    }

    private static boolean refused(Answer answer) {
        assertFalse(answer.parameter("code").isPresent(), answer.toString());
        return answer.status() >= 400
                || answer.body().contains(WRONG)
                || answer.body().contains("name=\"username\"");
    }

    private int sessions(User user) {
        TenantId tenant = user.tenant();
        return host.store.read(s -> s.sessions().of(tenant, user.id())).size();
    }

    private long passkeys(User user) {
        return host.store.read(s -> s.authenticationMethods().of(user.tenant(), user.id())).stream()
                .filter(m -> m.kind() == Kind.PASSKEY)
                .count();
    }
}
