package io.postern.domain.claims;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where one value comes from, for whom: rows with conditions, and what counts when none of them does.
///
/// @param otherwise empty: nobody else gets the value
public record Rows(Optional<Source> otherwise, List<Row> conditional) {
    /// @param condition asks for something
    public record Row(Condition condition, Source source) {}

    public Rows {
        conditional = List.copyOf(conditional);
        Set<String> groups = new HashSet<>();
        conditional.forEach(row -> groups.addAll(row.condition().groups()));
        if (groups.size() > Condition.GROUPS_MAX) {
            throw new ClaimsFault(
                    "configurations",
                    groups.size() + " groups are named in one claim; " + Condition.GROUPS_MAX
                            + " are possible (CLM-2)");
        }
        if (conditional.size() > Condition.GROUPS_MAX) {
            throw new ClaimsFault(
                    "configurations",
                    conditional.size() + " rows in one claim; " + Condition.GROUPS_MAX + " are possible (CLM-2)");
        }
    }

    public static Rows of(Source source) {
        return new Rows(Optional.of(source), List.of());
    }

    /// Without, nobody needs to look up in which groups somebody is.
    public boolean asksForGroups() {
        return conditional.stream().anyMatch(row -> !row.condition().groups().isEmpty());
    }

    /// What the row that counts for the person says; nothing where none does.
    ///
    /// @param pairwise identifier of the user at the application
    /// @param multivalued every value, not the first one only
    public List<String> values(Person person, String pairwise, boolean multivalued) {
        return choose(person)
                .map(source -> source.values(new Operand.Scope(person, pairwise, false), multivalued))
                .orElse(List.of());
    }

    /// The last row that holds, after the rows of attributes those of transformations (CLM-2).
    Optional<Source> choose(Person person) {
        return last(person, true).or(() -> last(person, false)).or(() -> otherwise);
    }

    private Optional<Source> last(Person person, boolean transformed) {
        return conditional.reversed().stream()
                .filter(row -> row.source().isTransformed() == transformed)
                .filter(row -> row.condition().holds(person))
                .map(Row::source)
                .findFirst();
    }
}
