package io.postern.connector.form;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What is not tried for a while after it failed. Pauses grow from failure to failure, also when something that
/// looked like a success was between them. Bounded; thread-safe.
final class Rests<K> {
    private static final int MAX = 20_000;
    private static final int DOUBLED_MAX = 10;

    /// Without a failure for so long, the next is a first one.
    private static final Duration FORGOTTEN = Duration.ofHours(4);

    /// @param times one after another
    private record Rest(Instant until, int times, LoginFault why) {}

    private final InstantSource clock;
    private final Map<K, Rest> rests = new LinkedHashMap<>();

    Rests(InstantSource clock) {
        this.clock = clock;
    }

    /// Why it rests now.
    synchronized Optional<LoginFault> of(K key) {
        return Optional.ofNullable(rests.get(key))
                .filter(rest -> clock.instant().isBefore(rest.until()))
                .map(Rest::why);
    }

    /// @param pause after the first time
    /// @return how long it rests
    synchronized Duration failed(K key, LoginFault why, Duration pause, Duration max) {
        Instant now = clock.instant();
        Rest before = rests.remove(key);
        int times = before == null || before.until().plus(FORGOTTEN).isBefore(now) ? 1 : before.times() + 1;
        Duration grown = pause.multipliedBy(1L << Math.min(times - 1, DOUBLED_MAX));
        Duration rest = grown.compareTo(max) > 0 ? max : grown;
        if (rests.size() >= MAX) {
            rests.remove(rests.keySet().iterator().next());
        }
        rests.put(key, new Rest(now.plus(rest), times, why));
        return rest;
    }
}
