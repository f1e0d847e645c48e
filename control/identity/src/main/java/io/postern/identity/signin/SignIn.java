package io.postern.identity.signin;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.SignInName;
import io.postern.domain.AppId;
import io.postern.domain.TenantId;
import io.postern.domain.directory.Attributes;
import io.postern.identity.access.Decision;
import io.postern.identity.access.Facts;
import io.postern.identity.access.Grant;
import io.postern.identity.journal.SignInFacts;
import io.postern.identity.journal.TokenId;
import io.postern.identity.protocol.Fault;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.ServicePrincipal;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.token.Sealer;
import io.postern.web.Languages;
import io.postern.web.RequestFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The one way to a signed-in user, for every protocol: shows the page that is due, or goes on at once from the
/// session. A protocol is told to complete only after [Access] permitted.
public final class SignIn {
    /// A request that came back in a form, with the protocol that understands it.
    record Resumed(Protocol protocol, Errand errand) {}

    /// How the user came to be known.
    private enum How {
        /// He has just gone through the steps.
        PROVED,
        /// He chose to go on as who he is.
        CHOSEN,
        /// Nobody was asked.
        SESSION
    }

    private final Parts parts;
    private final Errands errands;
    private final Map<String, Protocol> protocols;
    private final Tickets tickets;
    private final StepPages show;
    private final Stages stages;
    private final HomeRealms realms;
    private final DesktopStep desktop;

    /// @param desktopKeys seals keytabs
    public SignIn(Parts parts, Sealer desktopKeys, Errands errands, List<Protocol> protocols, HomeRealms realms) {
        this.parts = parts;
        this.errands = errands;
        this.protocols = protocols.stream().collect(Collectors.toUnmodifiableMap(Protocol::kind, Function.identity()));
        this.tickets = new Tickets(parts.store(), errands, parts.csrf(), parts.ring(), parts.clock());
        this.realms = realms;
        this.show = new StepPages(parts, tickets, realms);
        this.stages = new Stages(parts, this, show);
        this.desktop = new DesktopStep(parts, desktopKeys, this);
    }

    Tickets tickets() {
        return tickets;
    }

    StepPages show() {
        return show;
    }

    Stages stages() {
        return stages;
    }

    /// Every endpoint that needs a signed-in user calls this and nothing else; it answers.
    public void begin(ServerRequest request, ServerResponse response, Protocol protocol, Errand errand) {
        Optional<BrowserSessions.Current> current =
                parts.sessions().current(request, errand.tenant().id());
        Optional<BrowserSessions.Current> usable = current.filter(c -> isAskedFor(c, errand));
        Demand demand = errand.demand();
        if (demand.silent()) {
            usable.ifPresentOrElse(
                    c -> admit(request, response, new Resumed(protocol, errand), c, How.SESSION),
                    () -> refuse(
                            request,
                            response,
                            protocol,
                            errand,
                            noted(errand).nonInteractive(),
                            Fault.loginRequired()));
        } else if (current.isPresent() && demand.choose()) {
            show.account(request, response, errand, current.get().user());
        } else if (usable.isPresent() && !demand.fresh()) {
            admit(request, response, new Resumed(protocol, errand), usable.get(), How.SESSION);
        } else if (!elsewhere(request, response, errand, current)
                && (demand.fresh()
                        || !desktop.answered(
                                request, response, new Resumed(protocol, errand), hint(errand, current)))) {
            show.start(request, response, errand, hint(errand, current), StepPages.Problem.NONE);
        }
    }

    /// Where the user is at home: elsewhere, as the application, his session or his name says, or here.
    private void start(
            ServerRequest request, ServerResponse response, Errand errand, Optional<BrowserSessions.Current> current) {
        if (!elsewhere(request, response, errand, current)) {
            show.start(request, response, errand, hint(errand, current), StepPages.Problem.NONE);
        }
    }

    /// @return whether he is on his way elsewhere, or has read why not
    private boolean elsewhere(
            ServerRequest request, ServerResponse response, Errand errand, Optional<BrowserSessions.Current> current) {
        return left(request, response, errand, realms.leaveByHint(request, response, errand, errand.realmHint()))
                || (errand.loginHint().isBlank()
                        && current.isPresent()
                        && left(request, response, errand, realms.leaveAgain(request, response, errand, current.get())))
                || left(
                        request,
                        response,
                        errand,
                        realms.leaveByName(request, response, errand, hint(errand, current)));
    }

    /// @return whether it is answered
    boolean left(ServerRequest request, ServerResponse response, Errand errand, Leaving leaving) {
        return switch (leaving) {
            case Leaving.Here here -> false;
            case Leaving.Left left -> true;
            case Leaving.Failed(Leaving.Mishap mishap) -> {
                mishap(request, response, errand, mishap);
                yield true;
            }
        };
    }

