package io.postern.gateway.probe;

import java.time.Duration;

/// How often is looked, and how long waited.
///
/// @param interval between two probes of one path; longer where there are more paths than can be probed in it; zero:
///     only when somebody asks
/// @param limit for the first byte of a backend's answer to a probe; the application's own, where that is shorter
/// @param allowance what the connector may take beside that: dialling, five seconds unless its `connect-timeout` says
///     otherwise, and the way there and back
/// @param reports between two questions to a connector how it is
public record ProbeSettings(Duration interval, Duration limit, Duration allowance, Duration reports) {
    public static final ProbeSettings DEFAULTS = new ProbeSettings(
            Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(15));

    /// Nothing is probed by itself.
    public static final ProbeSettings ON_DEMAND = DEFAULTS.with(Duration.ZERO, DEFAULTS.limit());

    public ProbeSettings {
        if (interval.isNegative() || !limit.isPositive() || allowance.isNegative() || !reports.isPositive()) {
            throw new IllegalArgumentException("intervals and limits of probes must be longer than nothing");
        }
    }

    public ProbeSettings with(Duration otherInterval, Duration otherLimit) {
        return new ProbeSettings(otherInterval, otherLimit, allowance, reports);
    }
}
