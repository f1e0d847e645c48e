package io.postern.connector.serve;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.postern.net.WindowBudget;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What one event loop has of a backend that may speak HTTP/2: its connections, the requests that wait for a
/// stream, and what is known of the protocol. One connection is dialled at a time, since nobody knows before its
/// handshake what it will bring: one for each request, or one for many. Confined to the loop.
final class SharedConnections implements SharedConnection.Owner {
    /// A backend that chose HTTP/1.1 is not asked again for so long.
    private static final Duration HTTP1_KNOWN = Duration.ofMinutes(10);

    private record Place(BackendAsk ask, ScheduledFuture<?> limit) {}

    private final EventLoop loop;
    private final BackendSettings backend;
    private final BackendPool pool;
    private final BackendDialler dialler;
    private final WindowBudget budget;
    private final ServeSettings settings;
    private final ServeMetrics metrics;
    private final List<SharedConnection> connections = new ArrayList<>(1);
    private final ArrayDeque<Place> waiting = new ArrayDeque<>(0);
    private int dials;
    private boolean isDialling; // for those who wait
    private boolean isWatching;
    private boolean isHttp1;

    SharedConnections(
            EventLoop loop,
            BackendSettings backend,
            BackendPool pool,
            BackendDialler dialler,
            WindowBudget budget,
            ServeSettings settings,
            ServeMetrics metrics) {
        this.loop = loop;
        this.backend = backend;
        this.pool = pool;
        this.dialler = dialler;
        this.budget = budget;
        this.settings = settings;
        this.metrics = metrics;
    }

    /// Gives the request a stream, a place in the line, or back to HTTP/1.1.
    void ask(BackendAsk ask) {
        if (isHttp1) {
            ask.askHttp1();
            return;
        }
        SharedConnection open = waiting.isEmpty() ? withRoom() : null;
        if (open != null) {
            ask.onStream(open.open(), -1);
        } else if (waiting.size() >= settings.waiting()) {
            ask.onNone(
                    TunnelFailure.BUSY,
                    settings.waiting() + " requests wait for " + Backends.name(backend)
                            + "; see 'backend-queue' in this connector's configuration");
        } else {
            Duration limit = settings.connectTimeout().multipliedBy(2); // for a slot, and for the connection
            var place =
                    new Place(ask, loop.schedule(() -> onLate(ask, limit), limit.toMillis(), TimeUnit.MILLISECONDS));
            waiting.addLast(place);
            metrics.waitingForBackends.inc();
            dial();
        }
    }

    /// As [#ask], over a connection of its own: only that shows what dialling meets. Others may use it later.
    void askNew(BackendAsk ask) {
        pool.slots().ask(backend, new Dial(ask));
    }

    /// The request is told nothing any more.
    void forget(BackendAsk ask) {
        if (waiting.removeIf(place -> place.ask.equals(ask) && place.limit.cancel(false))) {
            metrics.waitingForBackends.dec();
        }
    }

    private void onLate(BackendAsk ask, Duration limit) {
        forget(ask);
        ask.onNone(TunnelFailure.BUSY, "no stream to " + Backends.name(backend) + " came free in " + limit);
    }

    private @Nullable SharedConnection withRoom() {
        for (SharedConnection connection : connections) {
            if (connection.takesMore()) {
                return connection;
            }
        }
        return null;
    }

    private BackendAsk next() {
        Place first = waiting.removeFirst();
        first.limit.cancel(false);
        metrics.waitingForBackends.dec();
        return first.ask;
    }

    private void dial() {
        if (!isDialling && !waiting.isEmpty()) {
            isDialling = true;
            pool.slots().ask(backend, new Dial(null));
        }
    }

    /// @param connectMicros of the connection that has just come; -1: of none
    private void serve(long connectMicros) {
        long micros = connectMicros;
        for (SharedConnection open; !waiting.isEmpty() && (open = withRoom()) != null; ) {
            next().onStream(open.open(), micros);
            micros = -1;
        }
        dial();
    }

    private void refuse(TunnelFailure failure, String why) {
        for (int left = waiting.size(); left > 0; left--) { // whoever comes meanwhile has another dial
            next().onNone(failure, why);
        }
    }

    // ---- what happens to connections

    @Override
    public void onReady(SharedConnection connection) {
        // its dial tells
    }

    @Override
    public void onRoom(SharedConnection connection) {
        if (!waiting.isEmpty()) {
            loop.execute(() -> serve(-1)); // not here: the exchange that is over is still on the stack
        } else if (connection.isUnused()) {
            if (pool.slots().isAwaitedElsewhere(backend)) {
                connection.leave();
            } else {
                watch();
            }
        }
    }

    @Override
    public void onLeaving(SharedConnection connection) {
        connections.remove(connection);
        pool.forgetIfNothing(this);
    }

