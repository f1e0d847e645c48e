package io.postern.connector.serve;

import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The shares of all backends that are in use. Thread-safe.
final class BackendShares {
    private final ServeSettings settings;
    private final ConcurrentMap<String, BackendShare> byBackend = new ConcurrentHashMap<>();

    BackendShares(ServeSettings settings) {
        this.settings = settings;
    }

    BackendShare join(String backendId, EventLoop loop, BackendShare.Part part) {
        return byBackend.compute(backendId, (id, present) -> {
            BackendShare share = present == null ? new BackendShare(settings) : present;
            share.join(loop, part);
            return share;
        });
    }

    /// The loop has neither connections nor waiting requests there.
    void leave(String backendId, EventLoop loop) {
        byBackend.computeIfPresent(backendId, (id, share) -> share.leave(loop) ? null : share);
    }
}
