package io.postern.admin.service;

import io.postern.store.Assignment;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// From when, until when and why somebody is assigned.
final class AssignmentTerms {
    private static final int REASON_MAX = 1024;

    private AssignmentTerms() {}

    static void check(Optional<Instant> starts, Optional<Instant> ends, Optional<String> reason, Instant now) {
        if (ends.isPresent() && !ends.get().isAfter(now)) {
            throw Rejected.invalid(
                    "endDateTime", "endDateTime '" + ends.get() + "' is over already; to end it now, remove it");
        }
        if (starts.isPresent() && ends.isPresent() && !ends.get().isAfter(starts.get())) {
            throw Rejected.invalid(
                    "endDateTime",
                    "endDateTime '" + ends.get() + "' must be after startDateTime '" + starts.get() + "'");
        }
        reason(reason);
    }

    static void reason(Optional<String> reason) {
        if (reason.filter(r -> r.isBlank() || r.length() > REASON_MAX).isPresent()) {
            throw Rejected.invalid("reason", "reason must have 1 to " + REASON_MAX + " characters");
        }
    }

    static Assignment with(
            Assignment old,
            Optional<Instant> starts,
            Optional<Instant> ends,
            Optional<String> reason,
            Optional<Instant> reviewed) {
        return new Assignment(
                old.tenant(),
                old.id(),
                old.principalType(),
                old.principal(),
                old.resource(),
                old.appRoleId(),
                old.created(),
                starts,
                ends,
                reason,
                old.assignedBy(),
                old.lastUsed(),
                reviewed);
    }

    /// For the audit log.
    static Map<String, String> told(Assignment assignment, String principal, String role) {
        var told = new TreeMap<String, String>();
        told.put("principal", principal);
        told.put("principalId", assignment.principal());
        told.put("role", role);
        assignment.starts().ifPresent(start -> told.put("startDateTime", start.toString()));
        assignment.ends().ifPresent(end -> told.put("endDateTime", end.toString()));
        assignment.reason().ifPresent(reason -> told.put("reason", reason));
        return told;
    }
}
