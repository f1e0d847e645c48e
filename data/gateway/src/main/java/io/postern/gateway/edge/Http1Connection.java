package io.postern.gateway.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.postern.domain.event.Cause;
import io.postern.gateway.exchange.RequestHead;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;

/// One HTTP/1.1 connection: turns it into a row of exchanges, each made of HTTP/2 frames. One at a time:
/// a pipelined request stays in the buffer until the answer before it is written, so order is kept and
/// no more than one read is held.
///
/// Nothing is read that was not asked for, except that one read stays open while an answer is awaited,
/// to notice that the client went away. Confined to its channel's loop.
///
///     Idle ──head──▶ Exchange ──answered──▶ Idle
///      ▲                │ └─ body not yet read ─▶ Swallow ──its end──▶ Idle
///      └────────────────┘        not reusable, too much left, broken ─▶ Closing
final class Http1Connection extends ChannelDuplexHandler {
    private enum Phase {
        IDLE,
        EXCHANGE,
        SWALLOW,
        CLOSING
    }

    /// Time and bytes that a client has to finish a request that is answered already.
    private static final Duration LINGER = Duration.ofSeconds(2);

    private static final int SWALLOW_MAX = 256 * 1024;

    /// We read for one piece at a time, so more than a few pieces come only when the client has ended its side:
    /// then the transport takes in all that the kernel has, asked or not (epoll's EPOLLRDHUP), megabytes for each
    /// of many clients that leave at once. Whoever ends in the middle of a long body has gone.
    private static final int UNASKED_MAX = 512 * 1024;
    private static final Http1Request UNREADABLE = new Http1Request(
            new RequestHead("-", "", "-", new DefaultHttp2Headers(false), false, true), false, false, false, "");

    private final EdgeLimits limits;
    private final Http1Reader reader;
    private final Http1Writer writer = new Http1Writer();
    private final Deadline deadline = new Deadline();
    private ByteBuf held = Unpooled.EMPTY_BUFFER;

    private Phase phase = Phase.IDLE;
    private Http1Request current = UNREADABLE;
    private boolean requestEnded;
    private boolean broken; // what follows on this connection has no reading
    private boolean continueSent;
    private boolean headSent;
    private boolean keepAlive;
    private int swallowed;
    private boolean wanted;
    private boolean draining;

    Http1Connection(EdgeLimits limits) {
        this.limits = limits;
        this.reader = new Http1Reader(limits.headBytesMax());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline.start(ctx.executor(), () -> onDeadline(ctx));
        deadline.in(limits.headTimeout());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        deadline.cancel();
        dropHeld();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.cancel();
        ctx.fireChannelInactive();
    }

    // ---- reading

    @Override
    public void read(ChannelHandlerContext ctx) {
        wanted = true;
        drain(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        var bytes = (ByteBuf) message;
        if (phase == Phase.CLOSING || broken) {
            bytes.release();
        } else if (held.isReadable()) {
            held = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), held, bytes);
        } else {
            held.release();
            held = bytes;
        }
        drain(ctx);
        if (held.readableBytes() > UNASKED_MAX) {
            dropHeld();
            ctx.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (phase == Phase.CLOSING || (wanted && mayRead())) {
            ctx.read();
        }
    }

    /// Not while the request is here whole and its answer is not, nor before a WebSocket is accepted.
    private boolean mayRead() {
        return switch (phase) {
            case IDLE, SWALLOW -> true;
            case EXCHANGE ->
                !broken && !requestEnded && (headSent || !current.head().webSocket());
            case CLOSING -> false;
        };
    }

    private void drain(ChannelHandlerContext ctx) {
        if (draining) {
            return; // further down on this stack the loop below goes on
        }
        draining = true;
        try {
            while (wanted && mayRead() && emit(ctx)) {
                ctx.fireChannelReadComplete();
            }
        } finally {
            draining = false;
        }
        boolean watching = phase == Phase.EXCHANGE && !broken && !held.isReadable();
        if (watching || (wanted && mayRead())) {
            ctx.read();
        }
    }

    /// Fires what the buffer holds of one request: its head alone, then any number of body parts.
    ///
    /// @return whether anything was fired
    private boolean emit(ChannelHandlerContext ctx) {
        boolean any = false;
        try {
            for (Object part; mayRead() && (part = reader.next(held)) != null; ) {
                if (part instanceof Http1Request request) {
                    begin(request);
                    ctx.fireChannelRead(request.head());
                    return true;
                }
                requestEnded = !(part instanceof Http2DataFrame data) || data.isEndStream();
                if (phase == Phase.SWALLOW) {
                    swallow(ctx, part);
                } else {
                    any = true;
                    wanted = false;
                    ctx.fireChannelRead(part);
                }
            }
            if (phase == Phase.IDLE && reader.isInsideHead() && !deadline.isSet()) {
                deadline.in(limits.headTimeout());
            }
        } catch (Malformed fault) {
            onMalformed(ctx, fault);
            return true;
        }
        return any;
    }

    private void begin(Http1Request request) {
        phase = Phase.EXCHANGE;
        current = request;
        requestEnded = !request.head().bodyExpected() && !request.head().webSocket();
        keepAlive = request.keepAlive();
        headSent = false;
        continueSent = false;
        wanted = false;
        deadline.clear();
    }

    private void swallow(ChannelHandlerContext ctx, Object part) {
        swallowed += part instanceof Http2DataFrame data ? data.content().readableBytes() : 0;
        ReferenceCountUtil.release(part);
        if (requestEnded) {
            becomeIdle();
        } else if (swallowed > SWALLOW_MAX) {
            closeLingering(ctx);
        }
    }

