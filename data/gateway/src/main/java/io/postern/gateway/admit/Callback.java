package io.postern.gateway.admit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Promise;
import io.postern.domain.event.Cause;
import io.postern.domain.policy.Decision;
import io.postern.domain.policy.Subject;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.ControlAnswer;
import io.postern.gateway.exchange.RequestCookies;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.page.ErrorPages;
import io.postern.gateway.page.Remark;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a user back from the identity provider (steps 3 and 4 of section 1.5): checks the state,
/// redeems the code, sets the access cookie and goes on to exactly the URL that was asked for.
///
/// Thread-safe; the set of used states is shared by the loops.
final class Callback {
    private static final Logger LOG = LoggerFactory.getLogger(Callback.class);

    /// States of ten minutes. Should strangers fill it, the oldest go; the code itself is single use at
    /// the provider as well.
    private static final int USED_MAX = 200_000;

    /// How our provider's words begin when a user is not assigned (6.2).
    private static final String NOT_ASSIGNED = "AADSTS50105:";

    private final Sealer stateSealer;
    private final AccessCookie cookies;
    private final CodeRedemption redemption;
    private final ErrorPages pages;
    private final Cache<String, Boolean> used = Caffeine.newBuilder()
            .expireAfterWrite(SignInState.LIFETIME.plusMinutes(1))
            .maximumSize(USED_MAX)
            .build();

    Callback(KeyRing ring, AccessCookie cookies, CodeRedemption redemption, ErrorPages pages) {
        this.stateSealer = SignInState.sealer(ring);
        this.cookies = cookies;
        this.redemption = redemption;
        this.pages = pages;
    }

    Admission admit(RequestHead head, Route.Reserved route, ClientFacts client, EventLoop loop) {
        if (!head.method().equals("GET")) {
            return answered(pages.page(Cause.METHOD_NOT_ALLOWED, head, client));
        }
        Map<String, List<String>> query = parameters(head.target());
        Optional<SignInState> opened =
                single(query, "state").flatMap(text -> SignInState.open(stateSealer, text, route.host()));
        Optional<PublishedApplication> found = opened.flatMap(s -> application(s, route));
        if (opened.isEmpty() || found.isEmpty()) {
            return answered(pages.page(Cause.STATE_UNREADABLE, head, client));
        }
        SignInState state = opened.get();
        PublishedApplication application = found.get();
        String back = ReturnUrl.of(application, state.target(), client.publicPort());
        Optional<String> binding = RequestCookies.find(head.fields(), CookieText.bindingName(application.appId()))
                .value()
                .map(AsciiString::toString);
        if (!binding.map(state::isBoundTo).orElse(false)) {
            return answered(pages.page(Cause.STATE_FOREIGN, head, client, Remark.retry(back)));
        }
        if (!client.now().isBefore(state.expires())) {
            return answered(pages.page(Cause.STATE_EXPIRED, head, client, Remark.retry(back)));
        }
        if (used.asMap().putIfAbsent(state.id(), true) != null) {
            return answered(pages.page(Cause.STATE_USED, head, client, Remark.retry(back)));
        }
        if (query.containsKey("error")) {
            return answered(refusedByProvider(query, back, head, client));
        }
        Optional<String> code = single(query, "code");
        if (code.isEmpty()) {
            return answered(pages.page(Cause.CODE_REFUSED, head, client, Remark.retry(back)));
        }
        Promise<Answer> answer = loop.newPromise();
        redemption
                .redeem(code.get(), state, application, client, loop)
                .addListener(f -> answer.setSuccess(
                        f.isSuccess()
                                ? complete(head, (ControlAnswer) f.getNow(), state, application, back, client)
                                : unavailable(head, client, f.cause())));
        return new Admission.Later(answer);
    }

    private static Admission answered(Answer answer) {
        return new Admission.Answered(answer);
    }

    private static Map<String, List<String>> parameters(String target) {
        try {
            return QueryStringDecoder.builder()
                    .maxParams(32)
                    .semicolonIsNormalChar(true)
                    .build(target)
                    .parameters();
        } catch (IllegalArgumentException e) {
            return Map.of(); // bad escape: then there is no state either
        }
    }

    private static Optional<String> single(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of());
        return values.size() == 1 ? Optional.of(values.getFirst()).filter(v -> !v.isEmpty()) : Optional.empty();
    }

    /// As reached by the URL that holds the target, where it has several on this host.
    private static Optional<PublishedApplication> application(SignInState state, Route.Reserved route) {
        List<PublishedApplication> named = route.applications().stream()
                .filter(a -> a.appId().equals(state.app()))
                .toList();
        return named.stream()
                .filter(a -> ReturnUrl.isBelow(a, state.target()))
                .findFirst()
                .or(() -> named.stream().findFirst());
    }

    // the provider's words reach the page only on a state of this browser: no stranger can write on it
    private Answer refusedByProvider(
            Map<String, List<String>> query, String back, RequestHead head, ClientFacts client) {
        String error = single(query, "error").orElse("");
        LOG.info("sign-in refused by the identity provider: exchange={} error={}", client.exchangeId(), word(error));
        String text = single(query, "error_description").orElse("");
        return pages.page(refusal(error, text), head, client, Remark.said(text, back));
    }

    /// `access_denied` says no more than that (RFC 6749 §4.1.2.1); our own provider's number does.
    private static Cause refusal(String error, String text) {
        if (!error.equals("access_denied")) {
            return Cause.SIGN_IN_REFUSED;
        }
        return text.startsWith(NOT_ASSIGNED) ? Cause.NOT_ASSIGNED : Cause.ACCESS_DENIED;
    }

    private static String word(String text) {
        return text.matches("[a-z_]{1,64}") ? text : "unreadable";
    }

    private Answer unavailable(RequestHead head, ClientFacts client, Throwable cause) {
        LOG.warn("identity provider cannot be asked: exchange={}", client.exchangeId(), cause);
        return pages.page(Cause.SIGN_IN_UNREACHABLE, head, client);
    }

    // runs in a listener, whose exceptions nobody would see: fails closed here
    private Answer complete(
            RequestHead head,
            ControlAnswer token,
            SignInState state,
            PublishedApplication application,
            String back,
            ClientFacts client) {
        try {
            Optional<Subject> subject = CodeRedemption.subject(token, state, application, client);
            if (subject.isEmpty()) {
                return pages.page(Cause.CODE_REFUSED, head, client, Remark.retry(back));
            }
            Decision decision = Policies.decide(application, subject, client);
            return switch (decision) {
                case Decision.Permit permit -> signedIn(head, subject.get(), application, back, client);
                case Decision.Deny deny -> pages.page(Policies.cause(deny), head, client);
                // to send the user to sign in again would turn in a circle
                case Decision.Challenge challenge -> pages.page(Cause.SIGN_IN_CIRCLE, head, client, Remark.retry(back));
            };
        } catch (RuntimeException e) {
            LOG.error("sign-in failed by our fault, denied: exchange={}", client.exchangeId(), e);
            return pages.page(Cause.INTERNAL, head, client);
        }
    }

    private Answer signedIn(
            RequestHead head, Subject subject, PublishedApplication application, String back, ClientFacts client) {
        boolean persistent = CookieText.own(application).persistent();
        Optional<Duration> age =
                persistent ? Optional.of(Duration.between(client.now(), subject.expires())) : Optional.empty();
        String cookie = CookieText.access(application, cookies.seal(subject, application.appId()), age);
        return Forms.comeBack(head, application, back, "signed_in", cookie)
                .orElseGet(() -> Fragment.comeBack(head, back, "signed_in", cookie));
    }
}
