package io.postern.admin.service;

import io.postern.domain.TenantId;
import io.postern.store.AuditEntry;
import io.postern.store.Stores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// One transaction of administration while it runs. Not to be kept beyond it.
///
/// @param stores the aggregates in this transaction; applications are written by `applications` alone
/// @param now one instant for everything that the transaction writes
/// @param applications of the actor's tenant
/// @param gathered entries that are written at the end of [#gathering]; empty: each is written at once
record Change(
        Stores stores, Actor actor, Instant now, TenantApplications applications, Optional<List<AuditEntry>> gathered) {
    Change(Stores stores, Actor actor, Instant now) {
        this(stores, actor, now, new TenantApplications(stores.applications(), actor.tenant()), Optional.empty());
    }

    /// For hundreds of entries: they are written together when the work is done, in the same transaction.
    <T> T gathering(Function<Change, T> work) {
        var entries = new ArrayList<AuditEntry>();
        T result = work.apply(new Change(stores, actor, now, applications, Optional.of(entries)));
        if (!entries.isEmpty()) {
            stores.audit().append(entries);
            stores.changes().bump();
        }
        return result;
    }

    TenantId tenant() {
        return actor.tenant();
    }

    <T> T found(Optional<T> row, String kind, Object id) {
        return row.orElseThrow(() -> Rejected.notFound(kind, id));
    }

    /// Writes the audit entry and tells the data plane that something changed: what is not noted did not happen.
    void note(Activity activity, Object targetId, String targetName, Map<String, String> details) {
        note(activity, targetId, targetName, List.of(), details);
    }

    /// As above, with what became of which property.
    void note(
            Activity activity,
            Object targetId,
            String targetName,
            List<AuditEntry.Modified> modified,
            Map<String, String> details) {
        noteUnseen(activity, targetId, targetName, modified, details);
        if (gathered.isEmpty()) {
            stores.changes().bump();
        }
    }

    /// Writes the audit entry of something that is in no snapshot: none is built for it, which counts where
    /// programs change hundreds of users a second.
    void noteUnseen(
            Activity activity,
            Object targetId,
            String targetName,
            List<AuditEntry.Modified> modified,
            Map<String, String> details) {
        write(
                activity,
                new AuditEntry.Target(activity.targetType(), targetId.toString(), targetName, modified),
                "success",
                "",
                details);
    }

    /// Writes the audit entry of what was not done, and nothing else may be done in this transaction.
    ///
    /// @param reason one word
    void refuse(Activity activity, Object targetId, String reason, Map<String, String> details) {
        var withReason = new HashMap<>(details);
        withReason.put("reason", reason);
        write(
                activity,
                new AuditEntry.Target(activity.targetType(), targetId.toString(), ""),
                "failure",
                reason,
                withReason);
    }

    void note(Activity activity, Object targetId, String targetName) {
        note(activity, targetId, targetName, Map.of());
    }

    private void write(
            Activity activity, AuditEntry.Target target, String result, String reason, Map<String, String> details) {
        var entry = new AuditEntry(
                UUID.randomUUID().toString(),
                actor.tenant(),
                now,
                actor.exchange(),
                activity.display(),
                activity.category(),
                activity.service(),
                AuditEntry.Initiator.of(actor.principal(), actor.name(), actor.address()),
                List.of(target),
                result,
                reason,
                details);
        gathered.ifPresentOrElse(
                entries -> entries.add(entry), () -> stores.audit().append(entry));
    }
}
