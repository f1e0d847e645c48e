package io.postern.domain.snapshot;

import io.postern.domain.SessionId;
import io.postern.domain.UserId;
import io.postern.domain.policy.Subject;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/// What has been taken back before it expired. Small: an entry may go once the longest session that it
/// could void has expired by itself.
///
/// @param sessions ended sessions
/// @param usersNotBefore proofs of this user made before the instant are void (disabled, deleted,
///     password changed, sessions revoked); `Instant.MAX` for an account that may not come in at all
public record Revocations(Set<SessionId> sessions, Map<UserId, Instant> usersNotBefore) {
    public Revocations {
        sessions = Set.copyOf(sessions);
        usersNotBefore = Map.copyOf(usersNotBefore);
    }

    public static final Revocations NONE = new Revocations(Set.of(), Map.of());

    public boolean covers(Subject subject) {
        if (subject.session().isPresent() && sessions.contains(subject.session().get())) {
            return true;
        }
        Instant notBefore = usersNotBefore.get(subject.user());
        return notBefore != null && subject.authenticated().isBefore(notBefore);
    }
}
