package io.postern.domain.policy;

import io.postern.domain.PreAuthentication;
import io.postern.domain.policy.Decision.Challenge;
import io.postern.domain.policy.Decision.Deny;
import io.postern.domain.policy.Decision.Permit;
import io.postern.domain.policy.Decision.Reason;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.Revocations;
import java.time.Instant;
import java.util.Optional;

/// May this subject use this application now? Evaluated on every request.
public final class AccessPolicy {
    private AccessPolicy() {}

    public static Decision decide(
            PublishedApplication application, Optional<Subject> who, Revocations revocations, Instant now) {
        if (!application.enabled()) {
            return new Deny(Reason.APPLICATION_DISABLED);
        }
        if (application.preAuthentication() == PreAuthentication.PASSTHROUGH) {
            return new Permit();
        }
        if (who.isEmpty()) {
            return new Challenge(Reason.NO_SESSION);
        }
        Subject subject = who.get();
        if (!now.isBefore(subject.expires())) {
            return new Challenge(Reason.EXPIRED);
        }
        if (revocations.covers(subject)) {
            return new Challenge(Reason.REVOKED);
        }
        if (!subject.tenant().equals(application.tenant())) {
            return new Deny(Reason.WRONG_TENANT);
        }
        if (application.assignmentRequired() && !application.assigned().contains(subject.user())) {
            return new Deny(Reason.NOT_ASSIGNED); // ASG-4
        }
        return new Permit();
    }
}
