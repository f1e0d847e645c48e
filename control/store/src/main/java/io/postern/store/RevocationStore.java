package io.postern.store;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.List;

/// What was taken back before it expired; feeds the snapshot.
public interface RevocationStore {
    record EndedSession(TenantId tenant, SessionId session, Instant keepUntil) {}

    record UserNotBefore(TenantId tenant, UserId user, Instant notBefore, Instant keepUntil) {}

    void endSession(EndedSession ended);

    /// A later `notBefore` replaces an earlier one. For an account that may not come in at all:
    /// `Instant.MAX` semantics by [#FOREVER].
    void userNotBefore(UserNotBefore revocation);

    /// An account that may come in again.
    boolean liftUser(TenantId tenant, UserId user);

    List<EndedSession> sessions();

    List<UserNotBefore> users();

    int purge(Instant now);

    /// Year 9999: every proof was made before.
    Instant FOREVER = Instant.parse("9999-12-31T00:00:00Z");
}
