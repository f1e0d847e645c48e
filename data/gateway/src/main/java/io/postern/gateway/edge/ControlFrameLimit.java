package io.postern.gateway.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.ShutdownHint;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.concurrent.TimeUnit;

/// Counts frames of one HTTP/2 connection that cost us work and the client nothing (RFC 9113 §10.5), also those
/// that belong to no stream, which the codec keeps to itself. Beyond the limit the connection ends with
/// ENHANCE_YOUR_CALM. Floods of resets, empty frames and CONTINUATION are counted by the codec. Confined to
/// the connection's loop.
final class ControlFrameLimit extends Http2FrameListenerDecorator {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final int max;
    private long periodStart = System.nanoTime();
    private int frames;

    ControlFrameLimit(Http2FrameListener listener, int max) {
        super(listener);
        this.max = max;
    }

    private void count() throws Http2Exception {
        if (++frames <= max) {
            return;
        }
        long now = System.nanoTime();
        if (now - periodStart <= PERIOD_NANOS) {
            throw new Http2Exception(
                    Http2Error.ENHANCE_YOUR_CALM, "more than " + max + " control frames", ShutdownHint.HARD_SHUTDOWN);
        }
        periodStart = now;
        frames = 1;
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        count();
        super.onPingRead(ctx, data);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        count();
        super.onSettingsRead(ctx, settings);
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
        count();
        super.onSettingsAckRead(ctx);
    }

    @Override
    public void onPriorityRead(
            ChannelHandlerContext ctx, int streamId, int streamDependency, short weight, boolean exclusive)
            throws Http2Exception {
        count();
        super.onPriorityRead(ctx, streamId, streamDependency, weight, exclusive);
    }

    @Override
    public void onUnknownFrame(
            ChannelHandlerContext ctx, byte frameType, int streamId, Http2Flags flags, ByteBuf payload)
            throws Http2Exception {
        count();
        super.onUnknownFrame(ctx, frameType, streamId, flags, payload);
    }
}
