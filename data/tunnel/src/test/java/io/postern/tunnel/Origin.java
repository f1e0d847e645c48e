package io.postern.tunnel;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// The connector side of an exchange in tests. `/ok` is answered at once, `/hold` when the test says so,
/// `/endless` with bytes as long as the stream is writable.
public final class Origin implements FrameListener {
    public static final LinkedBlockingQueue<Origin> HELD = new LinkedBlockingQueue<>();

    private static final int CHUNK = 16 * 1024;

    public final AtomicLong written = new AtomicLong();
    private final FrameStream stream;
    private Http2Headers head = new DefaultHttp2Headers();
    private boolean endless;

    Origin(FrameStream stream) {
        this.stream = stream;
    }

    @Override
    public void onFrame(Http2StreamFrame msg) {
        if (msg instanceof Http2HeadersFrame frame) {
            head = frame.headers();
            switch (head.path().toString()) {
                case "/hold" -> HELD.add(this);
                case "/endless" -> {
                    stream.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), false));
                    endless = true;
                    HELD.add(this);
                    pump();
                }
                default -> answer();
            }
        }
        ReferenceCountUtil.release(msg);
    }

    @Override
    public void onReadComplete() {
        stream.read(); // a body may come in a later turn than its head, and what nobody reads is never released
    }

    @Override
    public void onWritable() {
        pump();
    }

    @Override
    public void onReset(long code) {
        endless = false;
    }

    @Override
    public void onFailed(RuntimeException cause) {}

    @Override
    public void onClosed() {
        endless = false;
    }

    /// A GET that has ended; any thread.
    public void answer() {
        Http2Headers answer = new DefaultHttp2Headers().status("200");
        CharSequence echo = head.get("x-echo");
        if (echo != null) {
            answer.add("x-echo", echo);
        }
        stream.write(new DefaultHttp2HeadersFrame(answer, true));
        stream.flush();
    }

    public void finish() {
        stream.eventLoop().execute(() -> {
            endless = false;
            stream.write(new DefaultHttp2DataFrame(true));
            stream.flush();
        });
    }

    private void pump() {
        while (endless && stream.isWritable()) {
            stream.write(new DefaultHttp2DataFrame(
                    ByteBufAllocator.DEFAULT.buffer(CHUNK).writeZero(CHUNK)));
            written.addAndGet(CHUNK);
        }
        stream.flush();
    }
}
