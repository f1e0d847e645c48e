package io.postern.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import io.postern.fixtures.Joined;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The end under test and a scripted peer, joined without sockets or threads: [#turn()] carries bytes
/// until both are quiet, and time moves only when the test says so.
public final class Wire {
    public final EmbeddedChannel tested = new EmbeddedChannel();
    public final EmbeddedChannel peer = new EmbeddedChannel();

    /// Control messages that a scripted connector received, `POST /hello {...}`.
    public final List<String> requests = new ArrayList<>();

    public Wire() {
        tested.freezeTime();
        peer.freezeTime();
    }

    public void turn() {
        Joined.turn(tested, peer);
    }

    public void pass(long millis) {
        tested.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        tested.runScheduledPendingTasks();
    }

    public void stop() {
        tested.finishAndReleaseAll();
        peer.finishAndReleaseAll();
    }

    /// Answers every stream with one status and body, chosen by the request line; for scripted connectors.
    @Sharable
    public final class Answers extends ChannelInboundHandlerAdapter {
        private final Function<String, String> script;

        /// @param script request line to `status body`; empty for no answer at all
        public Answers(Function<String, String> script) {
            this.script = script;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.read();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.read();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof Http2HeadersFrame head) {
                String line = head.headers().method() + " " + head.headers().path();
                requests.add(line);
                String answer = script.apply(line);
                if (!answer.isEmpty()) {
                    answer(ctx.channel(), answer);
                }
            }
            ReferenceCountUtil.release(msg);
        }
    }

    private static void answer(Channel stream, String answer) {
        int space = answer.indexOf(' ');
        String status = space < 0 ? answer : answer.substring(0, space);
        stream.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status(status), space < 0));
        if (space >= 0) {
            ByteBuf body = stream.alloc()
                    .buffer()
                    .writeBytes(answer.substring(space + 1).getBytes(StandardCharsets.UTF_8));
            stream.write(new DefaultHttp2DataFrame(body, true));
        }
        stream.flush();
    }

    /// Collects what comes on a stream that a scripted gateway opened.
    public static final class Collected extends ChannelInboundHandlerAdapter {
        public final StringBuilder body = new StringBuilder();
        public String status = "";

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            switch (msg) {
                case Http2HeadersFrame head ->
                    status = String.valueOf(head.headers().status());
                case Http2DataFrame data -> body.append(data.content().toString(StandardCharsets.UTF_8));
                default -> {}
            }
            ReferenceCountUtil.release(msg);
        }
    }

    /// A peer that takes no offence at what the damage it did comes back as.
    public static ChannelHandler unmoved() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
            }
        };
    }

    /// Ignores everything.
    public static ChannelHandler deaf() {
        return new Deaf();
    }

    @Sharable
    private static final class Deaf extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ReferenceCountUtil.release(msg);
        }
    }
}