    @Override
    public void onHttp1Wanted() {
        if (!isHttp1) {
            isHttp1 = true;
            loop.schedule(this::forgetHttp1, HTTP1_KNOWN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void forgetHttp1() {
        isHttp1 = false;
        pool.forgetIfNothing(this);
    }

    private void watch() {
        if (!isWatching) {
            isWatching = true;
            loop.schedule(this::leaveUnused, settings.idleTimeout().toMillis() + 1, TimeUnit.MILLISECONDS);
        }
    }

    private void leaveUnused() {
        isWatching = false;
        long now = System.nanoTime();
        boolean anyUnused = false;
        for (SharedConnection connection : List.copyOf(connections)) {
            if (connection.isUnused()) {
                anyUnused = true;
                if (now - connection.unusedSinceNanos()
                        >= settings.idleTimeout().toNanos()) {
                    connection.leave();
                }
            }
        }
        if (anyUnused && !connections.isEmpty()) {
            watch();
        }
    }

    /// Leaves one that nobody uses, if there is one.
    void leaveOneUnused() {
        connections.stream().filter(SharedConnection::isUnused).findFirst().ifPresent(SharedConnection::leave);
    }

    /// No more streams on any of them.
    void close() {
        List.copyOf(connections).forEach(SharedConnection::leave);
    }

    BackendSettings backend() {
        return backend;
    }

    /// Nothing is known and nothing under way.
    boolean isNothing() {
        return connections.isEmpty() && waiting.isEmpty() && dials == 0 && !isHttp1;
    }

    /// One connection on its way: first a slot for it, then TCP and TLS, then the backend's SETTINGS.
    private final class Dial implements BackendSlots.Waiter, SharedConnection.Owner {
        private final @Nullable BackendAsk only;
        private long connectMicros;
        private boolean isOver;

        /// @param only for whom; null: for all that wait
        Dial(@Nullable BackendAsk only) {
            this.only = only;
            dials++;
        }

        @Override
        public void onSlot() {
            long started = System.nanoTime();
            dialler.dialEither(backend, loop).addListener((Future<Channel> dialled) -> {
                if (dialled.isSuccess()) {
                    connectMicros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - started);
                    onConnected(dialled.getNow());
                } else {
                    pool.slots().free(backend);
                    onFailed(BackendAsk.failureOf(dialled.cause()), BackendAsk.reasonOf(dialled.cause()));
                }
            });
        }

        @Override
        public void onBusy(String why) {
            onFailed(TunnelFailure.BUSY, why);
        }

        /// One in HTTP/1.1, of a WebSocket that came to nothing.
        @Override
        public void onConnection(BackendConnection kept) {
            over();
            if (only != null) {
                only.onConnection(kept);
            } else if (waiting.isEmpty()) {
                pool.keep(kept);
            } else {
                next().onConnection(kept);
            }
            dial();
        }

        private void onConnected(Channel channel) {
            metrics.countConnection(channel);
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            if (tls != null && ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol())) {
                isHttp1 = false;
                metrics.countShared(channel);
                channel.closeFuture().addListener(gone -> pool.slots().free(backend));
                new SharedConnection(channel, backend, budget, settings.connectTimeout(), this);
            } else {
                onHttp1(new BackendConnection(channel, backend, pool));
            }
        }

        /// Whoever waits goes the other way, where each dials for itself.
        private void onHttp1(BackendConnection connection) {
            over();
            onHttp1Wanted();
            if (only != null) {
                only.onNewConnection(connection, connectMicros);
            } else if (waiting.isEmpty()) {
                pool.keep(connection);
            } else {
                next().onNewConnection(connection, connectMicros);
            }
            while (!waiting.isEmpty()) {
                next().askHttp1();
            }
        }

        private void onFailed(TunnelFailure failure, String why) {
            over();
            if (only != null) {
                only.onNone(failure, why);
            } else {
                refuse(failure, why);
            }
            dial();
            pool.forgetIfNothing(SharedConnections.this);
        }

        private void over() {
            isOver = true;
            dials--;
            if (only == null) {
                isDialling = false;
            }
        }

        @Override
        public void onReady(SharedConnection connection) {
            connections.add(connection);
            watch();
            if (!connection.takesMore()) {
                onFailed(TunnelFailure.BUSY, Backends.name(backend) + " allows no stream");
                connection.leave();
                return;
            }
            over();
            if (only != null) {
                only.onStream(connection.open(), connectMicros);
                serve(-1);
            } else {
                serve(connectMicros);
            }
        }

        @Override
        public void onRoom(SharedConnection connection) {
            SharedConnections.this.onRoom(connection);
        }

        @Override
        public void onLeaving(SharedConnection connection) {
            if (!isOver) {
                TunnelFailure failure = connection.refusedUs()
                        ? TunnelFailure.TLS_CLIENT_CERTIFICATE
                        : connection.fault().isPresent()
                                ? TunnelFailure.BACKEND_PROTOCOL
                                : TunnelFailure.BACKEND_CLOSED;
                onFailed(
                        failure,
                        Backends.name(backend) + " ended the connection before it said anything in HTTP/2"
                                + connection.fault().map(what -> ": " + what).orElse(""));
            }
            SharedConnections.this.onLeaving(connection);
        }

        @Override
        public void onHttp1Wanted() {
            SharedConnections.this.onHttp1Wanted();
        }
    }
}
