package io.postern.gateway.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.postern.domain.ConnectorId;
import io.postern.domain.event.AccessEvent.Stages;
import io.postern.domain.event.Cause;
import io.postern.domain.policy.Subject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One request and its answer as they travel, seen from the client's side. Both are HTTP/2 frames,
/// whatever the client speaks. Confined to the loop of the client's connection.
///
///     Open ──final head──▶ Answering ──last part──▶ Done
///       └──────── client gone, cut: from any state ──▲
///
/// Done is entered once; the observer given at the start then reads outcome, times and counts.
///
/// Longer than most files: what is counted and timed is read off the one state above, step by step.
public final class Exchange {
    private enum State {
        OPEN,
        ANSWERING,
        DONE
    }

    /// Follows an exchange, on its loop.
    public interface Observer {
        /// It waits no more: the final head is out, or it is over without one. Once, before [#onDone].
        void onAnswering(Exchange exchange);

        /// Once, last.
        void onDone(Exchange exchange);
    }

    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final long NOT_REACHED = -1;
    private static final Duration HALF_A_FRAME = Duration.ofMillis(500); // so long the rest of it may take

    /// Their body is a channel that is open as long as a session, and is answered at its end (MS-TSGU, MS-RPCH).
    private static final Set<String> CHANNELS = Set.of("RDG_IN_DATA", "RPC_IN_DATA");

    /// An hour where others have two minutes: a user who only looks sends nothing.
    private static final int CHANNEL_PATIENCE = 30;

    private final ChannelHandlerContext client;
    private final Connection connection;
    private RequestHead head;
    private final ClientFacts facts;
    private final Observer observer;
    private final long startedNanos = System.nanoTime();

    private State state = State.OPEN;
    private @Nullable RequestSink sink;
    private @Nullable ArrayDeque<Http2StreamFrame> held; // parts that came before the sink was there
    private boolean requestEnded;
    private boolean taken;
    private boolean awaited; // more of the request was asked for and has not come
    private long awaitedNanos;

    private @Nullable WebSocketFrames frames; // of the backend, once it has agreed to a WebSocket
    private @Nullable Cause withdrawn; // waits for the end of the frame that is half sent

    private Tap tap = Tap.NONE;
    private Route route = new Route.Nowhere();
    private Optional<Subject> subject = Optional.empty();
    private Optional<ConnectorId> connector = Optional.empty();
    private String outcome = "unanswered";
    private int status;
    private Optional<Cause> cause = Optional.empty();
    private int retries;
    private String retriedFor = "";
    private long requestBytes;
    private long responseBytes;
    private long admittedMicros = NOT_REACHED;
    private long forwardedMicros = NOT_REACHED;
    private long firstByteMicros = NOT_REACHED;
    private long doneMicros = NOT_REACHED;

    /// @param client where frames are written; its channel gives and is given HTTP/2 frames
    public Exchange(
            ChannelHandlerContext client,
            Connection connection,
            RequestHead head,
            ClientFacts facts,
            Observer observer) {
        this.client = client;
        this.connection = connection;
        this.head = head;
        this.facts = facts;
        this.observer = observer;
        this.requestEnded = !head.bodyExpected() && !head.webSocket();
    }

    // ---- what it is about

    public RequestHead head() {
        return head;
    }

    public ClientFacts facts() {
        return facts;
    }

    public Connection connection() {
        return connection;
    }

    public Channel client() {
        return client.channel();
    }

    public EventLoop loop() {
        return client.channel().eventLoop();
    }

    public Route route() {
        return route;
    }

    public Optional<Subject> subject() {
        return subject;
    }

    public Optional<ConnectorId> connector() {
        return connector;
    }

    public String outcome() {
        return outcome;
    }

    /// Why it did not bring the backend's answer, or not all of it.
    public Optional<Cause> cause() {
        return cause;
    }

    /// Status sent to the client; 0 when it went away first.
    public int status() {
        return status;
    }

    public long requestBytes() {
        return requestBytes;
    }

    public long responseBytes() {
        return responseBytes;
    }

    public Stages stages() {
        return new Stages(admittedMicros, forwardedMicros, firstByteMicros, doneMicros);
    }

    public long elapsedNanos() {
        return System.nanoTime() - startedNanos;
    }

    public boolean isDone() {
        return state == State.DONE;
    }

    /// The final head is out: what fails from now on can only be cut.
    public boolean isAnswering() {
        return state != State.OPEN;
    }

    /// All of the request has arrived.
    public boolean isRequestEnded() {
        return requestEnded;
    }

    // ---- how far it got

