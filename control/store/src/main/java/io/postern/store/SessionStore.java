package io.postern.store;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Browser sessions at the identity provider.
public interface SessionStore {
    /// @param secretHash hash of what the cookie holds; the id is no secret (claim `sid`)
    /// @param authenticated when the user proved who he is, last
    /// @param persistent the user asked to stay signed in
    /// @param methods how he proved it, by the names of RFC 8176: `pwd`, `otp`, `hwk`, `mfa`, ...
    /// @param mfa when a second factor was proved, last
    /// @param device what a person calls it, for example `Firefox on Windows`; empty when unknown
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
            String userAgent,
            Set<String> methods,
            Optional<Instant> mfa,
            String device) {
        public Row {
            methods = Collections.unmodifiableSet(new TreeSet<>(methods));
        }
    }

    void insert(Row session);

    Optional<Row> findByHash(String secretHash);

    boolean touch(SessionId id, Instant lastUsed, Instant expires);

    boolean delete(TenantId tenant, SessionId id);

    List<Row> of(TenantId tenant, UserId user);

    Optional<Row> find(TenantId tenant, SessionId id);

    /// Sessions in which somebody was signed in to this application.
    List<Row> ofApplication(TenantId tenant, String appId);

    /// Removes sessions that expired before `now`. @return how many
    int purge(Instant now);
}
