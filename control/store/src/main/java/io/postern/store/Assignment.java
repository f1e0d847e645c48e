package io.postern.store;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import java.time.Instant;

/// A user or group that may use an application (`appRoleAssignedTo`, ASG-2).
///
/// @param id URL-safe id of the assignment
/// @param principal user or group id
/// @param appRoleId all zero for "Default Access"
public record Assignment(
        TenantId tenant,
        String id,
        PrincipalType principalType,
        String principal,
        ServicePrincipalId resource,
        String appRoleId,
        Instant created) {
    public static final String DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000";

    public enum PrincipalType {
        USER,
        GROUP
    }
}
