package io.postern.gateway.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Optional;

/// Looks for one of our own cookies in a request (RFC 6265 §4.2.1, RFC 9113 §8.2.3). Strict: what is
/// not exactly as we set it is no cookie of ours, and two of one name are an ambiguity.
public final class RequestCookies {
    private RequestCookies() {}

    /// What was found. A malformed value counts as absent: the way on is sign-in, never through.
    public sealed interface Found {
        record Absent() implements Found {}

        record One(AsciiString text) implements Found {}

        /// Browsers never send a `__Host-` cookie twice unless something planted the second.
        record Several() implements Found {}

        default Optional<AsciiString> value() {
            return this instanceof One one ? Optional.of(one.text()) : Optional.empty();
        }
    }

    private static final Found ABSENT = new Found.Absent();

    /// Browsers keep no larger cookie (RFC 6265 §6.1).
    private static final int VALUE_CHARACTERS_MAX = 4096;

    /// The value is a view of the field's bytes: nothing is copied for a request that has been seen before.
    public static Found find(Http2Headers fields, String cookieName) {
        AsciiString name = AsciiString.of(cookieName);
        Found found = ABSENT;
        for (CharSequence field : fields.getAll(HttpHeaderNames.COOKIE)) {
            AsciiString text = AsciiString.of(field);
            int at = 0;
            while (at < text.length()) {
                int end = text.indexOf(';', at);
                if (end < 0) {
                    end = text.length();
                }
                at = skipBlanks(text, at, end);
                int value = at + name.length() + 1;
                if (value <= end && text.byteAt(value - 1) == '=' && startsWith(text, name, at)) {
                    if (found instanceof Found.One) {
                        return new Found.Several();
                    }
                    found = new Found.One(text.subSequence(value, end, false));
                }
                at = end + 1;
            }
        }
        return found instanceof Found.One one && !isSealed(one.text()) ? ABSENT : found;
    }

    private static boolean startsWith(AsciiString text, AsciiString name, int at) {
        return text.regionMatches(at, name, 0, name.length());
    }

    private static int skipBlanks(AsciiString text, int from, int end) {
        int at = from;
        while (at < end && (text.byteAt(at) == ' ' || text.byteAt(at) == '\t')) {
            at++;
        }
        return at;
    }

    private static boolean isSealed(AsciiString value) {
        if (value.isEmpty() || value.length() > VALUE_CHARACTERS_MAX) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            byte c = value.byteAt(i);
            boolean base64url =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
            if (!base64url) {
                return false;
            }
        }
        return true;
    }
}
