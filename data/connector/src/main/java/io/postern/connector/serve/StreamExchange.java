package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
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
/// event loop, on which the backend's connection lives too. Knows nothing of the backend's version of HTTP.
///
///     New ──head──▶ Connecting ──connection──▶ Waiting ──head of the answer──▶ Answering ──▶ Ended
///                       │                         ├── 101 ─▶ WebSocketPipe takes over
///                       └──── failure: answer of our own ────▶ Ended
///
/// Back-pressure: nothing reads by itself. The stream is read while the backend can take more, the
/// backend while the stream can. Before there is a connection the stream is not read at all.
///
/// Longer than most files: both directions move the one state above, and two classes would share all of it.
final class StreamExchange
        implements FrameListener, BackendExchange.Listener, BackendAsk.Taker, Endless, ExchangeSignOn.Exchange {
    private static final Logger LOG = LoggerFactory.getLogger("connector.serve");

    /// A request that was lost is sent so often more, where that is safe.
    private static final int REPEATS_MAX = 2;

    /// Informational answers to one request. They pass without a window, so nothing else bounds them.
    private static final int INFORMATIONAL_MAX = 100;

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
    private final ArrayDeque<Http2StreamFrame> held = new ArrayDeque<>();
    private State state = State.NEW;
    private @Nullable BackendSettings backend;
    private @Nullable BackendRequest request;
    private @Nullable BackendAsk ask;
    private @Nullable ExchangeSignOn signOn; // where the user is to be signed in at the backend
    private @Nullable BackendExchange exchange; // while it goes on
    private @Nullable FirstByteLimit firstByte;
    private String exchangeId = "-";
    private Duration firstByteMax = Duration.ZERO;
    private boolean isProbe;
    private boolean isWebSocket;
    private int repeats;
    private int informational;
    private boolean isEndless;
    private boolean isApart;
    private boolean requestEnded;
    private boolean requestHadBody;
    private boolean expectsContinue;
    private long bodyLeft = -1;
    private long openedNanos;
    private long sentNanos;
    private long connectMicros = -1;
    private boolean answersWithoutBody;

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
        isWebSocket = head.contains(Http2Headers.PseudoHeaderName.PROTOCOL.value());
        transaction.onRequest(exchangeId, head, isWebSocket);
        try {
            if (isWebSocket != HttpMethod.CONNECT.asciiName().contentEquals(head.method())
                    || (isWebSocket
                            && !TunnelProtocol.WEBSOCKET.contentEquals(
                                    head.get(Http2Headers.PseudoHeaderName.PROTOCOL.value())))) {
                throw new IllegalArgumentException("only CONNECT with :protocol websocket is served");
            }
            request = new BackendRequest(head, isWebSocket ? new WebSocketUpgrade() : null, requestEnded);
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
        isApart = request.signsInOnConnection() || head.contains(TunnelProtocol.AFFINITY);
        ask = new BackendAsk(published, stream.eventLoop(), pool, serving.dialler(), isWebSocket || isApart, this);
        CharSequence probe = head.get(TunnelProtocol.PROBE);
        if (probe == null) {
            firstByteMax = published.firstByte();
            askSignedOn(head.get(TunnelProtocol.SIGN_ON), published);
        } else {
            isProbe = true; // its failure is told in the service, every minute anew
            firstByteMax = FirstByteLimit.ofProbe(probe, published.firstByte());
            ask.askNew();
        }
    }

    private void askSignedOn(@Nullable CharSequence wanted, BackendSettings to) {
        if (wanted == null) {
            affinity().ifPresentOrElse(ask()::ask, ask()::ask);
            return;
        }
        SignOns.Wanted how;
        try {
            how = SignOns.Wanted.parse(wanted);
        } catch (IllegalArgumentException e) {
            LOG.warn("request refused, its sign-on is malformed exchange={}", exchangeId);
            reset(Http2Error.PROTOCOL_ERROR);
            return;
        }
        ExchangeSignOn.of(how, serving.signOns(), exchangeId, to, request(), stream.eventLoop(), this)
                .ifPresentOrElse(
                        one -> {
                            signOn = one;
                            one.prepare();
                        },
                        () -> fail(
                                TunnelFailure.SIGN_ON_CONFIGURATION,
                                "sign-on by " + how.way()
                                        + " is not set up on this connector; add it to its connector.yaml"));
    }

    /// The client's connection, where somebody signs in on it or has.
    private Optional<CharSequence> affinity() {
        return Optional.ofNullable(request().fields().get(TunnelProtocol.AFFINITY));
    }

    @Override
    public boolean isWaiting() {
        return state == State.CONNECTING;
    }

    @Override
    public void onSignedOn(String user, Optional<BackendSettings> own) {
        transaction.onUser(user);
        own.ifPresent(mine -> {
            backend = mine;
            ask = new BackendAsk(mine, stream.eventLoop(), pool, serving.dialler(), isWebSocket || isApart, this);
        });
        ask().ask();
    }

    @Override
    public void onRefused(TunnelFailure failure, String why) {
        fail(failure, why);
    }

    private void onRequestBody(Http2DataFrame data) {
        int bytes = data.content().readableBytes();
        requestHadBody |= bytes > 0;
        transaction.onSent(bytes);
        boolean isLast = data.isEndStream();
        if (bodyLeft >= 0 && !isWebSocket) {
            bodyLeft -= bytes;
            if (bodyLeft < 0 || (isLast && bodyLeft > 0)) { // would desynchronise the backend's connection
                data.release();
                reset(Http2Error.PROTOCOL_ERROR);
                return;
            }
        }
        requestEnded |= isLast;
        send(data);
    }

    private void onRequestTrailers(Http2HeadersFrame trailers) {
        if (!trailers.isEndStream() || bodyLeft > 0) {
            reset(Http2Error.PROTOCOL_ERROR);
            return;
        }
        requestEnded = true;
        try {
            send(new DefaultHttp2HeadersFrame(Fields.trailers(trailers.headers()), true));
        } catch (IllegalArgumentException e) {
            reset(Http2Error.PROTOCOL_ERROR);
        }
    }

    private void send(Http2StreamFrame part) {
        onProgress();
        if (state == State.ENDED) {
            ReferenceCountUtil.release(part);
        } else if (exchange == null || isWebSocket) { // a WebSocket's bytes go out after its handshake only
            held.add(part);
        } else {
            pass(exchange, part);
        }
    }

    private void pass(BackendExchange to, Http2StreamFrame part) {
        if (signOn != null) {
            signOn.onBodyPart(part);
        }
        if (part instanceof Http2DataFrame data) {
            to.write(data.content(), data.isEndStream());
        } else if (part instanceof Http2HeadersFrame trailers) {
            to.writeTrailers(trailers.headers());
        }
    }

    @Override
    public void onReadComplete() {
        if (exchange != null) {
            exchange.flush();
            readStream();
        }
    }

    private void readStream() {
        if (!requestEnded && !isWebSocket && exchange != null && exchange.isWritable()) {
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
    public void onServed() {
        transaction.onServed();
    }

    @Override
    public void onNone(TunnelFailure failure, String why) {
        fail(failure, why);
    }

    @Override
    public void onExchange(BackendExchange begun, long connectTook) {
        exchange = begun;
        state = State.WAITING;
        if (isApart && begun instanceof BackendConnection connection) { // always, as it wants HTTP/1.1
            connection.setApart(affinity());
        }
        connectMicros = connectTook;
        transaction.onConnection(begun.protocol(), connectTook);
        sentNanos = System.nanoTime();
        begun.begin(request(), this);
        for (Http2StreamFrame part = isWebSocket ? null : held.poll(); part != null; part = held.poll()) {
            pass(begun, part);
        }
        begun.flush();
        begun.read();
        firstByte = FirstByteLimit.start(stream.eventLoop(), firstByteMax, this::isBackendsTurn, this::onFirstByteLate);
        if (exchange != null) { // the write may have failed at once
            readStream();
        }
    }

    /// The backend is to act: it has the whole request, or does not take what we have for it. A client that
    /// is slow with its request is not the backend's fault.
    private boolean isBackendsTurn() {
        return requestEnded
                || isWebSocket
                || (expectsContinue && !requestHadBody)
                || (exchange != null && !exchange.isWritable());
    }

    private void onFirstByteLate() {
        fail(
                TunnelFailure.FIRST_BYTE_TIMEOUT,
                Backends.name(backend()) + " sent nothing for " + firstByteMax.toMillis() + " ms");
    }

    // ---- from the backend

    @Override
    public void onInformational(Http2Headers head) {
        if (++informational > INFORMATIONAL_MAX) {
            fail(
                    TunnelFailure.BACKEND_PROTOCOL,
                    Backends.name(backend()) + " gave " + informational + " answers and none of them final");
            return;
        }
        onProgress();
        if ("100".contentEquals(head.status())) {
            expectsContinue = false;
        }
        stream.write(new DefaultHttp2HeadersFrame(head, false));
    }

    @Override
    public void onHead(Http2Headers head, boolean ends) {
        int status = Integer.parseInt(head.status(), 0, 3, 10);
        if (isProbe && exchange != null && Backends.missesCertificate(status) && exchange.wantedCertificate()) {
            fail(TunnelFailure.TLS_CLIENT_CERTIFICATE, Backends.missedCertificate(backend(), status));
            return;
        }
        if (isNotTaken(head)) {
            return;
        }
        answersWithoutBody = ends
                || request().isHead()
                || status == 204
                || status == 304
                || "0".contentEquals(head.get(HttpHeaderNames.CONTENT_LENGTH, ""));
        answer(head, status);
        if (!answersWithoutBody && Fields.isEventStream(head)) {
            isEndless = true;
            serving.add(this);
        }
    }

    /// What the backend says of the user's proof; true where its answer goes no further.
    private boolean isNotTaken(Http2Headers head) {
        ExchangeSignOn mine = signOn;
        if (mine == null) {
            return false;
        }
        return switch (mine.onAnswer(head, Backends.name(backend()))) {
            case SignedOn.Verdict.Pass _ -> false;
            case SignedOn.Verdict.Refused refused -> {
                fail(refused.failure(), refused.why());
                yield true;
            }
            case SignedOn.Verdict.Again _ -> {
                state = State.CONNECTING;
                stopTimer();
                release(false);
                mine.prepareAgain(held);
                yield true;
            }
        };
    }

    private void answer(Http2Headers head, int status) {
        state = State.ANSWERING;
        stopTimer();
        transaction.onAnswer(status);
        serving.metrics().onAnswer(status);
        serving.metrics().firstByteSeconds.observe((System.nanoTime() - sentNanos) / 1e9);
        stream.write(new DefaultHttp2HeadersFrame(head.set(TunnelProtocol.TIMING, timing()), answersWithoutBody));
    }

    @Override
    public void onSwitched(Http2Headers head, BackendConnection connection) {
        if (isNotTaken(head.status("101"))) {
            connection.channel().close();
            return;
        }
        head.status("200").remove(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
        head.remove(HttpHeaderNames.CONTENT_LENGTH);
        answer(head, 101);
        state = State.ENDED;
        exchange = null;
        serving.metrics().openStreams.dec(); // from here it is an open WebSocket
        WebSocketPipe.open(stream, connection, backend().webSocketIdle(), held, requestEnded, serving, transaction);
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
    public void onBody(ByteBuf bytes) {
        if (bytes.isReadable() && !answersWithoutBody) {
            transaction.onReceived(bytes.readableBytes());
            if (signOn != null) {
                signOn.onAnswerBody(bytes);
            }
            stream.write(new DefaultHttp2DataFrame(bytes, false));
        } else {
            bytes.release();
        }
    }

    @Override
    public void onEnd(Http2Headers trailers) {
        state = State.ENDED;
        transaction.onComplete();
        release(requestEnded || isWebSocket);
        if (!answersWithoutBody) {
            writeLast(
                    trailers.isEmpty()
                            ? new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true)
                            : new DefaultHttp2HeadersFrame(trailers, true));
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
        if (exchange != null && stream.isWritable()) {
            exchange.read();
        }
    }

    @Override
    public void onBackendWritable() {
        readStream();
    }

    @Override
    public void onFault(String what) {
        exchange = null;
        if (state == State.WAITING) {
            fail(TunnelFailure.BACKEND_PROTOCOL, Backends.name(backend()) + " " + what);
        } else {
            LOG.warn("answer cut exchange={} reason={} {}", exchangeId, Backends.name(backend()), what);
            reset(Http2Error.INTERNAL_ERROR);
        }
    }

    @Override
    public void onLost(BackendExchange.Loss how) {
        BackendExchange lost = exchange;
        exchange = null;
        if (state != State.WAITING) {
            reset(Http2Error.INTERNAL_ERROR);
        } else if (lost != null && ask != null && repeats < REPEATS_MAX && maySendAgain(how)) {
            repeats++;
            serving.metrics().retries.inc();
            state = State.CONNECTING;
            stopTimer();
            ask.askAgain(lost);
        } else {
            fail(
                    how == BackendExchange.Loss.REFUSED_US
                            ? TunnelFailure.TLS_CLIENT_CERTIFICATE
                            : TunnelFailure.BACKEND_CLOSED,
                    Backends.lost(backend(), how));
        }
    }

    /// A kept connection may end just when it is used again; then the backend has seen nothing, but only
    /// a request that may be done twice is worth that belief. Where the backend says so itself, any may. What there
    /// was of a body is gone.
    private boolean maySendAgain(BackendExchange.Loss how) {
        return !requestHadBody
                && switch (how) {
                    case UNPROCESSED, HTTP1_WANTED -> true;
                    case ENDED_REUSED -> requestEnded && (request().isIdempotent() || isWebSocket);
                    case ENDED, REFUSED_US -> false;
                };
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
        if (state == State.CONNECTING && ask != null) {
            ask.forget();
        }
        state = State.ENDED;
        stopTimer();
        release(false);
        for (Http2StreamFrame part = held.poll(); part != null; part = held.poll()) {
            ReferenceCountUtil.release(part);
        }
        if (signOn != null) {
            signOn.end();
        }
    }

    private void release(boolean whole) {
        BackendExchange current = exchange;
        exchange = null;
        if (current != null) {
            current.release(whole);
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

    private AsciiString timing() {
        long from = sentNanos == 0 ? openedNanos : sentNanos;
        long firstByte = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - from);
        return new AsciiString((connectMicros < 0 ? "" : "connect=" + connectMicros + ",") + "first-byte=" + firstByte);
    }

    private BackendSettings backend() {
        return Objects.requireNonNull(backend, "no request yet");
    }

    private BackendAsk ask() {
        return Objects.requireNonNull(ask, "no request yet");
    }

    private BackendRequest request() {
        return Objects.requireNonNull(request, "no request yet");
    }
}
