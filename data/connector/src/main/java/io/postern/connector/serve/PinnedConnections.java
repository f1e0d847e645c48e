package io.postern.connector.serve;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Connections to backends on which somebody has signed in by NTLM or Negotiate, each for the one client's
/// connection whose affinity it has (docs/protocol/tunnel.md §4): nobody else ever gets it, and it is in no
/// pool. They do not count among `backend-connections`, as WebSockets do not; how many wait here unused is
/// bounded, and who waited longest gives way: its client is asked to sign in again.
///
/// One for each event loop and confined to it.
final class PinnedConnections {
    /// Longer than the gateway keeps a client's idle connection.
    private static final Duration IDLE_MAX = Duration.ofMinutes(2);

    private static final int UNUSED_MAX = 2_000;

    private record Key(String affinity, String backendId) {}

    private record Kept(BackendConnection connection, long sinceNanos) {}

    private final EventLoop loop;
    private final Map<Key, Kept> unused = new LinkedHashMap<>(); // who waits longest is first
    private boolean isSweeping;

    PinnedConnections(EventLoop loop) {
        this.loop = loop;
    }

    /// The connection of this client to the backend, where there is one that nobody uses at the moment.
    Optional<BackendConnection> take(String affinity, String backendId) {
        assert loop.inEventLoop();
        Kept kept = unused.remove(new Key(affinity, backendId));
        return Optional.ofNullable(kept)
                .map(Kept::connection)
                .filter(c -> c.channel().isActive());
    }

    /// Until its client's next request.
    void keep(String affinity, BackendConnection connection) {
        assert loop.inEventLoop();
        Kept before = unused.put(new Key(affinity, connection.backend().id()), new Kept(connection, System.nanoTime()));
        if (before != null) {
            before.connection.channel().close();
        }
        if (unused.size() > UNUSED_MAX) {
            Iterator<Kept> oldest = unused.values().iterator();
            BackendConnection given = oldest.next().connection;
            oldest.remove();
            given.channel().close();
        }
        connection.channel().read(); // so that its end, or a byte that nobody asked for, is noticed
        sweepLater();
    }

    /// The connection ended while it was kept.
    void forget(BackendConnection connection) {
        unused.values().removeIf(kept -> kept.connection == connection);
    }

    void close() {
        sweep(System.nanoTime() + IDLE_MAX.toNanos());
    }

    private void sweepLater() {
        if (!isSweeping && !unused.isEmpty()) {
            isSweeping = true;
            loop.schedule(
                    () -> {
                        isSweeping = false;
                        sweep(System.nanoTime());
                        sweepLater();
                    },
                    IDLE_MAX.toMillis() / 10,
                    TimeUnit.MILLISECONDS);
        }
    }

    private void sweep(long now) {
        unused.values().removeIf(kept -> {
            boolean isOver = now - kept.sinceNanos >= IDLE_MAX.toNanos();
            if (isOver) {
                loop.execute(kept.connection.channel()::close);
            }
            return isOver;
        });
    }
}
