package io.postern.gateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.domain.DoorFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Removes request fields that a stranger may not set, in every spelling that some backend takes for the
/// same name: CGI, WSGI and their kin turn `-`, `_` and often `.`, some every mark, into one character
/// (CVE-2025-64484 and its kind). Works on names in lower case.
final class ReservedFields {
    /// Set by us on every request, or believed by backends when a proxy is in front of them.
    private static final Set<String> OURS = Set.of(
            "forwarded",
            "x-real-ip",
            "x-client-ip",
            "x-original-url",
            "x-original-uri",
            "x-original-host",
            "x-rewrite-url",
            "x-host",
            "x-forwarded",
            "true-client-ip",
            "client-ip",
            "x-cluster-client-ip",
            "proxy");

    /// Honest under their own name only.
    private static final Set<String> UNALIASED = Set.of(
            "host",
            "cookie",
            "authorization",
            "content-length",
            "content-type",
            "transfer-encoding",
            "connection",
            "upgrade",
            "expect",
            "te",
            "trailer",
            "x-forwarded-for");

    /// In nearly every request, and never reserved: spared the thorough look.
    private static final Set<AsciiString> HONEST = Set.of(
            HttpHeaderNames.COOKIE,
            HttpHeaderNames.CONTENT_TYPE,
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.CACHE_CONTROL,
            HttpHeaderNames.PRAGMA,
            HttpHeaderNames.TE,
            HttpHeaderNames.X_REQUESTED_WITH,
            AsciiString.cached("priority"),
            AsciiString.cached("x-forwarded-for"));

    private ReservedFields() {}

    /// `x-forwarded-for` stays under its own name: it is extended, not believed.
    static void removeFrom(Http2Headers fields) {
        List<CharSequence> found = null;
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            CharSequence name = field.getKey();
            if (isSuspect(name) && !HONEST.contains(AsciiString.of(name)) && isReserved(name)) {
                found = found == null ? new ArrayList<>(4) : found;
                found.add(name);
            }
        }
        if (found != null) {
            found.forEach(fields::remove);
        }
    }

    /// Removes further names, in every spelling.
    ///
    /// @param reserved as [BackendSignOn#reservedFields()] has them: lower case, every mark a hyphen
    static void removeFrom(Http2Headers fields, Set<String> reserved) {
        if (reserved.isEmpty()) {
            return;
        }
        List<CharSequence> found = null;
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            if (reserved.contains(canonical(field.getKey().toString().toLowerCase(Locale.ROOT)))) {
                found = found == null ? new ArrayList<>(4) : found;
                found.add(field.getKey());
            }
        }
        if (found != null) {
            found.forEach(fields::remove);
        }
    }

    /// Cheap test that ordinary fields fail.
    private static boolean isSuspect(CharSequence name) {
        char first = name.charAt(0);
        if (first == 'x' || first == 'f' || first == 'p' || first == 't' || first == 'c') {
            return true;
        }
        for (int i = 0; i < name.length(); i++) {
            if (isMark(name.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isReserved(CharSequence name) {
        String sent = name.toString().toLowerCase(Locale.ROOT);
        String canonical = canonical(sent);
        if (canonical.startsWith(DoorFields.PREFIX) || OURS.contains(canonical)) {
            return true;
        }
        if (canonical.startsWith("x-forwarded-") && !sent.equals("x-forwarded-for")) {
            return true;
        }
        return !canonical.equals(sent) && UNALIASED.contains(canonical);
    }

    private static String canonical(String sent) {
        var canonical = new StringBuilder(sent);
        for (int i = 0; i < sent.length(); i++) {
            if (isMark(sent.charAt(i))) {
                canonical.setCharAt(i, '-');
            }
        }
        return canonical.toString();
    }

    /// What a token may hold beside letters, digits and the hyphen (RFC 9110 §5.6.2).
    private static boolean isMark(char c) {
        return c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9');
    }
}
