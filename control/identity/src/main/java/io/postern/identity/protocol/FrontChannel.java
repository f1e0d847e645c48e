package io.postern.identity.protocol;

import io.postern.domain.AppId;
import io.postern.domain.SessionId;
import io.postern.store.Tenant;
import java.util.List;

/// Applications that want to hear of the end of a session by a frame in the browser.
@FunctionalInterface
public interface FrontChannel {
    /// @param url that tells the application of this very session
    record Frame(AppId application, String url) {}

    List<Frame> frames(Tenant tenant, SessionId session);
}
