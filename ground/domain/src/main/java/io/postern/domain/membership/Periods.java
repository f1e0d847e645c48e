package io.postern.domain.membership;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Periods as rules write them.
final class Periods {
    private Periods() {}

    /// `p1d`, `p2w`, `p1dt12h`: of a fixed length, so no months and years. Up to a hundred years.
    static Optional<Duration> read(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        if (!upper.matches("P(?=.)(\\d{1,4}W)?(\\d{1,5}D)?(T(?=.)(\\d{1,5}H)?(\\d{1,5}M)?)?")) {
            return Optional.empty();
        }
        int time = upper.indexOf('T');
        String days = time < 0 ? upper.substring(1) : upper.substring(1, time);
        int week = days.indexOf('W');
        Duration period = Duration.ZERO;
        if (week >= 0) {
            period = period.plusDays(7L * Integer.parseInt(days.substring(0, week)));
            days = days.substring(week + 1);
        }
        if (!days.isEmpty()) {
            period = period.plusDays(Integer.parseInt(days.substring(0, days.length() - 1)));
        }
        return Optional.of(time < 0 ? period : period.plus(Duration.parse("P" + upper.substring(time))));
    }
}
