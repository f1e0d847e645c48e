package io.postern.connector.serve;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.net.FieldRules;
import io.postern.tunnel.TunnelFailure;
import io.postern.tunnel.TunnelProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Heads and trailers between a tunnel stream (HTTP/2) and a backend (HTTP/1.1 or HTTP/2): fields of one
/// connection stay on it, framing is written anew, our own fields go no further, everything else passes
/// untouched.
final class Fields {
    private static final String EVENT_STREAM = "text/event-stream";
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

    private Fields() {}

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

    /// As [#response(HttpResponse)], of an answer in HTTP/2. Takes the fields over.
    ///
    /// @throws IllegalArgumentException when a field is none
    static Http2Headers response(Http2Headers head) {
        CharSequence status = head.status();
        check(head);
        FieldRules.removeHopByHop(head);
        removeOwn(head);
        head.remove(HttpHeaderNames.TE);
        return head.status(status);
    }

    static Http2Headers trailers(HttpHeaders trailers) {
        return cleaned(FieldRules.toHttp2(trailers));
    }

    /// Takes the fields over.
    ///
    /// @throws IllegalArgumentException when a field is none
    static Http2Headers trailers(Http2Headers trailers) {
        check(trailers);
        for (Http2Headers.PseudoHeaderName pseudo : Http2Headers.PseudoHeaderName.values()) {
            trailers.remove(pseudo.value());
        }
        FieldRules.removeHopByHop(trailers);
        return cleaned(trailers);
    }

    private static Http2Headers cleaned(Http2Headers trailers) {
        removeOwn(trailers);
        NOT_AS_TRAILER.forEach(trailers::remove);
        return trailers;
    }

    /// @throws IllegalArgumentException when a field is none
    static void check(Http2Headers fields) {
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            CharSequence name = field.getKey();
            if (!FieldRules.isPseudo(name) && !(FieldRules.isName(name) && FieldRules.isValue(field.getValue()))) {
                throw new IllegalArgumentException("a field is malformed");
            }
        }
    }

    /// The head of an answer that the connector makes itself (tunnel.md §4).
    ///
    /// @param why any text; what a field cannot carry is replaced
    static Http2Headers failure(TunnelFailure failure, AsciiString timing, String why) {
        return new DefaultHttp2Headers(false, 5)
                .status(String.valueOf(failure.status()))
                .set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO)
                .set(TunnelProtocol.FAILURE, failure.wireName())
                .set(TunnelProtocol.REASON, printable(why))
                .set(TunnelProtocol.TIMING, timing);
    }

    private static String printable(String text) {
        String cut = text.substring(0, Math.min(text.length(), TunnelProtocol.REASON_MAX));
        return cut.replaceAll("[^\\x20-\\x7e]", "?").strip();
    }

    /// An end is no loss there, since its client comes back with the id of the last event (HTML §9.2). Any
    /// other body that was cut short must not look complete.
    static boolean isEventStream(Http2Headers head) {
        CharSequence type = head.get(HttpHeaderNames.CONTENT_TYPE, "");
        return AsciiString.regionMatches(type, true, 0, EVENT_STREAM, 0, EVENT_STREAM.length())
                && !head.contains(HttpHeaderNames.CONTENT_LENGTH);
    }

    private static void removeOwn(Http2Headers fields) {
        List<CharSequence> found = null;
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            if (isOwn(field.getKey())) {
                found = found == null ? new ArrayList<>(2) : found;
                found.add(field.getKey());
            }
        }
        if (found != null) {
            found.forEach(fields::remove);
        }
    }

    /// Case and underscores make no difference to many servers, so they make none here.
    static boolean isOwn(CharSequence name) {
        return (name.charAt(0) == 'p' || name.charAt(0) == 'P')
                && name.toString().replace('_', '-').regionMatches(true, 0, OWN_PREFIX, 0, OWN_PREFIX.length());
    }
}
