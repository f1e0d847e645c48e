package io.postern.connector.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.connector.form.LoginStep.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What an administrator is told of a sign-on by name and password (PWD-7), at an application that is strict.
class LoginCheckTest {
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

    private static LoginSettings settings(String page, Optional<String> proofText, Optional<String> signOut) {
        return new LoginSettings(
                page,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                new LoginProof(Optional.empty(), proofText, Optional.empty()),
                signOut);
    }

    private static List<String> names(List<LoginStep> steps) {
        return steps.stream().map(LoginStep::name).toList();
    }

    private static String detail(List<LoginStep> steps, String name) {
        return steps.stream()
                .filter(step -> step.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no step " + name + " in " + steps))
                .detail();
    }

    private LoginStep failed(String application) {
        LoginStep last = rig.check(application).getLast();
        assertEquals(State.FAILED, last.state(), last.toString());
        assertFalse(last.remedy().isEmpty());
        return last;
    }

    @Test
    void tellsThePageTheFormAndTheSignInWithoutAnyValue() {
        rig.settings = settings("/login", Optional.empty(), Optional.of("/logout"));

        List<LoginStep> steps = rig.check("app-1");

        assertEquals(
                List.of("page", "form", "other forms", "credential", "sign-in", "proof", "sign-out"), names(steps));
        assertTrue(detail(steps, "page").startsWith("GET '/login' answers 200 text/html"), detail(steps, "page"));
        assertEquals(
                "POST to '/login', name in 'username', password in 'pw', with it 'csrf', 'lang', 'terms', 'do'",
                detail(steps, "form"));
        assertEquals("form 1, to '/search', has no password field", detail(steps, "other forms"));
        assertTrue(detail(steps, "credential").contains("'alice'"));
        assertEquals(
                "POST '/login' answers 302 and sets cookie 'sid', leads to '/home', ends at '/home' with 200",
                detail(steps, "sign-in"));
        assertTrue(detail(steps, "sign-out").contains("the form is there again"), detail(steps, "sign-out"));
        assertEquals(
                List.of(State.PASSED, State.SKIPPED),
                steps.stream().map(LoginStep::state).distinct().toList());
        String all = steps.toString();
        assertFalse(all.contains(app.password), all);
        assertTrue(
                app.seen.stream()
                        .flatMap(line -> List.of(line.split("[=; ]")).stream())
                        .filter(word -> word.length() == 36) // what cookies and tokens are worth
                        .noneMatch(all::contains),
                all);
    }

    @Test
    void withoutAUserThePageIsLookedAtAndNothingSent() {
        List<LoginStep> steps = rig.check("");

        assertEquals(List.of("page", "form", "other forms", "sign-in"), names(steps));
        assertEquals(State.SKIPPED, steps.getLast().state());
        assertTrue(app.seen.stream().allMatch(line -> line.startsWith("GET ")), app.seen.toString());
    }

    @Test
    void aWrongPasswordFailsAtTheProofAndRestsForNobody() throws Exception {
        rig.password = "wrong";

        LoginStep last = failed("app-1");

        assertEquals("proof", last.name());
        assertTrue(last.detail().contains("shows its form again"), last.detail());
        assertTrue(last.remedy().contains("password-for"), last.remedy());
        assertEquals(1, app.refusals.get());
        rig.password = app.password;
        assertEquals(200, rig.get("/").status()); // the test's try is no user's
    }

    @Test
    void aProofThatDoesNotHoldIsNamed() {
        rig.settings = settings("/login", Optional.of("welcome bob"), Optional.empty());

        LoginStep last = failed("app-1");

        assertEquals("proof", last.name());
        assertTrue(last.detail().contains("welcome bob"), last.detail());
    }

    @Test
    void aFormThatLeadsElsewhereIsRefusedAndNamed() throws Exception {
        try (var thief = new FormApp()) {
            app.formAction = Optional.of("http://127.0.0.1:" + thief.port() + "/take?it=s3cr3t");

            LoginStep last = failed("app-1");

            assertEquals("form", last.name());
            assertTrue(
                    last.detail()
                            .contains("form 2, to 'http://127.0.0.1:" + thief.port() + "/take?it', leads to another"),
                    last.detail());
            assertTrue(thief.seen.isEmpty());
            assertEquals(0, rig.fetches.get());
        }
    }

    @Test
    void aPageThatLeadsToAnotherHostIsNamed() throws Exception {
        app.elsewhere = Optional.of("https://idp.example/authorize?state=s3cr3t");
        rig.settings = LoginSettings.at("/elsewhere");

        LoginStep last = failed("app-1");

        assertEquals("page", last.name());
        assertTrue(last.detail().contains("'https://idp.example'"), last.detail());
        assertFalse(last.detail().contains("s3cr3t"), last.detail());
        assertTrue(rig.get("/").reason().contains("leads to another host, 'https://idp.example'"));
    }

    @Test
    void aPageWithoutAFormAndABackendThatIsAwayAreNamed() {
        rig.settings = LoginSettings.at("/api");
        assertTrue(failed("app-1").detail().contains("has no form"));

        rig.settings = new LoginSettings(
                "/login", Optional.of("nobody"), Optional.empty(), Map.of(), LoginProof.FORM_IS_GONE, Optional.empty());
        assertTrue(failed("app-1").detail().contains("form 2, to 'login', has no field 'nobody'"));

        app.close();
        assertEquals("page", failed("app-1").name());
    }

    @Test
    void aMissingPasswordIsNamed() {
        LoginStep last = failed("app-2");

        assertEquals("credential", last.name());
        assertTrue(last.remedy().contains("postern app sso password-for"), last.remedy());
    }

    @Test
    void aSignOutThatEndsNothingIsAWarning() {
        rig.settings = settings("/login", Optional.empty(), Optional.of("/home"));

        LoginStep last = rig.check("app-1").getLast();

        assertEquals("sign-out", last.name());
        assertEquals(State.WARNING, last.state(), last.toString());
    }

    @Test
    void httpBasicIsTriedWithoutAndWithThePassword() throws Exception {
        try (var basic = new BasicApp("alice", "right");
                var right = new FormRig(basic.port(), LoginSettings.at("/"), "right");
                var wrong = new FormRig(basic.port(), LoginSettings.at("/"), "wrong")) {
            List<LoginStep> steps = right.checkBasic("app-1");
            assertEquals(List.of("challenge", "credential", "proof"), names(steps));
            assertTrue(steps.stream().allMatch(step -> step.state() == State.PASSED), steps.toString());

            LoginStep last = wrong.checkBasic("app-1").getLast();
            assertEquals("proof", last.name());
            assertEquals(State.FAILED, last.state());
            assertTrue(last.detail().contains("401"), last.detail());
        }
    }
}
