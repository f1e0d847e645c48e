package io.postern.domain.update;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/// When the connectors of a tenant may be updated by themselves (UPD-4). The first that applies decides: the override,
/// then the deferral, then the daily window; without any of them an update is due at once.
///
/// @param override the rest is skipped
/// @param deferUntil not before
/// @param window at this time of day only
public record UpdatePolicy(boolean override, Optional<Instant> deferUntil, Optional<Window> window) {
    /// Of a tenant whose administrator has said nothing.
    public static final UpdatePolicy NONE = new UpdatePolicy(false, Optional.empty(), Optional.empty());

    /// A time of day in UTC, from `start` up to but not including `end`; over midnight where `end` is the smaller.
    public record Window(LocalTime start, LocalTime end) {
        public Window {
            if (start.equals(end)) {
                throw new IllegalArgumentException(
                        "the update window begins and ends at " + start + "; leave it out for the whole day");
            }
        }

        boolean holds(LocalTime time) {
            return start.isBefore(end)
                    ? !time.isBefore(start) && time.isBefore(end)
                    : !time.isBefore(start) || time.isBefore(end);
        }
    }

    /// When an update may begin: `now`, or the first moment after that the policy allows as it stands.
    public Instant opens(Instant now) {
        if (override) {
            return now;
        }
        Instant from = deferUntil.filter(now::isBefore).orElse(now);
        if (window.isEmpty()) {
            return from;
        }
        ZonedDateTime there = from.atZone(ZoneOffset.UTC);
        if (window.get().holds(there.toLocalTime())) {
            return from;
        }
        ZonedDateTime start = there.with(window.get().start());
        return (start.isBefore(there) ? start.plusDays(1) : start).toInstant();
    }

    /// Why an update waits until [#opens]; for people.
    public String reason(Instant now) {
        if (!override && deferUntil.filter(now::isBefore).isPresent()) {
            return "updates are deferred until " + deferUntil.get();
        }
        return "the update window opens at " + opens(now);
    }
}
