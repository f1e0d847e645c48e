package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.postern.net.AskedForCertificate;
import io.postern.tunnel.BackendSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 connection to a backend; at most one exchange at a time. Confined to its event loop.
///
///     Idle ──begin──▶ Busy ──answer complete──▶ Idle, when both sides are done and may go on
///       └── byte, close ──┴── close, fault ──▶ Closed
final class BackendConnection extends ChannelInboundHandlerAdapter implements BackendExchange {
    private static final String NOT_HTTP = "gave an answer that is not HTTP: ";

    private final Channel channel;
    private final ResponseDecoder decoder = new ResponseDecoder();
    private final BackendPool pool;
    private final BackendSettings backend;
    private @Nullable Listener listener;
    private @Nullable BackendRequest request;
    private boolean holdsSlot = true;
    private boolean isReused;
    private boolean keepsAlive;
    private boolean endsByClose;
    private boolean isInformational;
    private @Nullable Http2Headers switching; // the head of a 101
    private boolean refusedUs;
    private Optional<Duration> keepAliveHint = Optional.empty();
    private boolean isApart;
    private Optional<String> affinity = Optional.empty();

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

    /// Somebody signs in on it: from now on nobody else gets it.
    ///
    /// @param of whose it is; empty: nobody's, so it ends with its exchange
    void setApart(Optional<CharSequence> of) {
        isApart = true;
        affinity = of.map(CharSequence::toString);
        if (affinity.isPresent()) {
            freeSlot();
        }
    }

    /// What the backend said about how long it keeps an unused connection.
    Optional<Duration> keepAliveHint() {
        return keepAliveHint;
    }

    @Override
    public void begin(BackendRequest next, Listener hearing) {
        assert channel.eventLoop().inEventLoop() && listener == null;
        listener = hearing;
        request = next;
        keepsAlive = false;
        endsByClose = false;
        decoder.await(next.isHead());
        next.writeHead(channel);
    }

    @Override
    public void write(ByteBuf bytes, boolean last) {
        request().writeBody(channel, bytes, last);
    }

    @Override
    public void writeTrailers(Http2Headers trailers) {
        request().writeTrailers(channel, trailers);
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public void read() {
        channel.read();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public boolean wantedCertificate() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        return tls != null && AskedForCertificate.in(tls.engine());
    }

    @Override
    public String protocol() {
        return ApplicationProtocolNames.HTTP_1_1;
    }

    /// Kept for the next exchange where the answer allows it, else closed.
    @Override
    public void release(boolean whole) {
        listener = null;
        decoder.complete();
        boolean isGood = whole && keepsAlive && channel.isActive();
        isReused = isGood;
        if (isGood && !isApart) {
            pool.keep(this);
        } else if (isGood && affinity.isPresent()) {
            pool.pinned().keep(affinity.get(), this);
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
            current.onBody(content.content());
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void onResponse(Listener current, HttpResponse response) {
        Optional<String> fault = ResponseRules.faultOf(response);
        if (fault.isPresent()) {
            fail(current, NOT_HTTP + fault.get());
            return;
        }
        int status = response.status().code();
        isInformational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL && status != 101;
        if (isInformational) {
            current.onInformational(Fields.response(response));
            return;
        }
        keepsAlive = HttpUtil.isKeepAlive(response);
        endsByClose = !HttpUtil.isContentLengthSet(response) && !HttpUtil.isTransferEncodingChunked(response);
        keepAliveHint = ResponseRules.keepAliveHint(response);
        if (status != 101) {
            current.onHead(Fields.response(response), false);
        } else if (request()
                .upgrade()
                .filter(asked -> asked.isAcceptedBy(response))
                .isPresent()) {
            switching = Fields.response(response);
        } else {
            fail(current, "switched protocols without being asked, or wrongly");
        }
    }

    private void onLast(Listener current, LastHttpContent last) {
        if (isInformational) {
            return; // the codec ends every 1xx so; the buffer is the shared empty one
        }
        if (last.decoderResult().isFailure()) {
            ReferenceCountUtil.release(last);
            fail(current, NOT_HTTP + last.decoderResult().cause().getMessage());
            return;
        }
        try {
            if (switching != null) {
                current.onSwitched(switching, this);
                return;
            }
            if (endsByClose && !channel.isActive() && !closedProperly()) {
                lost(current);
                return;
            }
            if (last.content().isReadable()) {
                current.onBody(last.content().retain());
            }
            current.onEnd(Fields.trailers(last.trailingHeaders()));
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
            lost(current);
        }
    }

    private void lost(Listener current) {
        listener = null;
        current.onLost(refusedUs ? Loss.REFUSED_US : isReused ? Loss.ENDED_REUSED : Loss.ENDED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException
                && listener != null
                && !(cause.getCause() instanceof javax.net.ssl.SSLException)) {
            fail(listener, NOT_HTTP + cause.getMessage());
        } else {
            refusedUs |= TlsAlerts.isAboutOurCertificate(cause);
            channel.close(); // a reset; channelInactive tells the exchange
        }
    }

    private void fail(Listener current, String what) {
        listener = null;
        channel.close();
        current.onFault(what);
    }

    private BackendRequest request() {
        return Objects.requireNonNull(request, "no exchange yet");
    }
}
