package io.postern.admin.service;

import java.util.List;
import java.util.Map;

/// What somebody asks for of a source; for a new one name, directory and bases are needed.
///
/// @param group id of the connector group
/// @param membersOf distinguished names of groups
/// @param nested also who is in them by another group
/// @param mapping by property; an empty text takes the usual mapping back
public record SyncDraft(
        Edit<String> name,
        Edit<String> directory,
        Edit<String> group,
        Edit<Boolean> enabled,
        Edit<List<String>> bases,
        Edit<List<String>> excluded,
        Edit<String> userFilter,
        Edit<String> groupFilter,
        Edit<List<String>> membersOf,
        Edit<Boolean> nested,
        Edit<Map<String, String>> mapping,
        Edit<Integer> intervalMinutes,
        Edit<Integer> deletionsMax,
        Edit<Integer> deletionsPercentMax,
        Edit<Boolean> softMatch,
        Passwords passwords) {
    /// Who checks passwords.
    ///
    /// @param where `here` or `onPremises`
    public record Passwords(Edit<String> where, Edit<Integer> triesMax, Edit<Integer> pauseMinutes) {}
}
