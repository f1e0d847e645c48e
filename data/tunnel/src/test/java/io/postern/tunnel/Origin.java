package io.postern.tunnel;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// The connector side of an exchange in tests. `/ok` is answered at once, `/hold` when the test says so,
/// `/endless` with bytes as long as the stream is writable.
public final class Origin extends ChannelInboundHandlerAdapter {
    public static final LinkedBlockingQueue<Origin> HELD = new LinkedBlockingQueue<>();

    private static final int CHUNK = 16 * 1024;

    public final AtomicLong written = new AtomicLong();
    private Http2Headers head = new DefaultHttp2Headers();
    private ChannelHandlerContext context;
    private boolean endless;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof Http2HeadersFrame frame) {
            head = frame.headers();
            switch (head.path().toString()) {
                case "/hold" -> HELD.add(this);
                case "/endless" -> {
                    ctx.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), false));
                    endless = true;
                    HELD.add(this);
                    pump(ctx);
                }
                default -> answer();
            }
        }
        ReferenceCountUtil.release(msg);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (endless) {
            pump(ctx);
        }
    }

    /// A GET that has ended; any thread.
    public void answer() {
        Http2Headers answer = new DefaultHttp2Headers().status("200");
        CharSequence echo = head.get("x-echo");
        if (echo != null) {
            answer.add("x-echo", echo);
        }
        context.writeAndFlush(new DefaultHttp2HeadersFrame(answer, true));
    }

    public void finish() {
        context.executor().execute(() -> {
            endless = false;
            context.writeAndFlush(new DefaultHttp2DataFrame(true));
        });
    }

    private void pump(ChannelHandlerContext ctx) {
        while (endless && ctx.channel().isActive() && ctx.channel().isWritable()) {
            ctx.write(new DefaultHttp2DataFrame(ctx.alloc().buffer(CHUNK).writeZero(CHUNK)));
            written.addAndGet(CHUNK);
        }
        ctx.flush();
    }
}
