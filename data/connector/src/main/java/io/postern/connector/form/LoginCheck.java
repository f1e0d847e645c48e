package io.postern.connector.form;

import io.postern.connector.form.LoginForm.Judged;
import io.postern.connector.serve.BackendCalls;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelFailure;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Walks through a sign-in by form as [FormSignOn] makes it, and tells at each step what the application showed;
/// ends at the first that is broken. Uses no session that the running connector keeps, and ends its own. Calls
/// wait.
public final class LoginCheck {
    private static final String PAGE = "page";
    private static final String FORM = "form";
    private static final String OTHERS = "other forms";
    private static final String CREDENTIAL = "credential";
    private static final String SENT = "sign-in";
    private static final String PROOF = "proof";
    private static final String END = "sign-out";

    private final BackendCalls calls;
    private final Credentials credentials;
    private final InstantSource clock;

    public LoginCheck(BackendCalls calls, Credentials credentials, InstantSource clock) {
        this.calls = calls;
        this.credentials = credentials;
        this.clock = clock;
    }

    /// As whom.
    ///
    /// @param application client id
    /// @param user object id
    public record Who(String application, String user) {}

    /// @param host for the field `Host`; absent: the backend's own
    /// @param who empty: the page is looked at, and nobody signed in
    public List<LoginStep> walk(
            BackendSettings backend, LoginSettings settings, Optional<String> host, Optional<Who> who) {
        return new Walk(new DialledBackend(calls, backend, host), settings).steps(who);
    }

    private final class Walk {
        private final FormBackend backend;
        private final LoginSettings settings;
        private final Login login;
        private final List<LoginStep> steps = new ArrayList<>();

        Walk(FormBackend backend, LoginSettings settings) {
            this.backend = backend;
            this.settings = settings;
            this.login = new Login(backend, settings, clock);
        }

        List<LoginStep> steps(Optional<Who> who) {
            String step = PAGE;
            try {
                FormAnswer page = login.page();
                Optional<LoginForm> form = page(page) ? form(page) : Optional.empty();
                if (form.isPresent() && who.isPresent()) {
                    step = CREDENTIAL;
                    signIn(form.get(), page.at(), who.get());
                } else if (form.isPresent()) {
                    steps.add(LoginStep.skipped(SENT, "nobody is to be signed in"));
                }
            } catch (LoginFault e) {
                String broken = steps.isEmpty() || !step.equals(CREDENTIAL) ? step : next();
                steps.add(LoginStep.failed(broken, String.valueOf(e.getMessage()), remedy(e)));
            }
            return List.copyOf(steps);
        }

        /// The step after the last that went well.
        private String next() {
            return switch (steps.getLast().name()) {
                case CREDENTIAL -> SENT;
                case SENT -> PROOF;
                case PROOF -> END;
                default -> CREDENTIAL;
            };
        }

        private boolean page(FormAnswer page) {
            boolean isHtml = page.page().isPresent();
            String what = "GET '" + settings.page() + "' "
                    + (page.at().equals(settings.page())
                            ? "answers "
                            : "redirects to '" + PageAddress.named(page.at()) + "', which answers ")
                    + page.status() + (page.type().isEmpty() ? "" : " " + page.type());
            if (page.elsewhere().isPresent()) {
                steps.add(LoginStep.failed(
                        PAGE,
                        what + " and leads to another host, '"
                                + page.elsewhere().get() + "'",
                        "name a page of this backend that has the form itself (signOnPage); what asks for passwords at"
                                + " another host is an application of its own"));
            } else if (!isHtml) {
                steps.add(LoginStep.failed(
                        PAGE, what + ", which is no page of HTML", "correct signOnPage: the page with the form"));
            } else {
                steps.add(LoginStep.passed(PAGE, what));
            }
            return isHtml && page.elsewhere().isEmpty();
        }

        private Optional<LoginForm> form(FormAnswer page) {
            List<Judged> all = page.forms(settings);
            Optional<LoginForm> chosen = page.form(settings);
            if (chosen.isEmpty()) {
                steps.add(LoginStep.failed(
                        FORM,
                        all.isEmpty() ? "the page has no form" : "no form fits: " + others(all, chosen),
                        "correct signOnPage, or name the fields (userNameField, passwordField); a form that scripts"
                                + " put together is not seen"));
                return chosen;
            }
            LoginForm form = chosen.get();
            steps.add(LoginStep.passed(FORM, described(form, page.status())));
            if (all.size() > 1) {
                steps.add(LoginStep.skipped(OTHERS, others(all, chosen)));
            }
            if (!form.method().equals("POST")) {
                steps.add(LoginStep.failed(
                        FORM, "the form would put the password into the address (method GET)", "choose another page"));
                return Optional.empty();
            }
            return chosen;
        }

