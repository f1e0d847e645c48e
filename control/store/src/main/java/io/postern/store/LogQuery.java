package io.postern.store;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/// Which entries of a log, in which order.
///
/// @param conditions all of them must hold
/// @param after the number of the last entry seen: what follows it in the order asked for
/// @param limit at most so many
public record LogQuery(List<Condition> conditions, OptionalLong after, boolean newestFirst, int limit) {
    public enum Operator {
        EQUAL,
        OTHER,
        STARTS_WITH,
        AT_LEAST,
        MORE,
        AT_MOST,
        LESS
    }

    /// @param value of [LogField#HAPPENED] an instant in ISO 8601
    public record Condition(LogField field, Operator operator, String value) {
        public static Condition equal(LogField field, String value) {
            return new Condition(field, Operator.EQUAL, value);
        }

        public static Condition time(Operator operator, Instant instant) {
            return new Condition(LogField.HAPPENED, operator, instant.toString());
        }
    }

    public LogQuery {
        conditions = List.copyOf(conditions);
    }

    public static LogQuery newest(int limit) {
        return new LogQuery(List.of(), OptionalLong.empty(), true, limit);
    }

    /// From the beginning, or after an entry: as chains are walked.
    public static LogQuery onwards(long after, int limit) {
        return new LogQuery(List.of(), OptionalLong.of(after), false, limit);
    }
}
