package io.postern.connector.serve;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.dial.Dialler;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelFailure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Requests of the connector's own to a backend, over the way that exchanges take: name, allow list, proxy,
/// TCP, TLS. Each has a connection of its own. The whole answer is held, so it is bounded. Any thread.
public final class BackendCalls {
    private static final int ANSWER_MAX = 2 * 1024 * 1024;
    private static final int HEAD_MAX = 64 * 1024;
    private static final int LINE_MAX = 16 * 1024;

    /// @param fields a copy
    /// @param body empty where there was none
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Answer(int status, HttpHeaders fields, byte[] body) {}

    /// Why there is no answer.
    public static final class Failed extends Exception {
        private static final long serialVersionUID = 1;
        private final TunnelFailure failure;

        Failed(TunnelFailure failure, String why) {
            super(why, null, false, false);
            this.failure = failure;
        }

        public TunnelFailure failure() {
            return failure;
        }
    }

    private final Loops loops;
    private final BackendDialler dialler;

    /// @param contexts TLS towards backends
    public BackendCalls(
            ServeSettings settings, Loops loops, LocalNames names, BackendContexts contexts, ServeMetrics metrics) {
        this.loops = loops;
        this.dialler =
                new BackendDialler(new Dialler(loops, names, settings.proxies()), names, settings, contexts, metrics);
    }

    /// @param request released, also when it could not be sent; `Host` is set where it has none
    /// @param limit for everything
    /// @return completed on a loop; fails with [Failed]
    public CompletableFuture<Answer> send(BackendSettings backend, FullHttpRequest request, Duration limit) {
        EventLoop loop = loops.next();
        Promise<Answer> promise = loop.newPromise();
        var result = new CompletableFuture<Answer>();
        promise.addListener((Future<Answer> done) -> {
            if (done.isSuccess()) {
                result.complete(done.getNow());
            } else {
                result.completeExceptionally(done.cause());
            }
        });
        if (!request.headers().contains(HttpHeaderNames.HOST)) {
            request.headers().set(HttpHeaderNames.HOST, authority(backend));
        }
        request.headers().set(HttpHeaderNames.CONNECTION, "close");
        var late = loop.schedule(
                () -> promise.tryFailure(new Failed(
                        TunnelFailure.FIRST_BYTE_TIMEOUT,
                        Backends.name(backend) + " has not answered in " + limit.toSeconds() + " s")),
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        promise.addListener(done -> late.cancel(false));
        dialler.dial(backend, loop).addListener((Future<Channel> dialled) -> {
            if (!dialled.isSuccess()) {
                ReferenceCountUtil.release(request);
                promise.tryFailure(
                        dialled.cause() instanceof DialFailed failed
                                ? new Failed(failed.failure(), failed.why())
                                : new Failed(TunnelFailure.CONNECT, String.valueOf(dialled.cause())));
                return;
            }
            Channel channel = dialled.getNow();
            promise.addListener(done -> channel.close());
            channel.pipeline()
                    .addLast(
                            new HttpClientCodec(LINE_MAX, HEAD_MAX, 8_192),
                            new HttpObjectAggregator(ANSWER_MAX, true),
                            new Taker(backend, request, promise));
        });
        return result;
    }

    /// As `Host` has it: without the usual port.
    public static String authority(BackendSettings backend) {
        boolean usual = backend.port() == (backend.scheme().equals("https") ? 443 : 80);
        String name = Backends.name(backend);
        String authority = name.substring(name.indexOf("://") + 3);
        return usual ? authority.substring(0, authority.lastIndexOf(':')) : authority;
    }

    private static final class Taker extends ChannelInboundHandlerAdapter {
        private final BackendSettings backend;
        private final FullHttpRequest request;
        private final Promise<Answer> promise;

        Taker(BackendSettings backend, FullHttpRequest request, Promise<Answer> promise) {
            this.backend = backend;
            this.request = request;
            this.promise = promise;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(request);
            ctx.read();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            try {
                if (msg instanceof FullHttpResponse answer) {
                    if (answer.decoderResult().isFailure()) {
                        promise.tryFailure(new Failed(
                                TunnelFailure.BACKEND_PROTOCOL, Backends.name(backend) + " does not answer in HTTP"));
                    } else {
                        promise.trySuccess(new Answer(
                                answer.status().code(),
                                answer.headers().copy(),
                                ByteBufUtil.getBytes(answer.content())));
                    }
                }
            } finally {
                ReferenceCountUtil.release(msg);
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
            promise.tryFailure(new Failed(
                    TunnelFailure.BACKEND_CLOSED,
                    Backends.name(backend) + " closed the connection without a whole answer"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            promise.tryFailure(new Failed(TunnelFailure.BACKEND_PROTOCOL, String.valueOf(cause.getMessage())));
            ctx.close();
        }
    }
}
