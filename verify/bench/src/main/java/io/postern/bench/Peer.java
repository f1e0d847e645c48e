package io.postern.bench;

import java.util.List;

/// One way from a client to the backends, running. Started by [PeerKind].
sealed interface Peer extends AutoCloseable permits Direct, Postern, Chain, SshBehindNginx {
    PeerKind kind();

    /// From the public one inwards; empty when there is nothing between client and backend.
    List<Hop> hops();

    /// Where the load goes now: a session may have been renewed since the last call.
    Target target(Origin origin, Protocol protocol);

    @Override
    void close();
}
