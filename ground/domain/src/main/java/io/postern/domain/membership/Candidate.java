package io.postern.domain.membership;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// A user as rules see him.
///
/// @param id object id, lower case
/// @param values by the directory's names; with `id`, `accountEnabled` and, of a synchronised user, `dirSyncEnabled`
/// @param groups ids of the groups that he is a direct member of; those that rules ask for are enough
public record Candidate(String id, Map<String, List<String>> values, Set<String> groups) {
    public Candidate {
        values = Map.copyOf(values);
        groups = Set.copyOf(groups);
    }

    List<String> values(String attribute) {
        return values.getOrDefault(attribute, List.of());
    }
}
