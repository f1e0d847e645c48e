package io.postern.store;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;

/// Which clients a browser session signed its user in to.
public interface SessionClientStore {
    /// Doing it twice does no harm.
    void add(TenantId tenant, SessionId session, String appId, Instant keepUntil);

    /// Application ids.
    List<String> of(TenantId tenant, SessionId session);

    int purge(Instant now);
}
