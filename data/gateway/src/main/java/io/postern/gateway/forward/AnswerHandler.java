package io.postern.gateway.forward;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.upstream.FrameHandler;
import java.util.ArrayList;
import java.util.List;

/// Hands what an upstream sends to its relay, on the relay's loop. Where both live on one loop that is a
/// call; else one batch per read crosses over, and the next read is asked for only after that batch was
/// written, so never more than one is on its way.
final class AnswerHandler extends FrameHandler {
    private final Relay relay;
    private final EventLoop clientLoop;
    private List<Object> batch = new ArrayList<>(0);

    AnswerHandler(Relay relay, EventLoop clientLoop) {
        this.relay = relay;
        this.clientLoop = clientLoop;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (clientLoop.inEventLoop()) {
            relay.onAnswerPart(this, frame);
        } else {
            batch.add(frame);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (clientLoop.inEventLoop()) {
            relay.onAnswerReadComplete(this);
        } else {
            handOver();
        }
    }

    private void handOver() {
        List<Object> full = batch;
        batch = new ArrayList<>(full.size());
        clientLoop.execute(() -> {
            for (Object frame : full) {
                relay.onAnswerPart(this, frame);
            }
            relay.onAnswerReadComplete(this);
        });
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            onClientLoop(() -> relay.onUpstreamWritable(this));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        switch (event) {
            case Http2ResetFrame reset -> onReset(ctx, reset.errorCode());
            // told to streams above the peer's last one only: never processed (RFC 9113 §6.8)
            case Http2GoAwayFrame goAway -> onReset(ctx, Http2Error.REFUSED_STREAM.code());
            default -> {}
        }
        ReferenceCountUtil.release(event);
    }

    /// NO_ERROR ends what is left of the request, not the answer, which may still lie unread (RFC 9113 §8.1).
    /// Else what has come and was not read would stay in the stream for ever: only closing releases it.
    private void onReset(ChannelHandlerContext ctx, long code) {
        if (code == Http2Error.NO_ERROR.code()) {
            return;
        }
        if (!batch.isEmpty()) {
            handOver();
        }
        onClientLoop(() -> relay.onUpstreamReset(this, code));
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!batch.isEmpty()) {
            handOver();
        }
        onClientLoop(() -> relay.onUpstreamGone(this));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close(); // a fault of this stream alone; its end is what the relay hears of
    }

    private void onClientLoop(Runnable event) {
        if (clientLoop.inEventLoop()) {
            event.run();
        } else {
            clientLoop.execute(event);
        }
    }
}
