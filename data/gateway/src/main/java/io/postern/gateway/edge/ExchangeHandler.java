package io.postern.gateway.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.exchange.Connection;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.Exchanges;
import io.postern.gateway.exchange.RequestHead;
import org.jspecify.annotations.Nullable;

/// The last handler of an HTTP/2 stream or of an HTTP/1.1 connection: one exchange on the former, one
/// after the other on the latter. Confined to the channel's loop.
final class ExchangeHandler extends ChannelInboundHandlerAdapter {
    private static final RequestHead UNREADABLE =
            new RequestHead("-", "", "-", new DefaultHttp2Headers(false), false, true);

    private final Connection connection;
    private final Exchanges exchanges;
    private @Nullable Exchange current;

    ExchangeHandler(Connection connection, Exchanges exchanges) {
        this.connection = connection;
        this.exchanges = exchanges;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
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
            case RequestHead head -> current = exchanges.open(ctx, connection, head);
            case Http2StreamFrame part -> onPart(part);
            case Malformed fault -> onMalformed(ctx, fault);
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
            current = exchanges.refuse(ctx, connection, UNREADABLE, fault.kind(), fault.why());
        } else {
            current.cut("bad_request"); // in the middle of a body: nothing of this request may look whole
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
        if (current != null && ctx.channel().isWritable()) {
            current.onClientWritable();
        }
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
