package io.postern.tunnel.dial;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.base.HostPort;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.WindowBudget;
import io.postern.tunnel.HelloAnswer;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelEnd.Cause;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.TunnelRefusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/// Dials one tunnel at a time: name, TCP, TLS, hello (docs/protocol/tunnel.md §1, §2). Stateless; any
/// thread.
public final class TunnelDialer {
    private static final long HANDSHAKE_TIMEOUT_MILLIS = 10_000;

    private final DialSettings settings;
    private final Loops loops;
    private final LocalNames names;
    private final WindowBudget budget;
    private final Supplier<HelloAnswer> self;
    private final StreamHandlerFactory streams;

    /// @param self what the connector says of itself, asked at each hello
    public TunnelDialer(
            DialSettings settings,
            Loops loops,
            LocalNames names,
            WindowBudget budget,
            Supplier<HelloAnswer> self,
            StreamHandlerFactory streams) {
        this.settings = settings;
        this.loops = loops;
        this.names = names;
        this.budget = budget;
        this.self = self;
        this.streams = streams;
    }

    /// Dials `service` from `loop`: every address of the name in turn, TLS, hello.
    ///
    /// @param tls from `TlsContexts.mutualClient` with `TunnelProtocol.ALPN`
    /// @return completes on `loop` when the hello has been answered; fails with a [TunnelRefusal] that says
    ///     at which step it ended
    public Future<DialledTunnel> dial(EventLoop loop, HostPort service, SslContext tls) {
        Promise<DialledTunnel> promise = loop.newPromise();
        names.resolve(service.host(), loop).addListener((Future<List<InetAddress>> found) -> {
            if (found.isSuccess()) {
                connect(loop, service, tls, found.getNow().iterator(), promise);
            } else {
                refuse(promise, Cause.RESOLVE, service.host() + " does not resolve", found.cause());
            }
        });
        return promise;
    }

    /// Where the service may be found: each address may be another node.
    ///
    /// @return completes on `loop`; fails with a [TunnelRefusal]
    public Future<List<InetSocketAddress>> resolve(HostPort service, EventLoop loop) {
        Promise<List<InetSocketAddress>> promise = loop.newPromise();
        names.resolve(service.host(), loop).addListener((Future<List<InetAddress>> found) -> {
            if (found.isSuccess()) {
                promise.trySuccess(found.getNow().stream()
                        .map(address -> new InetSocketAddress(address, service.port()))
                        .toList());
            } else {
                refuse(promise, Cause.RESOLVE, service.host() + " does not resolve", found.cause());
            }
        });
        return promise;
    }

    /// As [#dial(EventLoop, HostPort, SslContext)], at one of the addresses that [#resolve] named.
    public Future<DialledTunnel> dial(EventLoop loop, HostPort service, InetSocketAddress address, SslContext tls) {
        Promise<DialledTunnel> promise = loop.newPromise();
        connect(loop, service, tls, List.of(address.getAddress()).iterator(), promise);
        return promise;
    }

    private void connect(
            EventLoop loop,
            HostPort service,
            SslContext tls,
            Iterator<InetAddress> addresses,
            Promise<DialledTunnel> promise) {
        var address = new InetSocketAddress(addresses.next(), service.port());
        loops.dialler(loop)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        SslHandler handler = tls.newHandler(channel.alloc(), service.host(), service.port());
                        handler.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT_MILLIS);
                        handler.handshakeFuture().addListener(done -> {
                            if (!done.isSuccess()) {
                                refuse(promise, Cause.TLS, "handshake with " + service, done.cause());
                            }
                        });
                        channel.pipeline().addLast(handler, new Negotiated(service, promise));
                    }
                })
                .connect(address)
                .addListener((ChannelFutureListener) connected -> {
                    if (!connected.isSuccess()) {
                        if (addresses.hasNext()) {
                            connect(loop, service, tls, addresses, promise);
                        } else {
                            refuse(
                                    promise,
                                    Cause.CONNECT,
                                    "no connection to " + service + " at "
                                            + address.getAddress().getHostAddress(),
                                    connected.cause());
                        }
                    } else {
                        failWhenClosed(connected, service, promise);
                    }
                });
    }

    /// Whatever else happens before the hello, the caller hears of the end.
    private static void failWhenClosed(ChannelFuture connected, HostPort service, Promise<DialledTunnel> promise) {
        connected.channel().closeFuture().addListener(gone -> {
            if (!promise.isDone()) {
                promise.tryFailure(new TunnelRefusal(new TunnelEnd(Cause.LOST, service + " closed the connection")));
            }
        });
    }

    private static void refuse(Promise<?> promise, Cause cause, String what, Throwable why) {
        promise.tryFailure(new TunnelRefusal(new TunnelEnd(cause, what + " (" + why.getMessage() + ")")));
    }

    /// After TLS: the codec may only now be installed.
    private final class Negotiated extends ApplicationProtocolNegotiationHandler {
        private final HostPort service;
        private final Promise<DialledTunnel> promise;

        Negotiated(HostPort service, Promise<DialledTunnel> promise) {
            super(ApplicationProtocolNames.HTTP_1_1); // what no answer to ALPN means
            this.service = service;
            this.promise = promise;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
            if (!protocol.equals(TunnelProtocol.ALPN)) {
                promise.tryFailure(new TunnelRefusal(new TunnelEnd(
                        Cause.NO_TUNNELS, service + " speaks " + protocol + " there, not " + TunnelProtocol.ALPN)));
                ctx.close();
                return;
            }
            var tunnel = new ServedTunnel(ctx.channel(), settings, self, streams);
            tunnel.start(budget).addListener((Future<DialledTunnel> registered) -> {
                if (!registered.isSuccess()) {
                    promise.tryFailure(registered.cause());
                } else if (!promise.trySuccess(tunnel)) {
                    tunnel.close(new TunnelEnd(Cause.STOPPED, "the caller no longer wants it"));
                }
            });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            promise.tryFailure(new TunnelRefusal(TunnelEnd.of(cause)));
            ctx.close();
        }
    }
}
