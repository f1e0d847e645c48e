package io.postern.store;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Refresh tokens with rotation.
public interface RefreshFamilyStore {
    void insert(RefreshFamily family);

    Optional<RefreshFamily> find(SessionId id);

    /// Puts `freshHash` in the place of `hash`, if that is the newest of a family that neither ended nor expired.
    /// One atomic statement: of several callers with the same hash one wins. @return true for the winner
    boolean rotate(SessionId id, String hash, String freshHash, Instant now, Instant expires);

    /// @return false when it had ended already
    boolean end(TenantId tenant, SessionId id, Instant now, String reason);

    /// Families that hold, the newest first.
    List<RefreshFamily> ofUser(TenantId tenant, UserId user, Instant now);

    /// Families that hold, that the user agreed to in this browser session.
    List<RefreshFamily> ofSession(TenantId tenant, SessionId session, Instant now);

    List<RefreshFamily> ofApplication(TenantId tenant, String appId, Instant now);

    Optional<RefreshFamily> ofCode(String codeHash);

    /// Removes families that expired before `now`. @return how many
    int purge(Instant now);
}
