package io.postern.gateway.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.domain.event.Cause;
import io.postern.gateway.exchange.Connection;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.Exchanges;
import io.postern.gateway.exchange.RequestHead;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The last handler of an HTTP/2 stream or of an HTTP/1.1 connection: one exchange on the former, one
/// after the other on the latter. Ends what stands still because of its client, since every exchange holds
/// something on the way behind us. Confined to the channel's loop.
final class ExchangeHandler extends ChannelInboundHandlerAdapter {
    private static final RequestHead UNREADABLE =
            new RequestHead("-", "", "-", new DefaultHttp2Headers(false), false, true);

    private final Connection connection;
    private final Exchanges exchanges;
    private final Duration stallTimeout;
    private final Deadline stall = new Deadline();
    private @Nullable Exchange current;
    private boolean lingered; // the exchange was over at the last look, and its stream was not

    ExchangeHandler(Connection connection, Exchanges exchanges, Duration stallTimeout) {
        this.connection = connection;
        this.exchanges = exchanges;
        this.stallTimeout = stallTimeout;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        stall.start(ctx.executor(), () -> onStallDue(ctx));
        if (ctx.channel().isActive()) {
            ctx.read();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        switch (message) {
            case RequestHead head -> {
                stall.in(stallTimeout);
                current = exchanges.open(ctx, connection, head);
            }
            case Http2StreamFrame part -> onPart(part);
            case Malformed fault -> {
                stall.in(stallTimeout);
                onMalformed(ctx, fault);
            }
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void onPart(Http2StreamFrame part) {
        if (current == null) {
            ReferenceCountUtil.release(part);
        } else {
            current.onRequestPart(part);
        }
    }

    private void onMalformed(ChannelHandlerContext ctx, Malformed fault) {
        if (current == null || current.isDone()) {
            current = exchanges.refuse(ctx, connection, UNREADABLE, fault.cause(), fault.why());
        } else {
            current.cut(Cause.MALFORMED_REQUEST); // in the middle of a body: nothing of this request may look whole
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (current != null) {
            current.onRequestReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        stall.in(stallTimeout);
        if (current != null && ctx.channel().isWritable()) {
            current.onClientWritable();
        }
    }

    /// Looks whether the client lets us wait; if not now, then again later. An idle HTTP/1.1 connection has a
    /// limit of its own.
    private void onStallDue(ChannelHandlerContext ctx) {
        boolean unread = !ctx.channel().isWritable();
        if (current != null && !current.isDone()) {
            if (unread || current.isOwedRequest(stallTimeout)) {
                current.cut(Cause.CLIENT_STALLED);
            } else {
                stall.in(stallTimeout);
            }
            return;
        }
        boolean stream = ctx.channel() instanceof Http2StreamChannel; // open until all of the answer is taken
        if (unread || lingered) {
            if (stream) { // closing alone says nothing where both sides have ended, and the rest stays queued
                ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
            }
            ctx.close();
        } else if (stream) {
            lingered = true;
            stall.in(stallTimeout);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stall.cancel();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame && current != null) {
            current.onClientGone();
            ctx.close(); // releases what was received and not read
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stall.cancel();
        if (current != null) {
            current.onClientGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (current != null) {
            current.onClientGone();
        }
        ctx.close(); // a fault of this connection alone: broken TLS record, reset by peer
    }
}
