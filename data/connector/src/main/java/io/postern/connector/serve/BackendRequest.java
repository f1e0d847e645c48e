package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.net.FieldRules;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A request on its way from a tunnel's stream to a backend. For HTTP/1.1 its bytes are made straight from the
/// fields of the stream, since objects in between cost a quarter of the connector's time. Framing is written
/// anew, fields of one connection and our own stay behind, everything else passes untouched.
///
/// Names and values are checked before anything is dialled, so that nothing that a gateway sends can end
/// a line early. Confined to the stream's event loop.
final class BackendRequest {
    private enum Framing {
        NONE,
        LENGTH,
        CHUNKED
    }

    private static final AsciiString NTLM = AsciiString.cached("NTLM");
    private static final AsciiString NEGOTIATE = AsciiString.cached("Negotiate");
    private static final AsciiString GET = AsciiString.cached("GET");
    private static final AsciiString HEAD = AsciiString.cached("HEAD");
    private static final AsciiString OPTIONS = AsciiString.cached("OPTIONS");

    /// RFC 9110 §9.2.2. Only these may go out twice, and only without a body.
    private static final Set<AsciiString> IDEMPOTENT = ascii("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    /// Their bodyless request is sent with `content-length: 0`: some servers answer 411 otherwise.
    private static final Set<AsciiString> EXPECTED_WITH_BODY = ascii("POST", "PUT", "PATCH");

    private static final AsciiString VERSION = AsciiString.cached(" HTTP/1.1\r\nhost: ");
    private static final AsciiString COOKIE = AsciiString.cached("cookie: ");
    private static final AsciiString NO_BODY = AsciiString.cached("content-length: 0\r\n");
    private static final AsciiString CHUNKED = AsciiString.cached("transfer-encoding: chunked\r\n");
    private static final AsciiString TRAILERS = AsciiString.cached("te: trailers\r\nconnection: te\r\n");
    private static final AsciiString LAST_CHUNK = AsciiString.cached("0\r\n");
    private static final int CRLF = '\r' << 8 | '\n';
    private static final int COLON = ':' << 8 | ' ';

    private final Http2Headers stream;
    private final AsciiString method;
    private final CharSequence target;
    private final CharSequence authority;
    private final @Nullable WebSocketUpgrade upgrade;
    private final Framing framing;
    private final long length;
    private final boolean takesTrailers;
    private final boolean expectsContinue;

    /// @param upgrade for a WebSocket, whose request is a GET without a body
    /// @param endsHere no body follows
    /// @throws IllegalArgumentException when this cannot be a request; the stream is in error
    BackendRequest(Http2Headers stream, @Nullable WebSocketUpgrade upgrade, boolean endsHere) {
        this.stream = stream;
        this.upgrade = upgrade;
        this.method = upgrade == null ? AsciiString.of(present(stream.method(), ":method")) : GET;
        this.target = target(stream, method);
        this.authority = present(stream.authority(), ":authority");
        Fields.check(stream);
        if (!FieldRules.isName(method) || !FieldRules.isValue(authority)) {
            throw new IllegalArgumentException(":method or :authority is malformed");
        }
        this.takesTrailers =
                upgrade == null && HttpHeaderValues.TRAILERS.contentEquals(stream.get(HttpHeaderNames.TE, ""));
        this.expectsContinue = HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(stream.get(HttpHeaderNames.EXPECT));
        this.length = upgrade == null ? announced(stream.getAll(HttpHeaderNames.CONTENT_LENGTH)) : -1;
        if (endsHere && length > 0) {
            throw new IllegalArgumentException("content-length promises a body, but there is none");
        }
        this.framing = endsHere || upgrade != null ? Framing.NONE : length >= 0 ? Framing.LENGTH : Framing.CHUNKED;
    }

    /// Its client signs in on the connection and not by a request alone (NTLM, RFC 4559): a backend may take
    /// whatever follows there for this user's.
    boolean signsInOnConnection() {
        for (CharSequence value : stream.getAll(HttpHeaderNames.AUTHORIZATION)) {
            if (isScheme(value, NTLM) || isScheme(value, NEGOTIATE)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isScheme(CharSequence value, AsciiString scheme) {
        return AsciiString.regionMatches(value, true, 0, scheme, 0, scheme.length());
    }

    /// Its head as it came, for what is to be added before it goes out.
    Http2Headers fields() {
        return stream;
    }

    boolean isHead() {
        return method.equals(HEAD);
    }

    /// May be done twice.
    boolean isIdempotent() {
        return IDEMPOTENT.contains(method);
    }

    /// The head is all of it.
    boolean endsWithHead() {
        return framing == Framing.NONE && upgrade == null;
    }

    Optional<WebSocketUpgrade> upgrade() {
        return Optional.ofNullable(upgrade);
    }

    boolean expectsContinue() {
        return expectsContinue;
    }

    /// Bytes that the body must have; -1 where only its end will tell.
    long bodyLength() {
        return length;
    }

    /// Writes the head; may be called again for another connection.
    void writeHead(Channel to) {
        to.write(head(to.alloc()));
    }

    ByteBuf head(ByteBufAllocator alloc) {
        ByteBuf out = alloc.buffer(512);
        text(out, method);
        out.writeByte(' ');
        text(out, target);
        text(out, VERSION);
        text(out, authority);
        out.writeShort(CRLF);
        boolean cookies = false;
        for (Map.Entry<CharSequence, CharSequence> field : stream) {
            CharSequence name = field.getKey();
            if (HttpHeaderNames.COOKIE.contentEquals(name)) {
                cookies = true;
            } else if (passes(name)) {
                field(out, name, field.getValue());
            }
        }
        if (cookies) {
            cookies(out);
        }
        if (upgrade != null) {
            upgrade.writeTo(out, !stream.contains(HttpHeaderNames.SEC_WEBSOCKET_VERSION));
        } else {
            if (framing == Framing.CHUNKED) {
                text(out, CHUNKED);
            } else if (framing == Framing.NONE && length < 0 && EXPECTED_WITH_BODY.contains(method)) {
                text(out, NO_BODY);
            }
            if (takesTrailers) {
                text(out, TRAILERS);
            }
        }
        return out.writeShort(CRLF);
    }

    private boolean passes(CharSequence name) {
        if (name.charAt(0) == ':' || Fields.isOwn(name) || FieldRules.isHopByHop(name)) {
            return false;
        }
        if (HttpHeaderNames.HOST.contentEquals(name) || HttpHeaderNames.TE.contentEquals(name)) {
            return false; // said by the pseudo-field; said anew with `connection`
        }
        return upgrade == null
                || !(HttpHeaderNames.CONTENT_LENGTH.contentEquals(name)
                        || HttpHeaderNames.SEC_WEBSOCKET_KEY.contentEquals(name)
                        || HttpHeaderNames.SEC_WEBSOCKET_ACCEPT.contentEquals(name));
    }

    /// In one line, as RFC 9113 §8.2.3 wants the crumbs joined.
    private void cookies(ByteBuf out) {
        text(out, COOKIE);
        boolean first = true;
        for (CharSequence crumb : stream.getAll(HttpHeaderNames.COOKIE)) {
            if (!first) {
                out.writeShort(';' << 8 | ' ');
            }
            text(out, crumb);
            first = false;
        }
        out.writeShort(CRLF);
    }

    /// Writes a piece of the body in its framing. Owns the bytes.
    void writeBody(Channel to, ByteBuf bytes, boolean last) {
        switch (framing) {
            case NONE -> bytes.release();
            case LENGTH -> to.write(bytes);
            case CHUNKED -> {
                int size = bytes.readableBytes();
                if (size > 0) {
                    ByteBuf before = to.alloc().buffer(12);
                    before.writeCharSequence(Integer.toHexString(size), StandardCharsets.US_ASCII);
                    to.write(before.writeShort(CRLF));
                    to.write(bytes);
                    ByteBuf after = to.alloc().buffer(16).writeShort(CRLF);
                    to.write(last ? lastChunk(after, EmptyHttp2Headers.INSTANCE) : after);
                } else {
                    bytes.release();
                    if (last) {
                        writeTrailers(to, EmptyHttp2Headers.INSTANCE);
                    }
                }
            }
        }
    }

    /// Ends the body. HTTP/1.1 has trailers after a chunked one only; others lose them.
    void writeTrailers(Channel to, Http2Headers trailers) {
        if (framing == Framing.CHUNKED) {
            to.write(lastChunk(to.alloc().buffer(16), trailers));
        }
    }

    private static ByteBuf lastChunk(ByteBuf out, Http2Headers trailers) {
        text(out, LAST_CHUNK);
        for (Map.Entry<CharSequence, CharSequence> field : trailers) {
            field(out, field.getKey(), field.getValue());
        }
        return out.writeShort(CRLF);
    }

    /// The head as HTTP/2 has it; not of a WebSocket.
    Http2Headers http2Head(CharSequence scheme) {
        Http2Headers head = new DefaultHttp2Headers(false, stream.size())
                .method(method)
                .scheme(scheme)
                .authority(authority)
                .path(target);
        for (Map.Entry<CharSequence, CharSequence> field : stream) {
            if (passes(field.getKey())) {
                head.add(field.getKey(), field.getValue());
            }
        }
        if (takesTrailers) {
            head.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        }
        return head;
    }

    static void field(ByteBuf out, CharSequence name, CharSequence value) {
        text(out, name);
        out.writeShort(COLON);
        text(out, value);
        out.writeShort(CRLF);
    }

    private static void text(ByteBuf out, CharSequence text) {
        if (text instanceof AsciiString ascii) {
            ByteBufUtil.copy(ascii, out);
        } else {
            out.writeCharSequence(text, StandardCharsets.ISO_8859_1);
        }
    }

    private static CharSequence target(Http2Headers stream, AsciiString method) {
        CharSequence path = present(stream.path(), ":path");
        if (path.charAt(0) != '/' && !("*".contentEquals(path) && method.equals(OPTIONS))) {
            throw new IllegalArgumentException(":path must begin with /");
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c == 0x7f || c > 0xff) {
                throw new IllegalArgumentException(":path holds a space or a control character");
            }
        }
        return path;
    }

    private static long announced(List<CharSequence> lengths) {
        if (lengths.isEmpty()) {
            return -1;
        }
        CharSequence text = lengths.getFirst();
        boolean number = lengths.size() == 1 && !text.isEmpty() && text.length() <= 18;
        for (int i = 0; number && i < text.length(); i++) {
            number = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!number) {
            throw new IllegalArgumentException("content-length is given twice or is no number");
        }
        return AsciiString.of(text).parseLong();
    }

    private static CharSequence present(@Nullable CharSequence value, String what) {
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(what + " is missing");
        }
        return value;
    }

    private static Set<AsciiString> ascii(String... texts) {
        var all = new HashSet<AsciiString>();
        for (String text : texts) {
            all.add(AsciiString.cached(text));
        }
        return Set.copyOf(all);
    }
}
