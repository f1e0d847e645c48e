package io.postern.identity.signin;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.PasswordRules;
import io.postern.account.onpremises.PasswordPlace;
import io.postern.base.Outcome;
import io.postern.base.Secret;
import io.postern.domain.AppId;
import io.postern.identity.access.Decision;
import io.postern.identity.factor.Totp;
import io.postern.identity.journal.SignInProtocol;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.Portals;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.session.Proof;
import io.postern.identity.signin.StepPages.Problem;
import io.postern.store.AuthenticationMethod;
import io.postern.store.AuthenticationMethod.Kind;
import io.postern.store.SessionStore;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.web.Bodies;
import io.postern.web.Languages;
import io.postern.web.Parameters;
import io.postern.web.RecoveryCodesPage;
import io.postern.web.RequestFacts;
import io.postern.web.SecurityInfoPage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// `/{tenant}/security-info`: where users look after what they prove themselves with. Needs a sign-in of the last
/// quarter of an hour, with the second factor of who has one; so it is a protocol of its own, which asks for that.
public final class SecurityInfo implements Protocol {
    public static final Duration FRESH = Duration.ofMinutes(15);

    private static final String KIND = "security-info";
    // stands for this page in the sign-in log; no registration has it
    private static final AppId PAGE = new AppId("8f0a1b52-6d0e-4a51-9a7e-3c5f5e1d7b20");

    private record Visit(Tenant tenant, String clientName, boolean mfa, String sealed) implements Errand {
        @Override
        public AppId client() {
            return PAGE;
        }

        @Override
        public String loginHint() {
            return "";
        }

        @Override
        public List<String> formTargets() {
            return List.of();
        }

        @Override
        public Demand demand() {
            return new Demand(false, false, false, Optional.of(FRESH), mfa);
        }

        @Override
        public List<AppId> uses() {
            return List.of(); // every user may look after himself
        }

        @Override
        public SignInProtocol protocol() {
            return SignInProtocol.NONE;
        }
    }

    private final Parts parts;
    private final Errands errands;
    private final Portals portals;

