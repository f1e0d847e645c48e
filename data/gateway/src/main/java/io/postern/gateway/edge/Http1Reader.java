package io.postern.gateway.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import io.postern.domain.event.Cause;
import io.postern.net.FieldNames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads the requests of one HTTP/1.1 connection, strictly by RFC 9112, and makes HTTP/2 frames of them,
/// so that everything behind knows one form only.
///
/// Ours and not Netty's decoder, because that one is lenient by design (folded fields, several blanks or
/// a bare CR in the request line) without a switch, and because its fields would be copied once more.
///
/// Confined to its channel's loop.
///
///     Head ──▶ Fixed ─────────────────────────▶ Head
///       └────▶ ChunkSize ⇄ Chunk ──▶ Trailers ──▲        Raw after a WebSocket was accepted
final class Http1Reader {
    private enum State {
        HEAD,
        FIXED,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILERS,
        RAW
    }

    /// Chunk sizes beyond need, above all chunk extensions (RFC 9112 §7.1.1), allowed per body.
    private static final int CHUNK_EXCESS_MAX = 16 * 1024;

    private static final int CHUNK_LINE_MAX = 256;
    private static final int TRAILERS_MAX = 16 * 1024;
    private static final int EMPTY_LINES_MAX = 2;
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[4096];
        }
    };

    private final int headMax;
    private State state = State.HEAD;
    private @Nullable HeadBuilder head;
    private @Nullable Http2Headers trailers;
    private long remaining;
    private int sectionBytes; // of the head or trailer section read so far
    private int scanned; // of the unfinished line, so that a byte is looked at once only
    private int emptyLines;
    private int chunkExcess;
    private byte[] line = {};

    Http1Reader(int headMax) {
        this.headMax = headMax;
    }

    /// A head was begun but is not complete.
    boolean isInsideHead() {
        return state == State.HEAD && (head != null || scanned > 0);
    }

    boolean isBetweenRequests() {
        return state == State.HEAD;
    }

    /// From now on bytes are passed as they come.
    void becomeRaw() {
        state = State.RAW;
    }

    /// The next part: [Http1Request], an HTTP/2 data frame or trailers; null when more bytes are needed.
    /// Buffers in the result are slices that the caller owns.
    @Nullable
    Object next(ByteBuf in) {
        return switch (state) {
            case HEAD -> nextHead(in);
            case FIXED -> fixed(in);
            case CHUNK_SIZE -> chunkSize(in);
            case CHUNK -> chunk(in);
            case CHUNK_END -> chunkEnd(in);
            case TRAILERS -> trailers(in);
            case RAW ->
                in.isReadable() ? new DefaultHttp2DataFrame(in.readRetainedSlice(in.readableBytes()), false) : null;
        };
    }

    private @Nullable Object nextHead(ByteBuf in) {
        for (int length; (length = line(in, headMax)) >= 0; ) {
            if (head == null) {
                if (length > 0) {
                    head = requestLine(length);
                } else if (++emptyLines > EMPTY_LINES_MAX) {
                    throw new Malformed("empty lines before the request");
                }
            } else if (length == 0) {
                return finishHead(head);
            } else {
                field(length);
            }
        }
        return null;
    }

    private Http1Request finishHead(HeadBuilder complete) {
        head = null;
        sectionBytes = 0;
        emptyLines = 0;
        remaining = complete.bodyLength();
        chunkExcess = 0;
        Http1Request request = complete.build();
        state = remaining == HeadBuilder.CHUNKED ? State.CHUNK_SIZE : remaining > 0 ? State.FIXED : State.HEAD;
        return request;
    }

    /// Copies the next line, without CRLF, to `line`; answers its length, or -1 when it is incomplete.
    private int line(ByteBuf in, int max) {
        int from = in.readerIndex() + scanned;
        int lf = in.indexOf(from, in.writerIndex(), (byte) '\n');
        if (lf < 0) {
            scanned = in.readableBytes();
            if (sectionBytes + scanned > max) {
                throw tooLong(max);
            }
            return -1;
        }
        scanned = 0;
        int length = lf - in.readerIndex();
        sectionBytes += length + 1;
        if (sectionBytes > max) {
            throw tooLong(max);
        }
        if (length == 0 || in.getByte(lf - 1) != '\r') {
            throw new Malformed("line ends without CR");
        }
        line = SCRATCH.get();
        if (line.length < length) {
            line = new byte[Math.max(length, 2 * line.length)];
            SCRATCH.set(line);
        }
        in.getBytes(in.readerIndex(), line, 0, length - 1);
        in.readerIndex(lf + 1);
        return length - 1;
    }

    private Malformed tooLong(int max) {
        return state == State.HEAD && head == null
                ? new Malformed(Cause.LONG_TARGET, "request line longer than " + max + " bytes")
                : new Malformed(Cause.LARGE_HEAD, "field section longer than " + max + " bytes");
    }

    /// RFC 9112 §3: exactly one space each side of the target.
    private HeadBuilder requestLine(int length) {
        int first = indexOf((byte) ' ', 0, length);
        int second = first < 0 ? -1 : indexOf((byte) ' ', first + 1, length);
        if (first <= 0 || second <= first + 1) {
            throw new Malformed("request line has no three parts");
        }
        for (int i = 0; i < first; i++) {
            if (!HeadRules.isTokenByte(line[i])) {
                throw new Malformed("method is no token");
            }
        }
        boolean http11 = matches("HTTP/1.1", second + 1, length);
        if (!http11 && !matches("HTTP/1.0", second + 1, length)) {
            throw new Malformed("version is neither HTTP/1.1 nor HTTP/1.0");
        }
        return new HeadBuilder(text(0, first), text(first + 1, second), !http11);
    }

    private void field(int length) {
        int colon = indexOf((byte) ':', 0, length);
        if (colon <= 0) {
            throw new Malformed("field line without a name");
        }
        AsciiString name = name(colon);
        AsciiString value = value(colon + 1, length);
        if (state == State.HEAD) {
            Objects.requireNonNull(head).field(name, value);
        } else {
            Objects.requireNonNull(trailers).add(name, value);
        }
    }

    /// A blank is no token byte, so folded lines (obs-fold, §5.2) and a space before the colon (§5.1) end here.
    private AsciiString name(int end) {
        for (int i = 0; i < end; i++) {
            byte b = line[i];
            if (!HeadRules.isTokenByte(b)) {
                throw new Malformed("field name is no token");
            }
            if (b >= 'A' && b <= 'Z') {
                line[i] = (byte) (b | 0x20);
            }
        }
        return FieldNames.lowerCase(line, end);
    }

    private AsciiString value(int from, int to) {
        int start = from;
        int end = to;
        while (start < end && (line[start] == ' ' || line[start] == '\t')) {
            start++;
        }
        while (end > start && (line[end - 1] == ' ' || line[end - 1] == '\t')) {
            end--;
        }
        for (int i = start; i < end; i++) {
            if (!HeadRules.isValueByte(line[i])) {
                throw new Malformed("control character in a field value");
            }
        }
        return new AsciiString(line, start, end - start, true);
    }

    private @Nullable Object fixed(ByteBuf in) {
        if (!in.isReadable()) {
            return null;
        }
        int length = (int) Math.min(remaining, in.readableBytes());
        remaining -= length;
        boolean end = remaining == 0;
        if (end) {
            state = State.HEAD;
        }
        return new DefaultHttp2DataFrame(in.readRetainedSlice(length), end);
    }

    private @Nullable Object chunkSize(ByteBuf in) {
        sectionBytes = 0;
        int length = line(in, CHUNK_LINE_MAX);
        if (length < 0) {
            return null;
        }
        int digits = 0;
        long size = 0;
        while (digits < length) {
            int digit = Character.digit(line[digits], 16);
            if (digit < 0) {
                break;
            }
            size = size << 4 | digit;
            if (++digits > 15) {
                throw new Malformed("chunk size overflows");
            }
        }
        if (digits == 0 || (digits < length && !isExtension(digits, length))) {
            throw new Malformed("chunk size is no hexadecimal number");
        }
        // as Go counts it: many small chunks or long extensions cost more than they carry
        chunkExcess = (int) Math.max(0, chunkExcess + length + 2L - 16 - Math.min(2 * size, 1 << 20));
        if (chunkExcess > CHUNK_EXCESS_MAX) {
            throw new Malformed("chunk extensions outweigh the body");
        }
        sectionBytes = 0;
        remaining = size;
        state = size == 0 ? State.TRAILERS : State.CHUNK;
        return next(in);
    }

    private boolean isExtension(int from, int to) {
        int at = from;
        while (at < to && (line[at] == ' ' || line[at] == '\t')) {
            at++;
        }
        if (at == to || line[at] != ';') {
            return false;
        }
        for (; at < to; at++) {
            if (!HeadRules.isValueByte(line[at])) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Object chunk(ByteBuf in) {
        if (!in.isReadable()) {
            return null;
        }
        int length = (int) Math.min(remaining, in.readableBytes());
        remaining -= length;
        if (remaining == 0) {
            state = State.CHUNK_END;
        }
        return new DefaultHttp2DataFrame(in.readRetainedSlice(length), false);
    }

    private @Nullable Object chunkEnd(ByteBuf in) {
        if (in.readableBytes() < 2) {
            return null;
        }
        if (in.readByte() != '\r' || in.readByte() != '\n') {
            throw new Malformed("chunk is longer than its size");
        }
        state = State.CHUNK_SIZE;
        return next(in);
    }

    private @Nullable Object trailers(ByteBuf in) {
        for (int length; (length = line(in, TRAILERS_MAX)) >= 0; ) {
            if (length == 0) {
                Http2Headers complete = trailers;
                trailers = null;
                sectionBytes = 0;
                state = State.HEAD;
                return complete == null
                        ? new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true)
                        : new DefaultHttp2HeadersFrame(complete, true);
            }
            if (trailers == null) {
                trailers = new DefaultHttp2Headers(false);
            }
            field(length);
        }
        return null;
    }

    private int indexOf(byte wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private boolean matches(String text, int from, int to) {
        return to - from == text.length()
                && Arrays.equals(line, from, to, text.getBytes(StandardCharsets.US_ASCII), 0, text.length());
    }

    private String text(int from, int to) {
        return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
