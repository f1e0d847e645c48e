package io.postern.net;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;

/// Prepares a stream: nothing is read until the handler asks, and it is writable by our marks. Stays in
/// the pipeline, where it handles no event: taking it out would cost more, for every request.
@Sharable
final class QuietStream extends ChannelHandlerAdapter {
    private final ChannelHandler handler;

    QuietStream(ChannelHandler handler) {
        this.handler = handler;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ChannelConfig config = ctx.channel().config();
        config.setAutoRead(false);
        config.setWriteBufferWaterMark(Loops.MARKS);
        ctx.pipeline().addLast("stream", handler); // a name of its own: making one up takes a search
    }
}
