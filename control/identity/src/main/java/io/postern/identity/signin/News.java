package io.postern.identity.signin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/// Which of many refusals that are all the same is to be told: one a minute. Whoever is refused because too many ask
/// could otherwise fill the log, and the disk, as fast as he can send. Of this process; thread-safe.
final class News {
    static final Duration SILENCE = Duration.ofMinutes(1);

    private static final int TOPICS_MAX = 10_000;

    private final Clock clock;
    private final Cache<String, Instant> told = Caffeine.newBuilder()
            .maximumSize(TOPICS_MAX)
            .expireAfterWrite(SILENCE.multipliedBy(10))
            .build();

    News(Clock clock) {
        this.clock = clock;
    }

    boolean isFirst(String topic) {
        Instant now = clock.instant();
        var first = new AtomicBoolean();
        told.asMap().compute(topic, (_, last) -> {
            boolean silent = last != null && now.isBefore(last.plus(SILENCE));
            first.set(!silent);
            return silent ? last : now;
        });
        return first.get();
    }
}
