package io.postern.store;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What users prove themselves with.
public interface AuthenticationMethodStore {
    /// @throws DuplicateKey when a passkey with this credential exists
    void insert(AuthenticationMethod method);

    /// Oldest first.
    List<AuthenticationMethod> of(TenantId tenant, UserId user);

    Optional<AuthenticationMethod> findByCredential(String credential);

    /// Writes name, secret, counter and last use, if nobody else did since `method` was read. @return false when
    /// somebody did: what was proved with it was proved already
    boolean replace(AuthenticationMethod method);

    boolean delete(TenantId tenant, UserId user, String id);

    /// Removes what expired before `now`. @return how many
    int purge(Instant now);
}
