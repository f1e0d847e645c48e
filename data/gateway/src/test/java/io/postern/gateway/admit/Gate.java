package io.postern.gateway.admit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.Future;
import io.postern.domain.OwnHost;
import io.postern.domain.SessionId;
import io.postern.domain.UserId;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.Revocations;
import io.postern.domain.snapshot.Snapshot;
import io.postern.domain.snapshot.VerificationKey;
import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ControlAnswer;
import io.postern.gateway.exchange.ControlCall;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.page.ErrorPages;
import io.postern.gateway.route.Router;
import io.postern.token.KeyRing;
import io.postern.token.SigningJwk;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The decision rooms wired together: router, admitter, pages, and an identity provider that signs what
/// a test tells it to. Requests are for `wiki.postern.test` unless said otherwise.
final class Gate {
    static final SigningJwk KEY = SigningJwk.generate();
    static final String ISSUER = "https://login.postern.test:8443/" + Pictures.TENANT + "/v2.0";
    static final String CODE = "a+code/with=signs";

    final UserId user = UserId.random();
    final SessionId session = SessionId.random();
    final KeyRing ring = KeyRing.generate();
    final PublishedApplication wiki;
    final List<PublishedApplication> applications = new ArrayList<>();
    final List<Map<String, List<String>>> redeemed = new ArrayList<>();
    final EventLoop loop = new EmbeddedChannel().eventLoop();
    final Admitter admitter;
    Revocations revocations = Revocations.NONE;
    Instant now = Requests.NOW;
    Function<String, ControlAnswer> provider = this::issue;

    private String nonce = "";

    Gate() {
        this(user -> Pictures.preAuthenticated("https://wiki.postern.test/", user));
    }

    Gate(Function<UserId, PublishedApplication> application) {
        wiki = application.apply(user);
        applications.add(wiki);
        admitter = new Admitter(ring, new Door(), new ErrorPages());
    }

    private final class Door implements ControlCall {
        @Override
        public Future<ControlAnswer> call(
                EventLoop on, OwnHost door, String method, String path, Http2Headers fields, String body) {
            assertEquals("LOGIN POST /contoso/oauth2/v2.0/token", door + " " + method + " " + path);
            redeemed.add(new QueryStringDecoder(body, false).parameters());
            try {
                return on.newSucceededFuture(provider.apply(body));
            } catch (IllegalStateException e) {
                return on.newFailedFuture(e);
            }
        }
    }

    Snapshot snapshot() {
        return Pictures.of(
                applications,
                List.of(new VerificationKey(Pictures.TENANT, KEY.keyId(), ISSUER, KEY.publicJson())),
                revocations);
    }

    Admission ask(RequestHead head) {
        Snapshot snapshot = snapshot();
        Route route = new Router(snapshot).route(head.authority(), head.target(), host -> true);
        return admitter.admit(head, route, Requests.client(snapshot, now), loop);
    }

    Answer answer(RequestHead head) {
        Admission admission = ask(head);
        return admission instanceof Admission.Later later
                ? later.answer().getNow()
                : assertInstanceOf(Admission.Answered.class, admission).answer();
    }

    Admission.Admitted admitted(RequestHead head) {
        return assertInstanceOf(Admission.Admitted.class, ask(head));
    }

    /// What the provider knows of a sign-in: the redirect that started it.
    record Started(Answer answer, String binding) {
        Map<String, List<String>> query() {
            return new QueryStringDecoder(location(answer)).parameters();
        }

        String state() {
            return query().get("state").getFirst();
        }

        /// Path and query of the way back.
        String callback() {
            return "/.postern/callback?code=" + LoginUrls.encode(CODE) + "&state=" + state();
        }
    }

    Started start(RequestHead head) {
        Answer answer = answer(head);
        assertEquals(302, answer.status(), answer.body());
        var started = new Started(answer, cookie(answer));
        nonce = started.query().get("nonce").getFirst();
        return started;
    }

    /// The nonce of a sign-in that a test began by itself.
    void expect(String ofRequest) {
        nonce = ofRequest;
    }

    /// A whole sign-in; the access cookie as `name=value`.
    String signIn() {
        Started started = start(Requests.page("/"));
        return cookie(answer(Requests.page(started.callback(), "cookie", started.binding())));
    }

    Map<String, Object> claims() {
        var claims = new HashMap<String, Object>();
        claims.put("iss", ISSUER);
        claims.put("aud", wiki.appId().value());
        claims.put("tid", Pictures.TENANT.value());
        claims.put("oid", user.value());
        claims.put("sub", user.value());
        claims.put("sid", session.value());
        claims.put("preferred_username", "b.simon@contoso.example");
        claims.put("auth_time", now.getEpochSecond() - 60);
        claims.put("nonce", nonce);
        claims.put("iat", Date.from(now));
        claims.put("exp", Date.from(now.plusSeconds(3600)));
        return claims;
    }

    /// An access token for the application, as the provider gives to programs.
    String accessToken(Map<String, Object> changes) {
        Map<String, Object> claims = claims();
        claims.remove("nonce");
        claims.put("scp", "user_impersonation");
        claims.put("azp", "11111111-1111-1111-1111-111111111111");
        claims.putAll(changes);
        return KEY.sign(claims);
    }

    ControlAnswer issue(String form) {
        return tokens(KEY.sign(claims()));
    }

    static ControlAnswer tokens(String idToken) {
        return new ControlAnswer(
                200,
                new DefaultHttp2Headers(),
                "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"id_token\":\"" + idToken + "\"}");
    }

    void revoke(UserId who, Instant notBefore) {
        revocations = new Revocations(Set.of(), Map.of(who, notBefore));
    }

    static String location(Answer answer) {
        return String.valueOf(answer.fields().get("location"));
    }

    static URI locationUri(Answer answer) {
        return URI.create(location(answer));
    }

    /// The first cookie that an answer sets, as `name=value`; empty for none.
    static String cookie(Answer answer) {
        CharSequence set = answer.fields().get("set-cookie");
        return set == null ? "" : set.toString().split(";", 2)[0];
    }
}
