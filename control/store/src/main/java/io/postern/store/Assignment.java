package io.postern.store;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.Optional;

/// A user or group that may use an application, or an application that may use another one's role
/// (`appRoleAssignedTo`, ASG-2).
///
/// @param id URL-safe id of the assignment
/// @param principal id of a user, group or service principal
/// @param appRoleId all zero for "Default Access"
/// @param starts counts from here on; empty: since it was made
/// @param ends counts until here, exclusively; empty: until it is removed
/// @param reason why, in the words of whoever assigned or last reviewed it
/// @param assignedBy user or service principal name
/// @param lastUsed when somebody last signed in to the application by it, to the hour; empty: never
/// @param reviewed when a review last kept it
public record Assignment(
        TenantId tenant,
        String id,
        PrincipalType principalType,
        String principal,
        ServicePrincipalId resource,
        String appRoleId,
        Instant created,
        Optional<Instant> starts,
        Optional<Instant> ends,
        Optional<String> reason,
        Optional<String> assignedBy,
        Optional<Instant> lastUsed,
        Optional<Instant> reviewed) {
    public static final String DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000";

    public enum PrincipalType {
        USER,
        GROUP,
        SERVICE_PRINCIPAL
    }

    /// One without dates, that nobody has used yet.
    public Assignment(
            TenantId tenant,
            String id,
            PrincipalType principalType,
            String principal,
            ServicePrincipalId resource,
            String appRoleId,
            Instant created) {
        this(
                tenant,
                id,
                principalType,
                principal,
                resource,
                appRoleId,
                created,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public boolean isInForce(Instant now) {
        return starts.filter(now::isBefore).isEmpty()
                && ends.filter(end -> !now.isBefore(end)).isEmpty();
    }
}
