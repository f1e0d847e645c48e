package io.postern.gateway.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Writes one answer as HTTP/1.1: chooses the framing (RFC 9112 §6) and keeps count, so that a body that
/// is shorter or longer than announced never looks complete. Fields of this hop have been removed before.
///
/// Confined to its channel's loop.
final class Http1Writer {
    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE
    }

    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final byte[] LAST_CHUNK = "0\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHUNKED = "transfer-encoding: chunked\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_LENGTH = "content-length: 0\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSE = "connection: close\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEEP_ALIVE = "connection: keep-alive\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[][] STATUS_LINES = lines();
    private static final int CRLF = '\r' << 8 | '\n';

    private Framing framing = Framing.NONE;
    private long remaining;

    /// The body ends where the connection ends.
    boolean endsWithConnection() {
        return framing == Framing.UNTIL_CLOSE;
    }

    /// @throws Malformed when a field could split the answer, or the framing contradicts itself
    ByteBuf head(
            ByteBufAllocator alloc,
            Http2Headers fields,
            int status,
            boolean end,
            Http1Request request,
            boolean keepAlive) {
        ByteBuf out = alloc.buffer(512);
        try {
            statusLine(out, status);
            fields(out, fields);
            if (status >= 200) {
                frame(out, fields, status, end, request);
                if (!keepAlive || framing == Framing.UNTIL_CLOSE) {
                    out.writeBytes(CLOSE);
                } else if (request.http10()) {
                    out.writeBytes(KEEP_ALIVE);
                }
            }
            out.writeShort(CRLF);
            return out.retain();
        } finally {
            out.release();
        }
    }

    /// The head that turns the connection into a WebSocket.
    ByteBuf switched(ByteBufAllocator alloc, Http2Headers fields, String accept) {
        ByteBuf out = alloc.buffer(512);
        try {
            statusLine(out, 101);
            fields(out, fields);
            out.writeCharSequence(
                    "upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: " + accept + "\r\n\r\n",
                    StandardCharsets.US_ASCII);
            framing = Framing.UNTIL_CLOSE;
            return out.retain();
        } finally {
            out.release();
        }
    }

    private static void statusLine(ByteBuf out, int status) {
        byte[] line = status < STATUS_LINES.length ? STATUS_LINES[status] : null;
        out.writeBytes(line != null ? line : line(status));
    }

    private static byte[] line(int status) {
        String reason = HttpResponseStatus.valueOf(status).reasonPhrase();
        return ("HTTP/1.1 " + status + ' ' + reason + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[][] lines() {
        var lines = new byte[512][];
        for (int status = 100; status < lines.length; status++) {
            lines[status] = line(status);
        }
        return lines;
    }

    private static void fields(ByteBuf out, Http2Headers fields) {
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            AsciiString name = AsciiString.of(field.getKey());
            if (name.byteAt(0) == ':') {
                continue;
            }
            CharSequence value = field.getValue();
            if (!HeadRules.isToken(name) || !HeadRules.isValue(value)) {
                throw new Malformed("field of the answer would break the head");
            }
            text(out, name);
            out.writeShort(':' << 8 | ' ');
            text(out, value);
            out.writeShort(CRLF);
        }
    }

    private static void text(ByteBuf out, CharSequence text) {
        if (text instanceof AsciiString ascii) {
            ByteBufUtil.copy(ascii, out);
        } else {
            out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
        }
    }

    private void frame(ByteBuf out, Http2Headers fields, int status, boolean end, Http1Request request) {
        boolean hasLength = fields.contains(CONTENT_LENGTH);
        remaining = hasLength ? HeadBuilder.length(fields.getAll(CONTENT_LENGTH)) : 0;
        if (request.head().method().equals("HEAD") || status == 304) {
            framing = Framing.NONE; // the length is that of another answer (RFC 9110 §8.6)
        } else if (status == 204) {
            if (hasLength) {
                throw new Malformed("204 with a content-length");
            }
            framing = Framing.NONE;
        } else if (hasLength) {
            framing = Framing.LENGTH;
            if (end && remaining > 0) {
                throw new Malformed("answer without the body it announces");
            }
        } else if (end) {
            framing = Framing.NONE;
            out.writeBytes(NO_LENGTH);
        } else if (request.http10()) {
            framing = Framing.UNTIL_CLOSE;
        } else {
            framing = Framing.CHUNKED;
            out.writeBytes(CHUNKED);
        }
    }

    /// What goes before a part of the body; never null, often empty. The part itself is written as it is.
    ///
    /// @throws Malformed when the body is longer or shorter than announced
    ByteBuf before(ByteBufAllocator alloc, int length, boolean end) {
        switch (framing) {
            case NONE -> {
                if (length > 0) {
                    throw new Malformed("body where there can be none");
                }
            }
            case LENGTH -> {
                remaining -= length;
                if (remaining < 0 || (end && remaining > 0)) {
                    throw new Malformed("body is not as long as announced");
                }
            }
            case CHUNKED -> {
                if (length > 0) {
                    ByteBuf size = alloc.buffer(12);
                    size.writeCharSequence(Integer.toHexString(length), StandardCharsets.US_ASCII);
                    return size.writeShort(CRLF);
                }
            }
            case UNTIL_CLOSE -> {}
        }
        return Unpooled.EMPTY_BUFFER;
    }

    /// What goes after a part of the body.
    ByteBuf after(ByteBufAllocator alloc, int length, boolean end) {
        if (framing != Framing.CHUNKED || (length == 0 && !end)) {
            return Unpooled.EMPTY_BUFFER;
        }
        ByteBuf out = alloc.buffer(12);
        if (length > 0) {
            out.writeShort(CRLF);
        }
        if (end) {
            out.writeBytes(LAST_CHUNK).writeShort(CRLF);
        }
        return out;
    }

    /// The end of the body with trailers; where the framing has no room for them they are dropped.
    ByteBuf trailers(ByteBufAllocator alloc, Http2Headers fields) {
        if (framing != Framing.CHUNKED) {
            return before(alloc, 0, true);
        }
        ByteBuf out = alloc.buffer(256);
        try {
            out.writeBytes(LAST_CHUNK);
            fields(out, fields);
            out.writeShort(CRLF);
            return out.retain();
        } finally {
            out.release();
        }
    }
}
