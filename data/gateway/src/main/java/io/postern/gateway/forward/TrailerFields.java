package io.postern.gateway.forward;

import io.netty.handler.codec.http2.Http2Headers;
import io.postern.net.FieldRules;
import java.util.List;

/// RFC 9110 §6.5.1: what steers framing, routing or access may not come after the body, where nobody
/// has looked at it.
final class TrailerFields {
    private static final List<String> FORBIDDEN = List.of(
            "host",
            "content-length",
            "content-encoding",
            "content-type",
            "content-range",
            "trailer",
            "authorization",
            "cookie",
            "set-cookie",
            "x-forwarded-for",
            "expect",
            "location",
            "cache-control",
            "te");

    private TrailerFields() {}

    static void removeForbidden(Http2Headers trailers) {
        FieldRules.removeHopByHop(trailers);
        FORBIDDEN.forEach(trailers::remove);
    }
}
