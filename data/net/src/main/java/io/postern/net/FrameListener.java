package io.postern.net;

import io.netty.handler.codec.http2.Http2StreamFrame;

/// What the owner of a [FrameStream] gets to know, on the stream's loop. The last word is always `onClosed`, once.
public interface FrameListener {
    /// HEADERS or DATA. The listener owns the frame.
    void onFrame(Http2StreamFrame frame);

    /// What was asked for has been delivered: time to flush, and to read again when there is room.
    void onReadComplete();

    default void onWritable() {}

    /// The peer has reset the stream, or will not process it. `NO_ERROR` ends what is left of the request only: an
    /// answer may still lie unread (RFC 9113 §8.1). Any other code drops what was not read.
    void onReset(long code);

    /// A method of this listener has thrown. The stream is reset after this, no other stream is harmed.
    void onFailed(RuntimeException cause);

    void onClosed();
}
