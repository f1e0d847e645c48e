package io.postern.tunnel.dial;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.tunnel.ControlBody;

/// One control message from the gateway: its whole body is collected, then the tunnel answers
/// (docs/protocol/tunnel.md §2, §3). Confined to the tunnel's loop.
final class ControlStream implements FrameListener {
    /// Decides what a message means.
    interface Service {
        ControlAnswer answer(String request, byte[] json);
    }

    private final FrameStream stream;
    private final Service service;
    private final Runnable closeTunnel;
    private final ControlBody body = new ControlBody();
    private String request = "";
    private boolean answered;

    /// @param closeTunnel run when the last word of a tunnel has been written
    ControlStream(FrameStream stream, Service service, Runnable closeTunnel) {
        this.stream = stream;
        this.service = service;
        this.closeTunnel = closeTunnel;
    }

    @Override
    public void onFrame(Http2StreamFrame frame) {
        try {
            switch (frame) {
                case Http2HeadersFrame head -> {
                    if (request.isEmpty()) {
                        request = head.headers().method() + " " + head.headers().path();
                    }
                    if (head.isEndStream()) {
                        answer(service.answer(request, body.toBytes()));
                    }
                }
                case Http2DataFrame data -> {
                    if (!body.append(data.content())) {
                        answer(ControlAnswer.last(413));
                    } else if (data.isEndStream()) {
                        answer(service.answer(request, body.toBytes()));
                    }
                }
                default -> {}
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    @Override
    public void onReadComplete() {
        if (!answered) {
            stream.read();
        }
    }

    @Override
    public void onReset(long code) {}

    @Override
    public void onFailed(RuntimeException cause) {}

    @Override
    public void onClosed() {}

    private void answer(ControlAnswer answer) {
        if (answered) {
            return;
        }
        answered = true;
        Http2Headers head = new DefaultHttp2Headers(false, 3).status(Integer.toString(answer.status()));
        boolean empty = answer.body().length == 0;
        if (!empty) {
            head.add("content-type", "application/json").addInt("content-length", answer.body().length);
            stream.write(new DefaultHttp2HeadersFrame(head, false));
        }
        Http2StreamFrame last = empty
                ? new DefaultHttp2HeadersFrame(head, true)
                : new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(answer.body()), true);
        stream.writeThen(last, answer.last() ? closeTunnel : () -> {});
        stream.flush();
    }
}
