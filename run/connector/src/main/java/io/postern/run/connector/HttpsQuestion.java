package io.postern.run.connector;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.base.HostPort;
import io.postern.net.dial.Dialler;
import java.io.EOFException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/// One POST over HTTPS on the way that tunnels take too: through the proxy where there is one. The caller waits, so it
/// is no event loop.
final class HttpsQuestion {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ANSWER_BYTES_MAX = 256 * 1024;
    private static final int PORT_DEFAULT = 443;

    /// @param body as text, whatever its type
    record Answer(int status, String body) {}

    private final Dialler dialler;
    private final SslContext tls;

    /// @param tls says whom to believe
    HttpsQuestion(Dialler dialler, SslContext tls) {
        this.dialler = dialler;
        this.tls = tls;
    }

    /// @param uri https
    /// @param fields of the head, beside those that every request has
    /// @throws Exception what is in the way: a [io.postern.net.dial.DialFault], TLS, or that it took too long
    Answer post(URI uri, Map<String, String> fields, String body) throws Exception {
        var server = new HostPort(uri.getHost(), uri.getPort() < 0 ? PORT_DEFAULT : uri.getPort());
        var loop = dialler.loops().next();
        Promise<Answer> answer = loop.newPromise();
        dialler.dial(loop, server, CONNECT_LIMIT).addListener((Future<Channel> connected) -> {
            if (!connected.isSuccess()) {
                answer.tryFailure(connected.cause());
                return;
            }
            Channel channel = connected.getNow();
            answer.addListener(done -> channel.close());
            channel.pipeline()
                    .addLast(tls.newHandler(channel.alloc(), server.host(), server.port()))
                    .addLast(new HttpClientCodec())
                    .addLast(new HttpObjectAggregator(ANSWER_BYTES_MAX))
                    .addLast(new Exchange(uri, fields, body, answer));
            channel.config().setAutoRead(true);
        });
        return Waiting.on(answer, LIMIT);
    }

    /// Confined to the loop.
    private static final class Exchange extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final URI uri;
        private final Map<String, String> fields;
        private final String body;
        private final Promise<Answer> answer;

        Exchange(URI uri, Map<String, String> fields, String body, Promise<Answer> answer) {
            this.uri = uri;
            this.fields = fields;
            this.body = body;
            this.answer = answer;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    ctx.writeAndFlush(request());
                } else {
                    answer.tryFailure(handshake.cause());
                }
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
            answer.trySuccess(
                    new Answer(response.status().code(), response.content().toString(StandardCharsets.UTF_8)));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            answer.tryFailure(new EOFException("it closed the connection without an answer"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            answer.tryFailure(cause);
        }

        private DefaultFullHttpRequest request() {
            var request = new DefaultFullHttpRequest(
                    HttpVersion.HTTP_1_1,
                    HttpMethod.POST,
                    uri.getRawPath(),
                    Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
            fields.forEach(request.headers()::set);
            request.headers()
                    .set(HttpHeaderNames.HOST, uri.getRawAuthority())
                    .set(HttpHeaderNames.ACCEPT, "application/json")
                    .set(HttpHeaderNames.USER_AGENT, "postern-connector")
                    .set(HttpHeaderNames.CONTENT_LENGTH, request.content().readableBytes())
                    .set(HttpHeaderNames.CONNECTION, "close");
            return request;
        }
    }
}
