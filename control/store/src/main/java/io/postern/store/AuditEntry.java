package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// One change, as the audit log tells it (5.2).
///
/// @param correlation id of the exchange; empty when nobody asked for the change
/// @param activity for example `Add application`
/// @param category for example `ApplicationManagement`
/// @param service the part of Postern that made it, for example `Application Proxy`
/// @param result `success` or `failure`
/// @param reason why it failed; empty for success
public record AuditEntry(
        String id,
        TenantId tenant,
        Instant time,
        String correlation,
        String activity,
        String category,
        String service,
        Initiator initiator,
        List<Target> targets,
        String result,
        String reason,
        Map<String, String> details) {
    /// Who asked for the change.
    ///
    /// @param id of a user or a service principal; empty when it has none
    /// @param name user principal name or service principal name
    /// @param person a user, else a program
    /// @param displayName of a user, where known
    public record Initiator(String id, String name, boolean person, String displayName, Optional<String> address) {
        /// A name with an at sign is a user's.
        public static Initiator of(String id, String name, Optional<String> address) {
            return new Initiator(id, name, name.indexOf('@') > 0, "", address);
        }
    }

    /// What was changed.
    ///
    /// @param type for example `User`
    public record Target(String type, String id, String name, List<Modified> modified) {
        public Target {
            modified = List.copyOf(modified);
        }

        public Target(String type, String id, String name) {
            this(type, id, name, List.of());
        }
    }

    /// A property and what became of it; an absent value is empty.
    public record Modified(String property, String before, String after) {}

    public AuditEntry {
        targets = List.copyOf(targets);
        details = Map.copyOf(details);
    }

    /// A change of one thing that succeeded.
    public static AuditEntry of(
            TenantId tenant, Instant time, String activity, String category, Initiator initiator, Target target) {
        return new AuditEntry(
                UUID.randomUUID().toString(),
                tenant,
                time,
                "",
                activity,
                category,
                "Core Directory",
                initiator,
                List.of(target),
                "success",
                "",
                Map.of());
    }

    public AuditEntry in(String exchange) {
        return new AuditEntry(
                id, tenant, time, exchange, activity, category, service, initiator, targets, result, reason, details);
    }

    public AuditEntry with(Map<String, String> more) {
        return new AuditEntry(
                id, tenant, time, correlation, activity, category, service, initiator, targets, result, reason, more);
    }

    /// `Add`, `Update`, `Delete`, or what else the activity begins with.
    public String operation() {
        int space = activity.indexOf(' ');
        String verb = space < 0 ? activity : activity.substring(0, space);
        return switch (verb) {
            case "Remove" -> "Delete";
            case "Set", "Change", "Reset", "Enable", "Disable" -> "Update";
            default -> verb;
        };
    }
}
