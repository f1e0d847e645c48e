package io.postern.admin.service;

import java.time.Instant;
import java.util.Optional;

/// Whom a declaration assigns.
///
/// @param name user principal name, or display name of a group
/// @param terms empty: as it is held, and where nothing is held Default Access for always
public record DeclaredAssignment(String name, Optional<Terms> terms) {
    /// All that there is to it: what is absent is not wanted.
    ///
    /// @param appRole value of the role, or its display name where it has none; empty for Default Access
    public record Terms(
            Optional<String> appRole, Optional<Instant> starts, Optional<Instant> ends, Optional<String> reason) {
        static final Terms NONE = new Terms(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static DeclaredAssignment of(String name) {
        return new DeclaredAssignment(name, Optional.empty());
    }
}
