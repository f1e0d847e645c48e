package io.postern.gateway.prove;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelProtocol;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One request through one tunnel, of which only the head of the answer counts. Confined to the tunnel's loop.
final class Trial implements FrameListener {
    /// Longer than a connector waits for a connection (5 s), shorter than a backend may think: who thinks so long
    /// through both processes is no difference.
    private static final int LIMIT_SECONDS = 15;

    /// What came back.
    ///
    /// @param status of the answer; 0 for none
    /// @param failure the connector's own word, where it made the answer
    /// @param fault why there is no answer; else empty
    /// @param late there was none in time, which may be the backend's manner
    record Seen(int status, Optional<String> failure, String fault, boolean late) {
        static Seen nothing(String fault) {
            return new Seen(0, Optional.empty(), fault, false);
        }

        String text() {
            return !fault.isEmpty() ? fault : failure.map(f -> status + " " + f).orElse(Integer.toString(status));
        }
    }

    private final CompletableFuture<Seen> seen = new CompletableFuture<>();
    private @Nullable FrameStream stream;

    private Trial() {}

    /// Any thread.
    ///
    /// @return never fails
    static CompletableFuture<Seen> send(Tunnel tunnel, Errand errand) {
        var trial = new Trial();
        tunnel.openStream(trial).addListener((Future<FrameStream> opened) -> {
            if (opened.isSuccess()) {
                trial.begin(opened.getNow(), errand);
            } else {
                trial.seen.complete(Seen.nothing(
                        "the tunnel takes no stream (" + opened.cause().getMessage() + ")"));
            }
        });
        return trial.seen.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).exceptionally(late -> {
            trial.leave();
            return new Seen(0, Optional.empty(), "no answer within " + LIMIT_SECONDS + " s", true);
        });
    }

    private void begin(FrameStream opened, Errand errand) {
        stream = opened;
        Http2Headers head = new DefaultHttp2Headers(false, 8)
                .method("GET")
                .scheme(errand.scheme())
                .authority(errand.authority())
                .path(errand.path())
                .set(HttpHeaderNames.USER_AGENT, "Postern-Update/1")
                .set(HttpHeaderNames.ACCEPT, "*/*")
                .set(TunnelProtocol.BACKEND, errand.backend())
                .set(TunnelProtocol.EXCHANGE, UUID.randomUUID().toString().replace("-", ""));
        opened.write(new DefaultHttp2HeadersFrame(head, true));
        opened.flush();
        opened.read();
    }

    @Override
    public void onFrame(Http2StreamFrame frame) {
        if (frame instanceof Http2HeadersFrame head) {
            int status = status(head.headers().status());
            if (status >= 200) {
                CharSequence failure = head.headers().get(TunnelProtocol.FAILURE);
                seen.complete(new Seen(status, Optional.ofNullable(failure).map(CharSequence::toString), "", false));
                if (!head.isEndStream()) {
                    leave();
                }
            }
        }
        ReferenceCountUtil.release(frame);
    }

    @Override
    public void onReadComplete() {
        if (!seen.isDone() && stream != null) {
            stream.read();
        }
    }

    @Override
    public void onReset(long code) {
        seen.complete(Seen.nothing("the connector ended the stream with code " + code));
    }

    @Override
    public void onFailed(RuntimeException cause) {
        seen.complete(Seen.nothing("the answer is malformed (" + cause.getMessage() + ")"));
    }

    @Override
    public void onClosed() {
        seen.complete(Seen.nothing("the stream ended without an answer"));
    }

    /// The head is all that was wanted.
    private void leave() {
        FrameStream open = stream;
        if (open != null) {
            open.reset(Http2Error.CANCEL);
        }
    }

    private static int status(@Nullable CharSequence text) {
        try {
            return Integer.parseInt(String.valueOf(text));
        } catch (NumberFormatException e) {
            return 999; // no connector says so
        }
    }
}
