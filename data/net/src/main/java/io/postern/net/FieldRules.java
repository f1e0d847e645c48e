package io.postern.net;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What RFC 9110 §7.6.1, RFC 9113 §8.2 and RFC 9112 say of fields that pass through an intermediary.
/// Pure functions; the form in the middle is always [Http2Headers] with lower-case names.
public final class FieldRules {
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
    private static final AsciiString HTTP2_SETTINGS = AsciiString.cached("http2-settings");

    /// Mean something to the next hop only. The two proxy fields belong to a proxy that a client has
    /// configured (RFC 9110 §11.7), which we are not: passing them on would leak credentials.
    private static final Set<AsciiString> HOP_BY_HOP = Set.of(
            HttpHeaderNames.CONNECTION,
            KEEP_ALIVE,
            PROXY_CONNECTION,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.UPGRADE,
            HTTP2_SETTINGS,
            HttpHeaderNames.PROXY_AUTHENTICATE,
            HttpHeaderNames.PROXY_AUTHORIZATION);

    /// A client naming these in `Connection` would change what the message means or how long it is;
    /// RFC 9110 §7.6.1 forbids it to, so the naming has no effect.
    private static final Set<AsciiString> NEVER_BY_NAME =
            Set.of(HttpHeaderNames.HOST, HttpHeaderNames.CONTENT_LENGTH, HttpHeaderNames.CONTENT_TYPE);

    private FieldRules() {}

    /// Takes out every hop-by-hop field, those named by `Connection` included; `te` stays only as
    /// `trailers` (RFC 9113 §8.2.2).
    ///
    /// @return lower-case names that `Connection` listed, whether they were present or not
    public static List<AsciiString> removeHopByHop(Http2Headers fields) {
        List<AsciiString> named = namedByConnection(fields.getAll(HttpHeaderNames.CONNECTION));
        for (AsciiString name : named) {
            if (!NEVER_BY_NAME.contains(name)) {
                fields.remove(name);
            }
        }
        for (AsciiString name : HOP_BY_HOP) {
            fields.remove(name);
        }
        keepTrailersOnly(fields);
        return named;
    }

    /// The regular fields of an HTTP/1.1 head in lower case, hop-by-hop fields and `host` left out.
    /// `content-length` stays; whoever frames the body decides.
    public static Http2Headers toHttp2(HttpHeaders from) {
        Http2Headers to = new DefaultHttp2Headers(false, 16);
        List<AsciiString> named = namedByConnection(from.getAll(HttpHeaderNames.CONNECTION));
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = from.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            AsciiString name = FieldNames.lowerCase(field.getKey());
            if (!HOP_BY_HOP.contains(name)
                    && !name.contentEquals(HttpHeaderNames.HOST)
                    && (NEVER_BY_NAME.contains(name) || !named.contains(name))) {
                to.add(name, field.getValue());
            }
        }
        keepTrailersOnly(to);
        return to;
    }

    /// All fields of an HTTP/1.1 head or trailer section in lower case, nothing left out.
    public static Http2Headers lowerCase(HttpHeaders from) {
        Http2Headers to = new DefaultHttp2Headers(false, 16);
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = from.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            to.add(FieldNames.lowerCase(field.getKey()), field.getValue());
        }
        return to;
    }

    /// Adds the regular fields to an HTTP/1.1 head: pseudo-fields and what HTTP/2 must not carry are left
    /// out, cookie crumbs are joined into one line (RFC 9113 §8.2.3).
    public static void toHttp1(Http2Headers from, HttpHeaders to) {
        StringBuilder crumbs = null;
        CharSequence cookie = null;
        for (Map.Entry<CharSequence, CharSequence> field : from) {
            CharSequence name = field.getKey();
            if (isPseudo(name) || HOP_BY_HOP.contains(AsciiString.of(name))) {
                continue;
            }
            if (HttpHeaderNames.COOKIE.contentEquals(name)) {
                if (cookie == null) {
                    cookie = field.getValue();
                } else {
                    crumbs = crumbs == null ? new StringBuilder(cookie) : crumbs;
                    crumbs.append("; ").append(field.getValue());
                }
            } else {
                to.add(name, field.getValue());
            }
        }
        if (cookie != null) {
            to.add(HttpHeaderNames.COOKIE, crumbs == null ? cookie : crumbs.toString());
        }
    }

    /// `:authority` and its like are never fields (RFC 9113 §8.3).
    public static boolean isPseudo(CharSequence name) {
        return name.length() > 0 && name.charAt(0) == ':';
    }

    public static boolean isHopByHop(CharSequence lowerCaseName) {
        return HOP_BY_HOP.contains(AsciiString.of(lowerCaseName));
    }

    /// A `token` of RFC 9110 §5.6.2, in either case.
    public static boolean isName(CharSequence name) {
        if (name.length() == 0) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isTokenCharacter(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /// RFC 9110 §5.5 and RFC 9113 §8.2.1: visible characters, inner spaces and tabs, bytes above 0x7f.
    /// CR, LF, NUL and other controls split messages somewhere, so they are refused rather than mended.
    public static boolean isValue(CharSequence value) {
        int length = value.length();
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return length == 0 || (!isBlank(value.charAt(0)) && !isBlank(value.charAt(length - 1)));
    }

    private static void keepTrailersOnly(Http2Headers fields) {
        List<CharSequence> te = fields.getAll(HttpHeaderNames.TE);
        if (te.isEmpty()) {
            return;
        }
        boolean trailers = te.stream()
                .flatMap(value -> members(value).stream())
                .anyMatch(member -> member.contentEqualsIgnoreCase(HttpHeaderValues.TRAILERS));
        fields.remove(HttpHeaderNames.TE);
        if (trailers) {
            fields.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        }
    }

    private static List<AsciiString> namedByConnection(List<? extends CharSequence> values) {
        if (values.isEmpty()) {
            return List.of();
        }
        var names = new ArrayList<AsciiString>();
        for (CharSequence value : values) {
            for (AsciiString member : members(value)) {
                names.add(member.toLowerCase());
            }
        }
        return names;
    }

    /// The members of a comma-separated list, empty ones left out (RFC 9110 §5.6.1.2).
    private static List<AsciiString> members(CharSequence value) {
        var members = new ArrayList<AsciiString>(2);
        AsciiString text = AsciiString.of(value);
        int start = 0;
        while (start <= text.length()) {
            int comma = text.indexOf(',', start);
            int end = comma < 0 ? text.length() : comma;
            AsciiString member = text.subSequence(start, end, false).trim();
            if (!member.isEmpty()) {
                members.add(member);
            }
            start = end + 1;
        }
        return members;
    }

    private static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
