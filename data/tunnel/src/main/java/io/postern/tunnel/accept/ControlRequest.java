package io.postern.tunnel.accept;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.net.FrameStreams;
import io.postern.tunnel.ControlBody;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.TunnelRefusal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One control message to a connector and its answer, on a stream of its own
/// (docs/protocol/tunnel.md §2, §3). Confined to the tunnel's loop.
final class ControlRequest implements FrameListener {
    /// @param body at most the protocol's limit
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Answer(int status, byte[] body) {}

    private final Promise<Answer> answer;
    private final ControlBody body = new ControlBody();
    private @Nullable FrameStream stream;
    private int status;

    private ControlRequest(Promise<Answer> answer) {
        this.answer = answer;
    }

    /// Call on the tunnel's loop.
    ///
    /// @param json empty for a question without a body
    /// @return fails with a [TunnelRefusal] when no whole answer comes within `timeout`
    static Future<Answer> send(
            FrameStreams tunnel, EventLoop loop, String method, CharSequence path, byte[] json, Duration timeout) {
        Promise<Answer> answer = loop.newPromise();
        var request = new ControlRequest(answer);
        FrameStream stream = tunnel.open(request);
        request.stream = stream;
        Future<?> timer = loop.schedule(
                () -> request.fail(
                        TunnelEnd.Cause.HELLO_TIMEOUT,
                        method + " " + path + " was not answered within " + timeout.toMillis() + " ms"),
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
        answer.addListener(done -> timer.cancel(false));
        write(stream, method, path, json);
        stream.read();
        return answer;
    }

    private static void write(FrameStream stream, String method, CharSequence path, byte[] json) {
        Http2Headers head = new DefaultHttp2Headers(false, 6)
                .method(method)
                .scheme(TunnelProtocol.CONTROL_SCHEME)
                .authority(TunnelProtocol.CONTROL_AUTHORITY)
                .path(path)
                .addInt("content-length", json.length);
        if (json.length == 0) {
            stream.write(new DefaultHttp2HeadersFrame(head, true));
        } else {
            head.add("content-type", "application/json");
            stream.write(new DefaultHttp2HeadersFrame(head, false));
            stream.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(json), true));
        }
        stream.flush();
    }

    @Override
    public void onFrame(Http2StreamFrame frame) {
        try {
            switch (frame) {
                case Http2HeadersFrame head -> onHead(head);
                case Http2DataFrame data -> onData(data);
                default -> {}
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    @Override
    public void onReadComplete() {
        if (stream != null) {
            stream.read();
        }
    }

    @Override
    public void onReset(long code) {
        fail(TunnelEnd.Cause.LOST, "the control stream was reset");
    }

    @Override
    public void onFailed(RuntimeException cause) {
        fail(TunnelEnd.Cause.PROTOCOL, String.valueOf(cause.getMessage()));
    }

    @Override
    public void onClosed() {
        fail(TunnelEnd.Cause.LOST, "the control stream ended without an answer");
    }

    private void onHead(Http2HeadersFrame head) {
        if (status == 0) {
            CharSequence text = head.headers().status();
            if (text == null || text.length() != 3) {
                fail(TunnelEnd.Cause.PROTOCOL, "a control answer without a status");
                return;
            }
            status = AsciiString.of(text).parseInt();
        }
        if (head.isEndStream()) {
            answer.trySuccess(new Answer(status, body.toBytes()));
        }
    }

    private void onData(Http2DataFrame data) {
        if (!body.append(data.content())) {
            fail(TunnelEnd.Cause.PROTOCOL, "a control answer above the limit");
        } else if (data.isEndStream()) {
            answer.trySuccess(new Answer(status, body.toBytes()));
        }
    }

    private void fail(TunnelEnd.Cause cause, String detail) {
        if (answer.tryFailure(new TunnelRefusal(new TunnelEnd(cause, detail))) && stream != null) {
            stream.reset(Http2Error.CANCEL);
        }
    }
}
