package io.postern.gateway.admit;

import io.netty.channel.EventLoop;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import io.postern.domain.ExternalDoor;
import io.postern.domain.PreAuthentication;
import io.postern.domain.event.Cause;
import io.postern.domain.policy.Decision;
import io.postern.domain.policy.Subject;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.admit.Admission.Admitted;
import io.postern.gateway.admit.Admission.Answered;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.ControlCall;
import io.postern.gateway.exchange.RequestCookies;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.page.ErrorPages;
import io.postern.gateway.page.Remark;
import io.postern.token.KeyRing;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides whether a request may pass: finds out who asks, puts it to policy, and makes the proof of
/// admission or the answer. Any fault of ours denies.
///
/// One for all event loops; thread-safe. What it remembers of cookies is kept per loop.
public final class Admitter {
    private static final Logger LOG = LoggerFactory.getLogger(Admitter.class);

    private final AccessCookie accessCookie;
    private final SignIn signIn;
    private final Forms forms;
    private final Callback callback;
    private final SignOut signOut;
    private final ErrorPages pages;
    private final FastThreadLocal<OpenedProofs> opened = new FastThreadLocal<>() {
        @Override
        protected OpenedProofs initialValue() {
            return new OpenedProofs();
        }
    };

    public Admitter(KeyRing ring, ControlCall control, ErrorPages pages) {
        this.accessCookie = new AccessCookie(ring);
        this.signIn = new SignIn(ring, pages);
        this.forms = new Forms(ring, signIn, pages);
        this.callback = new Callback(ring, accessCookie, new CodeRedemption(ring, control), pages);
        this.signOut = new SignOut(ring, accessCookie);
        this.pages = pages;
    }

    /// On `loop`, once per request. Never throws.
    public Admission admit(RequestHead head, Route route, ClientFacts client, EventLoop loop) {
        assert loop.inEventLoop();
        try {
            Optional<Answer> robots = Robots.answer(head, route);
            return robots.isPresent() ? answered(robots.get()) : decide(head, route, client, loop);
        } catch (RuntimeException e) {
            LOG.error("decision failed by our fault, denied: exchange={}", client.exchangeId(), e);
            return page(Cause.INTERNAL, head, client);
        }
    }

    private Admission decide(RequestHead head, Route route, ClientFacts client, EventLoop loop) {
        return switch (route) {
            case Route.Own own -> new Admitted(head, own, Optional.empty(), false);
            case Route.Nowhere nowhere -> page(Cause.NOTHING_PUBLISHED, head, client);
            case Route.Misdirected misdirected -> page(Cause.MISDIRECTED, head, client);
            case Route.Refused refused -> {
                LOG.debug("request refused: exchange={} reason={}", client.exchangeId(), refused.why());
                yield page(Cause.MALFORMED_REQUEST, head, client);
            }
            case Route.Reserved reserved -> reserved(head, reserved, client, loop);
            case Route.Published published -> crossOrigin(head, published, client);
        };
    }

    private Admission page(Cause cause, RequestHead head, ClientFacts client) {
        return new Answered(pages.page(cause, head, client));
    }

    private Admission denied(Decision.Deny deny, RequestHead head, ClientFacts client, Optional<Subject> who) {
        return new Answered(pages.page(Policies.cause(deny), head, client), who);
    }

    private static Admission answered(Answer answer) {
        return new Answered(answer);
    }

    private Admission reserved(RequestHead head, Route.Reserved route, ClientFacts client, EventLoop loop) {
        List<PublishedApplication> applications = route.applications();
        if (applications.stream().noneMatch(a -> a.preAuthentication() == PreAuthentication.POSTERN)) {
            return page(Cause.RESERVED_PATH, head, client);
        }
        int query = head.target().indexOf('?');
        String path = query < 0 ? head.target() : head.target().substring(0, query);
        return switch (path) {
            case ExternalDoor.CALLBACK -> callback.admit(head, route, client, loop);
            case ExternalDoor.IDENTITY_KEYS -> answered(IdentityKeys.answer(head, applications, client));
            case ExternalDoor.SIGN_OUT -> answered(signOut.answer(head, applications, client));
            default -> page(Cause.RESERVED_PATH, head, client);
        };
    }

    /// Rules on pages of other origins have the first word, and ours on our own answers too: a script is to see
    /// a 401 as such (PRE-3).
    private Admission crossOrigin(RequestHead head, Route.Published route, ClientFacts client) {
        CrossOrigin page = CrossOrigin.of(head, route);
        if (page.isGoverned() && CrossOrigin.isPreflight(head)) {
            return answered(page.preflight(head));
        }
        Admission admission = published(head, route, client);
        if (admission instanceof Answered answered) {
            page.outward(answered.answer().fields());
        }
        return admission;
    }