    /// Counted among the requests that wait for their answer.
    public void onTaken() {
        taken = true;
    }

    public boolean isTaken() {
        return taken;
    }

    public void onRouted(Route to) {
        route = to;
    }

    public void onAdmitted(Optional<Subject> who) {
        subject = who;
        admittedMicros = micros();
    }

    /// Answered by us, though it is known who asks.
    public void onRefused(Optional<Subject> who) {
        subject = who;
    }

    public void tap(Tap to) {
        tap = to;
    }

    /// Who looks on: [Tap#NONE] unless it is traced.
    public Tap tap() {
        return tap;
    }

    public void onForwarded(Optional<ConnectorId> to) {
        connector = to;
        forwardedMicros = micros();
    }

    /// An attempt came to nothing and another is made.
    public void onRetried(String reason) {
        retries++;
        retriedFor = reason;
    }

    /// Attempts beyond the first.
    public int retries() {
        return retries;
    }

    /// Why the last of them was made; empty where there was none.
    public String retriedFor() {
        return retriedFor;
    }

    private long micros() {
        return TimeUnit.NANOSECONDS.toMicros(elapsedNanos());
    }

    // ---- from the client

    /// Who takes the request from here on. What has arrived already is handed over at once.
    public void attach(RequestSink to) {
        sink = to;
        if (held != null) {
            for (Http2StreamFrame part; (part = held.poll()) != null; ) {
                to.onRequestPart(part);
            }
            held = null;
            to.onRequestReadComplete();
        }
        if (state == State.DONE) {
            to.onClientGone();
        }
    }

