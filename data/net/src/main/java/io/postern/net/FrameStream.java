package io.postern.net;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamFrame;

/// One exchange as its owner moves it: HTTP/2 frames out, and in by its [FrameListener]. A stream of a tunnel, or
/// a connection that is used for one exchange at a time.
///
/// Every method may be called from any thread; from another than [#eventLoop()] it takes effect there, in the
/// order of the calls. After the end nothing has an effect, and what is written is released.
public interface FrameStream {
    EventLoop eventLoop();

    /// Takes the frame over. It leaves with the next [#flush()], DATA as the peer's window allows.
    void write(Http2StreamFrame frame);

    /// @param written run on the loop when the frame has gone to the connection, or failed to
    void writeThen(Http2StreamFrame frame, Runnable written);

    void flush();

    /// Asks for what has come or comes next: some frames, then `onReadComplete`. Without it nothing is delivered,
    /// and what has come stays bounded by the window.
    void read();

    /// Less waits here than [Loops#MARKS] say; when that is so again, the listener hears of it.
    boolean isWritable();

    /// From now on another listener is told. On the loop.
    void handTo(FrameListener next);

    /// Ends the stream from this side and drops what has come and was not read. The listener still hears the end.
    ///
    /// @param why tells the peer, where it has not ended the stream already
    void reset(Http2Error why);
}
