package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.util.ReferenceCountUtil;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An exchange in HTTP/2 with a backend (RFC 9113 §8). Confined to the event loop.
final class BackendStream implements BackendExchange, FrameListener {
    private final SharedConnection connection;
    private final boolean isReused;
    private @Nullable FrameStream frames;
    private @Nullable Listener listener; // until the exchange is over
    private boolean isHead;
    private boolean requestEnded;
    private boolean headSeen;
    private boolean answerEnded;
    private long bodyLeft = -1; // -1: only its end will tell

    /// @param isReused another stream of this connection was there before
    BackendStream(SharedConnection connection, boolean isReused) {
        this.connection = connection;
        this.isReused = isReused;
    }

    void bind(FrameStream stream) {
        frames = stream;
    }

    // ---- out

    @Override
    public void begin(BackendRequest request, Listener next) {
        listener = next;
        isHead = request.isHead();
        requestEnded = request.endsWithHead();
        frames().write(new DefaultHttp2HeadersFrame(
                request.http2Head(connection.backend().scheme()), requestEnded));
    }

    @Override
    public void write(ByteBuf bytes, boolean last) {
        if (last || bytes.isReadable()) {
            requestEnded |= last;
            frames().write(new DefaultHttp2DataFrame(bytes, last));
        } else {
            bytes.release(); // nothing but work for the backend's guards
        }
    }

    @Override
    public void writeTrailers(Http2Headers trailers) {
        requestEnded = true;
        frames().write(new DefaultHttp2HeadersFrame(trailers, true));
    }

    @Override
    public void flush() {
        frames().flush();
    }

    @Override
    public void read() {
        frames().read();
    }

    @Override
    public boolean isWritable() {
        return frames().isWritable();
    }

    @Override
    public boolean wantedCertificate() {
        return connection.wantedCertificate();
    }

    @Override
    public String protocol() {
        return ApplicationProtocolNames.HTTP_2;
    }

    @Override
    public void release(boolean whole) {
        listener = null;
        if (!answerEnded || !requestEnded) {
            frames().reset(Http2Error.CANCEL);
            if (!headSeen) {
                connection.proveIfSilent();
            }
        }
    }

    // ---- in

    @Override
    public void onFrame(Http2StreamFrame frame) {
        Listener current = listener;
        if (current == null) {
            ReferenceCountUtil.release(frame);
            return;
        }
        switch (frame) {
            case Http2HeadersFrame head when !headSeen -> onHead(current, head);
            case Http2HeadersFrame trailers -> onTrailers(trailers);
            case Http2DataFrame data -> onData(current, data);
            default -> ReferenceCountUtil.release(frame);
        }
    }

    private void onHead(Listener current, Http2HeadersFrame frame) {
        int status = status(frame.headers());
        boolean isFinal = status >= 200;
        // 101 is none of HTTP/2: RFC 9113 §8.6
        if (status < 100 || status == 101 || (!isFinal && frame.isEndStream())) {
            fault("answered with a head that is none of HTTP/2");
            return;
        }
        Http2Headers head;
        try {
            head = Fields.response(frame.headers());
        } catch (IllegalArgumentException e) {
            fault("answered with a head that is none of HTTP/2: " + e.getMessage());
            return;
        }
        if (!isFinal) {
            current.onInformational(head);
            return;
        }
        headSeen = true;
        answerEnded = frame.isEndStream();
        CharSequence length = head.get(HttpHeaderNames.CONTENT_LENGTH);
        // the codec compares the two, but lets an empty body pass for any length, as HEAD has it
        bodyLeft = length == null || isHead || status == 204 || status == 304 ? -1 : announced(length);
        if (answerEnded && bodyLeft > 0) {
            headSeen = false; // nobody has heard of it
            fault("answered without the body that its content-length promises");
            return;
        }
        current.onHead(head, answerEnded);
        if (answerEnded) {
            end(EmptyHttp2Headers.INSTANCE);
        }
    }

    private void onTrailers(Http2HeadersFrame frame) {
        if (!frame.isEndStream() || bodyLeft > 0) {
            fault("ended its answer against the rules");
            return;
        }
        try {
            Http2Headers trailers = Fields.trailers(frame.headers());
            answerEnded = true;
            end(trailers);
        } catch (IllegalArgumentException e) {
            fault("ended its answer against the rules: " + e.getMessage());
        }
    }

    private void onData(Listener current, Http2DataFrame data) {
        int bytes = data.content().readableBytes();
        if (bodyLeft >= 0) {
            bodyLeft -= bytes;
        }
        if (!headSeen || (data.isEndStream() && bodyLeft > 0)) {
            data.release();
            fault("sent a body that is not what its head says");
            return;
        }
        answerEnded = data.isEndStream();
        if (bytes > 0) {
            current.onBody(data.content());
        } else {
            data.release();
        }
        if (answerEnded) {
            end(EmptyHttp2Headers.INSTANCE);
        }
    }

    private void end(Http2Headers trailers) {
        if (listener != null) {
            listener.onEnd(trailers);
        }
    }

    private void fault(String what) {
        Listener current = listener;
        listener = null;
        frames().reset(Http2Error.PROTOCOL_ERROR);
        if (current != null) {
            current.onFault(what);
        }
    }

    @Override
    public void onReadComplete() {
        if (listener != null) {
            listener.onBackendReadComplete();
        }
    }

    @Override
    public void onWritable() {
        if (listener != null) {
            listener.onBackendWritable();
        }
    }

    @Override
    public void onReset(long code) {
        if (code == Http2Error.REFUSED_STREAM.code()) {
            lost(Loss.UNPROCESSED);
        } else if (code == Http2Error.HTTP_1_1_REQUIRED.code()) {
            connection.onHttp1Wanted();
            lost(Loss.HTTP1_WANTED);
        } else if (code != Http2Error.NO_ERROR.code()) { // that one leaves the answer as it is
            lost(Loss.ENDED);
        }
    }

    private void lost(Loss how) {
        Listener current = listener;
        listener = null;
        if (current != null) {
            current.onLost(how);
        }
    }

    @Override
    public void onFailed(RuntimeException cause) {
        Listener current = listener;
        listener = null;
        if (current != null) {
            current.onFault("sent what broke the exchange: " + cause);
        }
    }

    @Override
    public void onClosed() {
        if (listener == null) {
            return;
        }
        if (connection.fault().isPresent()) {
            Listener current = listener;
            listener = null;
            current.onFault("spoke HTTP/2 wrongly: " + connection.fault().get());
        } else if (connection.refusedUs()) {
            lost(Loss.REFUSED_US);
        } else if (connection.isAlive()) {
            fault("sent frames that make no answer"); // the codec has reset the stream
        } else {
            lost(isReused ? Loss.ENDED_REUSED : Loss.ENDED);
        }
    }

    /// @return 0 for none
    private static int status(Http2Headers head) {
        CharSequence text = head.status();
        if (text == null || text.length() != 3) {
            return 0;
        }
        int status = 0;
        for (int i = 0; i < 3; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            status = 10 * status + digit;
        }
        return status;
    }

    private static long announced(CharSequence length) {
        try {
            return Long.parseLong(length, 0, length.length(), 10);
        } catch (NumberFormatException e) {
            return -1; // the codec has refused what it could not read
        }
    }

    private FrameStream frames() {
        return Objects.requireNonNull(frames, "not bound");
    }
}
