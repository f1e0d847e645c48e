package io.postern.domain.membership;

import io.postern.domain.directory.Dates;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// A part of a rule that holds or not.
sealed interface Condition {
    /// @param element which of a collection is looked at, inside -any and -all; else empty
    record Facts(Candidate who, Instant now, Optional<String> element) {
        List<String> values(Property property) {
            return property.isElement() ? element.stream().toList() : who.values(property.attribute());
        }
    }

    /// As it is written.
    String text();

    boolean holds(Facts facts);

    default List<Condition> parts() {
        return List.of();
    }

    /// What the user has of that which is compared.
    default List<String> values(Facts facts) {
        return List.of();
    }

    record And(String text, List<Condition> parts) implements Condition {
        @Override
        public boolean holds(Facts facts) {
            return parts.stream().allMatch(part -> part.holds(facts));
        }
    }

    record Or(String text, List<Condition> parts) implements Condition {
        @Override
        public boolean holds(Facts facts) {
            return parts.stream().anyMatch(part -> part.holds(facts));
        }
    }

    record Not(String text, Condition part) implements Condition {
        @Override
        public boolean holds(Facts facts) {
            return !part.holds(facts);
        }

        @Override
        public List<Condition> parts() {
            return List.of(part);
        }
    }

    /// Of several values one must do what is asked; for a negative operator none may.
    record Compare(String text, Property property, Predicate<String> asked, boolean negative) implements Condition {
        @Override
        public boolean holds(Facts facts) {
            return facts.values(property).stream().anyMatch(asked) != negative;
        }

        @Override
        public List<String> values(Facts facts) {
            return facts.values(property);
        }
    }

    record Missing(String text, Property property, boolean negative) implements Condition {
        @Override
        public boolean holds(Facts facts) {
            return facts.values(property).isEmpty() != negative;
        }

        @Override
        public List<String> values(Facts facts) {
            return facts.values(property);
        }
    }

    /// A date against `system.now` and a period: the answer turns by itself.
    record ByClock(String text, Property property, boolean atLeast, Duration fromNow) implements Condition {
        @Override
        public boolean holds(Facts facts) {
            Instant bound = facts.now().plus(fromNow);
            return facts.values(property).stream()
                    .flatMap(value -> Dates.read(value).stream())
                    .anyMatch(date -> atLeast ? !date.isBefore(bound) : !date.isAfter(bound));
        }

        /// The first moment after `facts.now()` at which the answer is another one.
        Optional<Instant> turns(Facts facts) {
            return facts.values(property).stream()
                    .flatMap(value -> Dates.read(value).stream())
                    .map(date -> atLeast ? date.minus(fromNow).plusMillis(1) : date.minus(fromNow))
                    .filter(turn -> turn.isAfter(facts.now()))
                    .min(Instant::compareTo);
        }

        @Override
        public List<String> values(Facts facts) {
            return facts.values(property);
        }
    }

    record EveryOrSome(String text, Property collection, boolean every, Condition inner) implements Condition {
        @Override
        public boolean holds(Facts facts) {
            Predicate<String> asked = value -> inner.holds(new Facts(facts.who(), facts.now(), Optional.of(value)));
            List<String> values = facts.values(collection);
            return every ? values.stream().allMatch(asked) : values.stream().anyMatch(asked);
        }

        @Override
        public List<String> values(Facts facts) {
            return facts.values(collection);
        }
    }

    /// Direct member of one of these.
    record InGroups(String text, Set<String> groups) implements Condition {
        @Override
        public boolean holds(Facts facts) {
            return groups.stream().anyMatch(facts.who().groups()::contains);
        }

        @Override
        public List<String> values(Facts facts) {
            return groups.stream()
                    .filter(facts.who().groups()::contains)
                    .sorted()
                    .toList();
        }
    }

    record DirectReports(String text, String manager) implements Condition {
        @Override
        public boolean holds(Facts facts) {
            return facts.who().values("manager").stream().anyMatch(manager::equalsIgnoreCase);
        }

        @Override
        public List<String> values(Facts facts) {
            return facts.who().values("manager");
        }
    }
}
