package io.postern.store;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.Optional;

/// A security group.
///
/// @param rule finds the members of a dynamic group; empty: they are assigned
public record Group(
        TenantId tenant,
        GroupId id,
        String displayName,
        Optional<String> description,
        Instant created,
        Optional<Rule> rule) {
    /// @param text in the language of [io.postern.domain.membership.MembershipRule]
    /// @param paused while it is, members stay as they are
    public record Rule(String text, boolean paused) {}

    /// With assigned members.
    public Group(TenantId tenant, GroupId id, String displayName, Optional<String> description, Instant created) {
        this(tenant, id, displayName, description, created, Optional.empty());
    }
}
