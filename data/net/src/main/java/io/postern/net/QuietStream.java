package io.postern.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;

/// Prepares a stream: nothing is read until the handler asks, and it is writable by our marks.
@Sharable
final class QuietStream extends ChannelInitializer<Channel> {
    private final ChannelHandler handler;

    QuietStream(ChannelHandler handler) {
        this.handler = handler;
    }

    @Override
    protected void initChannel(Channel stream) {
        stream.config().setOption(ChannelOption.AUTO_READ, false);
        stream.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Loops.MARKS);
        stream.pipeline().addLast(handler);
    }
}
