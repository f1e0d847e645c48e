package io.postern.connector.form;

import io.postern.connector.form.LoginFault.Kind;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/// One sign-in through a form: the page is fetched, its form filled and sent, redirects followed within the
/// backend, and the end compared with the proof. Blocking, for a virtual thread.
final class Login {
    private static final int REDIRECTS_MAX = 10;
    static final String FORM_TYPE = "application/x-www-form-urlencoded";

    /// @param cookies of the session that has begun
    /// @param fields of the form that was sent
    record Begun(LoginCookies cookies, LoginFields fields) {}

    private final FormBackend backend;
    private final LoginSettings settings;
    private final LoginCookies cookies;
    private Optional<String> before = Optional.empty(); // the proof's cookie, when the form was sent

    Login(FormBackend backend, LoginSettings settings, InstantSource clock) {
        this(backend, settings, new LoginCookies(clock));
    }

    /// @param cookies of a session that has begun
    Login(FormBackend backend, LoginSettings settings, LoginCookies cookies) {
        this.backend = backend;
        this.settings = settings;
        this.cookies = cookies;
    }

    /// @param password UTF-8; neither kept nor changed
    /// @throws LoginFault when no session has begun
    Begun signIn(String user, byte[] password) {
        FormAnswer page = page();
        LoginForm form = page.form(settings).orElseThrow(() -> noForm(page));
        FormAnswer posted = post(form, page.at(), user, password);
        Optional<LoginFault> missing = missing(follow(posted));
        if (missing.isPresent()) {
            throw missing.get();
        }
        return new Begun(cookies, new LoginFields(form.userField(), form.passwordField()));
    }

    /// @param last page that the form's answer led to
    /// @return why that is no sign-in
    Optional<LoginFault> missing(FormAnswer last) {
        Optional<String> missing =
                settings.proof().missing(last, cookies, before).or(() -> formAgain(last));
        if (missing.isPresent()) {
            return Optional.of(new LoginFault(Kind.REFUSED, "the sign-in did not work: " + missing.get()));
        }
        return cookies.isEmpty()
                ? Optional.of(new LoginFault(
                        Kind.NO_FORM, "the application set no cookie, so nothing would tell it who comes next"))
                : Optional.empty();
    }

    /// What is no page of the application (a way to another host, which is its own external one more often than
    /// not; an answer to a script) says nothing of the form: then its own page is asked.
    private Optional<String> formAgain(FormAnswer last) {
        if (!settings.proof().needsFormGone()) {
            return Optional.empty();
        }
        boolean isSilent = last.elsewhere().isPresent() || last.page().isEmpty();
        return (isSilent ? page() : last).form(settings).isPresent()
                ? Optional.of("the application shows its form again")
                : Optional.empty();
    }

    /// The sign-on page, wherever it redirects to.
    FormAnswer page() {
        return follow(ask(FormRequest.get(settings.page(), cookies.field(settings.page()), Optional.empty())));
    }

    LoginFault noForm(FormAnswer page) {
        return new LoginFault(
                Kind.NO_FORM, "'" + PageAddress.named(page.at()) + "' answers " + page.status() + why(page));
    }

    private String why(FormAnswer page) {
        if (page.elsewhere().isPresent()) {
            return " and leads to another host, '" + page.elsewhere().get()
                    + "', where this backend's passwords do not go";
        }
        if (page.status() >= 400) {
            return "";
        }
        return " and has no form with "
                + settings.passwordField()
                        .map(name -> "the field '" + name + "'")
                        .orElse("one password in it")
                + " that leads to this backend";
    }

    FormAnswer post(LoginForm form, String page, String user, byte[] password) {
        if (!form.method().equals("POST")) {
            throw new LoginFault(Kind.NO_FORM, "the form would put the password into the address (method GET)");
        }
        before = settings.proof().cookie().flatMap(cookies::value);
        byte[] body = form.filled(user, password);
        try {
            return ask(new FormRequest(
                    "POST", form.action(), cookies.field(form.action()), Optional.of(page), FORM_TYPE, body));
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    @SuppressWarnings("ReferenceEquality") // the very first one
    FormAnswer follow(FormAnswer first) {
        FormAnswer answer = first;
        for (int i = 0; answer.redirects(); i++) {
            if (i == REDIRECTS_MAX) {
                throw new LoginFault(Kind.NO_FORM, "the application redirects more than " + REDIRECTS_MAX + " times");
            }
            String next = answer.location().orElseThrow();
            if (answer.status() == 307 || answer.status() == 308) {
                if (answer == first && first.at().equals(next)) {
                    throw new LoginFault(Kind.NO_FORM, "the application redirects '" + next + "' to itself");
                }
            }
            answer = ask(FormRequest.get(next, cookies.field(next), Optional.of(answer.at())));
        }
        return answer;
    }

    private FormAnswer ask(FormRequest request) {
        FormAnswer answer = backend.send(request);
        cookies.take(answer.cookies(), request.path());
        return answer;
    }

    LoginCookies cookies() {
        return cookies;
    }
}
