package io.postern.gateway.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2PriorityFrame;
import io.netty.handler.codec.http2.Http2SettingsAckFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2UnknownFrame;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/// Watches one HTTP/2 connection of the edge, between codec and streams: counts frames that cost us work
/// and the client nothing (RFC 9113 §10.5), and ends connections on which nothing happens. Floods of
/// resets, empty frames and CONTINUATION are counted by the codec. Confined to the connection's loop.
final class Http2Guard extends ChannelInboundHandlerAdapter {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Http2FrameCodec codec;
    private final int controlFramesMax;
    private long periodStart = System.nanoTime();
    private int controlFrames;
    private boolean ended;

    Http2Guard(Http2FrameCodec codec, int controlFramesMax) {
        this.codec = codec;
        this.controlFramesMax = controlFramesMax;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (ended) {
            ReferenceCountUtil.release(frame);
            return;
        }
        boolean control = frame instanceof Http2PingFrame
                || frame instanceof Http2SettingsFrame
                || frame instanceof Http2SettingsAckFrame
                || frame instanceof Http2PriorityFrame
                || frame instanceof Http2UnknownFrame;
        if (control && isFlood()) {
            ReferenceCountUtil.release(frame);
            ended = true;
            ctx.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.ENHANCE_YOUR_CALM))
                    .addListener(done -> ctx.close());
            return;
        }
        ctx.fireChannelRead(frame);
    }

    private boolean isFlood() {
        long now = System.nanoTime();
        if (now - periodStart > PERIOD_NANOS) {
            periodStart = now;
            controlFrames = 0;
        }
        return ++controlFrames > controlFramesMax;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            // unwritable: for all that time the client has not taken a byte of what waits for it
            if (codec.connection().numActiveStreams() == 0 || !ctx.channel().isWritable()) {
                ctx.close();
            }
            return;
        }
        ctx.fireUserEventTriggered(event);
    }

    /// The codec has said GOAWAY or RST_STREAM for what broke the protocol; anything else ends the connection.
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof Http2Exception)) {
            ctx.close();
        }
    }
}
