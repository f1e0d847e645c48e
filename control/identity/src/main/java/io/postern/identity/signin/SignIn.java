package io.postern.identity.signin;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.UserName;
import io.postern.domain.AppId;
import io.postern.identity.access.Access;
import io.postern.identity.access.Decision;
import io.postern.identity.access.Facts;
import io.postern.identity.access.Grant;
import io.postern.identity.journal.SignInFacts;
import io.postern.identity.journal.SignInJournal;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.ServicePrincipal;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.web.AccountPage;
import io.postern.web.Csrf;
import io.postern.web.Pages;
import io.postern.web.RequestFacts;
import io.postern.web.SignInPage;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The one way to a signed-in user, for every protocol: shows the page that is due, or goes on at once from the
/// session. A protocol is told to complete only after [Access] permitted.
public final class SignIn {
    /// A request that came back in a form, with the protocol that understands it.
    record Resumed(Protocol protocol, Errand errand) {}

    private final Store store;
    private final Errands errands;
    private final BrowserSessions sessions;
    private final Access access;
    private final Pages pages;
    private final FaultWriter faults;
    private final SignInJournal journal;
    private final Csrf csrf;
    private final Clock clock;
    private final Map<String, Protocol> protocols;

    public SignIn(
            Store store,
            Errands errands,
            BrowserSessions sessions,
            Access access,
            Pages pages,
            FaultWriter faults,
            SignInJournal journal,
            Csrf csrf,
            Clock clock,
            List<Protocol> protocols) {
        this.store = store;
        this.errands = errands;
        this.sessions = sessions;
        this.access = access;
        this.pages = pages;
        this.faults = faults;
        this.journal = journal;
        this.csrf = csrf;
        this.clock = clock;
        this.protocols = protocols.stream().collect(Collectors.toUnmodifiableMap(Protocol::kind, Function.identity()));
    }

    /// Every endpoint that needs a signed-in user calls this and nothing else; it answers.
    public void begin(ServerRequest request, ServerResponse response, Protocol protocol, Errand errand) {
        Optional<BrowserSessions.Current> current =
                sessions.current(request, errand.tenant().id());
        Optional<BrowserSessions.Current> usable = current.filter(c -> isAskedFor(c, errand));
        Demand demand = errand.demand();
        if (demand.silent()) {
            usable.ifPresentOrElse(
                    c -> admit(request, response, protocol, errand, c, false),
                    () -> refuse(
                            request,
                            response,
                            protocol,
                            errand,
                            noted(errand).nonInteractive(),
                            Fault.loginRequired()));
        } else if (current.isPresent() && demand.choose()) {
            chooseAccount(request, response, errand, current.get());
        } else if (usable.isPresent() && !demand.fresh()) {
            admit(request, response, protocol, errand, usable.get(), false);
        } else {
            askPassword(request, response, errand, 200, hint(errand, current), "", "");
        }
    }

    /// The user of `current` has just proved who he is, or chosen to go on: completes, or shows or says what is
    /// missing.
    void admit(
            ServerRequest request,
            ServerResponse response,
            Protocol protocol,
            Errand errand,
            BrowserSessions.Current current) {
        admit(request, response, protocol, errand, current, true);
    }

    private void admit(
            ServerRequest request,
            ServerResponse response,
            Protocol protocol,
            Errand errand,
            BrowserSessions.Current current,
            boolean interactive) {
        SignInFacts known = noted(errand)
                .user(current.user())
                .methods(current.session().methods())
                .session(current.session().id());
        SignInFacts facts = interactive ? known : known.nonInteractive();
        switch (decide(request, errand, current)) {
            case Decision.Permit permit -> {
                journal.succeeded(RequestFacts.of(request), facts);
                protocol.complete(request, response, errand, current);
            }
            case Decision.NeedsMfa missing -> refuse(request, response, protocol, errand, facts, Fault.mfaRequired());
            case Decision.NeedsFreshSignIn missing -> {
                if (errand.demand().silent()) {
                    refuse(request, response, protocol, errand, facts, Fault.loginRequired());
                } else {
                    askPassword(request, response, errand, 200, hint(errand, Optional.of(current)), "", "");
                }
            }
            case Decision.Denied(Fault fault) -> refuse(request, response, protocol, errand, facts, fault);
        }
    }

