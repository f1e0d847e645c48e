package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// One change, as the audit log tells it (5.2).
///
/// @param activity for example `Add application`
/// @param category for example `ApplicationManagement`
/// @param initiatedBy user principal name or service principal name
/// @param result `success` or `failure`
public record AuditEntry(
        String id,
        TenantId tenant,
        Instant time,
        String activity,
        String category,
        String initiatedBy,
        Optional<String> address,
        String targetType,
        String targetId,
        String targetName,
        String result,
        Map<String, String> details) {
    public AuditEntry {
        details = Map.copyOf(details);
    }
}
