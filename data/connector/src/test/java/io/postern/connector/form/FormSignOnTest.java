package io.postern.connector.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.postern.connector.serve.TestStream;
import io.postern.connector.serve.TunnelRig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sign-on through an application's own form (PWD-1, PWD-2), by real tunnels at an application that is strict.
class FormSignOnTest {
    private FormApp app;
    private FormRig rig;

    @BeforeEach
    void open() throws Exception {
        app = new FormApp();
        rig = new FormRig(app.port(), LoginSettings.at("/login"), app.password);
    }

    @AfterEach
    void close() {
        rig.close();
        app.close();
    }

    @Test
    void signsTheUserInBeforeTheFirstRequest() throws Exception {
        TestStream answer = rig.get("/reports");

        assertEquals("welcome alice body=0", answer.body());
        assertEquals(1, app.signIns.get());
        assertFalse(answer.head().contains(HttpHeaderNames.SET_COOKIE));
    }

    @Test
    void signsInOnceForManyRequestsAtATime() throws Exception {
        var open = new ArrayList<TestStream>();
        for (int i = 0; i < 20; i++) {
            open.add(rig.open(rig.head("form", "/r" + i), true));
        }

        for (TestStream one : open) {
            assertEquals(200, one.awaitEnd().status());
        }
        assertEquals(1, app.signIns.get());
        assertEquals(1, rig.fetches.get());
    }

    @Test
    void theBrowsersOwnCookiesGoThroughButNoneOfTheSignInsNames() throws Exception {
        rig.get("/");

        rig.open(
                        rig.head("form", "/x")
                                .add(HttpHeaderNames.COOKIE, "sid=forged; theme=dark")
                                .add(HttpHeaderNames.COOKIE, "pre=forged"),
                        true)
                .awaitEnd();

        String last = app.seen.getLast();
        assertTrue(last.contains("theme=dark"), last);
        assertFalse(last.contains("forged"), last);
    }

    @Test
    void cookiesThatTheApplicationRenewsStayHereAndOthersPass() throws Exception {
        TestStream answer = rig.get("/rotate");

        assertEquals(
                List.of("theme=dark; Path=/"),
                answer.head().getAll(HttpHeaderNames.SET_COOKIE).stream()
                        .map(CharSequence::toString)
                        .toList());
        app.seen.clear();
        assertEquals(200, rig.get("/after").status());
        assertEquals(1, app.signIns.get());
    }

    @Test
    void signsInAgainWhenTheApplicationShowsItsFormAgain() throws Exception {
        rig.get("/");
        app.forgetSessions();

        assertEquals("welcome alice body=0", rig.get("/again").body());
        assertEquals(2, app.signIns.get());
    }

    @Test
    void signsInAgainWhenTheApplicationAnswers401() throws Exception {
        rig.get("/");
        app.forgetSessions();

        assertEquals("api", rig.get("/api").body());
    }

    @Test
    void aRedirectToAnotherPageOfTheSamePathIsNoLostSession() throws Exception {
        rig.settings = LoginSettings.at("/login?do=in");

        TestStream answer = rig.get("/save");

        assertEquals(302, answer.status());
        assertEquals(1, app.signIns.get());
    }

    @Test
    void whereTheUserMayNotGoTheSessionIsAskedForOnceAndKept() throws Exception {
        rig.get("/");
        app.seen.clear();
        rig.clock.advance(LoginSession.CERTAIN);

        for (int i = 0; i < 3; i++) {
            assertEquals("not for you", rig.get("/forbidden").body());
        }

        assertEquals(1, app.signIns.get());
        assertEquals(
                1,
                app.seen.stream().filter(line -> line.startsWith("GET /login ")).count(),
                app.seen.toString());
    }

