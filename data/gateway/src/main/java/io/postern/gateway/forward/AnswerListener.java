package io.postern.gateway.forward;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.postern.net.FrameListener;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands what an upstream sends to its relay, on the relay's loop. Where both live on one loop that is a
/// call; else one batch per read crosses over, and the next read is asked for only after that batch was
/// written, so never more than one is on its way. One per attempt.
final class AnswerListener implements FrameListener {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerListener.class);

    private final Relay relay;
    private final EventLoop clientLoop;
    private List<Http2StreamFrame> batch = List.of(); // until something must cross over

    AnswerListener(Relay relay, EventLoop clientLoop) {
        this.relay = relay;
        this.clientLoop = clientLoop;
    }

    @Override
    public void onFrame(Http2StreamFrame frame) {
        if (clientLoop.inEventLoop()) {
            relay.onAnswerPart(this, frame);
        } else {
            if (batch.isEmpty()) {
                batch = new ArrayList<>();
            }
            batch.add(frame);
        }
    }

    @Override
    public void onReadComplete() {
        if (clientLoop.inEventLoop()) {
            relay.onAnswerReadComplete(this);
        } else {
            handOver();
        }
    }

    private void handOver() {
        List<Http2StreamFrame> full = batch;
        batch = List.of();
        clientLoop.execute(() -> {
            for (Http2StreamFrame frame : full) {
                relay.onAnswerPart(this, frame);
            }
            relay.onAnswerReadComplete(this);
        });
    }

    @Override
    public void onWritable() {
        onClientLoop(() -> relay.onUpstreamWritable(this));
    }

    @Override
    public void onReset(long code) {
        if (code == Http2Error.NO_ERROR.code()) {
            return; // of the request
        }
        handOverRest();
        onClientLoop(() -> relay.onUpstreamReset(this, code));
    }

    @Override
    public void onFailed(RuntimeException cause) {
        LOG.warn("an answer could not be relayed", cause);
    }

    @Override
    public void onClosed() {
        handOverRest();
        onClientLoop(() -> relay.onUpstreamGone(this));
    }

    private void handOverRest() {
        if (!batch.isEmpty()) {
            handOver();
        }
    }

    private void onClientLoop(Runnable event) {
        if (clientLoop.inEventLoop()) {
            event.run();
        } else {
            clientLoop.execute(event);
        }
    }
}
