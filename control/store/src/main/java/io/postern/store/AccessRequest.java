package io.postern.store;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.Optional;

/// A user asked for what an [AccessOffer] offers, and what came of it.
///
/// @param target of the offer
/// @param group whose member the user became, or would
/// @param reason in his own words
/// @param decidedBy user principal name of who decided; empty: nobody had to
/// @param answer of who decided
/// @param ends when granted access ends; empty: it stays
public record AccessRequest(
        TenantId tenant,
        String id,
        String target,
        GroupId group,
        UserId user,
        State state,
        Optional<String> reason,
        Instant created,
        Optional<Instant> decided,
        Optional<String> decidedBy,
        Optional<String> answer,
        Optional<Instant> ends) {
    public enum State {
        PENDING,
        GRANTED,
        DENIED,
        /// By the user.
        WITHDRAWN,
        /// Nobody decided in time, or it is no longer offered.
        LAPSED,
        /// Was granted, and is over.
        ENDED
    }

    /// The same for another group.
    public AccessRequest into(GroupId other) {
        return new AccessRequest(
                tenant, id, target, other, user, state, reason, created, decided, decidedBy, answer, ends);
    }

    public AccessRequest closed(State to, Instant now) {
        return new AccessRequest(
                tenant, id, target, group, user, to, reason, created, Optional.of(now), decidedBy, answer, ends);
    }

    public AccessRequest decided(
            State to, Instant now, Optional<String> by, Optional<String> words, Optional<Instant> end) {
        return new AccessRequest(
                tenant, id, target, group, user, to, reason, created, Optional.of(now), by, words, end);
    }
}