    /// Goes on as another request, once all of this one has arrived: whoever is attached next gets its body.
    public void become(RequestHead next, byte[] body) {
        head = next;
        sink = null;
        if (state != State.DONE) {
            held = new ArrayDeque<>();
            held.add(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
        }
    }

    /// Asks the client's side for more of the request.
    public void read() {
        if (!requestEnded && state != State.DONE) {
            if (!awaited) {
                awaited = true;
                awaitedNanos = System.nanoTime();
            }
            client.read();
        }
    }

    /// For so long the client has sent nothing of a request without which there will be no answer. A
    /// WebSocket may be silent, and so may a client that is being answered; who sends a channel, for longer.
    public boolean isOwedRequest(Duration atLeast) {
        long patience = atLeast.toNanos() * (CHANNELS.contains(head.method()) ? CHANNEL_PATIENCE : 1);
        return awaited && state == State.OPEN && !head.webSocket() && System.nanoTime() - awaitedNanos >= patience;
    }

    public void onRequestPart(Http2StreamFrame part) {
        awaited = false;
        switch (part) {
            case Http2DataFrame data -> {
                requestBytes += data.content().readableBytes();
                requestEnded |= data.isEndStream();
            }
            case Http2HeadersFrame trailers -> requestEnded = true;
            default -> throw new IllegalArgumentException("not part of a request: " + part);
        }
        if (state == State.DONE || withdrawn != null) {
            ReferenceCountUtil.release(part);
        } else if (sink != null) {
            sink.onRequestPart(part);
        } else {
            held = held == null ? new ArrayDeque<>() : held;
            held.add(part);
        }
    }

    public void onRequestReadComplete() {
        if (sink != null && state != State.DONE) {
            sink.onRequestReadComplete();
        }
    }

    public void onClientWritable() {
        if (sink != null && state != State.DONE) {
            sink.onClientWritable();
        }
    }

    public void onClientGone() {
        end(Cause.CLIENT_GONE);
    }

    // ---- to the client

    public boolean isClientWritable() {
        return client.channel().isWritable();
    }

    /// An answer of our own, whole. Ignored when the client is gone; after a head it can only cut.
    public void answer(Answer answer) {
        if (state == State.DONE) {
            return;
        }
        if (state == State.ANSWERING) {
            cut(answer.cause().orElse(Cause.INTERNAL));
            return;
        }
        outcome = answer.outcome();
        cause = answer.cause();
        boolean bodyless = answer.status() == 204 || answer.status() == 304;
        ByteBuf body = ByteBufUtil.writeUtf8(client.alloc(), answer.body());
        Http2Headers fields = answer.fields();
        fields.status(Integer.toString(answer.status()));
        if (!bodyless) {
            fields.setInt(CONTENT_LENGTH, body.readableBytes());
        }
        if (bodyless || !body.isReadable() || head.method().equals("HEAD")) {
            body.release();
            writeHead(fields, true);
        } else {
            writeHead(fields, false);
            write(new DefaultHttp2DataFrame(body, true));
        }
        flush();
    }

    /// An informational answer (1xx).
    public void writeInterim(Http2Headers fields) {
        if (state == State.OPEN) {
            client.write(new DefaultHttp2HeadersFrame(fields, false));
        }
    }

    /// The final head.
    public void writeHead(Http2Headers fields, boolean end) {
        if (state != State.OPEN) {
            return;
        }
        status = Integer.parseInt(fields.status().toString());
        firstByteMicros = micros();
        state = State.ANSWERING;
        if (head.webSocket() && status == 200 && !end) {
            frames = new WebSocketFrames();
        }
        tap.toClient(fields);
        observer.onAnswering(this);
        ChannelFuture written = client.write(new DefaultHttp2HeadersFrame(fields, end));
        if (end) {
            last(written);
        }
    }

    /// A part of the body, or trailers, which end it. Owns the frame.
    public void write(Http2StreamFrame part) {
        if (state != State.ANSWERING) {
            ReferenceCountUtil.release(part);
            return;
        }
        boolean end;
        switch (part) {
            case Http2DataFrame data -> {
                if (withdrawn != null && frames != null) {
                    finishFrame(data, frames, withdrawn);
                    return;
                }
                if (frames != null) {
                    frames.pass(data.content(), false);
                }
                responseBytes += data.content().readableBytes();
                end = data.isEndStream();
            }
            case Http2HeadersFrame trailers -> end = trailers.isEndStream();
            default -> throw new IllegalArgumentException("not part of an answer: " + part);
        }
        if (end) {
            last(client.write(part));
        } else {
            client.write(part);
        }
    }

    public void flush() {
        client.flush();
    }

    public boolean isHttp2() {
        return client.channel() instanceof Http2StreamChannel;
    }

    /// The client is to come again in HTTP/1.1 (RFC 9113 §7). Of a request in HTTP/2 whose answer has not begun.
    public void refuseHttp2() {
        if (state == State.OPEN) {
            client.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.HTTP_1_1_REQUIRED));
            client.close();
            end(Cause.HTTP1_REQUIRED);
        }
    }

    /// Ends the answer so that the client cannot take it for complete.
    public void cut(Cause why) {
        if (state != State.DONE) {
            client.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
            client.close();
            end(why);
        }
    }

    /// Permission was taken back. A WebSocket is closed with a frame that says so, between two frames of the
    /// backend; everything else is cut.
    public void withdraw(Cause why) {
        if (state != State.ANSWERING || frames == null) {
            cut(why);
        } else if (withdrawn == null) {
            withdrawn = why;
            if (frames.isBetween()) {
                closeWebSocket(why);
            } else {
                loop().schedule(() -> cut(why), HALF_A_FRAME.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void finishFrame(Http2DataFrame data, WebSocketFrames half, Cause why) {
        int rest = half.pass(data.content(), true);
        responseBytes += rest;
        client.write(new DefaultHttp2DataFrame(data.content().readRetainedSlice(rest), false));
        boolean lost = data.isEndStream();
        data.release();
        if (half.isBetween()) {
            closeWebSocket(why);
        } else if (lost) {
            cut(why);
        }
    }

    private void closeWebSocket(Cause why) {
        ByteBuf close = WebSocketFrames.close(client.alloc(), why.reason());
        ChannelFuture written = client.write(new DefaultHttp2DataFrame(close, true));
        outcome = why.reason();
        cause = Optional.of(why);
        last(written);
        client.flush();
        if (sink != null) {
            sink.onClientGone();
        }
    }

    /// What the answer is to be called in metrics and events; the last word before the end counts.
    public void outcome(String name) {
        outcome = name;
    }

    /// RFC 9113 §8.1: a client that still sends is told to stop, once it has the whole answer. On
    /// HTTP/1.1 the connection sees to that.
    private void last(ChannelFuture written) {
        if (!requestEnded && isHttp2()) {
            written.addListener(done -> {
                client.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
                client.close(); // and what it had sent is let go
            });
        }
        if (state != State.DONE) {
            finish();
        }
    }

    private void end(Cause why) {
        if (state == State.DONE) {
            return;
        }
        outcome = why.reason();
        cause = Optional.of(why);
        finish();
        if (sink != null) {
            sink.onClientGone();
        }
    }

    private void finish() {
        boolean unanswered = state == State.OPEN;
        state = State.DONE;
        if (unanswered) {
            observer.onAnswering(this);
        }
        doneMicros = micros();
        if (held != null) {
            held.forEach(ReferenceCountUtil::release);
            held = null;
        }
        observer.onDone(this);
    }
}