    HomeRealms realms() {
        return realms;
    }

    /// The user proved elsewhere who he is; what else is due here, is.
    ///
    /// @param sealed the request that waits, see [Errand#sealed()]
    /// @param mfa when he proved a second factor there, if that counts here
    public void arrived(
            ServerRequest request,
            ServerResponse response,
            Tenant tenant,
            String sealed,
            User user,
            Optional<Instant> mfa,
            HomeRealm realm) {
        resume(request, response, tenant, sealed).ifPresent(resumed -> {
            Progress progress = Progress.from(realm, user);
            Languages.asked(
                    resumed.errand().locales(),
                    () -> stages.proceed(
                            request,
                            response,
                            resumed,
                            mfa.map(at -> progress.withSecondFactor(Set.of(), at))
                                    .orElse(progress)));
        });
    }

    /// Nothing came of the sign-in elsewhere: the user may try again, there or here.
    public void notArrived(
            ServerRequest request, ServerResponse response, Tenant tenant, String sealed, Leaving.Mishap mishap) {
        resume(request, response, tenant, sealed)
                .ifPresent(resumed -> Languages.asked(
                        resumed.errand().locales(), () -> mishap(request, response, resumed.errand(), mishap)));
    }

    private void mishap(ServerRequest request, ServerResponse response, Errand errand, Leaving.Mishap mishap) {
        parts.journal()
                .failed(
                        RequestFacts.of(request),
                        noted(errand).details(homeRealm(mishap.provider())),
                        mishap.number(),
                        "Sign-in at '" + mishap.provider() + "': " + mishap.why() + ".");
        show.start(
                request,
                response,
                errand,
                "",
                new StepPages.Problem(
                        mishap.status(), show.text(mishap.text(), mishap.provider()), "AADSTS" + mishap.number()));
    }

    private static String homeRealm(String provider) {
        return "Home realm: " + provider;
    }

    /// The user went through every step that is due.
    ///
    /// @param details who checked it elsewhere, for administrators; empty for nobody
    void proved(
            ServerRequest request,
            ServerResponse response,
            Resumed resumed,
            BrowserSessions.Current current,
            String details) {
        admit(request, response, resumed, current, How.PROVED, details);
    }

    /// The user goes on as who he is, unless the application wants to see him prove it.
    void chosen(ServerRequest request, ServerResponse response, Resumed resumed, BrowserSessions.Current current) {
        if (resumed.errand().demand().fresh()) {
            start(request, response, resumed.errand(), Optional.of(current));
        } else {
            admit(request, response, resumed, current, How.CHOSEN);
        }
    }

    /// A step came too late, twice, out of order or from elsewhere: nothing of it counts.
    void startAgain(ServerRequest request, ServerResponse response, Errand errand) {
        show.start(request, response, errand, "", new StepPages.Problem(403, show.text("signIn.again"), ""));
    }

    String inWords(Duration wait) {
        long minutes = Math.max(1, (wait.toSeconds() + 59) / 60);
        return show.text("duration.minutes", minutes);
    }

    private void admit(
            ServerRequest request, ServerResponse response, Resumed resumed, BrowserSessions.Current current, How how) {
        admit(request, response, resumed, current, how, "");
    }

