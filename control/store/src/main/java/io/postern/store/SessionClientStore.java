package io.postern.store;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.List;

/// Which clients a browser session signed its user in to, until they were told that it ended.
public interface SessionClientStore {
    /// @param attempts how often we tried to tell
    /// @param nextTry not before
    record Row(
            TenantId tenant,
            SessionId session,
            String appId,
            UserId user,
            int attempts,
            Instant nextTry,
            Instant keepUntil) {}

    /// Doing it twice does no harm.
    void add(Row client);

    List<Row> of(TenantId tenant, SessionId session);

    /// Those of sessions that are there no more, whose time to be tried has come; at most `limit`.
    List<Row> toTell(Instant now, int limit);

    /// Takes a row for one try. One atomic statement: of several nodes one gets it.
    boolean claim(Row row, Instant nextTry);

    /// The client knows, or never will.
    void done(Row row);

    int purge(Instant now);
}
