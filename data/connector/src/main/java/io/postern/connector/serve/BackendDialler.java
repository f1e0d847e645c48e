package io.postern.connector.serve;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelFailure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Connects to backends: resolve, ask the allow list about each address found, try the permitted ones in
/// turn, then TLS. One time limit spans all of it.
final class BackendDialler {
    private final Loops loops;
    private final LocalNames names;
    private final ServeSettings settings;
    private final SslContext validating;
    private final SslContext trusting;
    private final ServeMetrics metrics;

    /// @param validating verifies certificate and name
    /// @param trusting takes any certificate, for backends published so
    BackendDialler(
            Loops loops,
            LocalNames names,
            ServeSettings settings,
            SslContext validating,
            SslContext trusting,
            ServeMetrics metrics) {
        this.loops = loops;
        this.names = names;
        this.settings = settings;
        this.validating = validating;
        this.trusting = trusting;
        this.metrics = metrics;
    }

    /// @return completed on `loop`, with a connected channel that does not read by itself, or with
    ///     [DialFailed]. Whoever loses interest closes the channel that comes.
    Future<Channel> dial(BackendSettings backend, EventLoop loop) {
        Promise<Channel> promise = loop.newPromise();
        long deadline = System.nanoTime() + settings.connectTimeout().toNanos();
        var limit = loop.schedule(
                () -> promise.tryFailure(new DialFailed(
                        TunnelFailure.CONNECT_TIMEOUT,
                        Backends.name(backend) + " did not answer in " + settings.connectTimeout())),
                settings.connectTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
        promise.addListener(f -> {
            limit.cancel(false);
            metrics.dials
                    .labelValues(
                            f.cause() instanceof DialFailed failed
                                    ? failed.failure().wireName()
                                    : "connected")
                    .inc();
        });
        names.resolve(backend.host(), loop).addListener((Future<List<InetAddress>> found) -> {
            if (!found.isSuccess()) {
                promise.tryFailure(new DialFailed(
                        TunnelFailure.RESOLVE,
                        "'" + backend.host() + "' does not resolve: "
                                + found.cause().getMessage()));
                return;
            }
            List<InetAddress> permitted = found.getNow().stream()
                    .filter(address -> settings.allow().permits(backend.host(), address, backend.port()))
                    .toList();
            if (permitted.isEmpty()) {
                promise.tryFailure(new DialFailed(
                        TunnelFailure.NOT_PERMITTED,
                        Backends.name(backend) + " is at " + found.getNow()
                                + ", which this connector may not reach; see 'allow' in" + " its configuration"));
            } else {
                tryNext(backend, loop, permitted, 0, deadline, promise);
            }
        });
        return promise;
    }

    private void tryNext(
            BackendSettings backend,
            EventLoop loop,
            List<InetAddress> addresses,
            int index,
            long deadline,
            Promise<Channel> promise) {
        if (promise.isDone()) {
            return;
        }
        long remainingMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        long share = Math.max(1, remainingMillis / (addresses.size() - index));
        InetAddress address = addresses.get(index);
        ChannelFuture connecting = loops.dialler(loop)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) share)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (backend.scheme().equals("https")) {
                            channel.pipeline().addLast(tls(backend, channel), new HandshakeGuard());
                        }
                    }
                })
                .connect(new InetSocketAddress(address, backend.port()));
        connecting.addListener(f -> {
            Channel channel = connecting.channel();
            if (promise.isDone()) {
                channel.close();
            } else if (f.isSuccess()) {
                onConnected(backend, channel, promise);
            } else if (index + 1 < addresses.size()) {
                tryNext(backend, loop, addresses, index + 1, deadline, promise);
            } else {
                promise.tryFailure(failed(backend, TunnelFailure.CONNECT, f.cause()));
            }
        });
    }

    /// A TLS failure is final: another address of the same name has the same certificate.
    private static void onConnected(BackendSettings backend, Channel channel, Promise<Channel> promise) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            complete(channel, promise);
            return;
        }
        tls.handshakeFuture().addListener(f -> {
            if (f.isSuccess()) {
                channel.pipeline().remove(HandshakeGuard.class);
                complete(channel, promise);
            } else {
                channel.close();
                promise.tryFailure(failed(backend, TunnelFailure.TLS, f.cause()));
            }
        });
        promise.addListener(f -> {
            if (!f.isSuccess()) {
                channel.close();
            }
        });
        channel.read(); // the handshake reads by itself from here on
    }

    private static void complete(Channel channel, Promise<Channel> promise) {
        if (!promise.trySuccess(channel)) {
            channel.close();
        }
    }

    /// Name and port give the engine SNI and the name to verify.
    private SslHandler tls(BackendSettings backend, Channel channel) {
        SslContext context = backend.validateCertificate() ? validating : trusting;
        SslHandler handler = context.newHandler(channel.alloc(), backend.host(), backend.port());
        handler.setHandshakeTimeout(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    private static DialFailed failed(BackendSettings backend, TunnelFailure otherwise, Throwable cause) {
        boolean isTimeout = cause instanceof ConnectTimeoutException || cause instanceof SslHandshakeTimeoutException;
        return new DialFailed(
                isTimeout ? TunnelFailure.CONNECT_TIMEOUT : otherwise,
                "no connection to " + Backends.name(backend) + ": " + reason(cause));
    }

    /// The innermost message: TLS wraps what is wrong with a certificate several times.
    private static String reason(Throwable cause) {
        Throwable inner = cause;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
    }

    /// The handshake's future tells what went wrong; nobody else needs the exception.
    private static final class HandshakeGuard extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
