package io.postern.run.connector.update;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.postern.base.HostPort;
import io.postern.net.dial.Dialler;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The answer to one GET, as a stream. The loop puts down what comes, one thread takes it; nothing more is read from
/// the network before that thread has taken all, so a large archive does not fill the memory.
final class HttpsAnswer extends InputStream {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(15);

    /// Between two pieces; the first comes after the handshake.
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(60);

    private static final int PORT_DEFAULT = 443;

    private sealed interface Piece {
        record Head(HttpResponse response) implements Piece {}

        record Bytes(ByteBuffer content) implements Piece {}

        record End() implements Piece {}

        record Broken(Throwable cause) implements Piece {}
    }

    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final Future<Channel> dialled;

    // of the thread that reads
    private ByteBuffer content = ByteBuffer.allocate(0);
    private boolean ended;

    private HttpsAnswer(Dialler dialler, SslContext tls, URI uri) {
        String host = uri.getHost().replace("[", "").replace("]", "");
        var server = new HostPort(host, uri.getPort() < 0 ? PORT_DEFAULT : uri.getPort());
        this.dialled = dialler.dial(dialler.loops().next(), server, CONNECT_LIMIT);
        dialled.addListener((Future<Channel> connected) -> {
            if (connected.isSuccess()) {
                Channel channel = connected.getNow();
                channel.pipeline()
                        .addLast(tls.newHandler(channel.alloc(), server.host(), server.port()))
                        .addLast(new HttpClientCodec())
                        .addLast(new Exchange(uri));
                channel.read();
            } else {
                pieces.add(new Piece.Broken(connected.cause()));
            }
        });
    }

    /// Does not wait.
    static HttpsAnswer ask(Dialler dialler, SslContext tls, URI uri) {
        return new HttpsAnswer(dialler, tls, uri);
    }

    /// Comes before the content.
    HttpResponse head() throws IOException {
        return switch (next()) {
            case Piece.Head(HttpResponse response) -> response;
            case Piece.Broken(Throwable cause) -> throw broken(cause);
            case Piece.Bytes _, Piece.End _ -> throw new IOException("its answer is no HTTP");
        };
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        while (!content.hasRemaining() && !ended) {
            switch (next()) {
                case Piece.Bytes(ByteBuffer more) -> content = more;
                case Piece.End _ -> ended = true;
                case Piece.Broken(Throwable cause) -> throw broken(cause);
                case Piece.Head _ -> throw new IOException("it answers twice");
            }
        }
        int count = Math.min(length, content.remaining());
        content.get(to, offset, count);
        return count == 0 && length > 0 ? -1 : count;
    }

    @Override
    public void close() {
        dialled.addListener((Future<Channel> connected) -> {
            if (connected.isSuccess()) {
                connected.getNow().close();
            }
        });
    }

    private Piece next() throws IOException {
        try {
            Piece there = pieces.poll();
            if (there == null) {
                if (dialled.isSuccess()) {
                    dialled.getNow().read();
                }
                there = pieces.poll(SILENCE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            }
            if (there == null) {
                throw new IOException("it said nothing for " + SILENCE_LIMIT.toSeconds() + " s");
            }
            return there;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static IOException broken(Throwable cause) {
        return new IOException(String.valueOf(cause.getMessage()), cause);
    }

    /// Confined to the loop, but for the queue.
    private final class Exchange extends ChannelInboundHandlerAdapter {
        private final URI uri;

        Exchange(URI uri) {
            this.uri = uri;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    ctx.writeAndFlush(request());
                } else {
                    pieces.add(new Piece.Broken(handshake.cause()));
                    ctx.close();
                }
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            try {
                if (msg instanceof HttpObject part && part.decoderResult().isFailure()) {
                    pieces.add(new Piece.Broken(part.decoderResult().cause()));
                    ctx.close();
                    return;
                }
                if (msg instanceof HttpResponse head) {
                    pieces.add(new Piece.Head(head));
                }
                if (msg instanceof HttpContent bytes && bytes.content().isReadable()) {
                    pieces.add(new Piece.Bytes(ByteBuffer.wrap(ByteBufUtil.getBytes(bytes.content()))));
                }
                if (msg instanceof LastHttpContent) {
                    pieces.add(new Piece.End());
                    ctx.close();
                }
            } finally {
                ReferenceCountUtil.release(msg);
            }
        }

        /// What came held nothing for the reader, as a handshake: he waits still.
        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (pieces.isEmpty()) {
                ctx.read();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            pieces.add(new Piece.Broken(new EOFException("it closed the connection before the end")));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            pieces.add(new Piece.Broken(cause));
            ctx.close();
        }

        private DefaultFullHttpRequest request() {
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            var request = new DefaultFullHttpRequest(
                    HttpVersion.HTTP_1_1,
                    HttpMethod.GET,
                    path + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
            request.headers()
                    .set(HttpHeaderNames.HOST, uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()))
                    .set(HttpHeaderNames.USER_AGENT, "postern-updater")
                    .set(HttpHeaderNames.ACCEPT, "*/*")
                    .set(HttpHeaderNames.CONNECTION, "close");
            return request;
        }
    }
}
