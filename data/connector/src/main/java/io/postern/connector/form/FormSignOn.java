package io.postern.connector.form;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.connector.serve.BackendCalls;
import io.postern.connector.serve.SignOn;
import io.postern.connector.serve.SignedOn;
import io.postern.tunnel.TunnelFailure;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Signs users in through an application's own form, and shows it their cookies with every request. The browser
/// sees none of these cookies and can send none of their names. Thread-safe.
public final class FormSignOn implements SignOn {
    private final BackendCalls calls;
    private final Credentials credentials;
    private final InstantSource clock;
    private final LoginSessions sessions;

    public FormSignOn(BackendCalls calls, Credentials credentials, InstantSource clock) {
        this.calls = calls;
        this.credentials = credentials;
        this.clock = clock;
        this.sessions = new LoginSessions(clock);
    }

    @Override
    public String way() {
        return "form";
    }

    /// To be called now and then.
    public void sweep() {
        sessions.sweep();
    }

    @Override
    public void prepare(Call call, EventLoop loop, Waiter waiter) {
        Map<String, String> parameters = call.parameters();
        var key = new LoginSessions.Key(
                parameters.getOrDefault("app", ""),
                parameters.getOrDefault("user", ""),
                parameters.getOrDefault("session", ""));
        String version = parameters.getOrDefault("version", "");
        if (key.application().isEmpty() || key.user().isEmpty() || key.session().isEmpty()) {
            waiter.onRefused(TunnelFailure.SIGN_ON_CONFIGURATION, "sign-on by form says not for whom");
            return;
        }
        Optional<LoginSession> ready = sessions.ready(key, version);
        if (ready.isPresent()) {
            waiter.onSignedOn(new Shown(ready.get(), call.attempt()));
            return;
        }
        sessions.get(key, version, () -> signIn(call, key, version)).whenComplete((session, fault) -> {
            if (fault == null) {
                loop.execute(() -> waiter.onSignedOn(new Shown(session, call.attempt())));
            } else {
                loop.execute(() -> refuse(waiter, call, fault));
            }
        });
    }

    private LoginSession signIn(Call call, LoginSessions.Key key, String version) {
        try (Credential credential = credentials.fetch(key.application(), key.user())) {
            var backend = new DialledBackend(calls, call.backend(), credential.host());
            LoginCookies cookies =
                    new Login(backend, credential.settings(), clock).signIn(credential.user(), credential.password());
            return new LoginSession(version, cookies, credential.settings(), backend, clock.instant());
        }
    }

    private static void refuse(Waiter waiter, Call call, Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        if (cause instanceof LoginFault login) {
            LoginFaults.tell(waiter, call, login);
        } else {
            waiter.onRefused(TunnelFailure.SIGN_ON_CONFIGURATION, "sign-on by form failed: " + cause);
        }
    }

    /// One request with the cookies of a session.
    private record Shown(LoginSession session, int attempt) implements SignedOn {
        @Override
        public void addTo(Http2Headers head) {
            CharSequence path = head.path();
            String own = session.cookies().field(path == null ? "/" : path.toString());
            String cookies = Stream.concat(
                            head.getAll(HttpHeaderNames.COOKIE).stream()
                                    .flatMap(field -> Stream.of(field.toString().split(";")))
                                    .map(String::strip)
                                    .filter(pair -> !pair.isEmpty()
                                            && !session.cookies().has(name(pair))),
                            Stream.of(own).filter(field -> !field.isEmpty()))
                    .collect(Collectors.joining("; "));
            head.remove(HttpHeaderNames.COOKIE);
            if (!cookies.isEmpty()) {
                head.set(HttpHeaderNames.COOKIE, cookies);
            }
        }

        private static String name(String pair) {
            int equals = pair.indexOf('=');
            return (equals < 0 ? pair : pair.substring(0, equals)).strip();
        }

        @Override
        public Verdict onAnswer(Http2Headers head) {
            keepCookies(head);
            boolean isRefusal = "401".contentEquals(head.status());
            if (!isRefusal && !leadsToForm(head)) {
                return Verdict.PASS;
            }
            session.becomeStale();
            if (attempt == 1) {
                return Verdict.AGAIN;
            }
            return isRefusal
                    ? new Verdict.Refused(
                            TunnelFailure.SIGN_ON_REFUSED,
                            "the application answers 401 though the user was signed in through its form just before")
                    : Verdict.PASS;
        }

        /// Cookies of the sign-in stay here, whatever becomes of them; others are the browser's.
        private void keepCookies(Http2Headers head) {
            List<String> all = head.getAll(HttpHeaderNames.SET_COOKIE).stream()
                    .map(CharSequence::toString)
                    .toList();
            List<String> own = all.stream()
                    .filter(text -> session.cookies().has(name(text)))
                    .toList();
            if (own.isEmpty()) {
                return;
            }
            head.remove(HttpHeaderNames.SET_COOKIE);
            all.stream()
                    .filter(text -> !own.contains(text))
                    .forEach(text -> head.add(HttpHeaderNames.SET_COOKIE, text));
            session.cookies().take(own, "/");
        }

        private boolean leadsToForm(Http2Headers head) {
            CharSequence location = head.get(HttpHeaderNames.LOCATION);
            if (location == null || head.status().charAt(0) != '3') {
                return false;
            }
            String path =
                    location.toString().replaceFirst("^[A-Za-z]+://[^/?#]*", "").replaceFirst("[?#].*$", "");
            return path.equals(session.settings().pagePath());
        }
    }
}
