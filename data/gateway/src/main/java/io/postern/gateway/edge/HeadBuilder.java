package io.postern.gateway.edge;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.domain.event.Cause;
import io.postern.gateway.exchange.RequestHead;
import io.postern.net.FieldRules;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// Collects the lines of one HTTP/1.1 head and makes the request of them: decides the framing of the
/// body (RFC 9112 §6.3), the target (§3.2) and the connection's options, and takes out every field that
/// belongs to this hop only (RFC 9110 §7.6.1). Whatever has two readings is refused.
final class HeadBuilder {
    static final long CHUNKED = -2;
    private static final int FIELDS_MAX = 256; // more than any browser sends by an order of magnitude
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("transfer-encoding");
    private static final AsciiString HOST = AsciiString.cached("host");
    private static final AsciiString CONNECTION = AsciiString.cached("connection");
    private static final AsciiString UPGRADE = AsciiString.cached("upgrade");
    private static final AsciiString EXPECT = AsciiString.cached("expect");
    private static final AsciiString WEB_SOCKET_KEY = AsciiString.cached("sec-websocket-key");
    private static final AsciiString WEB_SOCKET_VERSION = AsciiString.cached("sec-websocket-version");
    private final Http2Headers fields = new DefaultHttp2Headers(false, 32);
    private final String method;
    private final String rawTarget;
    private final boolean http10;
    private int count;

    HeadBuilder(String method, String rawTarget, boolean http10) {
        this.method = method;
        this.rawTarget = rawTarget;
        this.http10 = http10;
    }

    /// @param name already in lower case
    void field(AsciiString name, AsciiString value) {
        if (++count > FIELDS_MAX) {
            throw new Malformed(Cause.LARGE_HEAD, "more than " + FIELDS_MAX + " fields");
        }
        fields.add(name, value);
    }

    /// Length of the body, or [#CHUNKED].
    long bodyLength() {
        List<CharSequence> encodings = fields.getAll(TRANSFER_ENCODING);
        List<CharSequence> lengths = fields.getAll(CONTENT_LENGTH);
        if (!encodings.isEmpty()) {
            if (http10) {
                throw new Malformed("Transfer-Encoding in HTTP/1.0");
            }
            if (!lengths.isEmpty()) {
                throw new Malformed("Content-Length beside Transfer-Encoding");
            }
            if (encodings.size() > 1 || !AsciiString.contentEqualsIgnoreCase(encodings.getFirst(), "chunked")) {
                throw new Malformed("Transfer-Encoding is not exactly chunked");
            }
            return CHUNKED;
        }
        return lengths.isEmpty() ? 0 : HeadBuilder.length(lengths);
    }

    /// RFC 9112 §6.3 allows to merge equal lengths; nobody honest sends several.
    static long length(List<CharSequence> values) {
        CharSequence text = values.getFirst();
        if (values.size() > 1 || text.isEmpty() || text.length() > 18) {
            throw new Malformed("Content-Length is not one number");
        }
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new Malformed("Content-Length is not one number");
            }
            length = length * 10 + digit;
        }
        return length;
    }

    Http1Request build() {
        long length = bodyLength();
        String connection = connectionOptions();
        boolean close = lists(connection, "close");
        boolean keepAlive = http10 ? !close && lists(connection, "keep-alive") : !close;
        boolean expectsContinue = expectsContinue();
        String webSocketKey = webSocketKey(connection, length);
        String authority = authority();
        String target = target(authority);
        FieldRules.removeHopByHop(fields);
        fields.remove(HOST);
        var head = new RequestHead(method, authority, target, fields, !webSocketKey.isEmpty(), length != 0);
        return new Http1Request(head, keepAlive, http10, expectsContinue && length != 0, webSocketKey);
    }

    private String connectionOptions() {
        return fields.contains(CONNECTION) ? joined(CONNECTION).toLowerCase(Locale.ROOT) : "";
    }

    private String joined(AsciiString name) {
        List<CharSequence> values = fields.getAll(name);
        return values.size() == 1 ? values.getFirst().toString() : String.join(",", values);
    }

    private static boolean lists(String list, String option) {
        if (list.isEmpty()) {
            return false;
        }
        for (String part : list.split(",", -1)) {
            if (part.strip().equalsIgnoreCase(option)) {
                return true;
            }
        }
        return false;
    }

    private boolean expectsContinue() {
        if (!fields.contains(EXPECT)) {
            return false;
        }
        if (!joined(EXPECT).equalsIgnoreCase("100-continue")) {
            throw new Malformed("Expect is not 100-continue");
        }
        return !http10;
    }

    /// Only a well-formed WebSocket handshake upgrades (RFC 6455 §4.1); any other Upgrade is ignored, as
    /// RFC 9110 §7.8 allows, so that a failed upgrade never becomes a raw pipe.
    private String webSocketKey(String connection, long bodyLength) {
        if (!fields.contains(UPGRADE) || !lists(connection, "upgrade") || http10) {
            return "";
        }
        if (!joined(UPGRADE).equalsIgnoreCase("websocket")) {
            return "";
        }
        if (!method.equals("GET") || bodyLength != 0) {
            throw new Malformed("WebSocket handshake is no plain GET");
        }
        if (!joined(WEB_SOCKET_VERSION).equals("13")) {
            throw new Malformed("WebSocket version is not 13");
        }
        String key = joined(WEB_SOCKET_KEY);
        try {
            if (key.length() != 24 || Base64.getDecoder().decode(key).length != 16) {
                throw new Malformed("Sec-WebSocket-Key is not 16 bytes");
            }
        } catch (IllegalArgumentException e) {
            throw new Malformed("Sec-WebSocket-Key is not base64");
        }
        fields.remove(WEB_SOCKET_KEY);
        return key;
    }

    private String authority() {
        List<CharSequence> hosts = fields.getAll(HOST);
        if (hosts.size() != 1 || !HeadRules.isAuthority(hosts.getFirst())) {
            throw new Malformed(hosts.size() > 1 ? "several Host fields" : "Host is missing or malformed");
        }
        return hosts.getFirst().toString();
    }

    private String target(String authority) {
        if (!HeadRules.isTarget(rawTarget)) {
            throw new Malformed("control or non-ASCII character in the target");
        }
        if (method.equals("CONNECT")) {
            throw new Malformed(Cause.METHOD_NOT_ALLOWED, "CONNECT");
        }
        if (rawTarget.charAt(0) == '/') {
            return rawTarget;
        }
        if (rawTarget.equals("*")) {
            if (!method.equals("OPTIONS")) {
                throw new Malformed("target * without OPTIONS");
            }
            return rawTarget;
        }
        return absoluteForm(authority);
    }

    /// RFC 9112 §3.2.2: accepted, but only when it says what Host says.
    private String absoluteForm(String authority) {
        int colon = rawTarget.indexOf("://");
        String scheme = colon < 0 ? "" : rawTarget.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new Malformed("target is neither a path nor an http URL");
        }
        int from = colon + 3;
        int end = from;
        while (end < rawTarget.length() && rawTarget.charAt(end) != '/' && rawTarget.charAt(end) != '?') {
            end++;
        }
        if (!rawTarget.substring(from, end).equalsIgnoreCase(authority)) {
            throw new Malformed("absolute target disagrees with Host");
        }
        String rest = rawTarget.substring(end);
        return rest.startsWith("/") ? rest : "/" + rest;
    }
}
