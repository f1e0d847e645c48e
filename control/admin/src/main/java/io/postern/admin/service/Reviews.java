package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.TenantId;
import io.postern.store.Assignment;
import io.postern.store.ServicePrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reviews of who may use what: which assignments nobody uses, which end soon, and whether they stay.
public final class Reviews {
    /// @param unusedFor at least so long: since its last use, or since it was made when there was none
    /// @param endingWithin its end is so near, or past
    public record Question(Optional<Duration> unusedFor, Optional<Duration> endingWithin) {}

    private final Ledger ledger;

    public Reviews(Ledger ledger) {
        this.ledger = ledger;
    }

    /// Oldest first.
    public List<Assignments.Named> list(TenantId tenant, Question question) {
        Instant now = ledger.clock().instant();
        return ledger.read(stores -> stores.assignments().list(tenant).stream()
                .filter(a -> question.unusedFor()
                        .map(now::minus)
                        .filter(since -> a.lastUsed().orElse(a.created()).isAfter(since))
                        .isEmpty())
                .filter(a -> question.endingWithin().isEmpty()
                        || a.ends()
                                .filter(end -> !end.isAfter(
                                        now.plus(question.endingWithin().get())))
                                .isPresent())
                .map(a -> Assignments.named(stores, a))
                .toList());
    }

    /// Keeps the assignment, or removes it; either way it stands in the audit log with the reason.
    ///
    /// @return as it is now, or was
    public Outcome<Assignments.Named> decide(Actor actor, String id, boolean keep, String reason) {
        return ledger.change(actor, change -> {
            Assignment assignment =
                    change.found(change.stores().assignments().find(change.tenant(), id), "assignment", id);
            ServicePrincipal resource = change.found(
                    change.stores().servicePrincipals().find(change.tenant(), assignment.resource()),
                    "service principal",
                    assignment.resource());
            Steps.refuseFollower(change, resource);
            AssignmentTerms.reason(Optional.of(reason));
            Assignment decided = keep
                    ? AssignmentTerms.with(
                            assignment,
                            assignment.starts(),
                            assignment.ends(),
                            assignment.reason(),
                            Optional.of(change.now()))
                    : assignment;
            if (keep) {
                change.stores().assignments().update(decided);
            } else {
                change.stores().assignments().delete(change.tenant(), id);
            }
            Assignments.Named named = Assignments.named(change.stores(), decided);
            Activity done = keep ? Activity.KEEP_ASSIGNMENT : Activity.REVIEW_REMOVE_ASSIGNMENT;
            Map<String, String> details = Map.of(
                    "principal",
                    named.principalName(),
                    "principalId",
                    assignment.principal(),
                    "decision",
                    keep ? "keep" : "remove",
                    "reason",
                    reason);
            change.note(done, assignment.resource(), named.resourceName(), details);
            Steps.noteFollowers(change, done, resource, details);
            return named;
        });
    }
}
