package io.postern.connector.serve;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.net.LocalNames;
import io.postern.net.dial.DialFault;
import io.postern.net.dial.Dialler;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelFailure;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;

/// Connects to backends: resolve, ask the allow list about each address found, race the permitted ones, then
/// TLS. One time limit spans all of it.
///
/// Names are resolved here even where a proxy leads to backends (PRX): it is asked for the address that was
/// checked, so that nobody can answer the same name with the address of a metadata service.
final class BackendDialler {
    private static final List<String> HTTP1 = List.of(ApplicationProtocolNames.HTTP_1_1);
    private static final List<String> EITHER =
            List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);

    private static final Pattern SINGLE_LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    private final Dialler dialler;
    private final LocalNames names;
    private final ServeSettings settings;
    private final BackendContexts contexts;
    private final ServeMetrics metrics;

    BackendDialler(
            Dialler dialler, LocalNames names, ServeSettings settings, BackendContexts contexts, ServeMetrics metrics) {
        this.dialler = dialler;
        this.names = names;
        this.settings = settings;
        this.contexts = contexts;
        this.metrics = metrics;
    }

    /// For HTTP/1.1.
    Future<Channel> dial(BackendSettings backend, EventLoop loop) {
        return dial(backend, loop, backend.tls().http2() ? HTTP1 : List.of());
    }

    /// For whichever the backend prefers; the channel's [SslHandler#applicationProtocol()] says which.
    Future<Channel> dialEither(BackendSettings backend, EventLoop loop) {
        return dial(backend, loop, EITHER);
    }

    /// @param protocols offered by ALPN
    /// @return completed on `loop`, with a connected channel that does not read by itself, or with
    ///     [DialFailed]. Whoever loses interest closes the channel that comes.
    private Future<Channel> dial(BackendSettings backend, EventLoop loop, List<String> protocols) {
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
                connect(backend, loop, protocols, permitted, deadline, promise);
            }
        });
        return promise;
    }

    private void connect(
            BackendSettings backend,
            EventLoop loop,
            List<String> protocols,
            List<InetAddress> addresses,
            long deadline,
            Promise<Channel> promise) {
        Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
        dialler.dial(
                        loop,
                        backend.host(),
                        addresses,
                        backend.port(),
                        settings.proxies().towards(backend.host(), addresses.getFirst(), backend.port()),
                        left)
                .addListener((Future<Channel> connected) -> {
                    if (!connected.isSuccess()) {
                        promise.tryFailure(failed(backend, TunnelFailure.CONNECT, connected.cause()));
                    } else if (promise.isDone()) {
                        connected.getNow().close();
                    } else {
                        onConnected(backend, protocols, connected.getNow(), promise);
                    }
                });
    }

    /// A TLS failure is final: another address of the same name has the same certificate.
    private void onConnected(
            BackendSettings backend, List<String> protocols, Channel channel, Promise<Channel> promise) {
        if (!backend.scheme().equals("https")) {
            complete(channel, promise);
            return;
        }
        SslHandler tls;
        try {
            tls = tls(backend, protocols, channel);
        } catch (DialFailed e) {
            channel.close();
            promise.tryFailure(e);
            return;
        }
        channel.pipeline().addLast(tls, new HandshakeGuard());
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

    /// Name and port give the engine SNI and the name to verify. By itself it says no SNI for a name without a dot,
    /// which inner servers have as often as others.
    private SslHandler tls(BackendSettings backend, List<String> protocols, Channel channel) throws DialFailed {
        String name = backend.tls().serverName().orElse(backend.host());
        SslHandler handler = contexts.of(backend.tls(), protocols).newHandler(channel.alloc(), name, backend.port());
        if (SINGLE_LABEL.matcher(name).matches()) {
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            handler.engine().setSSLParameters(parameters);
        }
        handler.setHandshakeTimeout(settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    private static DialFailed failed(BackendSettings backend, TunnelFailure otherwise, Throwable cause) {
        boolean isTimeout = cause instanceof SslHandshakeTimeoutException
                || (cause instanceof DialFault fault && fault.kind() == DialFault.Kind.TIMEOUT);
        TunnelFailure failure = otherwise == TunnelFailure.TLS ? TlsAlerts.failureOf(cause) : otherwise;
        return new DialFailed(
                isTimeout ? TunnelFailure.CONNECT_TIMEOUT : failure,
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
