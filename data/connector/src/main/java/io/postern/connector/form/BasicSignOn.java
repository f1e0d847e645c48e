package io.postern.connector.form;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.connector.form.LoginFault.Kind;
import io.postern.connector.serve.SignOn;
import io.postern.connector.serve.SignedOn;
import io.postern.tunnel.TunnelFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Shows an application the user's name and password by HTTP Basic (RFC 7617) with every request. The field is held
/// for minutes, so that the service is not asked for each. Thread-safe.
public final class BasicSignOn implements SignOn {
    private static final int HELD_MAX = 20_000;
    private static final Duration HELD = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /// @param backend scheme, host and port
    /// @param version that requests ask for
    private record Wanted(String application, String backend, String user, String version) {}

    /// @param field of `Authorization`
    private record Held(Account account, AsciiString field, Instant until) {}

    private final Credentials credentials;
    private final InstantSource clock;
    private final BasicTrials trials;
    private final Map<Wanted, Held> held = new LinkedHashMap<>(16, 0.75f, true);

    public BasicSignOn(Credentials credentials, InstantSource clock) {
        this.credentials = credentials;
        this.clock = clock;
        this.trials = new BasicTrials(clock);
    }

    @Override
    public String way() {
        return "basic";
    }

    @Override
    public void prepare(Call call, EventLoop loop, Waiter waiter) {
        var wanted = new Wanted(
                call.parameters().getOrDefault("app", ""),
                Account.backend(call.backend()),
                call.parameters().getOrDefault("user", ""),
                call.parameters().getOrDefault("version", ""));
        Optional<Held> known = known(wanted);
        if (known.isPresent()) {
            ask(known.get(), call, loop, waiter);
            return;
        }
        Thread.ofVirtual().name("basic-sign-on").start(() -> {
            try {
                Held made = keep(wanted, fetch(wanted));
                ask(made, call, loop, waiter);
            } catch (LoginFault e) {
                loop.execute(() -> LoginFaults.tell(waiter, call, e));
            } catch (RuntimeException e) { // a fault of ours; the request must not wait for ever
                loop.execute(() ->
                        waiter.onRefused(TunnelFailure.SIGN_ON_CONFIGURATION, "sign-on by HTTP Basic failed: " + e));
            }
        });
    }

    private synchronized Optional<Held> known(Wanted wanted) {
        return Optional.ofNullable(held.get(wanted))
                .filter(one -> clock.instant().isBefore(one.until()));
    }

    private Held fetch(Wanted wanted) {
        try (Credential credential = credentials.fetch(wanted.application(), wanted.user())) {
            return new Held(
                    Account.of(wanted.application(), wanted.backend(), credential),
                    new AsciiString(field(credential), false),
                    clock.instant().plus(HELD));
        }
    }

    /// A value of `Authorization`, which holds the password.
    static byte[] field(Credential credential) {
        byte[] user = (credential.user() + ":").getBytes(StandardCharsets.UTF_8);
        byte[] pair = Arrays.copyOf(user, user.length + credential.password().length);
        System.arraycopy(credential.password(), 0, pair, user.length, credential.password().length);
        byte[] coded = Base64.getEncoder().encode(pair);
        Arrays.fill(pair, (byte) 0);
        byte[] field = Arrays.copyOf("Basic ".getBytes(StandardCharsets.US_ASCII), 6 + coded.length);
        System.arraycopy(coded, 0, field, 6, coded.length);
        return field;
    }

    private synchronized Held keep(Wanted wanted, Held made) {
        held.put(wanted, made);
        if (held.size() > HELD_MAX) {
            var all = held.values().iterator();
            all.next();
            all.remove();
        }
        return made;
    }

    private void ask(Held one, Call call, EventLoop loop, Waiter waiter) {
        // never at once: it may be another request's answer that lets this one go
        boolean waits = trials.ask(one.account(), new BasicTrials.Request() {
            @Override
            public void show(BasicTrials.Showing showing) {
                loop.execute(() -> BasicSignOn.this.show(one, showing, waiter));
            }

            @Override
            public void refuse(LoginFault why) {
                loop.execute(() -> LoginFaults.tell(waiter, call, why));
            }
        });
        if (waits) {
            look(one.account(), loop);
        }
    }

    private void look(Account account, EventLoop loop) {
        loop.schedule(
                () -> {
                    if (trials.letThrough(account)) {
                        look(account, loop);
                    }
                },
                LOOK.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void show(Held one, BasicTrials.Showing showing, Waiter waiter) {
        var shown = new ShownField(one, showing);
        waiter.onSignedOn(shown);
        if (!shown.added) { // nobody wants it any more
            trials.unheard(showing);
        }
    }

    private final class ShownField implements SignedOn {
        private final Held one;
        private final BasicTrials.Showing showing;
        private boolean added;

        ShownField(Held one, BasicTrials.Showing showing) {
            this.one = one;
            this.showing = showing;
        }

        @Override
        public void addTo(Http2Headers head) {
            added = true;
            head.set(HttpHeaderNames.AUTHORIZATION, one.field());
        }

        @Override
        public void onLost() {
            trials.unheard(showing);
        }

        @Override
        public Verdict onAnswer(Http2Headers head) {
            if (!"401".contentEquals(head.status())) {
                if (head.status().charAt(0) == '5') {
                    trials.unheard(showing);
                } else {
                    trials.taken(showing);
                }
                return Verdict.PASS;
            }
            Optional<Duration> rest =
                    trials.refused(showing, new LoginFault(Kind.REFUSED, "the application answered 401"));
            return new Verdict.Refused(
                    TunnelFailure.SIGN_ON_REFUSED,
                    "the application answered 401 to the user's name and password; "
                            + rest.map(pause -> "set them anew: the old ones are not tried again for "
                                            + pause.toMinutes() + " minutes, so that the account is not locked")
                                    .orElse("it took them before, so look whether this page is for the user at all"));
        }
    }
}
