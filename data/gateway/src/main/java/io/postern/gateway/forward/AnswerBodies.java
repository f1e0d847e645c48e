package io.postern.gateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.translate.LinkRules;
import io.postern.translate.body.BodyKind;
import io.postern.translate.body.BodyTranslation;
import java.util.List;
import java.util.Optional;

/// Decides whether an answer's body is translated (BODY-2), and makes its head say what is true of the
/// translated one.
final class AnswerBodies {
    /// Of the bytes as the backend sent them.
    private static final List<AsciiString> DIGESTS = List.of(
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.CONTENT_MD5,
            AsciiString.cached("digest"),
            AsciiString.cached("content-digest"),
            AsciiString.cached("repr-digest"),
            HttpHeaderNames.ACCEPT_RANGES);

    private AnswerBodies() {}

    /// Changes the head in place, also where there is no body: of an answer to HEAD, and of 304.
    ///
    /// @param fields the final head
    /// @param bodyless the head ends the answer
    static Optional<AnswerBody> of(Http2Headers fields, boolean bodyless, LinkRules rules) {
        String status = fields.status().toString();
        CharSequence type = fields.get(HttpHeaderNames.CONTENT_TYPE);
        if (status.equals("304")) {
            if (type == null || BodyKind.of(type.toString()).isPresent()) {
                weaken(fields); // as it was in the 200
            }
            return Optional.empty();
        }
        // a part of the backend's own body: its links may be cut in two, its numbers are of those bytes
        if (type == null || status.equals("206")) {
            return Optional.empty();
        }
        Optional<BodyTranslation> translation = BodyKind.of(type.toString()).flatMap(kind -> kind.translation(rules));
        Optional<BodyEncoding> encoding = BodyEncoding.of(fields);
        if (translation.isEmpty() || encoding.isEmpty()) {
            return Optional.empty();
        }
        DIGESTS.forEach(fields::remove);
        weaken(fields);
        return bodyless ? Optional.empty() : Optional.of(new AnswerBody(translation.get(), encoding.get()));
    }

    /// The same to a reader, not byte for byte (RFC 9110 §8.8.1); If-None-Match still matches it.
    private static void weaken(Http2Headers fields) {
        CharSequence tag = fields.get(HttpHeaderNames.ETAG);
        if (tag != null && !tag.toString().startsWith("W/")) {
            fields.set(HttpHeaderNames.ETAG, "W/" + tag);
        }
    }
}