    private void admit(
            ServerRequest request,
            ServerResponse response,
            Resumed resumed,
            BrowserSessions.Current current,
            How how,
            String details) {
        Protocol protocol = resumed.protocol();
        Errand errand = resumed.errand();
        boolean silent = errand.demand().silent();
        SignInFacts known = noted(errand)
                .user(current.user())
                .methods(current.session().methods())
                .details(details)
                .session(current.session().id());
        SignInFacts home =
                realms.of(current).map(name -> known.details(homeRealm(name))).orElse(known);
        SignInFacts facts = how == How.SESSION ? home.nonInteractive() : home;
        switch (decide(request, errand, current, how)) {
            case Decision.Permit permit -> {
                Optional<Fault> objection = protocol.objection(errand, current);
                if (objection.isPresent()) {
                    refuse(request, response, protocol, errand, facts, objection.get());
                } else {
                    protocol.question(errand, current)
                            .ifPresentOrElse(
                                    asked -> parts.journal()
                                            .failed(RequestFacts.of(request), facts, asked.number(), asked.text()),
                                    () -> parts.journal()
                                            .succeeded(
                                                    RequestFacts.of(request),
                                                    errand.uses().isEmpty()
                                                            ? facts
                                                            : facts.token(TokenId.of(request))));
                    protocol.complete(request, response, errand, current);
                }
            }
            case Decision.NeedsMfa missing -> {
                if (silent || how == How.PROVED) {
                    refuse(request, response, protocol, errand, facts, Fault.mfaRequired());
                } else if (!stages.hasFactor(current.user()) && isOld(current)) {
                    // the first factor makes the account its owner's: a browser that was left open is no owner
                    start(request, response, errand, Optional.of(current));
                } else {
                    stages.proceed(
                            request,
                            response,
                            resumed,
                            Progress.of(current.user(), current.session().methods())
                                    .staying(current.session().persistent()));
                }
            }
            case Decision.NeedsFreshSignIn missing -> {
                if (silent) {
                    refuse(request, response, protocol, errand, facts, Fault.loginRequired());
                } else {
                    start(request, response, errand, Optional.of(current));
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
        parts.journal().failed(RequestFacts.of(request), facts, fault.number(), fault.text());
        protocol.refuse(request, response, errand, fault);
    }

    /// A step of the sign-in pages failed: the log shall tell of it.
    void failed(ServerRequest request, Errand errand, String typedName, int number, String text) {
        failed(request, errand, typedName, number, text, "");
    }

    /// @param details for administrators; empty for none
    void failed(ServerRequest request, Errand errand, String typedName, int number, String text, String details) {
        TenantId tenant = errand.tenant().id();
        Optional<User> user = parts.store()
                .read(s -> SignInName.find(s, tenant, typedName))
                .filter(found -> found.tenant().equals(tenant));
        SignInFacts facts = noted(errand).typed(typedName).details(details);
        parts.journal().failed(RequestFacts.of(request), user.map(facts::user).orElse(facts), number, text);
    }

    private static SignInFacts noted(Errand errand) {
        return SignInFacts.of(
                errand.tenant(), errand.protocol(), errand.client().value(), errand.clientName());
    }

    /// Of all applications that the errand touches, the first answer that is no permission.
    private Decision decide(ServerRequest request, Errand errand, BrowserSessions.Current current, How how) {
        Demand demand = errand.demand();
        Instant now = parts.clock().instant();
        // a sign-in that has just happened is as fresh as it can be, whatever `max_age` says
        Optional<Duration> maxAge = how == How.PROVED ? Optional.empty() : demand.maxAge();
        if (errand.uses().isEmpty()) {
            return parts.access().decideOwn(current.user(), current.session(), demand.mfa(), maxAge, now);
        }
        Decision permit = new Decision.Permit();
        for (AppId application : errand.uses()) {
            Optional<ServicePrincipal> principal =
                    parts.access().principal(errand.tenant().id(), application);
            if (principal.isEmpty()) {
                return new Decision.Denied(
                        Fault.appUnknown(application.value(), errand.tenant().displayName()));
            }
            Decision decision = parts.access()
                    .decide(Facts.of(
                                    current.user(),
                                    principal.get(),
                                    current.session(),
                                    Grant.BROWSER,
                                    RequestFacts.of(request).clientAddress(),
                                    now)
                            .asking(demand.mfa(), maxAge));
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
            parts.faults()
                    .page(
                            request,
                            response,
                            Fault.malformed(
                                    "The sign-in form was not complete. Go back to the application and start again."));
            return Optional.empty();
        }
        RequestFacts.goesOn(request, opened.get().correlation());
        return protocol.get()
                .reopen(request, response, tenant, opened.get().text())
                .map(errand -> new Resumed(protocol.get(), errand));
    }

    /// A session of somebody else than the application expects is not.
    private boolean isAskedFor(BrowserSessions.Current current, Errand errand) {
        String hint = errand.loginHint().strip();
        User user = current.user();
        return hint.isEmpty()
                || hint.equalsIgnoreCase(user.userPrincipalName())
                || parts.store()
                        .read(s -> SignInName.find(s, user.tenant(), hint))
                        .filter(meant -> meant.id().equals(user.id()))
                        .isPresent();
    }

    static Optional<String> language(User user) {
        return user.attributes().first(Attributes.PREFERRED_LANGUAGE);
    }

    /// As old as [SecurityInfo] takes no session for a change of methods.
    private boolean isOld(BrowserSessions.Current current) {
        return parts.clock().instant().isAfter(current.session().authenticated().plus(SecurityInfo.FRESH));
    }

    /// Who must sign in again need not type the name.
    private static String hint(Errand errand, Optional<BrowserSessions.Current> current) {
        return errand.loginHint().isEmpty()
                ? current.map(c -> c.user().userPrincipalName()).orElse("")
                : errand.loginHint();
    }
}