        private String described(LoginForm form, int status) {
            String along = form.others().stream()
                    .map(Map.Entry::getKey)
                    .distinct()
                    .map(name -> "'" + name + "'")
                    .collect(Collectors.joining(", "));
            return form.method() + " to '" + PageAddress.named(form.action()) + "', name in "
                    + form.userField().map(name -> "'" + name + "'").orElse("no field")
                    + ", password in '" + form.passwordField() + "'"
                    + (along.isEmpty() ? "" : ", with it " + along)
                    + (status >= 400 ? "; shown with status " + status : "");
        }

        private static String others(List<Judged> all, Optional<LoginForm> chosen) {
            return IntStream.range(0, all.size())
                    .filter(i -> chosen.isEmpty() || !all.get(i).form().equals(chosen))
                    .mapToObj(i -> "form " + (i + 1) + ", to '" + all.get(i).to() + "', "
                            + (all.get(i).form().isPresent()
                                    ? "fits less well"
                                    : all.get(i).why()))
                    .collect(Collectors.joining("; "));
        }

        private void signIn(LoginForm form, String page, Who who) {
            FormAnswer posted;
            try (Credential credential = credentials.fetch(who.application(), who.user())) {
                steps.add(LoginStep.passed(
                        CREDENTIAL,
                        "name '" + credential.user() + "' and a password that is sealed for this connector"));
                posted = login.post(form, page, credential.user(), credential.password());
            }
            FormAnswer last = login.follow(posted);
            steps.add(sent(form, posted, last));
            Optional<LoginFault> missing = login.missing(last);
            if (missing.isPresent()) {
                throw missing.get();
            }
            steps.add(LoginStep.passed(PROOF, proof(last)));
            signOut();
        }

        private LoginStep sent(LoginForm form, FormAnswer posted, FormAnswer last) {
            String cookies =
                    posted.cookieNames().stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
            String what = "POST '" + PageAddress.named(form.action()) + "' answers " + posted.status()
                    + (cookies.isEmpty() ? " and sets no cookie" : " and sets cookie " + cookies)
                    + posted.location()
                            .map(to -> ", leads to '" + PageAddress.named(to) + "'")
                            .orElse("")
                    + (last.at().equals(posted.at()) || !posted.redirects()
                            ? ""
                            : ", ends at '" + PageAddress.named(last.at()) + "' with " + last.status());
            return LoginStep.passed(SENT, what);
        }

        private String proof(FormAnswer last) {
            LoginProof proof = settings.proof();
            return proof.isFormGone()
                    ? "'" + PageAddress.named(last.at()) + "' shows no form with a password any more"
                    : proof.cookie()
                                    .map(name -> "cookie '" + name + "' is there")
                                    .orElse("")
                            + (proof.cookie().isPresent() && proof.text().isPresent() ? ", and " : "")
                            + proof.text()
                                    .map(text -> "the page has '" + text + "'")
                                    .orElse("");
        }

        private void signOut() {
            if (settings.signOut().isEmpty()) {
                steps.add(LoginStep.skipped(END, "no signOutPage is set, so the session of this test stays there"));
                return;
            }
            String path = settings.signOut().get();
            new Logout(backend, settings, login.cookies()).at(path);
            FormAnswer after = login.page();
            steps.add(
                    after.form(settings).isPresent()
                            ? LoginStep.passed(END, "after '" + path + "' the form is there again")
                            : new LoginStep(
                                    END,
                                    LoginStep.State.WARNING,
                                    "after '" + path + "' the sign-on page answers " + after.status()
                                            + " and shows no form",
                                    "correct signOutPage; without one the application ends its sessions by itself"));
        }
    }

    static String remedy(LoginFault fault) {
        return switch (fault.kind()) {
            case REFUSED ->
                "set name and password anew (postern app sso password-for); if they are right, say by what a sign-in"
                        + " is known (proofCookie, proofText). This try counts at the application as any other";
            case NO_CREDENTIAL -> "postern app sso password-for APP --user USER --login LOGIN";
            case NO_FORM -> "correct signOnPage and the names of the fields";
            case UNREACHABLE, BUSY ->
                fault.failure()
                                .filter(TunnelFailure.SIGN_ON_UNREACHABLE::equals)
                                .isPresent()
                        ? "wait half a minute for a copy from another connector of the group, or set the password anew"
                        : "look at the backend from there: 'postern connector check'";
        };
    }
}
