package io.postern.connector.serve;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelFailure;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// One request's way to a connection: one that is there, a stream of one that others use too, or a new one.
/// Confined to the event loop.
final class BackendAsk implements BackendSlots.Waiter {
    /// Told one ending of each ask, unless it was forgotten.
    interface Taker {
        /// A connection, or the right to dial one, is there.
        void onServed();

        /// @param connectMicros what dialling took; -1: the connection was there
        void onExchange(BackendExchange exchange, long connectMicros);

        void onNone(TunnelFailure failure, String why);
    }

    private final BackendSettings backend;
    private final EventLoop loop;
    private final BackendPool pool;
    private final BackendDialler dialler;
    private final boolean mayShare;
    private final Taker taker;
    private boolean isForgotten;

    /// @param needsHttp1 for a WebSocket: few backends take one in HTTP/2 (RFC 8441), and it would hold a
    ///     connection's worth of bytes there too; and for who signs in on the connection itself
    BackendAsk(
            BackendSettings backend,
            EventLoop loop,
            BackendPool pool,
            BackendDialler dialler,
            boolean needsHttp1,
            Taker taker) {
        this.backend = backend;
        this.loop = loop;
        this.pool = pool;
        this.dialler = dialler;
        this.mayShare = backend.tls().http2() && backend.scheme().equals("https") && !needsHttp1;
        this.taker = taker;
    }

    /// May be asked again after [Taker#onExchange].
    void ask() {
        if (!mayShare) {
            pool.ask(backend, this);
        } else if (pool.isExhausted()) {
            onBusy(BackendPool.EXHAUSTED);
        } else {
            pool.shared(backend).ask(this);
        }
    }

    /// The connection on which this client has signed in, or else any on which nobody has.
    void ask(CharSequence affinity) {
        Optional<BackendConnection> own = pool.pinned().take(affinity.toString(), backend.id());
        if (own.isPresent()) {
            taker.onServed();
            taker.onExchange(own.get(), -1);
        } else {
            ask();
        }
    }

    /// For a probe: never a connection that was kept, since only a new one shows what dialling meets.
    void askNew() {
        if (mayShare) {
            pool.shared(backend).askNew(this);
        } else {
            pool.slots().ask(backend, this);
        }
    }

    /// After a connection that was lost: in HTTP/1.1 a new one at once, even beyond the limit.
    ///
    /// @param lost what was lost
    void askAgain(BackendExchange lost) {
        if (lost instanceof BackendStream) {
            loop.execute(
                    () -> { // when its connection has heard all of what ended it
                        if (!isForgotten) {
                            ask();
                        }
                    });
        } else {
            pool.slots().takeAgain(backend);
            dial();
        }
    }

    /// In HTTP/1.1, as the backend wants it.
    void askHttp1() {
        pool.ask(backend, this);
    }

    /// Nothing is told any more.
    void forget() {
        isForgotten = true;
        pool.forget(backend, this);
    }

    @Override
    public void onSlot() {
        taker.onServed();
        dial();
    }

    @Override
    public void onConnection(BackendConnection kept) {
        if (isForgotten) {
            pool.keep(kept);
        } else if (kept.channel().isActive()) {
            taker.onServed();
            taker.onExchange(kept, -1);
        } else {
            pool.slots().takeAgain(backend);
            dial();
        }
    }

    @Override
    public void onBusy(String why) {
        onNone(TunnelFailure.BUSY, why);
    }

    void onNone(TunnelFailure failure, String why) {
        if (!isForgotten) {
            taker.onNone(failure, why);
        }
    }

    void onStream(BackendStream stream, long connectMicros) {
        if (isForgotten) {
            stream.release(false);
        } else {
            taker.onServed();
            taker.onExchange(stream, connectMicros);
        }
    }

    void onNewConnection(BackendConnection connection, long connectMicros) {
        if (isForgotten) {
            pool.keep(connection);
        } else {
            taker.onServed();
            taker.onExchange(connection, connectMicros);
        }
    }

    private void dial() {
        long started = System.nanoTime();
        dialler.dial(backend, loop).addListener((Future<Channel> dialled) -> {
            if (!dialled.isSuccess()) {
                pool.slots().free(backend);
                onNone(failureOf(dialled.cause()), reasonOf(dialled.cause()));
            } else if (isForgotten) {
                dialled.getNow().close();
                pool.slots().free(backend);
            } else {
                pool.metrics().countConnection(dialled.getNow());
                taker.onExchange(
                        new BackendConnection(dialled.getNow(), backend, pool),
                        TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - started));
            }
        });
    }

    static TunnelFailure failureOf(Throwable cause) {
        return cause instanceof DialFailed failed ? failed.failure() : TunnelFailure.CONNECT;
    }

    static String reasonOf(Throwable cause) {
        return cause instanceof DialFailed failed ? failed.why() : String.valueOf(cause);
    }
}
