package io.postern.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.postern.domain.event.Cause;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.RequestSink;
import io.postern.gateway.forward.Retry.Fate;
import io.postern.gateway.page.ErrorKind;
import io.postern.gateway.page.ErrorPages;
import io.postern.net.FrameStream;
import io.postern.tunnel.TunnelFailure;
import io.postern.tunnel.TunnelProtocol;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Streams one exchange both ways at once. A side is read only when the other takes bytes, so a slow
/// reader stops its writer and nothing piles up in between (docs/architecture/life-of-a-request.md).
///
/// Everything here happens on the client's loop. The upstream may live on another one: writing to it from
/// here counts as pending there at once, reading from it is batched by [AnswerListener].
///
///     Opening ──opened──▶ Waiting ──final head──▶ Answering ──end──▶ Over
///        ▲                   │ refused, draining, unknown backend, and no body byte gone
///        └───────────────────┘            client gone, cut, page: from any state ──▲
///
/// When another attempt is made is [Retry]'s business, how a body is translated [AnswerBody]'s.
///
/// Longer than most files: both directions and a body's steps move the one state above, and decide together who
/// waits.
final class Relay implements RequestSink {
    /// What becomes of an answer on its way out.
    @FunctionalInterface
    interface Translation {
        /// Fields of any head, in place.
        void head(Http2Headers fields);

        /// Fields behind the body of the request, in place.
        default void trailers(Http2Headers fields) {}

        /// What the body goes through; empty: it goes as it came. Asked once, with the final head, which it may
        /// change.
        default Optional<AnswerBody> body(Http2Headers fields, boolean bodyless) {
            return Optional.empty();
        }

        /// Whether the final head can only be answered in HTTP/1.1.
        default boolean needsHttp1(Http2Headers fields) {
            return false;
        }

        /// A piece of a body that goes as it came; leaves it as it is.
        default void onPassing(ByteBuf content) {}

