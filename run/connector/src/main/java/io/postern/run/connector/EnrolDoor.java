package io.postern.run.connector;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.base.HostPort;
import io.postern.net.TlsContexts;
import io.postern.tunnel.TunnelProtocol;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;

/// The service's door for enrolment (docs/protocol/tunnel.md §6), looked at from outside: who answers, and what
/// time it is there. Nothing is enrolled.
final class EnrolDoor {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    private final Channel channel;
    private final HostPort service;

    private EnrolDoor(Channel channel, HostPort service) {
        this.channel = channel;
        this.service = service;
    }

    /// TLS on a connection that stands; waits for the handshake.
    ///
    /// @throws Exception what the handshake failed with
    static EnrolDoor open(Channel channel, HostPort service, TrustManager trust) throws Exception {
        SslContext context = TlsContexts.client(trust, TunnelProtocol.ENROLL_ALPN);
        SslHandler tls = context.newHandler(channel.alloc(), service.host(), service.port());
        tls.setHandshakeTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        channel.eventLoop().execute(() -> {
            channel.pipeline().addLast(tls, new Guard());
            channel.config().setAutoRead(true);
        });
        Waiting.on(tls.handshakeFuture(), LIMIT);
        return new EnrolDoor(channel, service);
    }

    boolean isPostern() {
        return TunnelProtocol.ENROLL_ALPN.equals(
                channel.pipeline().get(SslHandler.class).applicationProtocol());
    }

    /// What the service's answer to a harmless question has in its field Date, to the second.
    ///
    /// @throws IOException when there is no answer or it has no date
    Instant time() throws Exception {
        Promise<String> date = channel.eventLoop().newPromise();
        channel.eventLoop()
                .execute(() -> channel.pipeline()
                        .addLast(
                                new HttpClientCodec(), new HttpObjectAggregator(ANSWER_BYTES_MAX), new Question(date)));
        channel.closeFuture().addListener(gone -> date.tryFailure(new IOException("it closed the connection")));
        try {
            return ZonedDateTime.parse(Waiting.on(date, LIMIT), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeParseException e) {
            throw new IOException("its answer bears no date", e);
        }
    }

    Future<?> close() {
        return channel.close();
    }

    /// The handshake's future tells what went wrong; nobody else needs the exception.
    private static final class Guard extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private final class Question extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final Promise<String> date;

        Question(Promise<String> date) {
            this.date = date;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
            request.headers()
                    .set(HttpHeaderNames.HOST, service.port() == 443 ? service.host() : service.toString())
                    .set(HttpHeaderNames.CONNECTION, "close");
            ctx.writeAndFlush(request);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse answer) {
            date.trySuccess(answer.headers().get(HttpHeaderNames.DATE, ""));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            date.tryFailure(cause);
            ctx.close();
        }
    }
}
