package io.postern.gateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The content codings that a translated body may have (RFC 9110 §8.4.1).
enum BodyEncoding {
    IDENTITY,
    GZIP,
    DEFLATE;

    /// Empty for codings that we cannot read: such an answer stays as it is.
    static Optional<BodyEncoding> of(Http2Headers fields) {
        List<CharSequence> values = fields.getAll(HttpHeaderNames.CONTENT_ENCODING);
        if (values.isEmpty()) {
            return Optional.of(IDENTITY);
        }
        if (values.size() > 1) {
            return Optional.empty();
        }
        return switch (values.getFirst().toString().strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> Optional.of(IDENTITY);
            case "gzip", "x-gzip" -> Optional.of(GZIP);
            case "deflate" -> Optional.of(DEFLATE);
            default -> Optional.empty();
        };
    }

    /// Asks the backend for nothing that we could not read. Brotli and zstd are native libraries that the
    /// gateway does without; browsers that offer them all offer gzip.
    static void narrow(Http2Headers request) {
        List<CharSequence> offered = request.getAllAndRemove(HttpHeaderNames.ACCEPT_ENCODING);
        if (offered.isEmpty()) {
            return;
        }
        List<String> kept = new ArrayList<>(4);
        for (CharSequence value : offered) {
            for (String coding : value.toString().split(",", -1)) {
                String name = coding.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
                switch (name) {
                    case "gzip", "x-gzip", "deflate", "identity" -> kept.add(coding.strip());
                    case "*" -> kept.add("gzip" + coding.strip().substring(1));
                    default -> {}
                }
            }
        }
        request.set(HttpHeaderNames.ACCEPT_ENCODING, kept.isEmpty() ? "identity" : String.join(", ", kept));
    }
}
