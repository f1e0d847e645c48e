package io.postern.identity.signin;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.base.Secret;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.session.Proof;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.web.Bodies;
import io.postern.web.Csrf;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.time.Duration;
import java.util.Optional;

/// The forms of the sign-in pages: `POST /{tenant}/login` (name and password) and `POST /{tenant}/account`
/// (choice of account). Each carries the sealed errand and goes on with it.
public final class SignInEndpoint {
    private final PasswordSignIn passwords;
    private final SignIn signIn;
    private final BrowserSessions sessions;
    private final NewPasswordStep newPassword;
    private final Pages pages;
    private final FaultWriter faults;
    private final Csrf csrf;

    public SignInEndpoint(
            PasswordSignIn passwords,
            SignIn signIn,
            BrowserSessions sessions,
            NewPasswordStep newPassword,
            Pages pages,
            FaultWriter faults,
            Csrf csrf) {
        this.passwords = passwords;
        this.signIn = signIn;
        this.sessions = sessions;
        this.newPassword = newPassword;
        this.pages = pages;
        this.faults = faults;
        this.csrf = csrf;
    }

    public void login(ServerRequest request, ServerResponse response, Tenant tenant) {
        form(request, response)
                .ifPresent(form -> signIn.resume(request, response, tenant, form.oneOrEmpty("request"))
                        .ifPresent(resumed -> login(request, response, resumed, form)));
    }

    public void account(ServerRequest request, ServerResponse response, Tenant tenant) {
        form(request, response)
                .ifPresent(form -> signIn.resume(request, response, tenant, form.oneOrEmpty("request"))
                        .ifPresent(resumed -> account(request, response, resumed, form)));
    }

    /// Also for the step that sets a new password.
    Optional<Parameters> form(ServerRequest request, ServerResponse response) {
        Parameters form = Bodies.form(request);
        if (form.repeated().isEmpty()) {
            return Optional.of(form);
        }
        faults.page(request, response, Fault.repeated(form.repeated()));
        return Optional.empty();
    }

    private void login(ServerRequest request, ServerResponse response, SignIn.Resumed resumed, Parameters form) {
        Errand pending = resumed.errand();
        String typed = form.oneOrEmpty("username");
        String password = form.oneOrEmpty("password");
        if (!csrf.accepts(request, "sign-in", form)) {
            signIn.askPassword(request, response, pending, 403, typed, text("signIn.expired"), "");
            return;
        }
        if (typed.isBlank() || password.isEmpty()) {
            signIn.askPassword(request, response, pending, 400, typed, text("signIn.missing"), "");
            return;
        }
        Secret secret = Secret.of(password);
        switch (passwords.attempt(pending.tenant(), typed, secret, RequestFacts.of(request))) {
            case SignInResult.Welcome(User user) ->
                signIn.admit(
                        request,
                        response,
                        resumed.protocol(),
                        pending,
                        sessions.begin(request, response, user, Proof.BY_PASSWORD));
            case SignInResult.MustChange(User user) -> newPassword.ask(request, response, pending, user, 200, "");
            case SignInResult.Refused refused -> refuse(request, response, pending, typed, refused);
        }
    }

    private void refuse(
            ServerRequest request,
            ServerResponse response,
            Errand pending,
            String typed,
            SignInResult.Refused refused) {
        SignInResult.Reason reason = refused.reason();
        if (refused.retryAfter().isPositive()) {
            response.header(
                    HeaderNames.RETRY_AFTER, Long.toString(refused.retryAfter().toSeconds() + 1));
        }
        String sentence = pages.texts().of(reason.text(), inWords(refused.retryAfter()));
        signIn.failed(request, pending, typed, reason.number(), sentence);
        signIn.askPassword(request, response, pending, reason.status(), typed, sentence, "AADSTS" + reason.number());
    }

    private void account(ServerRequest request, ServerResponse response, SignIn.Resumed resumed, Parameters form) {
        Errand pending = resumed.errand();
        Optional<BrowserSessions.Current> current =
                sessions.current(request, pending.tenant().id());
        boolean same = form.one("account").filter("same"::equals).isPresent();
        if (same && current.isPresent() && csrf.accepts(request, "account", form)) {
            signIn.admit(request, response, resumed.protocol(), pending, current.get());
        } else {
            signIn.askPassword(request, response, pending, 200, "", "", "");
        }
    }

    private String inWords(Duration wait) {
        long minutes = Math.max(1, (wait.toSeconds() + 59) / 60);
        return text("duration.minutes", minutes);
    }

    private String text(String key, Object... arguments) {
        return pages.texts().of(key, arguments);
    }
}
