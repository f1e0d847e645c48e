package io.postern.connector.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.postern.connector.serve.TestStream;
import io.postern.tunnel.TunnelFailure;
import io.postern.tunnel.TunnelProtocol;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A wrong password is sent once, however the application says no, and nothing is done twice (PWD-6).
class FormLockOutTest {
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

    private void fiveRequestsSendTheWrongPasswordOnce() throws Exception {
        rig.password = "wrong";
        for (int i = 0; i < 5; i++) {
            TestStream answer = rig.get("/r" + i);
            assertEquals(
                    TunnelFailure.SIGN_ON_USER.wireName(),
                    answer.head().get(TunnelProtocol.FAILURE).toString(),
                    () -> answer.head().toString());
        }
        assertEquals(1, app.refusals.get());
        assertEquals(0, app.signIns.get());
    }

    private static LoginSettings proven(Optional<String> cookie, Optional<String> text) {
        return new LoginSettings(
                "/login",
                Optional.empty(),
                Optional.of("pw"),
                Map.of(),
                new LoginProof(cookie, text),
                Optional.empty());
    }

    @Test
    void whereTheFormComesAgain() throws Exception {
        fiveRequestsSendTheWrongPasswordOnce();
    }

    /// As applications that have their external URL in their configuration.
    @ParameterizedTest
    @ValueSource(strings = {"https://wiki.example/login?error=1", "//wiki.example/login", "/login?error=1", "login"})
    void whereItLeadsBackToTheForm(String to) throws Exception {
        app.refusalLeadsTo = Optional.of(to);

        fiveRequestsSendTheWrongPasswordOnce();
    }

    @Test
    void whereTheAnswerIsNoPage() throws Exception {
        app.refusalSays = Optional.of("{\"error\":\"password\"}");

        fiveRequestsSendTheWrongPasswordOnce();
    }

    @Test
    void whereTheProofsCookieWasThereBefore() throws Exception {
        rig.settings = proven(Optional.of("pre"), Optional.empty());
        app.refusalSays = Optional.of("no");

        fiveRequestsSendTheWrongPasswordOnce();
    }

    /// Every visitor gets a new one with the form.
    @Test
    void whereTheProofsCookieIsGivenToAnybody() throws Exception {
        rig.settings = proven(Optional.of("pre"), Optional.empty());

        fiveRequestsSendTheWrongPasswordOnce();
    }

    /// Then the first request tells.
    @Test
    void whereTheProofsTextIsThereForEverybody() throws Exception {
        rig.settings = proven(Optional.empty(), Optional.of("no"));
        app.refusalSays = Optional.of("no");

        fiveRequestsSendTheWrongPasswordOnce();
    }

    @Test
    void aRightPasswordWhoseAnswerLeadsToTheExternalHostIsOne() throws Exception {
        app.signInLeadsTo = Optional.of("https://wiki.example/home");

        assertEquals("welcome alice body=0", rig.get("/").body());
        assertEquals(1, app.signIns.get());
    }

    /// One address serves the form, and takes what the form of a page is posted to.
    @Test
    void whatIsPostedIsNotPostedAgainForItsWayToTheForm() throws Exception {
        rig.get("/");
        app.seen.clear();

        TestStream post = rig.open(rig.head("form", "/save").method("POST"), false);
        post.data("abc", true);

        assertEquals(302, post.awaitEnd().status());
        assertEquals(
                1,
                app.seen.stream().filter(line -> line.startsWith("POST /save")).count());
        assertEquals(200, rig.get("/").status());
        assertEquals(1, app.signIns.get(), "the session was asked for, and is still there");
    }

    @ParameterizedTest
    @CsvSource({
        "https://elsewhere.example/login, false",
        "//elsewhere.example/login, false",
        "/logins, false",
        "login, true",
        "/login?from=100%, true",
        "/login#top, true"
    })
    void aWayToTheFormIsOneOfTheApplicationsOwn(String to, boolean isAsked) throws Exception {
        rig.get("/");
        app.seen.clear();
        app.elsewhere = Optional.of(to);

        assertEquals(302, rig.get("/elsewhere").status());

        assertEquals(
                isAsked, app.seen.stream().anyMatch(line -> line.startsWith("GET /login ")), () -> app.seen.toString());
        assertEquals(1, app.signIns.get());
    }

    @Test
    void theNextSessionHasNoCookiesOfTheOneBefore() throws Exception {
        app.moreCookie = Optional.of("remember=anna; Path=/");
        rig.get("/");
        app.moreCookie = Optional.empty();
        app.forgetSessions();

        TestStream answer = rig.open(rig.head("form", "/r").set(HttpHeaderNames.COOKIE, "theme=dark"), true)
                .awaitEnd();

        assertEquals(200, answer.status());
        String last = app.seen.getLast();
        assertTrue(last.contains("theme=dark"), last);
        assertFalse(last.contains("remember"), last);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoSignsOutInTheApplicationIsNotKeptOut(boolean isFirst) throws Exception {
        if (!isFirst) {
            rig.get("/");
        }

        TestStream answer = rig.get("/logout");

        assertEquals(302, answer.status());
        assertEquals(
                1,
                app.seen.stream()
                        .filter(line -> line.startsWith("GET /logout "))
                        .count());
        assertEquals("welcome alice body=0", rig.get("/").body());
        assertEquals(2, app.signIns.get());
    }

    /// `/` leads to `/login`, where the form is.
    @Test
    void aSessionIsMissedAlsoWhereThePageOnlyLeadsToTheForm() throws Exception {
        rig.settings = LoginSettings.at("/");
        rig.get("/");
        app.forgetSessions();

        assertEquals("api", rig.get("/api").body());
        assertEquals(2, app.signIns.get());
    }
}
