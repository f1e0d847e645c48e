package io.postern.tunnel.dial;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.tunnel.ControlBody;

/// One control message from the gateway: its whole body is collected, then the tunnel answers
/// (docs/protocol/tunnel.md §2, §3).
final class ControlStream extends ChannelInboundHandlerAdapter {
    /// Decides what a message means.
    interface Service {
        ControlAnswer answer(String request, byte[] json);
    }

    private final Service service;
    private final ControlBody body = new ControlBody();
    private String request = "";
    private boolean answered;

    ControlStream(Service service) {
        this.service = service;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        try {
            switch (msg) {
                case Http2HeadersFrame head -> {
                    if (request.isEmpty()) {
                        request = head.headers().method() + " " + head.headers().path();
                    }
                    if (head.isEndStream()) {
                        answer(ctx, service.answer(request, body.toBytes()));
                    }
                }
                case Http2DataFrame data -> {
                    if (!body.append(data.content())) {
                        answer(ctx, ControlAnswer.last(413));
                    } else if (data.isEndStream()) {
                        answer(ctx, service.answer(request, body.toBytes()));
                    }
                }
                default -> {}
            }
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!answered) {
            ctx.read();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private void answer(ChannelHandlerContext ctx, ControlAnswer answer) {
        if (answered) {
            return;
        }
        answered = true;
        Http2Headers head = new DefaultHttp2Headers(false, 3).status(Integer.toString(answer.status()));
        boolean empty = answer.body().length == 0;
        if (!empty) {
            head.add("content-type", "application/json").addInt("content-length", answer.body().length);
        }
        var headWritten = ctx.write(new DefaultHttp2HeadersFrame(head, empty));
        var written =
                empty ? headWritten : ctx.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(answer.body()), true));
        if (answer.last()) {
            written.addListener(
                    (ChannelFutureListener) done -> ctx.channel().parent().close());
        }
        ctx.flush();
    }
}
