package io.postern.gateway.admit;

import io.postern.domain.event.Cause;
import io.postern.domain.policy.AccessPolicy;
import io.postern.domain.policy.Decision;
import io.postern.domain.policy.Subject;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.exchange.ClientFacts;
import java.util.Optional;

/// Asks policy with the facts pinned to the exchange.
final class Policies {
    private Policies() {}

    static Decision decide(PublishedApplication application, Optional<Subject> who, ClientFacts client) {
        return AccessPolicy.decide(application, who, client.snapshot().revocations(), client.now());
    }

    /// The denial in the words of the catalogue.
    static Cause cause(Decision.Deny denial) {
        return switch (denial.reason()) {
            case NOT_ASSIGNED -> Cause.NOT_ASSIGNED;
            case WRONG_TENANT -> Cause.WRONG_TENANT;
            case APPLICATION_DISABLED -> Cause.APPLICATION_DISABLED;
            case NO_SESSION, EXPIRED, REVOKED -> Cause.SIGN_IN_REQUIRED;
        };
    }
}
