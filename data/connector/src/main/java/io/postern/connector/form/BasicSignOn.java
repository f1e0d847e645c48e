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

/// Shows an application the user's name and password by HTTP Basic (RFC 7617) with every request. The field is held
/// for minutes, so that the service is not asked for each. Thread-safe.
public final class BasicSignOn implements SignOn {
    private static final int HELD_MAX = 20_000;
    private static final Duration HELD = Duration.ofMinutes(10);
    private static final Duration REFUSED = Duration.ofMinutes(10);

    private record Account(String application, String user) {}

    /// @param field of `Authorization`; absent where the application has refused it
    private record Held(String version, Optional<AsciiString> field, Instant until) {}

    private final Credentials credentials;
    private final InstantSource clock;
    private final Map<Account, Held> held = new LinkedHashMap<>(16, 0.75f, true);

    public BasicSignOn(Credentials credentials, InstantSource clock) {
        this.credentials = credentials;
        this.clock = clock;
    }

    @Override
    public String way() {
        return "basic";
    }

    @Override
    public void prepare(Call call, EventLoop loop, Waiter waiter) {
        var account = new Account(
                call.parameters().getOrDefault("app", ""), call.parameters().getOrDefault("user", ""));
        String version = call.parameters().getOrDefault("version", "");
        Optional<Held> known = known(account, version);
        if (known.isPresent()) {
            show(known.get(), account, call, waiter);
            return;
        }
        Thread.ofVirtual().name("basic-sign-on").start(() -> {
            try {
                Held made = keep(account, fetch(account, version));
                loop.execute(() -> show(made, account, call, waiter));
            } catch (LoginFault e) {
                loop.execute(() -> LoginFaults.tell(waiter, call, e));
            } catch (RuntimeException e) { // a fault of ours; the request must not wait for ever
                loop.execute(() ->
                        waiter.onRefused(TunnelFailure.SIGN_ON_CONFIGURATION, "sign-on by HTTP Basic failed: " + e));
            }
        });
    }

    private synchronized Optional<Held> known(Account account, String version) {
        return Optional.ofNullable(held.get(account))
                .filter(one -> one.version().equals(version) && clock.instant().isBefore(one.until()));
    }

    private Held fetch(Account account, String version) {
        try (Credential credential = credentials.fetch(account.application(), account.user())) {
            return new Held(
                    version,
                    Optional.of(new AsciiString(field(credential), false)),
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

    private synchronized Held keep(Account account, Held made) {
        held.put(account, made);
        if (held.size() > HELD_MAX) {
            var all = held.values().iterator();
            all.next();
            all.remove();
        }
        return made;
    }

    private void show(Held one, Account account, Call call, Waiter waiter) {
        if (one.field().isEmpty()) {
            LoginFaults.tell(waiter, call, new LoginFault(Kind.REFUSED, "the application answered 401"));
            return;
        }
        waiter.onSignedOn(new SignedOn() {
            @Override
            public void addTo(Http2Headers head) {
                head.set(HttpHeaderNames.AUTHORIZATION, one.field().get());
            }

            @Override
            public Verdict onAnswer(Http2Headers head) {
                if (!"401".contentEquals(head.status())) {
                    return Verdict.PASS;
                }
                keep(
                        account,
                        new Held(
                                one.version(), Optional.empty(), clock.instant().plus(REFUSED)));
                return new Verdict.Refused(
                        TunnelFailure.SIGN_ON_REFUSED,
                        "the application answered 401 to the user's name and password; set them anew: the old ones are"
                                + " not tried again for " + REFUSED.toMinutes() + " minutes, so that the account is not"
                                + " locked");
            }
        });
    }
}
