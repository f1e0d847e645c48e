package io.postern.connector.serve;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelFailure;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.dial.DialledTunnel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// One stream of a tunnel and its way to a backend and back (tunnel.md §4). Confined to the tunnel's
/// event loop, on which the backend's connection lives too.
///
///     New ──head──▶ Connecting ──connection──▶ Waiting ──head of the answer──▶ Answering ──▶ Ended
///                       │                         ├── 101 ─▶ WebSocketPipe takes over
///                       └──── failure: answer of our own ────▶ Ended
///
/// Back-pressure: nothing reads by itself. The stream is read while the backend can take more, the
/// backend while the stream can. Before there is a connection the stream is not read at all.
///
/// Longer than most files: both directions move the one state above, and two classes would share all of it.
final class StreamExchange implements FrameListener, BackendConnection.Listener, BackendSlots.Waiter, Endless {
    private static final Logger LOG = LoggerFactory.getLogger("connector.serve");
    private static final String EVENT_STREAM = "text/event-stream";

    private enum State {
        NEW,
        CONNECTING,
        WAITING,
        ANSWERING,
        ENDED
    }

    private final Serving serving;
    private final DialledTunnel tunnel;
    private final FrameStream stream;
    private final BackendPool pool;
    private final Transaction transaction;
    private final ArrayDeque<HttpContent> held = new ArrayDeque<>();
    private State state = State.NEW;
    private @Nullable BackendSettings backend;
    private @Nullable BackendRequest request;
    private @Nullable WebSocketUpgrade upgrade;
    private @Nullable BackendConnection connection;
    private @Nullable FirstByteLimit firstByte;
    private String exchangeId = "-";
    private Duration firstByteMax = Duration.ZERO;
    private boolean isProbe;
    private boolean isEndless;
    private boolean requestEnded;
    private boolean requestHadBody;
    private boolean expectsContinue;
    private long bodyLeft = -1;
    private long openedNanos;
    private long sentNanos;
    private long connectMicros = -1;
    private boolean answersWithoutBody;
    private boolean isSwitching;

    StreamExchange(Serving serving, DialledTunnel tunnel, FrameStream stream, BackendPool pool) {
        this.serving = serving;
        this.tunnel = tunnel;
        this.stream = stream;
        this.pool = pool;
        this.transaction = new Transaction(serving.metrics());
        serving.metrics().openStreams.inc();
    }

    // ---- from the tunnel

    @Override
    public void onFrame(Http2StreamFrame frame) {
        switch (frame) {
            case Http2HeadersFrame head when state == State.NEW -> onRequestHead(head);
            case Http2HeadersFrame trailers -> onRequestTrailers(trailers);
            case Http2DataFrame data -> onRequestBody(data);
            default -> ReferenceCountUtil.release(frame);
        }
    }

    private void onRequestHead(Http2HeadersFrame frame) {
        state = State.CONNECTING;
        openedNanos = System.nanoTime();
        requestEnded = frame.isEndStream();
        Http2Headers head = frame.headers();
        CharSequence id = head.get(TunnelProtocol.EXCHANGE);
        exchangeId = id == null ? "-" : id.toString();
        boolean isWebSocket = head.contains(Http2Headers.PseudoHeaderName.PROTOCOL.value());
        transaction.onRequest(exchangeId, head, isWebSocket);
        try {
            if (isWebSocket != HttpMethod.CONNECT.asciiName().contentEquals(head.method())
                    || (isWebSocket
                            && !TunnelProtocol.WEBSOCKET.contentEquals(
                                    head.get(Http2Headers.PseudoHeaderName.PROTOCOL.value())))) {
                throw new IllegalArgumentException("only CONNECT with :protocol websocket is served");
            }
            upgrade = isWebSocket ? new WebSocketUpgrade() : null;
            request = new BackendRequest(head, upgrade, requestEnded);
            bodyLeft = request.bodyLength();
        } catch (IllegalArgumentException e) {
            LOG.warn("request refused, it is malformed exchange={} reason={}", exchangeId, e.getMessage());
            reset(Http2Error.PROTOCOL_ERROR);
            return;
        }
        expectsContinue = request.expectsContinue();
        CharSequence wanted = head.get(TunnelProtocol.BACKEND);
        Optional<BackendSettings> found = tunnel.backends().backend(wanted == null ? "" : wanted.toString());
        if (found.isEmpty()) {
            fail(TunnelFailure.UNKNOWN_BACKEND, "no backend '" + wanted + "' is published to this connector");
            return;
        }
        BackendSettings published = found.get();
        transaction.onAsked(published);
        if (published.isWildcard()) {
            CharSequence host = head.get(TunnelProtocol.HOST);
            Optional<BackendSettings> named = host == null ? Optional.empty() : published.at(host.toString());
            if (named.isEmpty()) {
                fail(
                        TunnelFailure.NOT_PERMITTED,
                        "'" + host + "' is no host under '" + published.host() + "', which is published");
                return;
            }
            published = named.get();
            transaction.onAsked(published);
        }
        backend = published;
        CharSequence probe = head.get(TunnelProtocol.PROBE);
        if (probe == null) {
            firstByteMax = backend.firstByte();
            pool.ask(backend, this);
        } else {
            isProbe = true; // its failure is told in the service, every minute anew
            firstByteMax = probeLimit(probe, backend.firstByte());
            pool.askNew(backend, this);
        }
    }