    private void onMalformed(ChannelHandlerContext ctx, Malformed fault) {
        if (phase == Phase.SWALLOW) {
            closeLingering(ctx);
            return;
        }
        if (phase == Phase.IDLE) {
            begin(UNREADABLE);
        }
        broken = true;
        keepAlive = false;
        wanted = false;
        dropHeld();
        ctx.fireChannelRead(fault);
    }

    private void onDeadline(ChannelHandlerContext ctx) {
        if (phase == Phase.IDLE && reader.isInsideHead()) {
            onMalformed(ctx, new Malformed(Cause.SLOW_REQUEST, "head not complete in time"));
            ctx.fireChannelReadComplete();
        } else if (phase != Phase.EXCHANGE) {
            ctx.close();
        }
    }

    private void dropHeld() {
        held.release();
        held = Unpooled.EMPTY_BUFFER;
    }

    // ---- writing

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof Http2StreamFrame) || phase != Phase.EXCHANGE) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new IllegalStateException("no exchange is open here"));
            return;
        }
        try {
            switch (message) {
                case Http2HeadersFrame frame -> {
                    if (headSent) {
                        writeTrailers(ctx, frame, promise);
                    } else {
                        writeHead(ctx, frame, promise);
                    }
                }
                case Http2DataFrame frame -> writeData(ctx, frame, promise);
                case Http2ResetFrame reset -> cut(ctx, promise);
                default -> throw new IllegalStateException("frame " + message);
            }
        } catch (Malformed fault) {
            cut(ctx, promise);
        }
    }

    private void writeHead(ChannelHandlerContext ctx, Http2HeadersFrame frame, ChannelPromise promise) {
        Http2Headers fields = frame.headers();
        int status = Integer.parseInt(fields.status().toString());
        if (status < 200) {
            writeInterim(ctx, fields, status, promise);
            return;
        }
        if (current.head().webSocket() && status == 200) {
            headSent = true;
            keepAlive = false; // never HTTP again
            reader.becomeRaw();
            ctx.write(writer.switched(ctx.alloc(), fields, accept(current.webSocketKey())), promise);
            return;
        }
        if (current.head().webSocket()) {
            requestEnded = true; // refused: what follows is the next request
        }
        if (current.expectsContinue() && !continueSent && !requestEnded) {
            keepAlive = false; // whether the body comes is the client's choice now (RFC 9110 §10.1.1)
        }
        ByteBuf head = writer.head(ctx.alloc(), fields, status, frame.isEndStream(), current, keepAlive);
        headSent = true;
        keepAlive &= !writer.endsWithConnection();
        ctx.write(head, promise);
        if (frame.isEndStream()) {
            onAnswered(ctx);
        }
    }

    /// RFC 9110 §15.2: not to HTTP/1.0; 100 only to who waits for it.
    private void writeInterim(ChannelHandlerContext ctx, Http2Headers fields, int status, ChannelPromise promise) {
        if (current.http10() || status == 101 || (status == 100 && !current.expectsContinue())) {
            promise.trySuccess();
            return;
        }
        continueSent |= status == 100;
        ctx.write(writer.head(ctx.alloc(), fields, status, false, current, true), promise);
    }

    private void writeData(ChannelHandlerContext ctx, Http2DataFrame frame, ChannelPromise promise) {
        ByteBuf content = frame.content();
        boolean end = frame.isEndStream();
        ByteBuf before;
        try {
            before = writer.before(ctx.alloc(), content.readableBytes(), end);
        } catch (Malformed fault) {
            frame.release();
            throw fault;
        }
        ByteBuf after = writer.after(ctx.alloc(), content.readableBytes(), end);
        if (before.isReadable()) {
            ctx.write(before);
        }
        if (after.isReadable()) {
            ctx.write(content);
            ctx.write(after, promise);
        } else {
            ctx.write(content, promise);
        }
        if (end) {
            onAnswered(ctx);
        }
    }

    private void writeTrailers(ChannelHandlerContext ctx, Http2HeadersFrame frame, ChannelPromise promise) {
        ctx.write(writer.trailers(ctx.alloc(), frame.headers()), promise);
        onAnswered(ctx);
    }

    /// The last byte of the answer has been written: on to the next request, or the end.
    private void onAnswered(ChannelHandlerContext ctx) {
        if (!keepAlive) {
            closeLingering(ctx);
            return;
        }
        wanted = true;
        if (requestEnded) {
            becomeIdle();
        } else {
            phase = Phase.SWALLOW;
            swallowed = 0;
            deadline.in(LINGER);
        }
        ctx.executor().execute(() -> drain(ctx)); // not here: the exchange that just ended is still on the stack
    }

    private void becomeIdle() {
        phase = Phase.IDLE;
        current = UNREADABLE;
        deadline.in(limits.idleTimeout());
    }

    /// Closing with unread bytes makes the kernel reset the connection, and the answer may be lost on the
    /// way (RFC 9112 §9.6): throw away for a moment what still comes.
    private void closeLingering(ChannelHandlerContext ctx) {
        boolean quiet = requestEnded && !broken;
        phase = Phase.CLOSING;
        deadline.in(limits.idleTimeout()); // for what is still to be taken
        dropHeld();
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> {
            if (quiet) {
                ctx.close();
            } else {
                sayFarewell(ctx);
                deadline.in(LINGER);
                ctx.read();
            }
        });
    }

    /// The client sees the end at once, though we still listen.
    private static void sayFarewell(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        }
    }

    /// Ends the connection so that nobody takes the answer for complete: a reset, without the farewell of TLS.
    private static void cut(ChannelHandlerContext ctx, ChannelPromise promise) {
        ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        ctx.channel().unsafe().close(promise);
    }

    /// RFC 6455 §4.2.2.
    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
