package io.postern.run.service;

import io.postern.domain.ConnectorId;
import io.postern.domain.health.AppPath;
import io.postern.domain.health.PathProber;
import io.postern.domain.health.Probed;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// The gateway's prober, for the administration, which is built before the gateway and asks only when its doors
/// have somebody to lead in: the gateway.
record LateProber(Supplier<PathProber> gateway) implements PathProber {
    @Override
    public CompletionStage<List<Probed>> probe(Set<AppPath> paths) {
        return gateway.get().probe(paths);
    }

    @Override
    public Map<ConnectorId, Load> loads() {
        return gateway.get().loads();
    }
}
