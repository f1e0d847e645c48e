package io.postern.identity.signin;

import io.postern.base.Secret;
import io.postern.store.SignInAttemptStore.Row;
import io.postern.store.Store;
import io.postern.token.KeyRing;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Smart lockout (4.6): ten failures lock the name for a minute, every further one for twice as long, up
/// to an hour. One of the last three wrong passwords typed again does not count: a user who repeats his
/// old password, or a phone that retries it, is no attacker. Unknown names lock like known ones.
final class Lockout {
    static final int FAILURES_MAX = 10;
    static final Duration FIRST_LOCK = Duration.ofSeconds(60);
    static final Duration LONGEST_LOCK = Duration.ofHours(1);
    /// After a day without failures the count begins anew.
    static final Duration FORGOTTEN_AFTER = Duration.ofHours(24);

    private static final int WRONG_KEPT = 3;

    /// @param failuresMax that many lock the name
    /// @param first for so long; each further one for twice as long
    /// @param repeats whether a wrong password typed again counts too: where a directory has counted it, it must
    record Limits(int failuresMax, Duration first, boolean repeats) {
        static final Limits OURS = new Limits(FAILURES_MAX, FIRST_LOCK, false);

        private Optional<Duration> lockAfter(int failures) {
            if (failures < failuresMax) {
                return Optional.empty();
            }
            Duration longest = first.compareTo(LONGEST_LOCK) > 0 ? first : LONGEST_LOCK;
            Duration lock = first.multipliedBy(1L << Math.min(failures - failuresMax, 16));
            return Optional.of(lock.compareTo(longest) > 0 ? longest : lock);
        }
    }

    private final Store store;
    private final Secret key;
    private final Clock clock;

    Lockout(Store store, KeyRing ring, Clock clock) {
        this.store = store;
        this.key = ring.deriveSecret("wrong-password");
        this.clock = clock;
    }

    /// How long the name is still locked; empty when it is not.
    Optional<Duration> remaining(String account) {
        Instant now = clock.instant();
        return store.read(s -> s.signInAttempts().find(account))
                .flatMap(Row::lockedUntil)
                .filter(until -> now.isBefore(until))
                .map(until -> Duration.between(now, until));
    }

    /// Counts a failure. @return how long the name is locked now; empty when it is not
    Optional<Duration> failed(String account, Secret password, Limits limits) {
        Instant now = clock.instant();
        String wrong = fingerprint(account, password);
        return store.write(s -> {
            Optional<Row> before = s.signInAttempts()
                    .find(account)
                    .filter(row -> row.updated().plus(FORGOTTEN_AFTER).isAfter(now));
            List<String> recent = before.map(Row::recentWrong).orElse(List.of());
            if (!limits.repeats() && recent.contains(wrong)) {
                return Optional.<Duration>empty();
            }
            int failures = before.map(Row::failures).orElse(0) + 1;
            var newest = new ArrayList<String>();
            newest.add(wrong);
            newest.addAll(recent);
            Optional<Duration> lock = limits.lockAfter(failures);
            s.signInAttempts()
                    .put(new Row(
                            account,
                            failures,
                            lock.map(now::plus),
                            List.copyOf(newest.subList(0, Math.min(WRONG_KEPT, newest.size()))),
                            now));
            return lock;
        });
    }

    void succeeded(String account) {
        boolean known = store.read(s -> s.signInAttempts().find(account)).isPresent();
        if (known) {
            store.write(s -> {
                s.signInAttempts().clear(account);
                return account;
            });
        }
    }

    /// Keyed, and bound to the name: a wrong password is often nearly the right one, so a plain hash of it
    /// in the database would give the right one away.
    private String fingerprint(String account, Secret password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.bytes(), "HmacSHA256"));
            mac.update(account.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return HexFormat.of().formatHex(mac.doFinal(password.bytes()), 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }
}
