package io.postern.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import io.postern.domain.OwnHost;
import io.postern.gateway.exchange.ControlAnswer;
import io.postern.gateway.exchange.ControlCall;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import java.io.ByteArrayOutputStream;
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
        var collector = new Collector(answer);
        doors.open(loop, door, collector).addListener((FutureListener<FrameStream>) opened -> {
            if (opened.isSuccess()) {
                collector.collectFrom(opened.getNow());
                send(opened.getNow(), fields, body);
            } else {
                answer.tryFailure(opened.cause());
            }
        });
        return answer;
    }

    private static void send(FrameStream stream, Http2Headers fields, String text) {
        ByteBuf body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        if (body.isReadable()) {
            fields.setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            stream.write(new DefaultHttp2HeadersFrame(fields, false));
            stream.write(new DefaultHttp2DataFrame(body, true));
        } else {
            stream.write(new DefaultHttp2HeadersFrame(fields, true));
        }
        stream.flush();
        stream.read();
    }

    private static final class Collector implements FrameListener {
        private final Promise<ControlAnswer> answer;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private @Nullable FrameStream stream;
        private @Nullable Http2Headers head;
        private @Nullable ScheduledFuture<?> timer;

        Collector(Promise<ControlAnswer> answer) {
            this.answer = answer;
        }

        void collectFrom(FrameStream from) {
            stream = from;
            timer = from.eventLoop()
                    .schedule(
                            () -> fail(new TimeoutException("control plane is silent")),
                            TIMEOUT_SECONDS,
                            TimeUnit.SECONDS);
        }

        @Override
        public void onFrame(Http2StreamFrame frame) {
            try {
                boolean end = false;
                if (frame instanceof Http2HeadersFrame headers) {
                    boolean interim = headers.headers().status().charAt(0) == '1';
                    head = interim || head != null ? head : headers.headers();
                    end = headers.isEndStream();
                } else if (frame instanceof Http2DataFrame data) {
                    if (body.size() + data.content().readableBytes() > BODY_MAX) {
                        fail(new IOException("answer of the control plane exceeds " + BODY_MAX + " bytes"));
                        return;
                    }
                    body.writeBytes(ByteBufUtil.getBytes(data.content()));
                    end = data.isEndStream();
                }
                if (end && head != null) {
                    int status = Integer.parseInt(head.status().toString());
                    answer.trySuccess(new ControlAnswer(status, head, body.toString(StandardCharsets.UTF_8)));
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
            fail(new IOException("control plane gave up"));
        }

        @Override
        public void onFailed(RuntimeException cause) {
            fail(cause);
        }

        @Override
        public void onClosed() {
            if (timer != null) {
                timer.cancel(false);
            }
            answer.tryFailure(new IOException("control plane closed the connection"));
        }

        private void fail(Exception why) {
            answer.tryFailure(why);
            if (stream != null) {
                stream.reset(Http2Error.CANCEL);
            }
        }
    }
}
