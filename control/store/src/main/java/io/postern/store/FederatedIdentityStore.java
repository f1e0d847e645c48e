package io.postern.store;

import io.postern.domain.IdentityProviderId;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whose account belongs to whom at an upstream identity provider, and which session there to which one here.
public interface FederatedIdentityStore {
    /// How an account came to its link.
    enum Origin {
        /// It was made for the newcomer.
        CREATED,
        /// The provider speaks for the domain of its name.
        NAME,
        /// Its owner linked it himself.
        OWNER
    }

    record Row(
            TenantId tenant,
            IdentityProviderId provider,
            String subject,
            UserId user,
            Origin origin,
            Instant linked,
            Instant lastUsed) {}

    /// A session of ours that began at an upstream.
    ///
    /// @param sealed what the upstream wants to see when it ends
    /// @param subject hash of whose it is there
    /// @param index hash of what the upstream calls the session; empty where it did not say
    record Session(
            TenantId tenant,
            SessionId session,
            IdentityProviderId provider,
            String sealed,
            String subject,
            String index,
            Instant keepUntil) {}

    /// @throws DuplicateKey when the subject, or the user with this provider, is linked already
    void insert(Row row);

    Optional<Row> find(TenantId tenant, IdentityProviderId provider, String subject);

    List<Row> of(TenantId tenant, UserId user);

    boolean delete(TenantId tenant, IdentityProviderId provider, UserId user);

    void used(Row row, Instant now);

    long count(TenantId tenant, IdentityProviderId provider);

    /// In place of what was kept of the session.
    void begin(Session session);

    Optional<Session> session(TenantId tenant, SessionId session);

    List<Session> sessions(TenantId tenant, IdentityProviderId provider);

    /// @param subject hash
    List<Session> sessionsOfSubject(TenantId tenant, IdentityProviderId provider, String subject);

    /// @param index hash, not empty
    List<Session> sessionsOfIndex(TenantId tenant, IdentityProviderId provider, String index);

    void end(TenantId tenant, SessionId session);

    /// Forgets sessions that are over. @return how many
    int purge(Instant now);
}
