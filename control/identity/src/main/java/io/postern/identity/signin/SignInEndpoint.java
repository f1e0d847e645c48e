package io.postern.identity.signin;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.base.Secret;
import io.postern.identity.factor.Passkeys;
import io.postern.identity.protocol.Fault;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.signin.StepPages.Problem;
import io.postern.store.AuthenticationMethod;
import io.postern.store.AuthenticationMethod.Kind;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.web.Bodies;
import io.postern.web.Languages;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.util.Optional;
import java.util.Set;

/// The forms of the sign-in pages. Each carries the sealed errand and goes on with it; all but the first two
/// carry a ticket that says what was proved before.
public final class SignInEndpoint {
    private interface Work {
        void run(SignIn.Resumed resumed, Parameters form);
    }

    private final Parts parts;
    private final SignIn signIn;
    private final PasswordSignIn passwords;
    private final Tickets tickets;
    private final StepPages show;
    private final Stages stages;
    private final SecondFactorStep secondFactor;
    private final RegisterStep register;
    private final NewPasswordStep newPassword;

    public SignInEndpoint(Parts parts, SignIn signIn) {
        this.parts = parts;
        this.signIn = signIn;
        this.passwords = new PasswordSignIn(
                parts.store(), parts.hashes(), parts.desk(), parts.methods(), parts.ring(), parts.clock());
        this.tickets = signIn.tickets();
        this.show = signIn.show();
        this.stages = signIn.stages();
        this.secondFactor = new SecondFactorStep(parts, signIn, stages, show, tickets);
        this.register = new RegisterStep(parts, signIn, stages, show, tickets);
        this.newPassword = new NewPasswordStep(parts, signIn, stages, show, tickets);
    }

    /// Shared: tries on one name are counted in one place.
    public PasswordSignIn passwords() {
        return passwords;
    }

    /// `POST /{tenant}/login`: the name, then the password. A client that sends both at once skips a page, no
    /// check.
    public void login(ServerRequest request, ServerResponse response, Tenant tenant) {
        resumed(request, response, tenant, (resumed, form) -> login(request, response, resumed, form));
    }

    /// `POST /{tenant}/account`: whether the signed-in user goes on.
    public void account(ServerRequest request, ServerResponse response, Tenant tenant) {
        resumed(request, response, tenant, (resumed, form) -> {
            Optional<BrowserSessions.Current> current = parts.sessions().current(request, tenant.id());
            boolean same = form.one("account").filter("same"::equals).isPresent();
            if (same && current.isPresent() && isOurs(request, form)) {
                signIn.chosen(request, response, resumed, current.get());
            } else {
                show.start(request, response, resumed.errand(), "", Problem.NONE);
            }
        });
    }

    /// `POST /{tenant}/passkey`: a passkey says who its user is and proves it.
    public void passkey(ServerRequest request, ServerResponse response, Tenant tenant) {
        step(request, response, tenant, Stage.PASSKEY, (resumed, held, form) -> {
            Optional<Progress> proved = tickets.claim(held)
                    ? passwordless(
                            tenant, form.oneOrEmpty("credential"), held.ticket().challenge())
                    : Optional.empty();
            proved.ifPresentOrElse(progress -> stages.proceed(request, response, resumed, progress), () -> {
                String sentence = show.text("passkey.wrong");
                signIn.failed(request, resumed.errand(), "", 500121, sentence);
                show.start(request, response, resumed.errand(), "", new Problem(400, sentence, "AADSTS500121"));
            });
        });
    }

    public void secondFactor(ServerRequest request, ServerResponse response, Tenant tenant) {
        step(
                request,
                response,
                tenant,
                Stage.SECOND_FACTOR,
                (resumed, held, form) -> secondFactor.handle(request, response, resumed, held, form));
    }

    public void register(ServerRequest request, ServerResponse response, Tenant tenant) {
        step(
                request,
                response,
                tenant,
                Stage.REGISTER,
                (resumed, held, form) -> register.handle(request, response, resumed, held, form));
    }

    public void codes(ServerRequest request, ServerResponse response, Tenant tenant) {
        step(
                request,
                response,
                tenant,
                Stage.RECOVERY_CODES,
                (resumed, held, form) -> register.codesSeen(request, response, resumed, held));
    }

    public void newPassword(ServerRequest request, ServerResponse response, Tenant tenant) {
        step(
                request,
                response,
                tenant,
                Stage.NEW_PASSWORD,
                (resumed, held, form) -> newPassword.handle(request, response, resumed, held, form));
    }

    /// `POST /{tenant}/stay`: whether the session outlives the browser.
    public void stay(ServerRequest request, ServerResponse response, Tenant tenant) {
        step(request, response, tenant, Stage.STAY, (resumed, held, form) -> {
            boolean yes = form.one("stay").filter("yes"::equals).isPresent();
            if (tickets.claim(held)) {
                stages.proceed(request, response, resumed, held.progress().staying(yes));
            } else {
                signIn.startAgain(request, response, resumed.errand());
            }
        });
    }

    private interface StepWork {
        void run(SignIn.Resumed resumed, Tickets.Held held, Parameters form);
    }

