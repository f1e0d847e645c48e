package io.postern.net;

import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;

/// Listens to a stream that nobody is interested in: lets go of what comes. Sharable.
public enum DeafListener implements FrameListener {
    INSTANCE;

    @Override
    public void onFrame(Http2StreamFrame frame) {
        ReferenceCountUtil.release(frame);
    }

    @Override
    public void onReadComplete() {}

    @Override
    public void onReset(long code) {}

    @Override
    public void onFailed(RuntimeException cause) {}

    @Override
    public void onClosed() {}
}
