package io.postern.store;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Browser sessions at the identity provider.
public interface SessionStore {
    /// @param secretHash hash of what the cookie holds; the id is no secret (claim `sid`)
    /// @param persistent the user asked to stay signed in
    record Row(
            TenantId tenant,
            SessionId id,
            UserId user,
            String secretHash,
            Instant authenticated,
            Instant lastUsed,
            Instant expires,
            boolean persistent,
            String address,
            String userAgent) {}

    void insert(Row session);

    Optional<Row> findByHash(String secretHash);

    boolean touch(SessionId id, Instant lastUsed, Instant expires);

    boolean delete(TenantId tenant, SessionId id);

    List<Row> of(TenantId tenant, UserId user);

    /// Removes sessions that expired before `now`. @return how many
    int purge(Instant now);
}