    public SecurityInfo(Parts parts, Errands errands, Portals portals) {
        this.parts = parts;
        this.errands = errands;
        this.portals = portals;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Optional<Errand> reopen(ServerRequest request, ServerResponse response, Tenant tenant, String text) {
        return Optional.of(visit(request, tenant, false));
    }

    @Override
    public void complete(
            ServerRequest request, ServerResponse response, Errand errand, BrowserSessions.Current current) {
        toPage(response, errand.tenant());
    }

    @Override
    public void refuse(ServerRequest request, ServerResponse response, Errand errand, Fault fault) {
        parts.faults().page(request, response, fault);
    }

    private Visit visit(ServerRequest request, Tenant tenant, boolean mfa) {
        return new Visit(
                tenant, parts.pages().texts().of("security.title"), mfa, errands.seal(request, tenant.id(), KIND, ""));
    }

    private static void toPage(ServerResponse response, Tenant tenant) {
        response.status(Status.SEE_OTHER_303)
                .header(HeaderNames.LOCATION, "/" + tenant.name() + "/" + KIND)
                .send();
    }

    /// What the page's forms do; made with the sign-in, which the protocol is registered with before.
    public final class Endpoint {
        private final SignIn signIn;
        private final StepPages show;
        private final Enrolment enrolment;
        private final PasswordSignIn passwords;

        public Endpoint(SignIn signIn, PasswordSignIn passwords) {
            this.signIn = signIn;
            this.show = signIn.show();
            this.enrolment = new Enrolment(parts, show, signIn.tickets());
            this.passwords = passwords;
        }

        public void show(ServerRequest request, ServerResponse response, Tenant tenant) {
            Optional<BrowserSessions.Current> current = fresh(request, tenant);
            if (current.isPresent()) {
                Languages.preferred(
                        SignIn.language(current.get().user()),
                        () -> page(request, response, tenant, current.get(), Problem.NONE, ""));
            } else {
                boolean mfa = parts.sessions()
                        .current(request, tenant.id())
                        .filter(c -> signIn.stages().hasFactor(c.user()))
                        .isPresent();
                signIn.begin(request, response, SecurityInfo.this, visit(request, tenant, mfa));
            }
        }

        public void change(ServerRequest request, ServerResponse response, Tenant tenant) {
            guarded(request, response, tenant, (current, form) -> {
                String method = form.oneOrEmpty("method");
                switch (form.oneOrEmpty("do")) {
                    case "add" -> ask(request, response, tenant, current, Totp.secret(), Problem.NONE);
                    case "codes" -> codes(request, response, tenant, current);
                    case "rename" -> rename(request, response, tenant, current, method, form.oneOrEmpty("name"));
                    case "remove" -> remove(request, response, tenant, current, method);
                    case "password" -> password(request, response, tenant, current, form);
                    default -> toPage(response, tenant);
                }
            });
        }

        public void add(ServerRequest request, ServerResponse response, Tenant tenant) {
            guarded(request, response, tenant, (current, form) -> {
                Optional<Tickets.Held> held = signIn.tickets()
                        .open(
                                request,
                                response,
                                visit(request, tenant, false),
                                Stage.ADD_METHOD,
                                form.oneOrEmpty("ticket"))
                        .filter(h ->
                                h.progress().user().id().equals(current.user().id()));
                if (held.isEmpty()) {
                    toPage(response, tenant);
                    return;
                }
                boolean first = !signIn.stages().hasRecoveryCodes(current.user());
                switch (enrolment.take(request, current.user(), held.get(), form)) {
                    case Enrolment.Result.Wrong(String key) ->
                        ask(
                                request,
                                response,
                                tenant,
                                current,
                                held.get().ticket().secret(),
                                new Problem(400, show.text(key), ""));
                    case Enrolment.Result.Late late -> toPage(response, tenant);
                    case Enrolment.Result.Added(Set<String> methods) -> {
                        BrowserSessions.Current risen = rise(request, response, current, methods);
                        if (first) {
                            codes(request, response, tenant, risen);
                        } else {
                            page(request, response, tenant, risen, Problem.NONE, show.text("security.done.added"));
                        }
                    }
                }
            });
        }

        private interface Work {
            void run(BrowserSessions.Current current, Parameters form);
        }

        private void guarded(ServerRequest request, ServerResponse response, Tenant tenant, Work work) {
            Parameters form = Bodies.form(request);
            Optional<BrowserSessions.Current> current = fresh(request, tenant);
            if (current.isEmpty()
                    || !form.repeated().isEmpty()
                    || !parts.csrf().accepts(request, StepPages.FORM, form)) {
                toPage(response, tenant); // which asks for a sign-in where that is missing
            } else {
                Languages.preferred(SignIn.language(current.get().user()), () -> work.run(current.get(), form));
            }
        }

        private Optional<BrowserSessions.Current> fresh(ServerRequest request, Tenant tenant) {
            return parts.sessions()
                    .current(request, tenant.id())
                    .filter(c -> parts.access()
                                    .decideOwn(
                                            c.user(),
                                            c.session(),
                                            signIn.stages().hasFactor(c.user()),
                                            Optional.of(FRESH),
                                            parts.clock().instant())
                            instanceof Decision.Permit);
        }

        /// He can do more from now on: with a new cookie.
        private BrowserSessions.Current rise(
                ServerRequest request, ServerResponse response, BrowserSessions.Current current, Set<String> more) {
            SessionStore.Row session = current.session();
            var methods = new TreeSet<>(session.methods());
            methods.addAll(more);
            methods.add(Proof.MULTIPLE);
            var proof = new Proof(methods, Optional.of(parts.clock().instant()));
            return parts.sessions().begin(request, response, current.user(), proof, session.persistent());
        }

        private void ask(
                ServerRequest request,
                ServerResponse response,
                Tenant tenant,
                BrowserSessions.Current current,
                String secret,
                Problem problem) {
            SessionStore.Row session = current.session();
            show.register(
                    request,
                    response,
                    visit(request, tenant, false),
                    Stage.ADD_METHOD,
                    new Progress(
                            current.user(),
                            session.methods(),
                            session.mfa(),
                            Optional.of(session.persistent()),
                            Optional.empty(),
                            ""),
                    secret,
                    Optional.of("/" + tenant.name() + "/" + KIND),
                    problem);
        }

        private void codes(
                ServerRequest request, ServerResponse response, Tenant tenant, BrowserSessions.Current current) {
            User user = current.user();
            List<String> codes = parts.methods().newRecoveryCodes(user, Enrolment.actor(request, user));
            parts.pages()
                    .send(
                            response,
                            200,
                            new RecoveryCodesPage(
                                    show.step(
                                            request,
                                            response,
                                            visit(request, tenant, false),
                                            KIND,
                                            user.userPrincipalName(),
                                            Problem.NONE),
                                    codes));
        }

        private void rename(
                ServerRequest request,
                ServerResponse response,
                Tenant tenant,
                BrowserSessions.Current current,
                String method,
                String name) {
            if (!name.isBlank()) {
                parts.methods().rename(current.user(), method, name, Enrolment.actor(request, current.user()));
            }
            page(request, response, tenant, current, Problem.NONE, show.text("security.done.renamed"));
        }

        private void remove(
                ServerRequest request,
                ServerResponse response,
                Tenant tenant,
                BrowserSessions.Current current,
                String method) {
            User user = current.user();
            List<AuthenticationMethod> factors = parts.methods().of(user).stream()
                    .filter(m -> m.kind().isSecondFactor())
                    .toList();
            boolean last = factors.size() == 1 && factors.getFirst().id().equals(method);
            if (last && parts.access().needsMfa(user)) {
                page(request, response, tenant, current, new Problem(400, show.text("security.last"), ""), "");
                return;
            }
            parts.methods().remove(user, method, Enrolment.actor(request, user));
            page(request, response, tenant, current, Problem.NONE, show.text("security.done.removed"));
        }

        private void password(
                ServerRequest request,
                ServerResponse response,
                Tenant tenant,
                BrowserSessions.Current current,
                Parameters form) {
            User user = current.user();
            String chosen = form.oneOrEmpty("new");
            if (!isPasswordHere(user)) {
                page(
                        request,
                        response,
                        tenant,
                        current,
                        new Problem(400, show.text("security.password.there"), ""),
                        "");
                return;
            }
            Optional<String> fault = chosen.equals(form.oneOrEmpty("again"))
                    ? PasswordRules.weakness(chosen, parts.accounts().names(user))
                            .map(weakness -> NewPasswordWords.of(parts.pages().texts(), weakness))
                    : Optional.of(show.text("newPassword.differ"));
            if (fault.isEmpty() && !isRight(request, tenant, user, form.oneOrEmpty("old"))) {
                fault = Optional.of(show.text("security.password.wrong"));
            }
            Outcome<User> outcome = fault.isPresent()
                    ? new Outcome.Conflict<>(fault.get())
                    : parts.accounts()
                            .setPassword(
                                    user.tenant(), user.id(), Secret.of(chosen), false, Enrolment.actor(request, user));
            if (outcome instanceof Outcome.Done<User>(User changed)) {
                SessionStore.Row session = current.session();
                BrowserSessions.Current next = parts.sessions()
                        .begin(
                                request,
                                response,
                                changed,
                                new Proof(session.methods(), session.mfa()),
                                session.persistent());
                page(request, response, tenant, next, Problem.NONE, show.text("security.done.password"));
            } else {
                String sentence = fault.orElse(show.text("newPassword.error"));
                page(request, response, tenant, current, new Problem(400, sentence, ""), "");
            }
        }

        private boolean isPasswordHere(User user) {
            return parts.store().read(s -> PasswordPlace.of(s, user)).isEmpty();
        }

        /// Counts as a try to sign in, so that an open browser is no way to guess.
        private boolean isRight(ServerRequest request, Tenant tenant, User user, String old) {
            return !old.isEmpty()
                    && passwords.attempt(
                                    tenant, user.userPrincipalName(), Secret.of(old), false, RequestFacts.of(request))
                            instanceof SignInResult.Welcome;
        }

        private void page(
                ServerRequest request,
                ServerResponse response,
                Tenant tenant,
                BrowserSessions.Current current,
                Problem problem,
                String done) {
            List<AuthenticationMethod> methods = parts.methods().of(current.user()).stream()
                    .filter(m -> m.kind() != Kind.PASSWORD)
                    .toList();
            parts.pages()
                    .send(
                            response,
                            problem.status(),
                            new SecurityInfoPage(
                                    show.step(
                                            request,
                                            response,
                                            visit(request, tenant, false),
                                            KIND,
                                            current.user().userPrincipalName(),
                                            problem),
                                    methods.stream().map(this::shown).toList(),
                                    done,
                                    methods.stream().anyMatch(m -> m.kind().isSecondFactor()),
                                    PasswordRules.CHARACTERS_MIN,
                                    isPasswordHere(current.user()),
                                    portals.of(tenant)));
        }

        private SecurityInfoPage.Method shown(AuthenticationMethod method) {
            var facts = new ArrayList<String>();
            facts.add(show.text("security.added", date(method.created())));
            method.lastUsed().ifPresent(at -> facts.add(show.text("security.used", date(at))));
            method.expires().ifPresent(at -> facts.add(show.text("security.until", date(at))));
            if (method.kind() == Kind.RECOVERY_CODES) {
                facts.add(show.text("security.left", method.counter()));
            }
            return new SecurityInfoPage.Method(
                    method.id(),
                    "security.kind." + method.kind().name().toLowerCase(Locale.ROOT),
                    method.name(),
                    String.join(", ", facts),
                    method.kind().isSecondFactor());
        }

        private String date(Instant at) {
            return DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM)
                    .withLocale(Locale.of(parts.pages().texts().language()))
                    .withZone(ZoneOffset.UTC)
                    .format(at);
        }
    }
}
