package io.postern.gateway.admit;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import io.postern.domain.event.Cause;
import io.postern.domain.policy.Decision;
import io.postern.domain.policy.Subject;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.admit.Admission.Admitted;
import io.postern.gateway.admit.Admission.Answered;
import io.postern.gateway.admit.Admission.Form;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.RequestCookies;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.page.ErrorPages;
import io.postern.gateway.page.Remark;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/// Brings the post of an identity provider's answer (SAML, WS-Federation, OpenID Connect's `form_post`) to an
/// application behind us whose session is over, or whose cookie a browser does not show to a post from another
/// site: to the application's registered reply URLs and nowhere else (FRM-1). Thread-safe.
///
///     post ──▶ page that sends it again ──▶ session? replayed
///                                             └── no: page keeps it in the tab ──▶ sign-in ──▶ page sends it again
final class Forms {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String PLAIN = "text/plain";
    private static final String MARK = FormPages.FIELD + "=";

    private final Sealer sealer;
    private final SignIn signIn;
    private final ErrorPages pages;

    Forms(KeyRing ring, SignIn signIn, ErrorPages pages) {
        this.sealer = KeptForm.sealer(ring);
        this.signIn = signIn;
        this.pages = pages;
    }

    /// A navigation by a form to a place where the application awaits an identity provider's answer.
    static boolean isForm(RequestHead head, PublishedApplication application) {
        return isPostTo(head, application) && isOfType(head, FORM) && RequestKind.isNavigation(head);
    }

    /// Perhaps our own page's post: the body tells.
    static boolean mayBeKept(RequestHead head, PublishedApplication application) {
        Optional<Long> length = length(head);
        return isPostTo(head, application)
                && isOfType(head, PLAIN)
                && length.isPresent()
                && length.get() <= KeptForm.SEALED_MAX;
    }

    private static boolean isPostTo(RequestHead head, PublishedApplication application) {
        if (!head.method().equals("POST") || application.replyPaths().isEmpty()) {
            return false;
        }
        int query = head.target().indexOf('?');
        return application
                .replyPaths()
                .contains(query < 0 ? head.target() : head.target().substring(0, query));
    }

    private static boolean isOfType(RequestHead head, String type) {
        CharSequence sent = head.fields().get(HttpHeaderNames.CONTENT_TYPE, "");
        boolean begins = AsciiString.regionMatches(sent, true, 0, type, 0, type.length());
        return begins && (sent.length() == type.length() || sent.charAt(type.length()) == ';');
    }

    private static Optional<Long> length(RequestHead head) {
        CharSequence length = head.fields().get(HttpHeaderNames.CONTENT_LENGTH);
        return Optional.ofNullable(length).map(l -> Long.parseLong(l, 0, l.length(), 10)); // the edge has read it too
    }

    /// Nobody is signed in: the browser is to keep it.
    Admission keep(RequestHead head, PublishedApplication application, ClientFacts client) {
        if (head.target().length() > SignIn.TARGET_CHARACTERS_MAX) {
            return new Answered(pages.page(Cause.LONG_TARGET, head, client));
        }
        return new Form(KeptForm.BYTES_MAX, body -> {
            String binding = SignInState.random();
            Optional<String> sealed =
                    KeptForm.of(head, binding, client.now(), body).seal(sealer, application);
            return new Form.Told(sealed.map(text -> FormPages.again(
                            ReturnUrl.of(application, head.target(), client.publicPort()),
                            text,
                            CookieText.form(application, binding)))
                    .orElseGet(() -> pages.page(Cause.LARGE_HEAD, head, client)));
        });
    }

    /// What our own page sends: the form goes on, by the session that the browser shows now.
    ///
    /// @param ordinary for a body that is none of ours
    Admission resume(
            RequestHead head,
            Route.Published route,
            ClientFacts client,
            Optional<Subject> session,
            Function<RequestHead, Admission> ordinary) {
        return new Form(KeptForm.SEALED_MAX, body -> {
            String text = new String(body, StandardCharsets.ISO_8859_1).strip();
            return text.startsWith(MARK)
                    ? resumed(text.substring(MARK.length()), head, route, client, session)
                    : new Form.Resumed(head, body, ordinary.apply(head));
        });
    }

    private Form.Read resumed(
            String sealed, RequestHead head, Route.Published route, ClientFacts client, Optional<Subject> session) {
        PublishedApplication application = route.application();
        Optional<KeptForm> opened = KeptForm.open(sealer, sealed, application)
                .filter(form -> form.target().equals(head.target()));
        if (opened.isEmpty()) {
            return new Form.Told(pages.page(Cause.STATE_UNREADABLE, head, client));
        }
        KeptForm form = opened.get();
        Remark home =
                Remark.retry(application.externalUrl().at(client.publicPort()).toString());
        Optional<String> binding = RequestCookies.find(head.fields(), CookieText.formName(application.appId()))
                .value()
                .map(AsciiString::toString);
        if (!binding.map(form::isBoundTo).orElse(false)) {
            return new Form.Told(pages.page(Cause.STATE_FOREIGN, head, client, home));
        }
        if (!client.now().isBefore(form.expires())) {
            return new Form.Told(pages.page(Cause.STATE_EXPIRED, head, client, home));
        }
        return switch (Policies.decide(application, session, client)) {
            case Decision.Permit permit -> {
                RequestHead restored = form.restored(head);
                yield new Form.Resumed(restored, form.body(), new Admitted(restored, route, session, false));
            }
            case Decision.Deny deny -> new Form.Told(pages.page(Policies.cause(deny), head, client));
            case Decision.Challenge challenge -> new Form.Told(toSignIn(sealed, head, application, client));
        };
    }

    private Answer toSignIn(String sealed, RequestHead head, PublishedApplication application, ClientFacts client) {
        SignIn.Begun begun = signIn.begin(head, application, client);
        return FormPages.leave(
                ReturnUrl.of(application, head.target(), client.publicPort()),
                sealed,
                begun.location(),
                begun.cookie().stream().toArray(String[]::new));
    }

    /// In place of [Fragment#comeBack], where this browser may keep a form.
    static Optional<Answer> comeBack(
            RequestHead head, PublishedApplication application, String back, String outcome, String cookie) {
        boolean keeps = RequestCookies.find(head.fields(), CookieText.formName(application.appId()))
                .value()
                .isPresent();
        return keeps && application.replyPaths().contains(pathOf(back))
                ? Optional.of(FormPages.comeBack(back, outcome, cookie))
                : Optional.empty();
    }

    private static String pathOf(String url) {
        int path = url.indexOf('/', url.indexOf("://") + 3);
        int query = url.indexOf('?');
        return path < 0 ? "/" : query < 0 ? url.substring(path) : url.substring(path, Math.max(path, query));
    }
}
