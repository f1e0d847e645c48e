package io.postern.store;

import io.postern.domain.AppId;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Service providers that a browser session signed its user on to, with what they know
/// of him: they are told when it ends.
public interface SamlParticipantStore {
    /// @param sessionIndex as the assertion said; only the service provider and we know it
    /// @param nameId as the assertion said, with its format and qualifier
    record Row(
            TenantId tenant,
            SessionId session,
            AppId application,
            String sessionIndex,
            String nameId,
            String nameIdFormat,
            Optional<String> spNameQualifier,
            Instant keepUntil) {}

    /// The newest sign-on of an application replaces the one before.
    void put(Row participant);

    /// In the order of the application ids.
    List<Row> of(TenantId tenant, SessionId session);

    /// @return false when it was taken before
    boolean delete(TenantId tenant, SessionId session, AppId application);

    int purge(Instant now);
}
