package io.postern.connector.link;

import java.time.Duration;
import java.time.Instant;

/// Tells when for long nobody could say whether the configuration has changed. The service sends each change through
/// a tunnel at once, so while one is up the configuration is checked.
final class ConfigurationAge {
    /// In the Admin log (docs/operate/logs.md), as the product that this one follows has it.
    static final int EVENT = 12000;

    /// After which it is told, and told again.
    static final Duration LIMIT = Duration.ofMinutes(60);

    private Instant checked;
    private Instant told;

    /// @param now of the process's start, which is when it begins to count
    ConfigurationAge(Instant now) {
        checked = now;
        told = now;
    }

    /// @return whether it is to be told now
    boolean tick(Instant now, boolean isConnected) {
        if (isConnected || now.isBefore(told)) { // or the clock was set back
            checked = now;
            told = now;
        }
        if (now.isBefore(told.plus(LIMIT))) {
            return false;
        }
        told = now;
        return true;
    }

    /// How long ago it was checked last.
    Duration at(Instant now) {
        return Duration.between(checked, now);
    }
}
