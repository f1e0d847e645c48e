package io.postern.identity;

import static io.postern.identity.LoginHost.CALLBACK;
import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.account.Actor;
import io.postern.account.onpremises.PasswordDesk;
import io.postern.base.Outcome;
import io.postern.base.PasswordSeal;
import io.postern.base.PasswordVerdict;
import io.postern.base.Secret;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.directory.Attributes;
import io.postern.domain.publish.SignInSettings;
import io.postern.domain.publish.SignInSettings.MfaNeed;
import io.postern.domain.sync.DeletionLimit;
import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.DirectoryObject;
import io.postern.domain.sync.MemberSelection;
import io.postern.domain.sync.PasswordCheck;
import io.postern.domain.sync.SyncSettings;
import io.postern.identity.Browser.Answer;
import io.postern.store.ConnectorGroup;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.store.SyncObject;
import io.postern.store.SyncSource;
import io.postern.store.SyncState;
import io.postern.store.User;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// PWC-1 to PWC-6: what a user whose directory checks his password sees, and what reaches that directory.
class OnPremisesPasswordTest {
    private static final String NAME = "b.simon@contoso.example";
    private static final String THERE = "Password of the directory 1";

    @TempDir
    Path folder;

    private final String object = UUID.randomUUID().toString();
    private final ConnectorGroupId group = ConnectorGroupId.random();
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private volatile PasswordVerdict verdict = PasswordVerdict.RIGHT;
    private Optional<Thread> connector = Optional.empty();
    private LoginHost host;
    private Browser browser;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        host.set(new SignInSettings(MfaNeed.NOBODY, false, false, Optional.empty()));
        browser = host.browser();
        var settings = new SyncSettings(
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                MemberSelection.ALL,
                Map.of(),
                Duration.ofMinutes(30),
                DeletionLimit.DEFAULT,
                true,
                new PasswordCheck(true, 5, Duration.ofMinutes(31)));
        var source =
                new SyncSource(host.contoso.id(), "s", "corp", "corp", group, true, settings, host.clock.instant());
        host.store.write(s -> {
            s.connectorGroups()
                    .insert(new ConnectorGroup(
                            host.contoso.id(), group, "Berlin", false, Optional.empty(), host.clock.instant()));
            s.sync().insert(source, SyncState.at(host.clock.instant()));
            s.sync()
                    .put(
                            host.contoso.id(),
                            "s",
                            new SyncObject(
                                    object,
                                    DirectoryObject.Kind.USER,
                                    DirectoryName.of("CN=simon,DC=corp,DC=test"),
                                    Map.of(),
                                    Optional.of(host.simon.id().value()),
                                    "",
                                    false,
                                    false,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty()));
            return s.users()
                    .update(host.simon.withAttributes(
                            host.simon.attributes().with(Attributes.SYNCHRONISED, Optional.of("true"))));
        });
    }

    @AfterEach
    void stop() {
        connector.ifPresent(Thread::interrupt);
        host.close();
    }

    /// A connector whose directory has one password, and says [#verdict] to that.
    private void connect() {
        var seal = PasswordSeal.create();
        var id = ConnectorId.random();
        var caller = new PasswordDesk.Caller(
                host.contoso.id(), group, id, "dc-reader", Set.of("corp"), seal.publicKey(), 16);
        connector = Optional.of(Thread.ofVirtual().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                host.desk.await(caller, Duration.ofSeconds(20)).taken().forEach(taken -> {
                    String password = open(seal, taken);
                    asked.add(password);
                    boolean right = taken.object().equals(object) && password.equals(THERE);
                    host.desk.answer(id, taken.id(), right ? verdict : PasswordVerdict.WRONG, "");
                });
            }
        }));
        while (host.desk.connectors(host.contoso.id(), group, "corp").isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private static String open(PasswordSeal seal, PasswordDesk.Taken taken) {
        try {
            return new String(seal.open(taken.sealed(), taken.id()), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private Answer attempt(String name, String password) {
        Answer page =
                browser.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString());
        return browser.signIn(page, name, password);
    }

    private String log() {
        return host.store
                .read(s -> s.logs().find(host.contoso.id(), LogKind.SIGN_IN, LogQuery.newest(50)))
                .toString();
    }

    @Test
    void thePasswordOfTheDirectoryCountsAndNoOther() {
        connect();
        assertEquals(303, attempt(NAME, THERE).status());
        assertTrue(log().contains("Password checked on premises by connector 'dc-reader', directory 'corp'."), log());
        Answer own = host.browser()
                .signIn(
                        host.browser()
                                .get(AuthorizeLink.of("contoso", host.wiki, CALLBACK)
                                        .toString()),
                        NAME,
                        PASSWORD);
        assertFalse(own.status() == 303, "the password that is still stored here opens nothing");
        assertFalse(log().contains(THERE));
    }

    @ParameterizedTest
    @CsvSource({
        "EXPIRED, 50055, has expired",
        "MUST_CHANGE, 50055, must change your password",
        "DISABLED, 50057, locked",
        "ACCOUNT_EXPIRED, 50057, account has expired",
        "LOCKED, 50053, locked this account",
        "HOURS, 80012, at this time",
        "RESTRICTED, 80007, does not let",
        "UNREACHABLE, 80001, cannot be checked just now",
        "TIMEOUT, 80002, cannot be checked just now",
        "UNREADABLE, 80010, cannot be checked just now",
        "FAILED, 80007, cannot be checked just now"
    })
    void whatElseItSaysIsToldAndIsNoSignIn(PasswordVerdict said, int number, String sentence) {
        connect();
        verdict = said;
        Answer answer = attempt(NAME, THERE);
        assertTrue(answer.body().contains("AADSTS" + number), answer.body());
        assertTrue(answer.body().contains(sentence) || said == PasswordVerdict.DISABLED, answer.body());
        assertFalse(browser.cookies.containsKey("__Host-postern-session"));
        assertTrue(log().contains(String.valueOf(number)), log());
    }

    @Test
    void withoutAConnectorOthersSignInAsEver() {
        host.assign(host.user(host.contoso, "emergency", "Emergency"), host.wiki);
        Answer away = attempt(NAME, THERE);
        assertEquals(503, away.status());
        assertTrue(away.body().contains("AADSTS80001"), away.body());
        assertEquals(303, attempt("emergency@contoso.example", PASSWORD).status());
    }

    @Test
    void fewGuessesReachTheDirectory() {
        connect();
        for (int i = 0; i < 4; i++) {
            assertEquals(400, attempt(NAME, "the same guess").status());
        }
        Answer fifth = attempt(NAME, "the same guess");
        assertEquals(429, fifth.status());
        assertEquals("1861", fifth.fields().get("retry-after"));
        assertEquals(429, attempt(NAME, THERE).status());
        assertEquals(5, asked.size(), "what is paused is not sent on");

        host.clock.advance(Duration.ofMinutes(31));
        assertEquals(303, attempt(NAME, THERE).status());
    }

    @Test
    void namesOfNobodyPauseTheSameWay() {
        connect();
        for (int i = 0; i < 5; i++) {
            attempt("no.body@contoso.example", "guess " + i);
        }
        assertEquals(429, attempt("no.body@contoso.example", "another").status());
        assertEquals(0, asked.size());
    }

    @Test
    void whatTheDirectoryDoesNotTellIsNoGuess() {
        connect();
        verdict = PasswordVerdict.TIMEOUT;
        for (int i = 0; i < 7; i++) {
            assertTrue(attempt(NAME, THERE).body().contains("AADSTS80002"));
        }
        verdict = PasswordVerdict.RIGHT;
        assertEquals(303, attempt(NAME, THERE).status());
    }

    @Test
    void nothingIsAskedAboutNoPassword() {
        connect();
        assertFalse(attempt(NAME, "").status() == 303);
        assertEquals(0, asked.size());
    }

    @Test
    void itIsNotSetHere() {
        connect();
        Outcome<User> set = host.accounts.setPassword(
                host.contoso.id(), host.simon.id(), Secret.of("correct horse battery"), false, Actor.service());
        assertInstanceOf(Outcome.Invalid.class, set);
        browser.followRedirects(attempt(NAME, THERE));
        Answer page = browser.get("/contoso/security-info");
        assertTrue(page.body().contains("Your password belongs to the directory"), page.body());
        assertFalse(page.body().contains("name=\"new\""));
        Answer refused = browser.post(
                "/contoso/security-info",
                Map.of(
                        "csrf",
                        page.hidden().get("csrf"),
                        "do",
                        "password",
                        "old",
                        THERE,
                        "new",
                        "correct horse battery",
                        "again",
                        "correct horse battery"),
                "origin",
                Browser.ORIGIN,
                "sec-fetch-site",
                "same-origin");
        assertEquals(400, refused.status());
        assertTrue(refused.body().contains("Your password belongs to the directory"), refused.body());
    }

    @Test
    void itsAgeHereIsOfNoAccount() {
        host.set(new SignInSettings(MfaNeed.NOBODY, false, false, Optional.of(1)));
        host.clock.advance(Duration.ofDays(40));
        connect();
        assertEquals(303, attempt(NAME, THERE).status());
    }
}
