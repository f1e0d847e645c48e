package io.postern.domain.health;

import io.postern.domain.ConnectorId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/// The door for questions that only the data plane can answer: what goes through now. Every method returns at
/// once, on any thread.
public interface PathProber {
    /// Probes these paths now, besides the regular ones; each verdict is also reported as an event.
    ///
    /// @return completes on an event loop, within the probe's time limits, with one verdict for each path whose
    ///     application is published; never fails. Continue elsewhere (`join` on a virtual thread)
    CompletionStage<List<Probed>> probe(Set<AppPath> paths);

    /// What each connector that has a tunnel carries.
    Map<ConnectorId, Load> loads();

    /// @param streams open in them
    record Load(int tunnels, int streams) {}
}
