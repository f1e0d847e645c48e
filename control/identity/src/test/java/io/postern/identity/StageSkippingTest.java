package io.postern.identity;

import static io.postern.identity.LoginHost.CALLBACK;
import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.account.Accounts;
import io.postern.account.Actor;
import io.postern.base.Secret;
import io.postern.domain.publish.SignInSettings;
import io.postern.domain.publish.SignInSettings.MfaNeed;
import io.postern.identity.Browser.Answer;
import io.postern.identity.factor.Totp;
import io.postern.store.User;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Steps of the sign-in out of order, empty, twice, in another's name, from another browser, for another request.
class StageSkippingTest {
    private static final String SESSION = "__Host-postern-session";
    private static final String NAME = "b.simon@contoso.example";

    @TempDir
    Path folder;

    private LoginHost host;
    private Browser browser;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        browser = host.browser();
        ask(MfaNeed.EVERYBODY, true);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private void ask(MfaNeed mfa, boolean stay) {
        host.set(new SignInSettings(mfa, false, stay, Optional.empty()));
    }

    private Answer begin() {
        return browser.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString());
    }

    private Answer named(Answer page, String name) {
        return browser.submit(page, Map.of("username", name));
    }

    private Answer withPassword() {
        return browser.submit(named(begin(), NAME), Map.of("username", NAME, "password", PASSWORD));
    }

    /// @return the key of the generator that simon has from now on
    private String registered() {
        Answer page = withPassword();
        String secret = People.secretOn(page);
        Answer done = browser.submit(People.registers(host, browser, page), Map.of());
        assertTrue(done.body().contains("name=\"stay\""), done.body());
        host.clock.advance(Duration.ofSeconds(60));
        browser = host.browser();
        return secret;
    }

    private static boolean isStart(Answer answer) {
        return answer.status() == 403 && answer.body().contains("id=\"username\"");
    }

    @Test
    void everyStepLeadsToTheNextAndTheLastToTheApplication() {
        String secret = registered();
        Answer name = begin();
        assertTrue(name.body().contains("id=\"username\"") && !name.body().contains("type=\"password\""));
        Answer password = named(name, NAME);
        assertTrue(password.body().contains("type=\"password\""));
        Answer factor = browser.submit(password, Map.of("username", NAME, "password", PASSWORD));
        assertTrue(factor.action().endsWith("/mfa"), factor.body());
        Answer stay = browser.submit(factor, Map.of("code", Totp.at(secret, host.clock.instant())));
        assertFalse(browser.cookies.containsKey(SESSION), "no session before the last step");
        Answer callback = browser.submit(stay, Map.of("stay", "yes"));

        assertTrue(callback.parameter("code").isPresent(), callback.toString());
        var session = host.store
                .read(s -> s.sessions().of(host.contoso.id(), host.simon.id()))
                .getLast();
        assertEquals(Set.of("pwd", "otp", "mfa"), session.methods());
        assertEquals(Optional.of(host.clock.instant()), session.mfa());
        assertTrue(session.persistent());
        assertEquals(session.authenticated().plus(Duration.ofDays(90)), session.expires());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mfa", "register", "codes", "password", "stay", "passkey"})
    void noStepIsTakenWithoutItsTicket(String step) {
        var form = new LinkedHashMap<>(named(begin(), NAME).hidden());
        form.put("stay", "yes");
        form.put("code", "000000");
        form.put("new", "a new quiet gate");
        form.put("again", "a new quiet gate");

        assertTrue(isStart(browser.post("/contoso/" + step, form)), "no ticket");
        form.put("ticket", "");
        assertTrue(isStart(browser.post("/contoso/" + step, form)), "empty ticket");
        form.put("ticket", "x".repeat(80));
        assertTrue(isStart(browser.post("/contoso/" + step, form)), "forged ticket");
        assertFalse(browser.cookies.containsKey(SESSION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"register", "codes", "password", "stay", "passkey"})
    void aTicketOpensOnlyItsOwnStep(String step) {
        registered();
        Answer factor = withPassword();
        var form = new LinkedHashMap<>(factor.hidden());
        form.put("stay", "yes");
        form.put("new", "a new quiet gate");
        form.put("again", "a new quiet gate");

        assertTrue(isStart(browser.post("/contoso/" + step, form)), step);
        assertFalse(browser.cookies.containsKey(SESSION));
    }

    @Test
    void noStepCountsTwice() {
        String secret = registered();
        Answer factor = withPassword();
        Answer stay = browser.submit(factor, Map.of("code", Totp.at(secret, host.clock.instant())));

        Answer factorAgain = browser.submit(factor, Map.of("code", Totp.at(secret, host.clock.instant())));
        host.clock.advance(Duration.ofSeconds(60));
        Answer factorWithNewCode = browser.submit(factor, Map.of("code", Totp.at(secret, host.clock.instant())));
        Answer callback = browser.submit(stay, Map.of("stay", "no"));
        Answer stayAgain = browser.submit(stay, Map.of("stay", "no"));

        assertEquals(400, factorAgain.status(), "the time step is used");
        assertTrue(isStart(factorWithNewCode), "the ticket is used");
        assertTrue(callback.parameter("code").isPresent());
        assertTrue(isStart(stayAgain));
    }

    @Test
    void aTicketIsNoGoodForAnotherBrowserOrAnotherRequest() {
        String secret = registered();
        Answer factor = withPassword();
        String code = Totp.at(secret, host.clock.instant());
        Browser other = host.browser();
        Answer theirs =
                other.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString());
        var form = new LinkedHashMap<>(theirs.hidden());
        form.put("ticket", factor.hidden().get("ticket"));
        form.put("code", code);
        assertTrue(isStart(other.post("/contoso/mfa", form)), "another browser");

        Answer second = browser.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK)
                .with("state", "another")
                .toString());
        form.put("request", second.hidden().get("request"));
        form.put("csrf", second.hidden().get("csrf"));
        assertTrue(isStart(browser.post("/contoso/mfa", form)), "another request");
        assertFalse(browser.cookies.containsKey(SESSION) || other.cookies.containsKey(SESSION));
    }

    @Test
    void theTargetOfTheSecondFactorIsNeverTakenFromTheRequest() {
        registered();
        User mallory = host.user(host.contoso, "m.allory", "M. Allory");
        host.assign(mallory, host.wiki);
        Answer page = browser.submit(
                named(begin(), "m.allory@contoso.example"),
                Map.of("username", "m.allory@contoso.example", "password", PASSWORD));
        String hers = People.secretOn(page);
        People.registers(host, browser, page);
        host.clock.advance(Duration.ofSeconds(60));
        browser = host.browser();

        Answer factorOfSimon = withPassword();
        Answer answer = browser.submit(
                factorOfSimon,
                Map.of(
                        "code", Totp.at(hers, host.clock.instant()),
                        "username", "m.allory@contoso.example",
                        "user", mallory.id().value()));

        assertEquals(400, answer.status());
        assertTrue(answer.body().contains("AADSTS500121"));
    }

    @Test
    void aTicketDiesWithThePasswordAndWithTheAccount() {
        String secret = registered();
        Answer factor = withPassword();
        host.accounts.setPassword(
                host.contoso.id(), host.simon.id(), Secret.of("an entirely new one"), false, Actor.service());
        assertTrue(isStart(browser.submit(factor, Map.of("code", Totp.at(secret, host.clock.instant())))));

        browser = host.browser();
        Answer second =
                browser.submit(named(begin(), NAME), Map.of("username", NAME, "password", "an entirely new one"));
        host.setEnabled(host.simon, false);
        assertTrue(isStart(browser.submit(second, Map.of("code", Totp.at(secret, host.clock.instant())))));
    }

    /// An administrator who takes everything back means the sign-in that is half way too.
    @Test
    void aTicketDiesWithTheSessionsOfItsUser() {
        ask(MfaNeed.NOBODY, false);
        withPassword();
        ask(MfaNeed.EVERYBODY, false);
        Answer page = begin();
        String secret = People.secretOn(page);
        host.clock.advance(Duration.ofSeconds(2));
        host.store.write(s -> {
            Accounts.voidProofs(s, host.contoso.id(), host.simon.id(), host.clock.instant());
            return true;
        });

        assertTrue(isStart(browser.submit(page, Map.of("code", Totp.at(secret, host.clock.instant())))));
    }

    @Test
    void aTicketLivesTenMinutes() {
        String secret = registered();
        Answer factor = withPassword();
        host.clock.advance(Duration.ofMinutes(10));

        assertTrue(isStart(browser.submit(factor, Map.of("code", Totp.at(secret, host.clock.instant())))));
    }

    @Test
    void registrationCannotAddASecondGeneratorBesideTheFirst() {
        Answer early = withPassword(); // an attacker with the password keeps this page
        Browser attacker = browser;
        browser = host.browser();
        registered();

        Answer late = People.registers(host, attacker, early);

        assertTrue(late.action().endsWith("/mfa"), late.body());
        assertEquals(
                1,
                host.store.read(s -> s.authenticationMethods().of(host.contoso.id(), host.simon.id())).stream()
                        .filter(m -> m.kind().isSecondFactor())
                        .count());
    }

    /// A browser that was left open, or its stolen cookie: a factor of somebody else would make the account his.
    @Test
    void anOldSessionSetsUpNoFirstFactorWithoutThePassword() {
        ask(MfaNeed.NOBODY, false);
        browser.signIn(begin(), NAME, PASSWORD);
        ask(MfaNeed.EVERYBODY, false);
        host.clock.advance(Duration.ofMinutes(16));

        Answer page = begin();
        assertTrue(page.body().contains("type=\"password\""), page.body());
        Answer register = browser.submit(page, Map.of("username", NAME, "password", PASSWORD));
        Answer callback = browser.submit(People.registers(host, browser, register), Map.of());
        assertTrue(callback.parameter("code").isPresent(), callback.toString());
    }

    @Test
    void guessingCodesIsLockedOut() {
        registered();
        Answer factor = withPassword();
        int last = 0;
        for (int i = 0; i < 11; i++) {
            last = browser.submit(factor, Map.of("code", String.format("%06d", i)))
                    .status();
        }

        assertEquals(429, last);
    }

    /// One code typed for ever is right once in a million half minutes: lockout must not forgive it as it forgives a
    /// password that is typed again.
    @Test
    void oneCodeTriedForEverIsLockedOutToo() {
        String secret = registered();
        int last = 0;
        for (int i = 0; i < 11; i++) {
            Answer factor = withPassword();
            String now = Totp.at(secret, host.clock.instant());
            last = browser.submit(factor, Map.of("code", now.equals("271828") ? "314159" : "271828"))
                    .status();
            host.clock.advance(Duration.ofSeconds(31));
        }

        assertEquals(429, last);
    }

    @Test
    void aRecoveryCodeWorksOnce() {
        Answer page = withPassword();
        Answer codes = People.registers(host, browser, page);
        var found = java.util.regex.Pattern.compile("<li><code>([^<]+)</code>").matcher(codes.body());
        assertTrue(found.find());
        String code = found.group(1);
        browser = host.browser();

        Answer first = browser.submit(withPassword(), Map.of("way", "recovery", "code", code.toUpperCase(Locale.ROOT)));
        browser = host.browser();
        Answer second = browser.submit(withPassword(), Map.of("way", "recovery", "code", code));

        assertTrue(first.body().contains("name=\"stay\""), first.body());
        assertEquals(400, second.status());
    }

    @Test
    void theCookieChangesAtEveryRiseOfPrivilege() {
        ask(MfaNeed.NOBODY, false);
        browser.signIn(begin(), NAME, PASSWORD);
        String before = browser.cookies.get(SESSION);
        ask(MfaNeed.EVERYBODY, false);

        Answer register = begin(); // the session lacks a second factor
        Answer callback = browser.submit(People.registers(host, browser, register), Map.of());

        assertTrue(callback.parameter("code").isPresent(), callback.toString());
        assertNotEquals(before, browser.cookies.get(SESSION));
        Browser thief = host.browser();
        thief.cookies.put(SESSION, before);
        assertEquals(
                200,
                thief.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString())
                        .status(),
                "the old cookie is dead");
    }

    @Test
    void silentRequestsHearThatASecondFactorIsNeeded() {
        ask(MfaNeed.NOBODY, false);
        browser.signIn(begin(), NAME, PASSWORD);
        ask(MfaNeed.EVERYBODY, false);

        Answer answer = browser.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK)
                .with("prompt", "none")
                .toString());

        assertEquals(Optional.of("interaction_required"), answer.parameter("error"));
    }

    @Test
    void choosingAnAccountIsNoWayAroundProvingItAgain() {
        ask(MfaNeed.NOBODY, false);
        browser.signIn(begin(), NAME, PASSWORD);

        Answer page = browser.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK)
                .with("prompt", "login select_account")
                .toString());
        Answer answer = browser.submit(page, Map.of("account", "same"));

        assertTrue(answer.body().contains("type=\"password\""), answer.toString());
    }

    @Test
    void onlyAdministratorsAreAskedWhereTheTenantSaysSo() {
        ask(MfaNeed.ADMINISTRATORS, false);
        assertTrue(browser.signIn(begin(), NAME, PASSWORD).parameter("code").isPresent());

        host.store.write(s -> {
            s.roles()
                    .grant(host.contoso.id(), host.simon.id().value(), io.postern.store.RoleStore.GLOBAL_ADMINISTRATOR);
            return true;
        });
        browser = host.browser();

        assertTrue(withPassword().action().endsWith("/register"));
    }

    @Test
    void anOldPasswordIsChangedFirst() {
        host.set(new SignInSettings(MfaNeed.NOBODY, false, false, Optional.of(90)));
        host.clock.advance(Duration.ofDays(91));
        Answer page = withPassword();
        assertTrue(page.body().contains("too old"), page.body());
        assertFalse(browser.cookies.containsKey(SESSION));

        Answer callback = browser.submit(page, Map.of("new", "a new quiet gate", "again", "a new quiet gate"));

        assertTrue(callback.parameter("code").isPresent());
    }
}