    private void refuse(
            ServerRequest request,
            ServerResponse response,
            Protocol protocol,
            Errand errand,
            SignInFacts facts,
            Fault fault) {
        journal.failed(RequestFacts.of(request), facts, fault.number(), fault.text());
        protocol.refuse(request, response, errand, fault);
    }

    /// A step of the sign-in pages failed: the log shall tell of it.
    void failed(ServerRequest request, Errand errand, String typedName, int number, String text) {
        Optional<User> user = UserName.read(typedName)
                .flatMap(name -> store.read(s -> s.users().findByPrincipalName(name.value())))
                .filter(found -> found.tenant().equals(errand.tenant().id()));
        SignInFacts facts = noted(errand).typed(typedName);
        journal.failed(RequestFacts.of(request), user.map(facts::user).orElse(facts), number, text);
    }

    private static SignInFacts noted(Errand errand) {
        return SignInFacts.of(
                errand.tenant(), errand.protocol(), errand.client().value(), errand.clientName());
    }

    /// Of all applications that the errand touches, the first answer that is no permission.
    private Decision decide(ServerRequest request, Errand errand, BrowserSessions.Current current) {
        Decision permit = new Decision.Permit();
        for (AppId application : errand.uses()) {
            Optional<ServicePrincipal> principal =
                    access.principal(errand.tenant().id(), application);
            if (principal.isEmpty()) {
                return new Decision.Denied(
                        Fault.appUnknown(application.value(), errand.tenant().displayName()));
            }
            Decision decision = access.decide(Facts.of(
                            current.user(),
                            principal.get(),
                            current.session(),
                            Grant.BROWSER,
                            RequestFacts.of(request).clientAddress(),
                            clock.instant())
                    .asking(errand.demand().mfa(), errand.demand().maxAge()));
            if (!decision.equals(permit)) {
                return decision;
            }
        }
        return permit;
    }

    /// The request of a form's hidden field. Empty when it was not ours or can no longer be served; then it is
    /// answered.
    Optional<Resumed> resume(ServerRequest request, ServerResponse response, Tenant tenant, String sealed) {
        Optional<Errands.Opened> opened = errands.open(tenant.id(), sealed);
        Optional<Protocol> protocol = opened.map(Errands.Opened::kind).map(protocols::get);
        if (opened.isEmpty() || protocol.isEmpty()) {
            faults.page(
                    request,
                    response,
                    Fault.malformed("The sign-in form was not complete. Go back to the application and start again."));
            return Optional.empty();
        }
        return protocol.get()
                .reopen(request, response, tenant, opened.get().text())
                .map(errand -> new Resumed(protocol.get(), errand));
    }

    /// Shows the form for name and password.
    void askPassword(
            ServerRequest request,
            ServerResponse response,
            Errand errand,
            int status,
            String userName,
            String error,
            String code) {
        pages.send(
                response,
                status,
                new SignInPage(
                        "/" + errand.tenant().name() + "/login",
                        csrf.token(request, response, "sign-in"),
                        errand.sealed(),
                        errand.clientName(),
                        userName,
                        error,
                        code,
                        errand.formTargets(),
                        store.read(s -> s.tenants().settings(errand.tenant().id()))
                                .branding()));
    }

    private void chooseAccount(
            ServerRequest request, ServerResponse response, Errand errand, BrowserSessions.Current current) {
        pages.send(
                response,
                200,
                new AccountPage(
                        "/" + errand.tenant().name() + "/account",
                        csrf.token(request, response, "account"),
                        errand.sealed(),
                        errand.clientName(),
                        current.user().displayName(),
                        current.user().userPrincipalName(),
                        errand.formTargets()));
    }

    /// A session of somebody else than the application expects is not.
    private static boolean isAskedFor(BrowserSessions.Current current, Errand errand) {
        return errand.loginHint().isBlank()
                || errand.loginHint()
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .equals(current.user().userPrincipalName().toLowerCase(Locale.ROOT));
    }

    /// Who must sign in again need not type the name.
    private static String hint(Errand errand, Optional<BrowserSessions.Current> current) {
        return errand.loginHint().isEmpty()
                ? current.map(c -> c.user().userPrincipalName()).orElse("")
                : errand.loginHint();
    }
}
