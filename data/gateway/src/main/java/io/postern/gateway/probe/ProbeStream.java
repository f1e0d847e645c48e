package io.postern.gateway.probe;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.domain.health.Verdict;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelProtocol;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One request of a probe through one tunnel: says nothing of any user, and is content with the head of the
/// answer. Confined to the tunnel's loop.
final class ProbeStream implements FrameListener {
    static final AsciiString HEAD = AsciiString.cached("HEAD");
    static final AsciiString GET = AsciiString.cached("GET");
    private static final AsciiString USER_AGENT = AsciiString.cached("Postern-Probe/1");
    private static final AsciiString ANYTHING = AsciiString.cached("*/*");

    private final Promise<Finding> promise;
    private @Nullable FrameStream stream;

    private ProbeStream(Promise<Finding> promise) {
        this.promise = promise;
    }

    /// Any thread.
    ///
    /// @param settings time limits
    /// @return completes on the tunnel's loop; never fails
    static Future<Finding> send(
            Tunnel tunnel, Question question, AsciiString method, String exchange, ProbeSettings settings) {
        Promise<Finding> promise = tunnel.eventLoop().newPromise();
        var probe = new ProbeStream(promise);
        tunnel.openStream(probe).addListener((Future<FrameStream> opened) -> {
            if (opened.isSuccess()) {
                probe.begin(
                        opened.getNow(),
                        head(question, method, exchange, settings.limit()),
                        settings.limit().plus(settings.allowance()));
            } else {
                promise.trySuccess(Finding.tunnel(
                        Verdict.NOT_READY,
                        "tunnel " + tunnel.id() + ": " + opened.cause().getMessage()));
            }
        });
        return promise;
    }

    private static Http2Headers head(Question question, AsciiString method, String exchange, Duration limit) {
        return new DefaultHttp2Headers(false, 9)
                .method(method)
                .scheme(question.scheme())
                .authority(question.authority())
                .path(question.target().path())
                .set(HttpHeaderNames.USER_AGENT, USER_AGENT)
                .set(HttpHeaderNames.ACCEPT, ANYTHING)
                .set(TunnelProtocol.BACKEND, question.target().backend())
                .set(TunnelProtocol.EXCHANGE, exchange)
                .setLong(TunnelProtocol.PROBE, limit.toMillis());
    }

    private void begin(FrameStream opened, Http2Headers head, Duration patience) {
        stream = opened;
        Future<?> timer = opened.eventLoop()
                .schedule(
                        () -> {
                            found(Finding.silent("the connector said nothing for " + patience.toMillis() + " ms"));
                            opened.reset(Http2Error.CANCEL);
                        },
                        patience.toMillis(),
                        TimeUnit.MILLISECONDS);
        promise.addListener(done -> timer.cancel(false));
        opened.write(new DefaultHttp2HeadersFrame(head, true));
        opened.flush();
        opened.read();
    }

    @Override
    public void onFrame(Http2StreamFrame frame) {
        if (frame instanceof Http2HeadersFrame head && !promise.isDone()) {
            CharSequence status = head.headers().status();
            boolean informational = status != null && status.length() == 3 && status.charAt(0) == '1';
            if (!informational) {
                found(Finding.of(head.headers()));
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
        if (code == Http2Error.NO_ERROR.code()) {
            return; // of the request, which has ended anyway
        }
        found(
                code == Http2Error.REFUSED_STREAM.code()
                        ? Finding.tunnel(Verdict.NOT_READY, "the connector takes no more streams")
                        : Finding.silent("the connector ended the request with code " + code));
    }

    @Override
    public void onFailed(RuntimeException cause) {
        found(Finding.silent("the connector's answer is malformed: " + cause.getMessage()));
    }

    @Override
    public void onClosed() {
        found(Finding.tunnel(Verdict.NO_TUNNEL, "the tunnel ended during the probe"));
    }

    private void found(Finding finding) {
        promise.trySuccess(finding);
    }
}
