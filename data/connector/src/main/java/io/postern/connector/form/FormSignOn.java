package io.postern.connector.form;

import io.netty.channel.EventLoop;
import io.postern.connector.serve.BackendCalls;
import io.postern.connector.serve.SignOn;
import io.postern.tunnel.TunnelFailure;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;

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

    /// Whose sessions at applications are kept.
    public List<HeldSession> held() {
        return sessions.held();
    }

    /// Signs out at the applications, where they have an address for that, and forgets their cookies.
    public void end(HeldSession over) {
        sessions.end(over);
    }

    @Override
    public void prepare(Call call, EventLoop loop, Waiter waiter) {
        Map<String, String> parameters = call.parameters();
        var key = new LoginSessions.Key(
                parameters.getOrDefault("app", ""),
                Account.backend(call.backend()),
                parameters.getOrDefault("user", ""),
                parameters.getOrDefault("session", ""));
        String version = parameters.getOrDefault("version", "");
        if (key.application().isEmpty() || key.user().isEmpty() || key.session().isEmpty()) {
            waiter.onRefused(TunnelFailure.SIGN_ON_CONFIGURATION, "sign-on by form says not for whom");
            return;
        }
        Optional<LoginSession> ready = sessions.ready(key, version);
        if (ready.isPresent()) {
            waiter.onSignedOn(new Shown(ready.get(), call.attempt(), clock));
            return;
        }
        sessions.get(key, version, way(call, key)).whenComplete((session, fault) -> {
            if (fault == null) {
                loop.execute(() -> waiter.onSignedOn(new Shown(session, call.attempt(), clock)));
            } else {
                loop.execute(() -> refuse(waiter, call, fault));
            }
        });
    }

    private LoginSessions.Way way(Call call, LoginSessions.Key key) {
        return new LoginSessions.Way() {
            @Override
            public Credential fetch() {
                return credentials.fetch(key.application(), key.user());
            }

            @Override
            public FormBackend backend(Credential credential) {
                return new DialledBackend(calls, call.backend(), credential.host());
            }
        };
    }

    private static void refuse(Waiter waiter, Call call, Throwable fault) {
        Throwable cause = fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
        if (cause instanceof LoginFault login) {
            LoginFaults.tell(waiter, call, login);
        } else {
            waiter.onRefused(TunnelFailure.SIGN_ON_CONFIGURATION, "sign-on by form failed: " + cause);
        }
    }
}