    private Admission published(RequestHead head, Route.Published route, ClientFacts client) {
        PublishedApplication application = route.application();
        if (application.inMaintenance()) { // before sign-in, which would be of no use
            return new Answered(pages.page(Cause.MAINTENANCE, head, client, Remark.maintenance(application)));
        }
        Optional<Subject> session = Optional.empty();
        if (application.preAuthentication() == PreAuthentication.POSTERN) {
            var cookie = RequestCookies.find(head.fields(), CookieText.accessName(application.appId()));
            if (cookie instanceof RequestCookies.Found.Several) {
                return page(Cause.COOKIE_TWICE, head, client);
            }
            session = cookie.value().flatMap(v -> open(v, application));
            if (Forms.mayBeKept(head, application)) {
                Optional<Subject> known = session;
                return guarded(
                        forms.resume(head, route, client, session, plain -> decided(plain, route, client, known)),
                        head,
                        client);
            }
        }
        return decided(head, route, client, session);
    }

    private Admission decided(RequestHead head, Route.Published route, ClientFacts client, Optional<Subject> session) {
        PublishedApplication application = route.application();
        return switch (Policies.decide(application, session, client)) {
            case Decision.Permit permit -> bySession(head, route, session, client);
            case Decision.Deny deny -> denied(deny, head, client, session); // ASG-4
            case Decision.Challenge challenge -> byToken(head, route, client);
        };
    }

    /// Fails closed, as nobody else would catch it.
    private Admission guarded(Admission admission, RequestHead head, ClientFacts client) {
        if (!(admission instanceof Admission.Form form)) {
            return admission;
        }
        return new Admission.Form(form.bytesMax(), body -> {
            try {
                return form.then().apply(body);
            } catch (RuntimeException e) {
                LOG.error("decision failed by our fault, denied: exchange={}", client.exchangeId(), e);
                return new Admission.Form.Told(pages.page(Cause.INTERNAL, head, client));
            }
        });
    }

    private Optional<Subject> open(AsciiString cookie, PublishedApplication application) {
        return opened.get()
                .get(
                        application.appId(),
                        cookie,
                        accessCookie,
                        () -> accessCookie.open(cookie.toString(), application.appId()));
    }

    private Admission bySession(
            RequestHead head, Route.Published route, Optional<Subject> session, ClientFacts client) {
        boolean byCookie = session.isPresent();
        if (byCookie
                && head.webSocket()
                && !RequestKind.isOwnOrigin(head.fields(), route.application())
                && !CrossOrigin.of(head, route).isTrusted()) {
            return page(Cause.FOREIGN_ORIGIN, head, client);
        }
        return new Admitted(head, route, session, false);
    }

    /// Without a session a bearer token must be ours (section 3.7, BRR-2).
    private Admission byToken(RequestHead head, Route.Published route, ClientFacts client) {
        PublishedApplication application = route.application();
        return switch (BearerToken.presented(head.fields())) {
            case BearerToken.Presented.Ambiguous ambiguous -> page(Cause.TOKEN_TWICE, head, client);
            case BearerToken.Presented.Nothing nothing
            when CrossOrigin.isPreflight(head) -> answered(CrossOrigin.blocked());
            case BearerToken.Presented.Nothing nothing
            when Forms.isForm(head, application) -> guarded(forms.keep(head, application, client), head, client);
            case BearerToken.Presented.Nothing nothing ->
                answered(
                        RequestKind.isPageLoad(head)
                                ? signIn.start(head, application, client)
                                : Answers.unauthorized(application, client));
            case BearerToken.Presented.Token token -> {
                Optional<Subject> subject = opened.get()
                        .get(
                                application.appId(),
                                AsciiString.of(token.text()),
                                client.verifier(),
                                () -> BearerToken.verify(token.text(), application, client));
                yield byVerified(head, route, subject, client);
            }
        };
    }

    private Admission byVerified(
            RequestHead head, Route.Published route, Optional<Subject> subject, ClientFacts client) {
        return switch (Policies.decide(route.application(), subject, client)) {
            case Decision.Permit permit -> new Admitted(head, route, subject, true); // BRR-1
            case Decision.Deny deny -> denied(deny, head, client, subject);
            case Decision.Challenge challenge -> answered(Answers.invalidToken(route.application(), client));
        };
    }
}
