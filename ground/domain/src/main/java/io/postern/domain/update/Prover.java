package io.postern.domain.update;

import io.postern.domain.ConnectorId;
import java.util.concurrent.CompletableFuture;

/// Has requests sent through the tunnels of one process of a connector; the data plane does it.
@FunctionalInterface
public interface Prover {
    /// @param process the name that the process gave itself in its hello
    /// @return never fails; done within a minute
    CompletableFuture<Proof> prove(ConnectorId connector, String process);
}
