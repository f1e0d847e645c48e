package io.postern.domain.membership;

import io.postern.domain.membership.Condition.Facts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Who is a member of a dynamic group (4.3). Thread-safe.
public final class MembershipRule {
    /// Longest rule.
    public static final int LENGTH_MAX = 3072;

    private final String text;
    private final Condition condition;
    private final Set<String> sources;
    private final List<Condition.ByClock> byClock;

    private MembershipRule(String text, Condition condition, Set<String> sources) {
        this.text = text;
        this.condition = condition;
        this.sources = Set.copyOf(sources);
        this.byClock = byClock(condition).toList();
    }

    /// @throws RuleFault with place, what stands there and what is expected
    public static MembershipRule parse(String text) {
        if (text.length() > LENGTH_MAX) {
            throw RuleFault.wrong(
                    text, LENGTH_MAX, "the rule has " + text.length() + " characters; " + LENGTH_MAX + " are possible");
        }
        var parser = new Parser(text);
        Condition condition = parser.parse();
        return new MembershipRule(text, condition, parser.sources());
    }

    /// As it was written.
    public String text() {
        return text;
    }

    /// Ids of the groups whose members it asks for by `memberOf`.
    public Set<String> sources() {
        return sources;
    }

    public boolean holds(Candidate who, Instant now) {
        return condition.holds(new Facts(who, now, Optional.empty()));
    }

    /// The first moment after `now` at which the answer for this user may be another one, though nothing of his
    /// changes; empty when there is none.
    public Optional<Instant> turns(Candidate who, Instant now) {
        if (byClock.isEmpty()) {
            return Optional.empty();
        }
        var facts = new Facts(who, now, Optional.empty());
        return byClock.stream().flatMap(part -> part.turns(facts).stream()).min(Instant::compareTo);
    }

    /// Why it holds or not, part by part.
    public Evaluation explain(Candidate who, Instant now) {
        return explain(condition, new Facts(who, now, Optional.empty()));
    }

    private static Evaluation explain(Condition condition, Facts facts) {
        return new Evaluation(
                condition.text(),
                condition.holds(facts),
                condition.values(facts),
                condition.parts().stream().map(part -> explain(part, facts)).toList());
    }

    private static Stream<Condition.ByClock> byClock(Condition condition) {
        return condition instanceof Condition.ByClock clock
                ? Stream.of(clock)
                : condition.parts().stream().flatMap(MembershipRule::byClock);
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof MembershipRule that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
