package io.postern.tunnel.dial;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.base.HostPort;
import io.postern.net.PeerNotBelieved;
import io.postern.net.WindowBudget;
import io.postern.net.dial.DialFault;
import io.postern.net.dial.Dialler;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelEnd.Cause;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.TunnelRefusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Dials one tunnel at a time: name, TCP, TLS, hello (docs/protocol/tunnel.md §1, §2). Stateless; any
/// thread.
public final class TunnelDialer {
    /// A service that has just come back takes its connectors one after the other. Who waits is served; who gives
    /// up and dials again goes to the end, and what was done for him is lost. Other addresses are tried meanwhile.
    private static final long HANDSHAKE_TIMEOUT_MILLIS = 30_000;

    /// Name, TCP, and the proxy's answer where there is one.
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private final DialSettings settings;
    private final Dialler dialler;
    private final WindowBudget budget;
    private final Self self;
    private final StreamServer streams;

    /// @param dialler knows the proxy on the way, if there is one
    public TunnelDialer(DialSettings settings, Dialler dialler, WindowBudget budget, Self self, StreamServer streams) {
        this.settings = settings;
        this.dialler = dialler;
        this.budget = budget;
        this.self = self;
        this.streams = streams;
    }

    /// Where the service may be found: each address may be another node. Behind a proxy there is one place,
    /// unresolved: it is the proxy that knows names.
    ///
    /// @return completes on `loop`; fails with a [TunnelRefusal]
    public Future<List<InetSocketAddress>> resolve(HostPort service, EventLoop loop) {
        Promise<List<InetSocketAddress>> promise = loop.newPromise();
        if (dialler.proxies().towards(service.host(), service.port()).isPresent()) {
            return promise.setSuccess(List.of(InetSocketAddress.createUnresolved(service.host(), service.port())));
        }
        dialler.resolve(service.host(), loop).addListener((Future<List<InetAddress>> found) -> {
            if (found.isSuccess()) {
                promise.trySuccess(found.getNow().stream()
                        .map(address -> new InetSocketAddress(address, service.port()))
                        .toList());
            } else {
                promise.tryFailure(new TunnelRefusal(end(service, found.cause())));
            }
        });
        return promise;
    }

    /// What is known of the service's addresses may be old: the next look-up asks anew.
    public void forget(HostPort service) {
        dialler.forget(service.host());
    }

    /// Dials `service` from `loop` at whichever of its addresses answers first: TCP by [Dialler], TLS, hello.
    ///
    /// @param tls from `TlsContexts.mutualClient` with `TunnelProtocol.ALPN`
    /// @return completes on `loop` when the hello has been answered; fails with a [TunnelRefusal] that says
    ///     at which step it ended
    public Future<DialledTunnel> dial(EventLoop loop, HostPort service, SslContext tls) {
        return secure(loop, service, tls, dialler.dial(loop, service, CONNECT_LIMIT));
    }

    /// As [#dial(EventLoop, HostPort, SslContext)], at one of the addresses that [#resolve] named.
    public Future<DialledTunnel> dial(EventLoop loop, HostPort service, InetSocketAddress address, SslContext tls) {
        if (address.isUnresolved()) {
            return dial(loop, service, tls);
        }
        var connecting = dialler.dial(
                loop,
                service.host(),
                List.of(address.getAddress()),
                address.getPort(),
                Optional.empty(),
                CONNECT_LIMIT);
        return secure(loop, service, tls, connecting);
    }

    private Future<DialledTunnel> secure(EventLoop loop, HostPort service, SslContext tls, Future<Channel> connecting) {
        Promise<DialledTunnel> promise = loop.newPromise();
        connecting.addListener((Future<Channel> connected) -> {
            if (connected.isSuccess()) {
                onConnected(connected.getNow(), service, tls, promise);
            } else {
                promise.tryFailure(new TunnelRefusal(end(service, connected.cause())));
            }
        });
        return promise;
    }

    private void onConnected(Channel channel, HostPort service, SslContext tls, Promise<DialledTunnel> promise) {
        failWhenClosed(channel, service, promise);
        SslHandler handler = tls.newHandler(channel.alloc(), service.host(), service.port());
        handler.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT_MILLIS);
        handler.handshakeFuture().addListener(done -> {
            if (!done.isSuccess()) {
                promise.tryFailure(new TunnelRefusal(handshakeEnd(service, done.cause())));
            }
        });
        channel.pipeline().addLast(handler, new Negotiated(service, promise));
        channel.config().setAutoRead(true);
    }

    /// Whatever else happens before the hello, the caller hears of the end.
    private static void failWhenClosed(Channel channel, HostPort service, Promise<DialledTunnel> promise) {
        channel.closeFuture().addListener(gone -> {
            if (!promise.isDone()) {
                promise.tryFailure(new TunnelRefusal(new TunnelEnd(Cause.LOST, service + " closed the connection")));
            }
        });
    }

    private static TunnelEnd end(HostPort service, Throwable why) {
        Cause cause = why instanceof DialFault fault
                ? switch (fault.kind()) {
                    case RESOLVE -> Cause.RESOLVE;
                    case CONNECT, TIMEOUT -> Cause.CONNECT;
                    case PROXY -> Cause.PROXY;
                }
                : Cause.CONNECT;
        return new TunnelEnd(
                cause,
                cause == Cause.CONNECT
                        ? "no connection to " + service + " (" + why.getMessage() + ")"
                        : String.valueOf(why.getMessage()));
    }

    private static TunnelEnd handshakeEnd(HostPort service, Throwable why) {
        return PeerNotBelieved.in(why)
                .map(told -> new TunnelEnd(
                        switch (told.kind()) {
                            case FOREIGN -> Cause.TLS_OPENED;
                            case NOT_NOW -> Cause.CLOCK;
                            case MISFIT -> Cause.TLS;
                        },
                        service + ": " + told.getMessage()))
                .orElseGet(() -> new TunnelEnd(Cause.TLS, "handshake with " + service + " (" + why.getMessage() + ")"));
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
                    return;
                }
                tunnel.closed().addListener(gone -> dialler.forget(service.host())); // it may have moved
                if (!promise.trySuccess(tunnel)) {
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
