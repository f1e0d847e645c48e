package io.postern.connector.serve;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.postern.tunnel.BackendSettings;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 connection to a backend; at most one exchange at a time. Confined to its event loop.
///
///     Idle ──begin──▶ Busy ──answer complete──▶ Idle, when both sides are done and may go on
///       └── byte, close ──┴── close, fault ──▶ Closed
final class BackendConnection extends ChannelInboundHandlerAdapter {
    /// What the exchange on this connection gets to know. Called on the event loop, in wire order.
    interface Listener {
        /// An informational answer (1xx, not 101).
        void onInformational(HttpResponse response);

        /// The head; 101 too.
        void onHead(HttpResponse response);

        /// A piece of the body. The listener owns the buffer.
        void onBody(HttpContent content);

        /// The answer is complete, `last` holds its trailers. The listener says goodbye by
        /// [BackendConnection#release(boolean)]; `last` is released by the caller.
        void onEnd(LastHttpContent last);

        /// What the peer sent in this turn is delivered: flush, and read again when there is room.
        void onBackendReadComplete();

        void onBackendWritable();

        /// The answer is not HTTP; the connection is closed.
        void onNotHttp(Throwable cause);

        /// The connection ended, before or within the answer.
        void onBackendClosed();
    }

    private final Channel channel;
    private final ResponseDecoder decoder = new ResponseDecoder();
    private final BackendPool pool;
    private final BackendSettings backend;
    private @Nullable Listener listener;
    private boolean holdsSlot = true;
    private boolean isReused;
    private boolean keepsAlive;
    private boolean endsByClose;
    private boolean isInformational;
    private boolean refusedUs;
    private Optional<Duration> keepAliveHint = Optional.empty();

    /// Completes the pipeline of a connected channel, for which a slot was taken.
    BackendConnection(Channel channel, BackendSettings backend, BackendPool pool) {
        this.channel = channel;
        this.backend = backend;
        this.pool = pool;
        channel.pipeline().addLast(decoder, this);
        channel.closeFuture().addListener(closed -> freeSlot());
    }

    private void freeSlot() {
        if (holdsSlot) {
            holdsSlot = false;
            pool.slots().free(backend);
        }
    }

    Channel channel() {
        return channel;
    }

    BackendSettings backend() {
        return backend;
    }

    /// True when an exchange before this one used the connection.
    boolean isReused() {
        return isReused;
    }

    /// The backend ended the connection for the certificate that we showed, or did not show.
    boolean refusedUs() {
        return refusedUs;
    }

    /// What the backend said about how long it keeps an unused connection.
    Optional<Duration> keepAliveHint() {
        return keepAliveHint;
    }

    /// Binds the next exchange to this connection; the caller then writes the request and reads.
    void begin(Listener next, boolean isHead) {
        assert channel.eventLoop().inEventLoop() && listener == null;
        listener = next;
        keepsAlive = false;
        endsByClose = false;
        decoder.await(isHead);
    }

    /// Ends the exchange on this connection: kept for the next one where the answer allows it, else closed.
    ///
    /// @param mayKeep the request went out whole
    void release(boolean mayKeep) {
        listener = null;
        decoder.complete();
        if (mayKeep && keepsAlive && channel.isActive()) {
            isReused = true;
            pool.keep(this);
        } else {
            channel.close();
        }
    }

    /// Turns the connection into a pipe of bytes after a 101. Bytes that came with the answer go to `pipe`.
    void becomeRaw(ChannelInboundHandlerAdapter pipe) {
        listener = null;
        freeSlot();
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(pipe);
        pipeline.remove(this);
        pipeline.remove(decoder);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Listener current = listener;
        if (current == null) {
            ReferenceCountUtil.release(message);
            channel.close();
            return;
        }
        if (message instanceof HttpResponse response) {
            onResponse(current, response);
        } else if (message instanceof LastHttpContent last) {
            onLast(current, last);
        } else if (message instanceof HttpContent content) {
            current.onBody(content);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void onResponse(Listener current, HttpResponse response) {
        Optional<String> fault = ResponseRules.faultOf(response);
        if (fault.isPresent()) {
            fail(current, new DecoderException(fault.get()));
            return;
        }
        isInformational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && response.status().code() != 101;
        if (isInformational) {
            current.onInformational(response);
            return;
        }
        keepsAlive = HttpUtil.isKeepAlive(response);
        endsByClose = !HttpUtil.isContentLengthSet(response) && !HttpUtil.isTransferEncodingChunked(response);
        keepAliveHint = ResponseRules.keepAliveHint(response);
        current.onHead(response);
    }

    private void onLast(Listener current, LastHttpContent last) {
        if (isInformational) {
            return; // the codec ends every 1xx so; the buffer is the shared empty one
        }
        if (last.decoderResult().isFailure()) {
            ReferenceCountUtil.release(last);
            fail(current, last.decoderResult().cause());
            return;
        }
        try {
            if (endsByClose && !channel.isActive() && !closedProperly()) {
                listener = null;
                current.onBackendClosed();
                return;
            }
            if (last.content().isReadable()) {
                current.onBody(new DefaultHttpContent(last.content().retain()));
            }
            current.onEnd(last);
        } finally {
            ReferenceCountUtil.release(last);
        }
    }

    /// An answer that only the connection's end ends is complete over TLS only if the backend said so
    /// (RFC 9112 §9.8): else anybody on the path could cut it.
    private boolean closedProperly() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls == null || tls.sslCloseFuture().isSuccess();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.onBackendReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.onBackendWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Listener current = listener;
        if (current == null) {
            pool.forget(this);
        } else {
            listener = null;
            current.onBackendClosed();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException
                && listener != null
                && !(cause.getCause() instanceof javax.net.ssl.SSLException)) {
            fail(listener, cause);
        } else {
            refusedUs |= TlsAlerts.isAboutOurCertificate(cause);
            channel.close(); // a reset; channelInactive tells the exchange
        }
    }

    private void fail(Listener current, Throwable cause) {
        listener = null;
        channel.close();
        current.onNotHttp(cause);
    }
}
