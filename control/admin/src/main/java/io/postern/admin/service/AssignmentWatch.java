package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.store.Assignment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Tells in the audit log of assignments that came to the end they were given (ASG-2): nobody acts then, yet somebody
/// loses what he had. Once for each end whatever the number of nodes. That access ends is the snapshot's doing, and
/// waits for nobody here.
public final class AssignmentWatch {
    /// What ended while no service ran is told at its next start, if it was no longer than this.
    private static final Duration LOOK_BACK = Duration.ofDays(7);

    /// Ends are looked at again for so long: another node's clock may be behind, a transaction late.
    private static final Duration OVERLAP = Duration.ofSeconds(30);

    private static final Duration REMEMBERED = Duration.ofDays(14);

    private final Ledger ledger;
    private volatile Instant seen;

    public AssignmentWatch(Ledger ledger) {
        this.ledger = ledger;
        this.seen = ledger.clock().instant().minus(LOOK_BACK);
    }

    /// Writes what ended by now. Blocking. @return how many assignments that were
    public int tell() {
        Instant now = ledger.clock().instant();
        List<Assignment> ended = ledger.read(stores -> stores.assignments().ended(seen.minus(OVERLAP), now));
        int told = 0;
        for (Assignment assignment : ended) {
            told += tell(assignment) ? 1 : 0;
        }
        seen = now;
        return told;
    }

    private boolean tell(Assignment assignment) {
        String key = assignment.id() + "@" + assignment.ends().orElseThrow();
        return ledger.change(Actor.service(assignment.tenant()), change -> {
                            boolean first = change.stores()
                                    .once()
                                    .claim(
                                            "assignment-end",
                                            key,
                                            assignment.ends().orElseThrow().plus(REMEMBERED));
                            if (first) {
                                Assignments.Named named = Assignments.named(change.stores(), assignment);
                                change.note(
                                        Activity.END_ASSIGNMENT,
                                        assignment.resource(),
                                        named.resourceName(),
                                        AssignmentTerms.told(assignment, named.principalName(), named.roleName()));
                            }
                            return first;
                        })
                        instanceof Outcome.Done<Boolean>(Boolean first)
                && first;
    }
}
