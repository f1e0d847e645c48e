package io.postern.gateway.probe;

import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.tunnel.Tunnel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One request of our own through one tunnel, content with the head of the answer: of what follows nothing is read.
/// Confined to the tunnel's loop, its patience too.
public final class HeadExchange implements FrameListener {
    /// What it came to.
    public sealed interface Ending {
        /// @param head not an informational one
        record Answer(Http2Headers head) implements Ending {}

        /// The tunnel is draining, full or gone; nothing was sent.
        record NotOpened(String why) implements Ending {}

        /// By the connector, with an error of RFC 9113 §7.
        record Reset(long code) implements Ending {}

        record Malformed(String why) implements Ending {}

        /// Nothing came for so long; the stream is reset.
        record Silent(Duration patience) implements Ending {}

        /// The tunnel, or this stream of it, ended without a word.
        record Lost() implements Ending {}
    }

    private final Promise<Ending> promise;
    private @Nullable FrameStream stream;

    private HeadExchange(Promise<Ending> promise) {
        this.promise = promise;
    }

    /// Any thread.
    ///
    /// @param request without content
    /// @param patience from the opening of the stream to the head of the answer
    /// @return completes on the tunnel's loop; never fails
    public static Future<Ending> send(Tunnel tunnel, Http2Headers request, Duration patience) {
        Promise<Ending> promise = tunnel.eventLoop().newPromise();
        var exchange = new HeadExchange(promise);
        tunnel.openStream(exchange).addListener((Future<FrameStream> opened) -> {
            if (opened.isSuccess()) {
                exchange.begin(opened.getNow(), request, patience);
            } else {
                promise.trySuccess(
                        new Ending.NotOpened(String.valueOf(opened.cause().getMessage())));
            }
        });
        return promise;
    }

    private void begin(FrameStream opened, Http2Headers request, Duration patience) {
        assert opened.eventLoop().inEventLoop();
        stream = opened;
        Future<?> timer = opened.eventLoop()
                .schedule(
                        () -> {
                            promise.trySuccess(new Ending.Silent(patience));
                            opened.reset(Http2Error.CANCEL);
                        },
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS);
        promise.addListener(done -> timer.cancel(false));
        opened.write(new DefaultHttp2HeadersFrame(request, true));
        opened.flush();
        opened.read();
    }

    @Override
    public void onFrame(Http2StreamFrame frame) {
        if (frame instanceof Http2HeadersFrame head && !promise.isDone()) {
            CharSequence status = head.headers().status();
            boolean informational = status != null && status.length() == 3 && status.charAt(0) == '1';
            if (!informational) {
                promise.trySuccess(new Ending.Answer(head.headers()));
                if (!head.isEndStream() && stream != null) {
                    stream.reset(Http2Error.CANCEL); // the head is all that was wanted
                }
            }
        }
        ReferenceCountUtil.release(frame);
    }

    @Override
    public void onReadComplete() {
        if (!promise.isDone() && stream != null) {
            stream.read();
        }
    }

    @Override
    public void onReset(long code) {
        if (code != Http2Error.NO_ERROR.code()) { // else of the request, which has ended anyway
            promise.trySuccess(new Ending.Reset(code));
        }
    }

    @Override
    public void onFailed(RuntimeException cause) {
        promise.trySuccess(new Ending.Malformed(String.valueOf(cause.getMessage())));
    }

    @Override
    public void onClosed() {
        promise.trySuccess(new Ending.Lost());
    }
}
