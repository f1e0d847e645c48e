package io.postern.tunnel.accept;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.postern.tunnel.ControlBody;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.TunnelRefusal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One control message to a connector and its answer, on a stream of its own
/// (docs/protocol/tunnel.md §2, §3).
final class ControlRequest extends ChannelInboundHandlerAdapter {
    /// @param body at most the protocol's limit
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Answer(int status, byte[] body) {}

    private final Promise<Answer> answer;
    private final ControlBody body = new ControlBody();
    private int status;

    private ControlRequest(Promise<Answer> answer) {
        this.answer = answer;
    }

    /// Call on the tunnel's loop.
    ///
    /// @return fails with a [TunnelRefusal] when no whole answer comes within `timeout`
    static Future<Answer> send(Channel tunnel, String method, CharSequence path, byte[] json, Duration timeout) {
        Promise<Answer> answer = tunnel.eventLoop().newPromise();
        var request = new ControlRequest(answer);
        new Http2StreamChannelBootstrap(tunnel)
                .handler(request)
                .open()
                .addListener((Future<Http2StreamChannel> opened) -> {
                    if (opened.isSuccess()) {
                        request.write(opened.getNow(), method, path, json);
                    } else {
                        request.fail(TunnelEnd.Cause.LOST, "no control stream", null);
                    }
                });
        Future<?> timer = tunnel.eventLoop()
                .schedule(
                        () -> request.fail(
                                TunnelEnd.Cause.HELLO_TIMEOUT,
                                method + " " + path + " was not answered within " + timeout.toMillis() + " ms",
                                null),
                        timeout.toMillis(),
                        TimeUnit.MILLISECONDS);
        answer.addListener(done -> timer.cancel(false));
        return answer;
    }

    private void write(Channel stream, String method, CharSequence path, byte[] json) {
        Http2Headers head = new DefaultHttp2Headers(false, 6)
                .method(method)
                .scheme(TunnelProtocol.CONTROL_SCHEME)
                .authority(TunnelProtocol.CONTROL_AUTHORITY)
                .path(path)
                .add("content-type", "application/json")
                .addInt("content-length", json.length);
        stream.write(new DefaultHttp2HeadersFrame(head, false));
        stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(json), true));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        try {
            switch (msg) {
                case Http2HeadersFrame head -> onHead(ctx, head);
                case Http2DataFrame data -> onData(ctx, data);
                default -> {}
            }
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(TunnelEnd.Cause.LOST, "the control stream ended without an answer", null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(TunnelEnd.Cause.PROTOCOL, String.valueOf(cause.getMessage()), ctx);
    }

    private void onHead(ChannelHandlerContext ctx, Http2HeadersFrame head) {
        if (status == 0) {
            CharSequence text = head.headers().status();
            if (text == null || text.length() != 3) {
                fail(TunnelEnd.Cause.PROTOCOL, "a control answer without a status", ctx);
                return;
            }
            status = io.netty.util.AsciiString.of(text).parseInt();
        }
        if (head.isEndStream()) {
            answer.trySuccess(new Answer(status, body.toBytes()));
        }
    }

    private void onData(ChannelHandlerContext ctx, Http2DataFrame data) {
        if (!body.append(data.content())) {
            fail(TunnelEnd.Cause.PROTOCOL, "a control answer above the limit", ctx);
        } else if (data.isEndStream()) {
            answer.trySuccess(new Answer(status, body.toBytes()));
        }
    }

    private void fail(TunnelEnd.Cause cause, String detail, @Nullable ChannelHandlerContext ctx) {
        answer.tryFailure(new TunnelRefusal(new TunnelEnd(cause, detail)));
        if (ctx != null) {
            ctx.close();
        }
    }
}
