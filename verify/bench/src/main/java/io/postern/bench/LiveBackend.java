package io.postern.bench;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.ReferenceCountUtil;
import io.postern.net.Loops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/// The backend for what nginx has no answer to: `POST /live/...` reads a body and answers its size, `GET /live/count`
/// answers the bytes of all bodies so far, `/live/ws` echoes WebSocket messages. A process of its own.
final class LiveBackend {
    private static final int HEADER_BYTES_MAX = 64 << 10;
    private static final int CHUNK_BYTES_MAX = 256 << 10;

    private LiveBackend() {}

    /// @param args the port
    public static void main(String[] args) {
        var total = new AtomicLong();
        Loops.open("live", 2)
                .listener()
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        ChannelPipeline pipeline = channel.pipeline();
                        pipeline.addLast(new HttpServerCodec(HEADER_BYTES_MAX, HEADER_BYTES_MAX, CHUNK_BYTES_MAX));
                        pipeline.addLast(new WebSocketServerProtocolHandler("/live/ws"));
                        pipeline.addLast(new Sink(total));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])))
                .awaitUninterruptibly();
    }

    /// Counts bodies, and answers frames with themselves.
    private static final class Sink extends ChannelInboundHandlerAdapter {
        private final AtomicLong total;
        private long body;
        private boolean asksForTotal;

        Sink(AtomicLong total) {
            this.total = total;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof WebSocketFrame frame) {
                ctx.write(frame);
                return;
            }
            try {
                if (message instanceof HttpRequest request) {
                    body = 0;
                    asksForTotal = request.uri().endsWith("/count");
                }
                if (message instanceof HttpContent content) {
                    body += content.content().readableBytes();
                    total.addAndGet(content.content().readableBytes());
                }
                if (message instanceof LastHttpContent) {
                    answer(ctx, asksForTotal ? total.get() : body);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private static void answer(ChannelHandlerContext ctx, long number) {
            byte[] text = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
            var response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(text));
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, text.length);
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
            ctx.write(response);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close(); // the other side is gone
        }
    }
}