    /// A probe may be less patient than the application's users, never more.
    private static Duration probeLimit(CharSequence millis, Duration otherwise) {
        try {
            Duration asked = Duration.ofMillis(Integer.parseInt(millis.toString()));
            return asked.isPositive() && asked.compareTo(otherwise) < 0 ? asked : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    private void onRequestBody(Http2DataFrame data) {
        int bytes = data.content().readableBytes();
        requestHadBody |= bytes > 0;
        transaction.onSent(bytes);
        boolean isLast = data.isEndStream();
        if (bodyLeft >= 0 && upgrade == null) {
            bodyLeft -= bytes;
            if (bodyLeft < 0 || (isLast && bodyLeft > 0)) { // would desynchronise the backend's connection
                data.release();
                reset(Http2Error.PROTOCOL_ERROR);
                return;
            }
        }
        requestEnded |= isLast;
        send(isLast ? new DefaultLastHttpContent(data.content()) : new DefaultHttpContent(data.content()));
    }

    private void onRequestTrailers(Http2HeadersFrame trailers) {
        if (!trailers.isEndStream() || bodyLeft > 0) {
            reset(Http2Error.PROTOCOL_ERROR);
            return;
        }
        requestEnded = true;
        try {
            var last = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
            if (bodyLeft < 0) { // HTTP/1.1 has trailers after a chunked body only
                last.trailingHeaders().add(Fields.trailers(trailers.headers()));
            }
            send(last);
        } catch (IllegalArgumentException e) {
            reset(Http2Error.PROTOCOL_ERROR);
        }
    }

    private void send(HttpContent content) {
        onProgress();
        BackendConnection current = connection;
        if (state == State.ENDED) {
            content.release();
        } else if (current == null || upgrade != null) { // a WebSocket's bytes go out after its handshake only
            held.add(content);
        } else {
            request().writeBody(current.channel(), content);
        }
    }

    @Override
    public void onReadComplete() {
        if (connection != null) {
            connection.channel().flush();
            readStream();
        }
    }

    private void readStream() {
        if (!requestEnded
                && upgrade == null
                && connection != null
                && connection.channel().isWritable()) {
            stream.read();
        }
    }

    @Override
    public void onWritable() {
        readBackend();
    }

    @Override
    public void onReset(long code) {
        end();
    }

    @Override
    public void onClosed() {
        serving.metrics().openStreams.dec();
        if (isEndless) {
            serving.remove(this);
        }
        end();
        transaction.tell();
    }

    @Override
    public void onFailed(RuntimeException cause) {
        LOG.warn("stream failed exchange={}", exchangeId, cause);
        end();
    }

    // ---- to the backend

    @Override
    public void onSlot() {
        transaction.onServed();
        dial();
    }

    @Override
    public void onConnection(BackendConnection kept) {
        if (state != State.CONNECTING) {
            pool.keep(kept);
        } else if (kept.channel().isActive()) {
            transaction.onServed();
            transaction.onKeptConnection();
            attach(kept);
        } else {
            pool.slots().takeAgain(backend());
            dial();
        }
    }

    @Override
    public void onBusy(String why) {
        fail(TunnelFailure.BUSY, why);
    }

    private void dial() {
        BackendSettings to = backend();
        long started = System.nanoTime();
        serving.dialler().dial(to, stream.eventLoop()).addListener((Future<Channel> dialled) -> {
            if (!dialled.isSuccess()) {
                pool.slots().free(to);
                if (state == State.CONNECTING) {
                    onDialFailed(dialled.cause());
                }
            } else if (state == State.CONNECTING) {
                connectMicros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - started);
                transaction.onConnected(connectMicros);
                serving.metrics().connections.inc();
                dialled.getNow()
                        .closeFuture()
                        .addListener(gone -> serving.metrics().connections.dec());
                attach(new BackendConnection(dialled.getNow(), to, pool));
            } else {
                dialled.getNow().close();
                pool.slots().free(to);
            }
        });
    }

    private void onDialFailed(Throwable cause) {
        if (cause instanceof DialFailed failed) {
            fail(failed.failure(), failed.why());
        } else {
            fail(TunnelFailure.CONNECT, String.valueOf(cause));
        }
    }

    private void attach(BackendConnection taken) {
        BackendRequest head = request();
        connection = taken;
        state = State.WAITING;
        taken.begin(this, head.isHead());
        Channel channel = taken.channel();
        sentNanos = System.nanoTime();
        head.writeHead(channel);
        for (HttpContent content = upgrade == null ? held.poll() : null; content != null; content = held.poll()) {
            head.writeBody(channel, content);
        }
        channel.flush();
        channel.read();
        firstByte = FirstByteLimit.start(stream.eventLoop(), firstByteMax, this::isBackendsTurn, this::onFirstByteLate);
        if (connection != null) { // the write may have failed at once
            readStream();
        }
    }

    /// The backend is to act: it has the whole request, or does not take what we have for it. A client that
    /// is slow with its request is not the backend's fault.
    private boolean isBackendsTurn() {
        return requestEnded
                || upgrade != null
                || (expectsContinue && !requestHadBody)
                || (connection != null && !connection.channel().isWritable());
    }

    private void onFirstByteLate() {
        fail(
                TunnelFailure.FIRST_BYTE_TIMEOUT,
                Backends.name(backend()) + " sent nothing for " + firstByteMax.toMillis() + " ms");
    }

    // ---- from the backend

    @Override
    public void onInformational(HttpResponse response) {
        onProgress();
        if (response.status().code() == 100) {
            expectsContinue = false;
        }
        stream.write(new DefaultHttp2HeadersFrame(Fields.response(response), false));
    }

    @Override
    public void onHead(HttpResponse response) {
        int status = response.status().code();
        isSwitching = status == 101;
        if (isSwitching && (upgrade == null || !upgrade.isAcceptedBy(response))) {
            release(false);
            fail(
                    TunnelFailure.BACKEND_PROTOCOL,
                    Backends.name(backend()) + " switched protocols without being asked, or wrongly");
            return;
        }
        state = State.ANSWERING;
        stopTimer();
        transaction.onAnswer(status);
        Http2Headers head = Fields.response(response);
        if (isSwitching) {
            head.status("200").remove(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
            head.remove(HttpHeaderNames.CONTENT_LENGTH);
        }
        head.set(TunnelProtocol.TIMING, timing());
        answersWithoutBody = !isSwitching
                && (request().isHead()
                        || status == 204
                        || status == 304
                        || "0".contentEquals(head.get(HttpHeaderNames.CONTENT_LENGTH, "")));
        serving.metrics().onAnswer(status);
        serving.metrics().firstByteSeconds.observe((System.nanoTime() - sentNanos) / 1e9);
        stream.write(new DefaultHttp2HeadersFrame(head, answersWithoutBody));
        if (!answersWithoutBody && isEventStream(head)) {
            isEndless = true;
            serving.add(this);
        }
    }

    /// An end is no loss there, since its client comes back with the id of the last event (HTML §9.2). Any other body
    /// that was cut short must not look complete.
    private static boolean isEventStream(Http2Headers head) {
        CharSequence type = head.get(HttpHeaderNames.CONTENT_TYPE, "");
        return AsciiString.regionMatches(type, true, 0, EVENT_STREAM, 0, EVENT_STREAM.length())
                && !head.contains(HttpHeaderNames.CONTENT_LENGTH);
    }

    @Override
    public EventLoop eventLoop() {
        return stream.eventLoop();
    }

    @Override
    public void onGraceOver() {
        if (state == State.ANSWERING) {
            state = State.ENDED;
            transaction.onGraceOver();
            release(false);
            writeLast(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true));
            stream.flush();
        }
    }

    @Override
    public void onBody(HttpContent content) {
        if (content.content().isReadable() && !answersWithoutBody) {
            transaction.onReceived(content.content().readableBytes());
            stream.write(new DefaultHttp2DataFrame(content.content(), false));
        } else {
            content.release();
        }
    }

    @Override
    public void onEnd(LastHttpContent last) {
        BackendConnection current = connection;
        if (isSwitching && current != null) {
            state = State.ENDED;
            connection = null;
            serving.metrics().openStreams.dec(); // from here it is an open WebSocket
            WebSocketPipe.open(stream, current, backend().webSocketIdle(), held, requestEnded, serving, transaction);
            return;
        }
        state = State.ENDED;
        transaction.onComplete();
        release(requestEnded || upgrade != null);
        if (!answersWithoutBody) {
            writeLast(lastFrame(last));
        } else if (!requestEnded) {
            stream.reset(Http2Error.NO_ERROR); // its head, already written, was the last frame
        }
        stream.flush();
    }

    @Override
    public void onBackendReadComplete() {
        stream.flush();
        readBackend();
    }

    private void readBackend() {
        if (connection != null && stream.isWritable()) {
            connection.channel().read();
        }
    }

    @Override
    public void onBackendWritable() {
        readStream();
    }

    @Override
    public void onNotHttp(Throwable cause) {
        connection = null;
        if (state == State.WAITING) {
            fail(
                    TunnelFailure.BACKEND_PROTOCOL,
                    "the answer of " + Backends.name(backend()) + " is not HTTP: " + cause.getMessage());
        } else {
            LOG.warn(
                    "answer cut, it is not HTTP exchange={} backend={} reason={}",
                    exchangeId,
                    Backends.name(backend()),
                    cause.getMessage());
            reset(Http2Error.INTERNAL_ERROR);
        }
    }

    @Override
    public void onBackendClosed() {
        BackendConnection ended = connection;
        connection = null;
        if (state != State.WAITING) {
            reset(Http2Error.INTERNAL_ERROR);
        } else if (ended != null && ended.isReused() && maySendAgain()) {
            serving.metrics().retries.inc();
            state = State.CONNECTING;
            stopTimer();
            pool.slots().takeAgain(backend());
            dial();
        } else {
            boolean refusedUs = ended != null && ended.refusedUs();
            fail(
                    refusedUs ? TunnelFailure.TLS_CLIENT_CERTIFICATE : TunnelFailure.BACKEND_CLOSED,
                    Backends.name(backend())
                            + (refusedUs
                                    ? " does not take this connector's certificate, or wants one"
                                    : " closed the connection before it answered"));
        }
    }

    /// A kept connection may end just when it is used again; then the backend has seen nothing, but only
    /// a request that may be done twice is worth that belief.
    private boolean maySendAgain() {
        return requestEnded && !requestHadBody && (request().isIdempotent() || upgrade != null);
    }

    // ---- endings

    /// Answers in the backend's place, or cuts the stream where an answer has begun.
    private void fail(TunnelFailure failure, String why) {
        serving.metrics().failures.labelValues(failure.wireName()).inc();
        transaction.onFailure(failure);
        EventIds.with(failure, LOG.atLevel(failure == TunnelFailure.BUSY || isProbe ? Level.DEBUG : Level.WARN))
                .log("exchange failed exchange={} failure={} reason={}", exchangeId, failure.wireName(), why);
        if (state == State.ANSWERING) {
            reset(Http2Error.INTERNAL_ERROR);
            return;
        }
        end();
        writeLast(new DefaultHttp2HeadersFrame(Fields.failure(failure, timing(), why), true));
        stream.flush();
    }

    private void reset(Http2Error error) {
        boolean wasEnded = state == State.ENDED;
        end();
        if (!wasEnded) {
            stream.reset(error);
        }
    }

    /// Writes the answer's last frame. If there is more of the request, the gateway is told that it is not wanted
    /// (RFC 9113 §8.1): after that frame, since a reset overtakes what is still queued for the window.
    private void writeLast(Http2StreamFrame last) {
        if (requestEnded) {
            stream.write(last);
        } else {
            stream.writeThen(last, () -> stream.reset(Http2Error.NO_ERROR));
        }
    }

    private void end() {
        if (state == State.CONNECTING && backend != null) {
            pool.slots().forget(backend, this);
        }
        state = State.ENDED;
        stopTimer();
        release(false);
        for (HttpContent content = held.poll(); content != null; content = held.poll()) {
            content.release();
        }
    }

    private void release(boolean mayKeep) {
        BackendConnection current = connection;
        connection = null;
        if (current != null) {
            current.release(mayKeep);
        }
    }

    private void onProgress() {
        if (firstByte != null) {
            firstByte.onProgress();
        }
    }

    private void stopTimer() {
        if (firstByte != null) {
            firstByte.stop();
            firstByte = null;
        }
    }

    private static Http2StreamFrame lastFrame(LastHttpContent last) {
        Http2Headers trailers = Fields.trailers(last.trailingHeaders());
        return trailers.isEmpty()
                ? new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true)
                : new DefaultHttp2HeadersFrame(trailers, true);
    }

    private AsciiString timing() {
        long from = sentNanos == 0 ? openedNanos : sentNanos;
        long firstByte = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - from);
        return new AsciiString((connectMicros < 0 ? "" : "connect=" + connectMicros + ",") + "first-byte=" + firstByte);
    }

    private BackendSettings backend() {
        return Objects.requireNonNull(backend, "no request yet");
    }

    private BackendRequest request() {
        return Objects.requireNonNull(request, "no request yet");
    }
}
