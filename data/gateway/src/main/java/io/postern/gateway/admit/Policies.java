package io.postern.gateway.admit;

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
}