    @Test
    void whatIsPostedIsNotSentAgainForADoubt() throws Exception {
        rig.get("/");
        rig.clock.advance(LoginSession.CERTAIN);
        TestStream post = rig.open(rig.head("form", "/forbidden").method("POST"), false);
        post.data("abc", true);

        assertEquals(403, post.awaitEnd().status());
        assertEquals(
                1,
                app.seen.stream()
                        .filter(line -> line.startsWith("POST /forbidden "))
                        .count());
        app.forgetSessions();
        assertEquals("welcome alice body=0", rig.get("/next").body());
        assertEquals(2, app.signIns.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip"})
    void aFormInThePlaceOfAPageMeansASignInBeforeTheNextRequest(String coding) throws Exception {
        rig.get("/");
        app.forgetSessions();
        rig.clock.advance(LoginSession.CERTAIN);

        TestStream form = rig.open(rig.head("form", "/inplace").set(HttpHeaderNames.ACCEPT_ENCODING, coding), true)
                .awaitEnd();

        assertEquals(200, form.status());
        assertEquals(1, app.signIns.get());
        assertTrue(rig.get("/inplace").body().contains("a page"));
        assertEquals(2, app.signIns.get());
    }

    @Test
    void aFormForANewPasswordDoubtsNothing() throws Exception {
        rig.get("/");
        rig.clock.advance(LoginSession.CERTAIN);
        app.seen.clear();

        rig.get("/account");
        rig.get("/next");

        assertEquals(2, app.seen.size(), app.seen.toString());
    }

    @Test
    void afterAPauseItAsksWhetherTheSessionIsThere() throws Exception {
        rig.get("/");
        app.forgetSessions();
        rig.clock.advance(LoginSession.UNSEEN.plusSeconds(1));
        TestStream post = rig.open(rig.head("form", "/post").method("POST"), false);
        post.data("abc", true);

        assertEquals("welcome alice body=3", post.awaitEnd().body()); // could not have been repeated
        assertEquals(2, app.signIns.get());
    }

    @Test
    void aWrongPasswordIsNotTriedAgainUntilItIsSetAnew() throws Exception {
        rig.password = "wrong";

        TestStream first = rig.get("/");
        TestStream second = rig.get("/other");

        assertEquals(403, first.status());
        assertEquals("sign-on-user", first.failure());
        assertEquals("sign-on-user", second.failure());
        assertEquals(1, app.refusals.get());
        rig.password = app.password;
        rig.version = "2";
        assertEquals(200, rig.get("/").status());
    }

    @Test
    void betweenWrongTriesThePausesGrow() throws Exception {
        rig.password = "wrong";

        for (int minutes = 0; minutes < 60; minutes++) {
            rig.get("/");
            rig.clock.advance(Duration.ofMinutes(1));
        }

        assertEquals(3, app.refusals.get()); // at once, after 10 and after 20 more
    }

    @Test
    void anotherPasswordMeansAnotherSession() throws Exception {
        rig.get("/");

        rig.version = "2";
        rig.get("/");

        assertEquals(2, app.signIns.get());
    }

    @Test
    void aPasswordGoesToNoOtherHost() throws Exception {
        try (var thief = new FormApp()) {
            app.formAction = Optional.of("http://127.0.0.1:" + thief.port() + "/login");

            TestStream answer = rig.get("/");

            assertEquals("sign-on-configuration", answer.failure());
            assertTrue(thief.seen.isEmpty());
        }
    }

    @Test
    void namesWhatIsWrongWithThePage() throws Exception {
        rig.settings = LoginSettings.at("/api");

        TestStream answer = rig.get("/");

        assertEquals(502, answer.status());
        assertTrue(answer.reason().contains("'/api' answers 401"), answer.reason());
    }

    @Test
    void aProofThatDoesNotHoldIsARefusal() throws Exception {
        rig.settings = new LoginSettings(
                "/login",
                Optional.of("username"),
                Optional.of("pw"),
                Map.of(),
                new LoginProof(Optional.of("sid"), Optional.of("welcome bob")),
                Optional.empty());

        assertEquals("sign-on-user", rig.get("/").failure());
    }

    @Test
    void aSessionThatNobodyUsesIsEndedAtTheApplication() throws Exception {
        rig.settings = new LoginSettings(
                "/login",
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                LoginProof.FORM_IS_GONE,
                Optional.of("/logout"));
        rig.get("/");
        rig.clock.advance(LoginSessions.IDLE.plusSeconds(1));

        rig.form().sweep();

        TunnelRig.await(
                () -> app.seen.stream().anyMatch(line -> line.startsWith("GET /logout ") && line.contains("sid=")));
    }

    @Test
    void whoSignsOutHereIsSignedOutAtTheApplication() throws Exception {
        rig.settings = new LoginSettings(
                "/login",
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                LoginProof.FORM_IS_GONE,
                Optional.of("/logout"));
        rig.get("/");
        var other = rig.head("form", "/")
                .set("postern-sign-on", "form app=app-1 user=u-1 session=s-2 version=" + rig.version);
        rig.open(other, true).awaitEnd();
        assertEquals(
                List.of(
                        new HeldSession("u-1", "s-1", rig.clock.instant()),
                        new HeldSession("u-1", "s-2", rig.clock.instant())),
                rig.form().held());

        rig.form().end(rig.form().held().getFirst());

        TunnelRig.await(
                () -> app.seen.stream().anyMatch(line -> line.startsWith("GET /logout ") && line.contains("sid=")));
        assertEquals(
                List.of("s-2"),
                rig.form().held().stream().map(HeldSession::session).toList());
        rig.get("/back");
        assertEquals(3, app.signIns.get());
    }

    @Test
    void withoutACredentialTheUserReadsThatOneIsMissing() throws Exception {
        var head = rig.head("form", "/").set("postern-sign-on", "form app=app-2 user=u-1 session=s-1 version=1");

        TestStream answer = rig.open(head, true).awaitEnd();

        assertEquals(403, answer.status());
        assertTrue(answer.reason().contains("set a name and a password"), answer.reason());
    }

    @Test
    void basicShowsNameAndPasswordInPlaceOfWhatTheClientSays() throws Exception {
        try (var basic = new BasicApp("alice", "pässword:1");
                var other = new FormRig(basic.port(), LoginSettings.at("/"), "pässword:1")) {
            TestStream answer = other.open(other.head("basic", "/").set("authorization", "Basic Zm9yZ2Vk"), true)
                    .awaitEnd();

            assertEquals(200, answer.status());
            assertEquals(List.of(true), basic.tries);
        }
    }

    @Test
    void basicDoesNotRepeatAWrongPassword() throws Exception {
        try (var basic = new BasicApp("alice", "right");
                var other = new FormRig(basic.port(), LoginSettings.at("/"), "wrong")) {
            assertEquals(
                    "sign-on-refused",
                    other.open(other.head("basic", "/"), true).awaitEnd().failure());
            assertEquals(
                    "sign-on-user",
                    other.open(other.head("basic", "/a"), true).awaitEnd().failure());

            assertEquals(List.of(false), basic.tries);
        }
    }
}
