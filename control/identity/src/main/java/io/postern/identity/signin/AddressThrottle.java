package io.postern.identity.signin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Bounds failed sign-ins per client address: one address that tries many names meets a wall that
/// lockout, which counts per name, does not give. Successes do not count, so an office behind one address
/// is not locked out. Of this process; thread-safe.
public final class AddressThrottle {
    static final int FAILURES_MAX = 30;
    static final Duration WINDOW = Duration.ofMinutes(1);

    private static final int ADDRESSES_MAX = 100_000; // some 10 MB at most

    private record Window(Instant began, int failures) {}

    private final Clock clock;
    private final Cache<String, Window> windows = Caffeine.newBuilder()
            .maximumSize(ADDRESSES_MAX)
            .expireAfterWrite(WINDOW.multipliedBy(10))
            .build();

    public AddressThrottle(Clock clock) {
        this.clock = clock;
    }

    /// Counts a try as failed until [#succeeded] says otherwise. @return false when the address must wait
    public boolean enter(String clientAddress) {
        Instant now = clock.instant();
        Window after = windows.asMap().compute(network(clientAddress), (key, window) -> {
            if (window == null || !now.isBefore(window.began().plus(WINDOW))) {
                return new Window(now, 1);
            }
            return new Window(window.began(), window.failures() + 1);
        });
        return after.failures() <= FAILURES_MAX;
    }

    public void succeeded(String clientAddress) {
        windows.asMap()
                .computeIfPresent(
                        network(clientAddress),
                        (key, window) -> new Window(window.began(), Math.max(0, window.failures() - 1)));
    }

    /// An IPv6 user holds a /64: its addresses count as one.
    private static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        String[] groups = address.split("::", 2)[0].split(":");
        return String.join(":", java.util.Arrays.copyOf(groups, Math.min(4, groups.length))) + "::/64";
    }
}
