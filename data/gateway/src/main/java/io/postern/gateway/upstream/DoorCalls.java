package io.postern.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import io.postern.domain.OwnHost;
import io.postern.gateway.exchange.ControlAnswer;
import io.postern.gateway.exchange.ControlCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Small requests of our own to the control plane: whole body out, whole body back, limited in size and
/// time. Thread-safe.
public final class DoorCalls implements ControlCall {
    private static final int BODY_MAX = 256 * 1024;
    private static final int TIMEOUT_SECONDS = 10;

    private final Doors doors;

    public DoorCalls(Doors doors) {
        this.doors = doors;
    }

    @Override
    public Future<ControlAnswer> call(
            EventLoop loop, OwnHost door, String method, String path, Http2Headers fields, String body) {
        Promise<ControlAnswer> answer = loop.newPromise();
        fields.method(method).path(path).scheme("http");
        if (fields.authority() == null) {
            fields.authority(door.label());
        }
        doors.open(loop, door, new Collector(answer)).addListener((FutureListener<Channel>) opened -> {
            if (opened.isSuccess()) {
                send(opened.getNow(), fields, body);
            } else {
                answer.tryFailure(opened.cause());
            }
        });
        return answer;
    }

    private static void send(Channel channel, Http2Headers fields, String text) {
        ByteBuf body = ByteBufUtil.writeUtf8(channel.alloc(), text);
        if (body.isReadable()) {
            fields.setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            channel.write(new DefaultHttp2HeadersFrame(fields, false));
            channel.writeAndFlush(new DefaultHttp2DataFrame(body, true));
        } else {
            body.release();
            channel.writeAndFlush(new DefaultHttp2HeadersFrame(fields, true));
        }
        channel.read();
    }

    private static final class Collector extends FrameHandler {
        private final Promise<ControlAnswer> answer;
        private @Nullable Http2Headers head;
        private @Nullable ByteBuf body;
        private @Nullable ScheduledFuture<?> timer;

        Collector(Promise<ControlAnswer> answer) {
            this.answer = answer;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            body = ctx.alloc().buffer();
            timer = ctx.executor()
                    .schedule(
                            () -> fail(ctx, new TimeoutException("control plane is silent")),
                            TIMEOUT_SECONDS,
                            TimeUnit.SECONDS);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            if (timer != null) {
                timer.cancel(false);
            }
            ReferenceCountUtil.release(body);
            body = null;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            try {
                boolean end = false;
                if (frame instanceof Http2HeadersFrame headers) {
                    boolean interim = headers.headers().status().charAt(0) == '1';
                    head = interim || head != null ? head : headers.headers();
                    end = headers.isEndStream();
                } else if (frame instanceof Http2DataFrame data && body != null) {
                    if (body.readableBytes() + data.content().readableBytes() > BODY_MAX) {
                        fail(ctx, new IOException("answer of the control plane exceeds " + BODY_MAX + " bytes"));
                        return;
                    }
                    body.writeBytes(data.content());
                    end = data.isEndStream();
                }
                if (end && head != null && body != null) {
                    int status = Integer.parseInt(head.status().toString());
                    answer.trySuccess(new ControlAnswer(status, head, body.toString(StandardCharsets.UTF_8)));
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.read();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            answer.tryFailure(new IOException("control plane closed the connection"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fail(ctx, cause);
        }

        private void fail(ChannelHandlerContext ctx, Throwable why) {
            answer.tryFailure(why);
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        }
    }
}
