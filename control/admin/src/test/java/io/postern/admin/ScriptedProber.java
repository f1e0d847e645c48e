package io.postern.admin;

import io.postern.domain.ConnectorId;
import io.postern.domain.health.AppPath;
import io.postern.domain.health.PathProber;
import io.postern.domain.health.Probed;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// The data plane's side, played by the test.
final class ScriptedProber implements PathProber {
    final Map<ConnectorId, Load> loads = new ConcurrentHashMap<>();
    volatile Set<AppPath> asked = Set.of();
    volatile Function<Set<AppPath>, List<Probed>> script = paths -> List.of();

    @Override
    public CompletionStage<List<Probed>> probe(Set<AppPath> paths) {
        asked = Set.copyOf(paths);
        return CompletableFuture.completedFuture(script.apply(paths));
    }

    @Override
    public Map<ConnectorId, Load> loads() {
        return Map.copyOf(loads);
    }
}
