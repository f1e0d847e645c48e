package io.postern.connector.serve;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.net.AskedForCertificate;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.dial.Dialler;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelFailure;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// Asks a backend one question over the way that exchanges take (name, allow list, proxy, TCP, TLS) and
/// tells how far it came. For pre-flights, which take no tunnel; keeps no connection. Any thread.
public final class BackendProbe {
    /// @param failure absent: it answered
    /// @param why of a failure, for people
    /// @param remote whom TCP was made with; absent when there was no connection
    /// @param status of the answer; 0 when none came
    /// @param fields of the answer, as they came
    /// @param certificate that the backend showed; absent without TLS
    public record Seen(
            Optional<TunnelFailure> failure,
            String why,
            Optional<SocketAddress> remote,
            int status,
            List<Map.Entry<String, String>> fields,
            Optional<X509Certificate> certificate) {
        public Seen {
            fields = List.copyOf(fields);
        }

        private Seen(Optional<TunnelFailure> failure, String why, Optional<SocketAddress> remote, int status) {
            this(failure, why, remote, status, List.of(), Optional.empty());
        }
    }

    /// What is sent by GET.
    ///
    /// @param fields in place of those that would be sent
    public record Ask(String target, Map<String, String> fields) {
        private static final Ask ROOT = new Ask("/", Map.of());

        public Ask {
            fields = Map.copyOf(fields);
        }
    }

    private final BackendDialler dialler;

    /// @param contexts TLS towards backends
    public BackendProbe(ServeSettings settings, Loops loops, LocalNames names, BackendContexts contexts) {
        this.dialler = new BackendDialler(
                new Dialler(loops, names, settings.proxies()),
                names,
                settings,
                contexts,
                new ServeMetrics(new PrometheusRegistry()));
    }

    /// Sends `GET /`.
    ///
    /// @param limit for the answer, once there is a connection
    /// @return completed on `loop`; never fails
    public Future<Seen> ask(BackendSettings backend, EventLoop loop, Duration limit) {
        return ask(backend, loop, limit, Ask.ROOT);
    }

    /// As above, with a question of its own.
    public Future<Seen> ask(BackendSettings backend, EventLoop loop, Duration limit, Ask ask) {
        Promise<Seen> promise = loop.newPromise();
        dialler.dial(backend, loop).addListener((Future<Channel> dialled) -> {
            if (!dialled.isSuccess()) {
                promise.trySuccess(
                        dialled.cause() instanceof DialFailed failed
                                ? new Seen(Optional.of(failed.failure()), failed.why(), Optional.empty(), 0)
                                : new Seen(
                                        Optional.of(TunnelFailure.CONNECT),
                                        String.valueOf(dialled.cause()),
                                        Optional.empty(),
                                        0));
                return;
            }
            Channel channel = dialled.getNow();
            promise.addListener(done -> channel.close());
            Optional<SocketAddress> remote = Optional.ofNullable(channel.remoteAddress());
            loop.schedule(
                    () -> promise.trySuccess(new Seen(
                            Optional.of(TunnelFailure.FIRST_BYTE_TIMEOUT),
                            Backends.name(backend) + " took the request and has not answered in " + limit.toSeconds()
                                    + " s",
                            remote,
                            0)),
                    limit.toMillis(),
                    TimeUnit.MILLISECONDS);
            channel.pipeline().addLast(new HttpClientCodec(), new Question(backend, ask, remote, promise));
        });
        return promise;
    }

    private static final class Question extends ChannelInboundHandlerAdapter {
        private final BackendSettings backend;
        private final Ask ask;
        private final Optional<SocketAddress> remote;
        private final Promise<Seen> promise;

        Question(BackendSettings backend, Ask ask, Optional<SocketAddress> remote, Promise<Seen> promise) {
            this.backend = backend;
            this.ask = ask;
            this.remote = remote;
            this.promise = promise;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, ask.target());
            boolean usual = backend.port() == (backend.scheme().equals("https") ? 443 : 80);
            String name = Backends.name(backend);
            String authority = name.substring(name.indexOf("://") + 3);
            request.headers()
                    .set(HttpHeaderNames.HOST, usual ? authority.substring(0, authority.lastIndexOf(':')) : authority)
                    .set(HttpHeaderNames.USER_AGENT, "postern-connector-check")
                    .set(HttpHeaderNames.CONNECTION, "close");
            ask.fields().forEach((field, value) -> request.headers().set(field, value));
            ctx.writeAndFlush(request);
            ctx.read();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            try {
                if (msg instanceof HttpResponse answer) {
                    promise.trySuccess(seen(ctx.pipeline().get(SslHandler.class), answer));
                }
            } finally {
                ReferenceCountUtil.release(msg);
            }
        }

        private Seen seen(@Nullable SslHandler tls, HttpResponse answer) {
            if (answer.decoderResult().isFailure()) {
                return new Seen(
                        Optional.of(TunnelFailure.BACKEND_PROTOCOL),
                        Backends.name(backend) + " does not answer in HTTP",
                        remote,
                        0);
            }
            int status = answer.status().code();
            return Backends.missesCertificate(status) && tls != null && AskedForCertificate.in(tls.engine())
                    ? new Seen(
                            Optional.of(TunnelFailure.TLS_CLIENT_CERTIFICATE),
                            Backends.missedCertificate(backend, status),
                            remote,
                            status)
                    : new Seen(
                            Optional.empty(),
                            "",
                            remote,
                            status,
                            answer.headers().entries(),
                            shown(tls));
        }

        private static Optional<X509Certificate> shown(@Nullable SslHandler tls) {
            try {
                return tls != null && tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate leaf
                        ? Optional.of(leaf)
                        : Optional.empty();
            } catch (SSLPeerUnverifiedException e) {
                return Optional.empty();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (!promise.isDone()) {
                ctx.read();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            promise.trySuccess(new Seen(
                    Optional.of(TunnelFailure.BACKEND_CLOSED),
                    Backends.name(backend) + " closed the connection without an answer",
                    remote,
                    0));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            promise.trySuccess(
                    new Seen(Optional.of(TunnelFailure.BACKEND_CLOSED), String.valueOf(cause.getMessage()), remote, 0));
            ctx.close();
        }
    }
}
