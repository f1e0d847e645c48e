package io.postern.gateway.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2Stream;

/// Ends HTTP/2 connections of the edge that have no stream for too long, whatever else comes on them (a PING now
/// and then, a head that never ends), and those that do not take what waits for them. Between codec and streams;
/// confined to the connection's loop.
final class Http2Guard extends ChannelInboundHandlerAdapter {
    private final Http2FrameCodec codec;
    private final EdgeLimits limits;
    private final Deadline idle = new Deadline();
    private final Deadline unread = new Deadline();
    private boolean ended;

    Http2Guard(Http2FrameCodec codec, EdgeLimits limits) {
        this.codec = codec;
        this.limits = limits;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        idle.start(ctx.executor(), () -> sayGoodbye(ctx));
        idle.in(limits.idleTimeout());
        unread.start(ctx.executor(), ctx::close);
        codec.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamActive(Http2Stream stream) {
                idle.clear();
            }

            @Override
            public void onStreamClosed(Http2Stream stream) {
                if (codec.connection().numActiveStreams() == 0 && !ended) {
                    idle.in(limits.idleTimeout());
                }
            }
        });
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ended = true;
        idle.cancel();
        unread.cancel();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            unread.clear();
        } else {
            unread.in(limits.stallTimeout());
        }
        ctx.fireChannelWritabilityChanged();
    }

    private static void sayGoodbye(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR)).addListener(done -> ctx.close());
    }

    /// The codec has said GOAWAY or RST_STREAM for what broke the protocol; anything else ends the connection.
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof Http2Exception)) {
            ctx.close();
        }
    }
}