        /// Nothing more comes. Once or more.
        default void close() {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final Exchange exchange;
    private final Http2Headers head;
    private final boolean bodyExpected;
    private final boolean expectsContinue;
    private final Way way;
    private final Translation translation;
    private final ErrorPages pages;
    private final ArrayDeque<Http2StreamFrame> early = new ArrayDeque<>(0); // before the upstream was open

    private @Nullable AnswerListener current; // of the attempt that counts; older ones are not listened to
    private @Nullable FrameStream upstream;
    private int attempts;
    private boolean bodySent;
    private boolean interimSent;
    private boolean answering;
    private Optional<Cause> fault = Optional.empty(); // of the last attempt
    private boolean over;
    private boolean clientWaits; // the upstream takes nothing at the moment, so the client is not read
    private boolean upstreamWaits; // the other way round
    private Optional<AnswerBody> body = Optional.empty(); // where it is translated
    private boolean answered; // the upstream has said all, and the body may still be on its way
    private boolean pumping; // another step of the body is due
    private Optional<Http2HeadersFrame> trailers = Optional.empty(); // behind a body that is translated

    /// @param head for the upstream, pseudo-fields included
    Relay(
            Exchange exchange,
            Http2Headers head,
            boolean expectsContinue,
            Way way,
            Translation translation,
            ErrorPages pages) {
        this.exchange = exchange;
        this.head = head;
        this.bodyExpected = exchange.head().bodyExpected() || exchange.head().webSocket();
        this.expectsContinue = expectsContinue;
        this.way = way;
        this.translation = translation;
        this.pages = pages;
    }

    void start() {
        exchange.attach(this);
        attempt();
    }

    // ---- finding the upstream

    private void attempt() {
        if (over) {
            return;
        }
        var handler = new AnswerListener(this, exchange.loop());
        current = handler;
        upstream = null;
        Optional<Way.Attempt> next = way.next(handler);
        if (next.isEmpty()) {
            fail(fault.orElseGet(way::nobody));
            return;
        }
        attempts++;
        fault.ifPresent(this::tellOfRetry);
        Way.Attempt attempt = next.get();
        Future<FrameStream> opening = attempt.stream();
        if (opening.isDone()) {
            onOpened(handler, attempt);
        } else {
            opening.addListener(done -> {
                if (exchange.loop().inEventLoop()) {
                    onOpened(handler, attempt);
                } else {
                    exchange.loop().execute(() -> onOpened(handler, attempt));
                }
            });
        }
    }

    private void onOpened(AnswerListener handler, Way.Attempt attempt) {
        Future<FrameStream> opened = attempt.stream();
        if (!opened.isSuccess()) {
            LOG.debug("upstream not opened: exchange={}", exchange.facts().exchangeId(), opened.cause());
            if (handler == current) {
                retryOr(Fate.UNTOUCHED, way.nobody());
            }
            return;
        }
        FrameStream stream = opened.getNow();
        if (over || handler != current) {
            stream.reset(Http2Error.CANCEL);
            return;
        }
        upstream = stream;
        exchange.onForwarded(attempt.connector());
        boolean end = !bodyExpected;
        stream.write(new DefaultHttp2HeadersFrame(head, end));
        for (Http2StreamFrame part; (part = early.poll()) != null; ) {
            send(stream, part);
        }
        stream.flush();
        stream.read();
        if (expectsContinue && attempts == 1) {
            exchange.writeInterim(new DefaultHttp2Headers(false).status("100"));
            exchange.flush();
        }
        if (!exchange.head().webSocket()) {
            exchange.read();
        }
    }

    /// Elsewhere, where that is safe and somebody is left; else the client hears of it.
    private void retryOr(Fate fate, Cause why) {
        if (!Retry.isSafe(attempts, bodySent, answering || interimSent, fate, head.method())) {
            fail(why);
            return;
        }
        fault = Optional.of(why);
        attempt();
    }

    private void tellOfRetry(Cause before) {
        LOG.info(
                "request is tried elsewhere: exchange={} connector={} reason={}",
                exchange.facts().exchangeId(),
                exchange.connector().map(Object::toString).orElse("-"),
                before.reason());
        exchange.onRetried(before.reason());
    }

    // ---- client to upstream

    @Override
    public void onRequestPart(Http2StreamFrame part) {
        if (over || answered) {
            ReferenceCountUtil.release(part);
        } else if (upstream == null) {
            early.add(part);
        } else {
            send(upstream, part);
        }
    }

    private void send(FrameStream to, Http2StreamFrame part) {
        bodySent = true;
        switch (part) {
            case Http2DataFrame data -> to.write(new DefaultHttp2DataFrame(data.content(), data.isEndStream()));
            case Http2HeadersFrame last -> {
                Http2Headers fields = last.headers();
                ReservedFields.removeFrom(fields);
                translation.trailers(fields);
                TrailerFields.removeForbidden(fields);
                to.write(new DefaultHttp2HeadersFrame(fields, true));
            }
            default -> ReferenceCountUtil.release(part);
        }
    }

    @Override
    public void onRequestReadComplete() {
        if (over || upstream == null) {
            return;
        }
        upstream.flush();
        if (upstream.isWritable()) {
            exchange.read();
        } else {
            clientWaits = true;
        }
    }

    void onUpstreamWritable(AnswerListener from) {
        if (from == current && clientWaits && upstream != null && upstream.isWritable()) {
            clientWaits = false;
            exchange.read();
        }
    }

    @Override
    public void onClientGone() {
        stop();
    }

    // ---- upstream to client

    void onAnswerPart(AnswerListener from, Http2StreamFrame frame) {
        if (over || from != current) {
            ReferenceCountUtil.release(frame);
            return;
        }
        switch (frame) {
            case Http2HeadersFrame headers -> {
                if (answering) {
                    onTrailers(headers);
                } else {
                    onHead(headers);
                }
            }
            case Http2DataFrame data -> onData(data);
            default -> ReferenceCountUtil.release(frame);
        }
    }

    private void onHead(Http2HeadersFrame frame) {
        Http2Headers fields = frame.headers();
        CharSequence status = fields.status();
        if (status == null || status.length() != 3) {
            fail(Cause.MALFORMED_STATUS);
            return;
        }
        if (status.charAt(0) == '1') {
            onInterim(fields, status);
            return;
        }
        CharSequence failure = fields.get(TunnelProtocol.FAILURE);
        if (failure != null && exchange.connector().isPresent()) {
            onFailure(failure);
            return;
        }
        way.onAnswered(bodySent);
        if (exchange.isHttp2() && translation.needsHttp1(fields)) {
            stop();
            exchange.refuseHttp2();
            return;
        }
        answering = true;
        exchange.outcome("forwarded");
        exchange.tap().fromBackend(fields);
        ResponseFields.toClient(fields, translation::head);
        body = translation.body(fields, frame.isEndStream());
        exchange.writeHead(fields, frame.isEndStream());
        if (frame.isEndStream()) {
            end();
        } else if (exchange.head().webSocket()) {
            exchange.read();
        }
    }

    /// 100 is ours to say and 101 means nothing here; the rest passes (RFC 9110 §15.2).
    private void onInterim(Http2Headers fields, CharSequence status) {
        boolean passes = !"100".contentEquals(status) && !"101".contentEquals(status);
        if (passes) {
            interimSent = true;
            exchange.writeInterim(ResponseFields.toClient(fields, translation::head));
        }
    }

    private void onFailure(CharSequence reason) {
        Optional<TunnelFailure> failure = TunnelFailure.of(reason);
        reset(Http2Error.CANCEL);
        if (failure.isEmpty()) { // of a later version
            fail(Cause.UNKNOWN_FAILURE);
            return;
        }
        TunnelFailure known = failure.get();
        if (known.scope() == TunnelFailure.Scope.CONNECTOR) {
            way.onRefused();
        }
        if (known.scope() == TunnelFailure.Scope.BACKEND) {
            fail(Failures.cause(known));
        } else {
            retryOr(Fate.UNTOUCHED, Failures.cause(known));
        }
    }

    private void onData(Http2DataFrame data) {
        if (!answering) {
            data.release();
            fail(Cause.BODY_BEFORE_HEAD);
            return;
        }
        ByteBuf content = data.content();
        boolean last = data.isEndStream();
        exchange.tap().bodyFromBackend(content.readableBytes());
        if (body.isPresent()) {
            body.get().add(content);
            if (last) {
                endBody(body.get());
            }
            return;
        }
        translation.onPassing(content);
        exchange.write(new DefaultHttp2DataFrame(content, last));
        if (last) {
            end();
        }
    }

    private void onTrailers(Http2HeadersFrame frame) {
        Http2Headers fields = frame.headers();
        ResponseFields.removeOurs(fields);
        TrailerFields.removeForbidden(fields);
        var last = new DefaultHttp2HeadersFrame(fields, true);
        if (body.isPresent()) {
            AnswerLinks.removeDigests(fields);
            trailers = Optional.of(last);
            endBody(body.get());
            return;
        }
        exchange.write(last);
        end();
    }

    // ---- a body that is translated: more may come out of it than went in, so it has a say in who waits

    /// The upstream has said all; what it does from now on is of no interest.
    private void endBody(AnswerBody translated) {
        translated.endInput();
        answered = true;
        current = null;
        if (!exchange.isRequestEnded()) {
            reset(Http2Error.NO_ERROR);
        }
        upstream = null;
        pump(translated);
    }

    /// One step; the next when the client takes more, and others on this loop had their turn.
    private void pump(AnswerBody translated) {
        if (over || translated.isIdle() || !exchange.isClientWritable()) {
            return;
        }
        ByteBuf out;
        try {
            out = translated.step(exchange.client().alloc());
        } catch (DataFormatException e) {
            fail(Cause.MALFORMED_CONTENT_ENCODING);
            return;
        }
        boolean last = translated.isOver();
        if (out.isReadable() || (last && trailers.isEmpty())) {
            exchange.write(new DefaultHttp2DataFrame(out, last && trailers.isEmpty()));
        } else {
            out.release();
        }
        if (last) {
            trailers.ifPresent(exchange::write);
            end();
        } else {
            exchange.flush();
            if (!translated.isIdle() && !pumping) {
                pumping = true;
                exchange.loop().execute(() -> onPumped(translated));
            }
        }
    }

    private void onPumped(AnswerBody translated) {
        pumping = false;
        pump(translated);
        readOn();
    }

    /// Asks for more of the answer when the client took what is there.
    private void readOn() {
        if (over || upstream == null || body.filter(b -> !b.isIdle()).isPresent()) {
            return;
        }
        if (exchange.isClientWritable()) {
            upstreamWaits = false;
            upstream.read();
        } else {
            upstreamWaits = true;
        }
    }

    void onAnswerReadComplete(AnswerListener from) {
        if (from != current) {
            return;
        }
        body.ifPresent(this::pump);
        exchange.flush();
        if (body.filter(b -> !b.isIdle()).isPresent()) {
            upstreamWaits = true; // onPumped or onClientWritable goes on
        } else {
            readOn();
        }
    }

    @Override
    public void onClientWritable() {
        body.ifPresent(this::pump);
        if (upstreamWaits && exchange.isClientWritable()) {
            readOn();
        }
    }

    // ---- ends

    void onUpstreamReset(AnswerListener from, long code) {
        if (over || from != current) {
            return;
        }
        upstream = null;
        if (code == Http2Error.REFUSED_STREAM.code()) {
            retryOr(Fate.UNTOUCHED, way.nobody()); // never processed: RFC 9113 §8.7
        } else if (code == Http2Error.ENHANCE_YOUR_CALM.code()) {
            fail(Cause.UPSTREAM_SHORT_OF_MEMORY);
        } else if (code == Http2Error.PROTOCOL_ERROR.code()) {
            fail(Cause.UPSTREAM_PROTOCOL); // the same request would fare no better
        } else {
            retryOr(Fate.UNKNOWN, way.lost());
        }
    }

    void onUpstreamGone(AnswerListener from) {
        if (!over && from == current) {
            upstream = null;
            retryOr(Fate.UNKNOWN, way.lost());
        }
    }

    /// The answer is complete. A request that still goes on is of no use to anybody.
    private void end() {
        exchange.flush();
        if (!exchange.isRequestEnded()) {
            reset(Http2Error.NO_ERROR);
        }
        over = true;
        upstream = null;
        body.ifPresent(AnswerBody::close);
        translation.close();
    }

    private void fail(Cause why) {
        LOG.info(
                "exchange failed: exchange={} status={} connector={} attempts={} reason={} remedy={}",
                exchange.facts().exchangeId(),
                ErrorKind.of(why).status(),
                exchange.connector().map(Object::toString).orElse("-"),
                attempts,
                why.reason(),
                why.remedy());
        stop();
        if (exchange.isAnswering()) {
            exchange.cut(why);
        } else {
            exchange.answer(pages.page(why, exchange.head(), exchange.facts()));
        }
    }

    private void stop() {
        if (over) {
            return;
        }
        over = true;
        way.onOver();
        reset(Http2Error.CANCEL);
        body.ifPresent(AnswerBody::close);
        translation.close();
        early.forEach(ReferenceCountUtil::release);
        early.clear();
    }

    private void reset(Http2Error why) {
        if (upstream != null) {
            upstream.reset(why);
            upstream = null;
        }
    }

    static boolean expectsContinue(Http2Headers fields) {
        return fields.contains(HttpHeaderNames.EXPECT);
    }
}
