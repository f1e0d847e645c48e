package io.postern.identity.session;

import io.helidon.webserver.http.ServerResponse;
import io.postern.store.SessionStore;
import io.postern.store.Tenant;
import java.util.Optional;

/// Ends the session elsewhere that a session here came from.
@FunctionalInterface
public interface UpstreamSignOut {
    /// @param ended the session here
    /// @param back where the browser goes at last
    /// @return where it goes now; `back` where there is nothing to end elsewhere
    Optional<String> leave(ServerResponse response, Tenant tenant, SessionStore.Row ended, Optional<String> back);
}
