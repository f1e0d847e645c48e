package io.postern.domain.links;

import io.postern.domain.AppId;
import java.time.Duration;
import java.util.Optional;

/// The door to what the data plane sees of links while real answers pass. Every method returns at once, on any
/// thread; everything is of this node and in memory.
public interface LinkRecorder {
    /// Starts a recording, in place of the application's former one. What users see does not change by it.
    ///
    /// @return empty where too many run already
    Optional<LinkReport> start(AppId application, Duration length);

    LinkReport report(AppId application);

    /// Ends a recording and drops all that is known.
    void forget(AppId application);
}
