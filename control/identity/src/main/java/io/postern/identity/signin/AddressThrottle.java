package io.postern.identity.signin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.postern.web.RequestFacts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Bounds failed sign-ins per client address: one address that tries many names meets a wall that
/// lockout, which counts per name, does not give. Successes do not count, so an office behind one address
/// is not locked out. Of this process; thread-safe.
public final class AddressThrottle {
    static final int FAILURES_MAX = 30;
    public static final Duration WINDOW = Duration.ofMinutes(1);

    private static final int ADDRESSES_MAX = 100_000; // some 10 MB at most

    private record Window(Instant began, int failures) {}

    private final Clock clock;
    private final int max;
    private final Cache<String, Window> windows = Caffeine.newBuilder()
            .maximumSize(ADDRESSES_MAX)
            .expireAfterWrite(WINDOW.multipliedBy(10))
            .build();

    public AddressThrottle(Clock clock) {
        this(clock, FAILURES_MAX);
    }

    /// @param max in a window, of one address
    public AddressThrottle(Clock clock, int max) {
        this.clock = clock;
        this.max = max;
    }

    /// Counts a try as failed until [#succeeded] says otherwise. @return false when the address must wait
    public boolean enter(String clientAddress) {
        Instant now = clock.instant();
        Window after = windows.asMap().compute(RequestFacts.network(clientAddress), (key, window) -> {
            if (window == null || !now.isBefore(window.began().plus(WINDOW))) {
                return new Window(now, 1);
            }
            return new Window(window.began(), window.failures() + 1);
        });
        return after.failures() <= max;
    }

    public void succeeded(String clientAddress) {
        windows.asMap()
                .computeIfPresent(
                        RequestFacts.network(clientAddress),
                        (key, window) -> new Window(window.began(), Math.max(0, window.failures() - 1)));
    }
}