    private void step(ServerRequest request, ServerResponse response, Tenant tenant, Stage stage, StepWork work) {
        resumed(request, response, tenant, (resumed, form) -> {
            Optional<Tickets.Held> held =
                    tickets.open(request, response, resumed.errand(), stage, form.oneOrEmpty("ticket"));
            if (held.isEmpty() || !isOurs(request, form)) {
                signIn.startAgain(request, response, resumed.errand());
            } else {
                Languages.preferred(
                        held.get().user().flatMap(SignIn::language), () -> work.run(resumed, held.get(), form));
            }
        });
    }

    private void resumed(ServerRequest request, ServerResponse response, Tenant tenant, Work work) {
        Parameters form = Bodies.form(request);
        if (!form.repeated().isEmpty()) {
            parts.faults().page(request, response, Fault.repeated(form.repeated()));
            return;
        }
        signIn.resume(request, response, tenant, form.oneOrEmpty("request"))
                .ifPresent(resumed -> Languages.asked(resumed.errand().locales(), () -> work.run(resumed, form)));
    }

    private boolean isOurs(ServerRequest request, Parameters form) {
        return parts.csrf().accepts(request, StepPages.FORM, form);
    }

    private void login(ServerRequest request, ServerResponse response, SignIn.Resumed resumed, Parameters form) {
        Errand errand = resumed.errand();
        String typed = form.oneOrEmpty("username");
        String other = form.oneOrEmpty("other");
        boolean pass = form.one("way").filter("pass"::equals).isPresent();
        if (!isOurs(request, form)) {
            show.start(request, response, errand, typed, new Problem(403, show.text("signIn.expired"), ""));
        } else if (other.equals("name")) {
            show.start(request, response, errand, "", Problem.NONE);
        } else if (form.one("provider").isPresent()) {
            if (!signIn.left(
                    request,
                    response,
                    errand,
                    signIn.realms().leaveTo(request, response, errand, form.oneOrEmpty("provider")))) {
                show.start(request, response, errand, typed, Problem.NONE); // it is gone meanwhile
            }
        } else if (typed.isBlank()) {
            show.start(request, response, errand, "", new Problem(400, show.text("signIn.missingName"), ""));
        } else if (!form.names().contains("password")
                && other.isEmpty()
                && signIn.left(
                        request, response, errand, signIn.realms().leaveByName(request, response, errand, typed))) {
            return; // on his way
        } else if (!form.names().contains("password") || !other.isEmpty()) {
            show.password(request, response, errand, typed, other.equals("pass"), Problem.NONE);
        } else if (form.oneOrEmpty("password").isEmpty()) {
            show.password(request, response, errand, typed, pass, new Problem(400, show.text("signIn.missing"), ""));
        } else {
            attempt(request, response, resumed, typed, Secret.of(form.oneOrEmpty("password")), pass);
        }
    }

    private void attempt(
            ServerRequest request,
            ServerResponse response,
            SignIn.Resumed resumed,
            String typed,
            Secret secret,
            boolean pass) {
        Errand errand = resumed.errand();
        switch (passwords.attempt(errand.tenant(), typed, secret, pass, RequestFacts.of(request))) {
            case SignInResult.Welcome(User user, Set<String> methods, String details) -> {
                Progress progress = Progress.of(user, methods).checked(details);
                stages.proceed(
                        request,
                        response,
                        resumed,
                        // who has a pass got it from an administrator who knows him: it is both factors
                        pass ? progress.withSecondFactor(Set.of(), parts.clock().instant()) : progress);
            }
            case SignInResult.Refused refused -> {
                SignInResult.Reason reason = refused.reason();
                if (refused.retryAfter().isPositive()) {
                    response.header(
                            HeaderNames.RETRY_AFTER,
                            Long.toString(refused.retryAfter().toSeconds() + 1));
                }
                String sentence = show.text(reason.text(), signIn.inWords(refused.retryAfter()));
                if (refused.news()) {
                    signIn.failed(request, errand, typed, reason.number(), sentence, refused.details());
                }
                show.password(
                        request,
                        response,
                        errand,
                        typed,
                        pass,
                        new Problem(reason.status(), sentence, "AADSTS" + reason.number()));
            }
        }
    }

    /// The authenticator must have asked its user, so the passkey is two factors at once.
    private Optional<Progress> passwordless(Tenant tenant, String answer, String challenge) {
        Optional<AuthenticationMethod> passkey = Passkeys.credentialOf(answer)
                .flatMap(id -> parts.store().read(s -> s.authenticationMethods().findByCredential(id)))
                .filter(m -> m.kind() == Kind.PASSKEY && m.tenant().equals(tenant.id()));
        return passkey.flatMap(m -> parts.passkeys()
                .proved(m, answer, challenge, true)
                .filter(p -> parts.methods().use(m, p.counter(), p.secret()))
                .flatMap(p -> parts.store()
                        .read(s -> s.users().find(m.tenant(), m.user()))
                        .filter(User::accountEnabled)
                        .map(user -> Progress.of(user, Set.of())
                                .withSecondFactor(
                                        Passkeys.methods(p), parts.clock().instant()))));
    }
}
