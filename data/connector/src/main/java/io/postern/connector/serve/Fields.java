package io.postern.connector.serve;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.net.FieldRules;
import io.postern.tunnel.TunnelFailure;
import io.postern.tunnel.TunnelProtocol;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Heads and trailers between a tunnel stream (HTTP/2) and a backend (HTTP/1.1): fields of one
/// connection stay on it, framing is written anew, our own fields go no further, everything else passes
/// untouched.
final class Fields {
    private static final String OWN_PREFIX = TunnelProtocol.FIELD_PREFIX.toString();

    /// What must not come after the body (RFC 9110 §6.5.1): framing, routing, authentication.
    private static final Set<AsciiString> NOT_AS_TRAILER = Set.of(
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.HOST,
            HttpHeaderNames.AUTHORIZATION,
            HttpHeaderNames.COOKIE,
            HttpHeaderNames.SET_COOKIE,
            HttpHeaderNames.CONTENT_ENCODING,
            HttpHeaderNames.CONTENT_TYPE,
            HttpHeaderNames.CONTENT_RANGE,
            HttpHeaderNames.TRAILER,
            HttpHeaderNames.TE,
            HttpHeaderNames.EXPECT,
            HttpHeaderNames.RANGE);

    /// Methods whose bodyless request is sent with `content-length: 0`: some servers answer 411 otherwise.
    private static final Set<HttpMethod> EXPECTED_WITH_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    private Fields() {}

    /// The request for the backend. Names and values are checked on the way, so that nothing that a
    /// gateway sends can end a line early.
    ///
    /// @throws IllegalArgumentException when this cannot be a request; the stream is in error
    static HttpRequest request(Http2Headers stream, boolean isWebSocket, boolean endsHere) {
        HttpMethod method = isWebSocket ? HttpMethod.GET : HttpMethod.valueOf(text(stream.method(), ":method"));
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, path(stream, method));
        HttpHeaders fields = request.headers();
        FieldRules.toHttp1(stream, fields);
        removeOwn(fields);
        fields.set(HttpHeaderNames.HOST, text(stream.authority(), ":authority"));
        boolean takesTrailers = fields.contains(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true);
        fields.remove(HttpHeaderNames.TE);
        if (isWebSocket) {
            fields.remove(HttpHeaderNames.CONTENT_LENGTH);
            return request;
        }
        frame(request, endsHere);
        if (takesTrailers) {
            fields.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS)
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderNames.TE);
        }
        return request;
    }

    /// Bytes that the request's body must have; -1 where only its end will tell.
    static long lengthOf(HttpRequest request) {
        String length = request.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        return length == null ? -1 : Long.parseLong(length);
    }

    /// The answer's head for the stream, without our own field names: a backend must not speak for us.
    static Http2Headers response(HttpResponse response) {
        Http2Headers head = FieldRules.toHttp2(response.headers());
        removeOwn(head);
        head.remove(HttpHeaderNames.TE);
        if (response.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            head.remove(HttpHeaderNames.CONTENT_LENGTH);
        }
        return head.status(response.status().codeAsText());
    }

    static Http2Headers trailers(HttpHeaders trailers) {
        Http2Headers result = FieldRules.toHttp2(trailers);
        removeOwn(result);
        NOT_AS_TRAILER.forEach(result::remove);
        return result;
    }

    /// @throws IllegalArgumentException when a field is none
    static HttpHeaders trailers(Http2Headers trailers) {
        HttpHeaders result = new DefaultHttpHeaders();
        FieldRules.toHttp1(trailers, result);
        removeOwn(result);
        NOT_AS_TRAILER.forEach(result::remove);
        return result;
    }

    /// The head of an answer that the connector makes itself (tunnel.md §4).
    static Http2Headers failure(TunnelFailure failure, AsciiString timing) {
        return new DefaultHttp2Headers(false, 4)
                .status(String.valueOf(failure.status()))
                .set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO)
                .set(TunnelProtocol.FAILURE, failure.wireName())
                .set(TunnelProtocol.TIMING, timing);
    }

    private static String path(Http2Headers stream, HttpMethod method) {
        String path = text(stream.path(), ":path");
        if (!path.startsWith("/") && !(path.equals("*") && method.equals(HttpMethod.OPTIONS))) {
            throw new IllegalArgumentException(":path must begin with /");
        }
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) <= ' ' || path.charAt(i) == 0x7f) {
                throw new IllegalArgumentException(":path holds a space or a control character");
            }
        }
        return path;
    }

    private static void frame(HttpRequest request, boolean endsHere) {
        HttpHeaders fields = request.headers();
        List<String> lengths = fields.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (lengths.size() > 1 || (lengths.size() == 1 && !lengths.getFirst().matches("[0-9]{1,18}"))) {
            throw new IllegalArgumentException("content-length is given twice or is no number");
        }
        if (endsHere) {
            if (lengths.size() == 1 && Long.parseLong(lengths.getFirst()) != 0) {
                throw new IllegalArgumentException("content-length promises a body, but there is none");
            }
            if (lengths.isEmpty() && EXPECTED_WITH_BODY.contains(request.method())) {
                fields.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
            }
        } else if (lengths.isEmpty()) {
            fields.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
    }

    private static void removeOwn(HttpHeaders fields) {
        for (String name : fields.names()) {
            if (isOwn(name)) {
                fields.remove(name);
            }
        }
    }

    private static void removeOwn(Http2Headers fields) {
        for (CharSequence name : List.copyOf(fields.names())) {
            if (isOwn(name)) {
                fields.remove(name);
            }
        }
    }

    /// Case and underscores make no difference to many servers, so they make none here.
    private static boolean isOwn(CharSequence name) {
        return (name.charAt(0) == 'p' || name.charAt(0) == 'P')
                && name.toString().replace('_', '-').regionMatches(true, 0, OWN_PREFIX, 0, OWN_PREFIX.length());
    }

    private static String text(@Nullable CharSequence value, String what) {
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException(what + " is missing");
        }
        return value.toString();
    }
}
