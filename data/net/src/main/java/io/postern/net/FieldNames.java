package io.postern.net;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One object for each common field name, in lower case: what arrives as `Content-Type` or `content-type`
/// becomes the same string, whose hash is known already when tables of names are asked.
public final class FieldNames {
    private static final List<AsciiString> COMMON = List.of(
            HttpHeaderNames.ACCEPT,
            HttpHeaderNames.ACCEPT_ENCODING,
            HttpHeaderNames.ACCEPT_LANGUAGE,
            HttpHeaderNames.ACCEPT_RANGES,
            HttpHeaderNames.ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
            HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS,
            HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN,
            HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS,
            HttpHeaderNames.AGE,
            HttpHeaderNames.ALLOW,
            HttpHeaderNames.AUTHORIZATION,
            HttpHeaderNames.CACHE_CONTROL,
            HttpHeaderNames.CONNECTION,
            HttpHeaderNames.CONTENT_DISPOSITION,
            HttpHeaderNames.CONTENT_ENCODING,
            HttpHeaderNames.CONTENT_LANGUAGE,
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.CONTENT_LOCATION,
            HttpHeaderNames.CONTENT_RANGE,
            HttpHeaderNames.CONTENT_SECURITY_POLICY,
            HttpHeaderNames.CONTENT_TYPE,
            HttpHeaderNames.COOKIE,
            HttpHeaderNames.DATE,
            HttpHeaderNames.DNT,
            HttpHeaderNames.ETAG,
            HttpHeaderNames.EXPECT,
            HttpHeaderNames.EXPIRES,
            HttpHeaderNames.HOST,
            HttpHeaderNames.IF_MATCH,
            HttpHeaderNames.IF_MODIFIED_SINCE,
            HttpHeaderNames.IF_NONE_MATCH,
            HttpHeaderNames.IF_RANGE,
            HttpHeaderNames.IF_UNMODIFIED_SINCE,
            AsciiString.cached("keep-alive"),
            HttpHeaderNames.LAST_MODIFIED,
            AsciiString.cached("link"),
            HttpHeaderNames.LOCATION,
            HttpHeaderNames.ORIGIN,
            HttpHeaderNames.PRAGMA,
            AsciiString.cached("priority"),
            HttpHeaderNames.RANGE,
            HttpHeaderNames.REFERER,
            AsciiString.cached("referrer-policy"),
            HttpHeaderNames.RETRY_AFTER,
            AsciiString.cached("sec-ch-ua"),
            AsciiString.cached("sec-ch-ua-mobile"),
            AsciiString.cached("sec-ch-ua-platform"),
            AsciiString.cached("sec-fetch-dest"),
            AsciiString.cached("sec-fetch-mode"),
            AsciiString.cached("sec-fetch-site"),
            AsciiString.cached("sec-fetch-user"),
            HttpHeaderNames.SEC_WEBSOCKET_ACCEPT,
            HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS,
            HttpHeaderNames.SEC_WEBSOCKET_KEY,
            HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL,
            HttpHeaderNames.SEC_WEBSOCKET_VERSION,
            HttpHeaderNames.SERVER,
            HttpHeaderNames.SET_COOKIE,
            AsciiString.cached("strict-transport-security"),
            HttpHeaderNames.TE,
            HttpHeaderNames.TRAILER,
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.UPGRADE,
            HttpHeaderNames.UPGRADE_INSECURE_REQUESTS,
            HttpHeaderNames.USER_AGENT,
            HttpHeaderNames.VARY,
            HttpHeaderNames.VIA,
            HttpHeaderNames.WWW_AUTHENTICATE,
            AsciiString.cached("x-content-type-options"),
            AsciiString.cached("x-forwarded-for"),
            HttpHeaderNames.X_FRAME_OPTIONS,
            AsciiString.cached("x-powered-by"),
            HttpHeaderNames.X_REQUESTED_WITH);

    /// By the two spellings that peers use, since an [AsciiString]'s hash is blind to case and its
    /// equality is not.
    private static final Map<AsciiString, AsciiString> KNOWN = known();

    private FieldNames() {}

    private static Map<AsciiString, AsciiString> known() {
        var known = new HashMap<AsciiString, AsciiString>(4 * COMMON.size());
        for (AsciiString name : COMMON) {
            known.put(name, name);
            known.put(capitalised(name), name);
        }
        return known;
    }

    private static AsciiString capitalised(AsciiString name) {
        byte[] bytes = name.toByteArray();
        for (int i = 0; i < bytes.length; i++) {
            if (i == 0 || bytes[i - 1] == '-') {
                bytes[i] = (byte) Character.toUpperCase(bytes[i]);
            }
        }
        return new AsciiString(bytes, false);
    }

    /// The name in lower case; the one object for it where it is common.
    public static AsciiString lowerCase(CharSequence name) {
        AsciiString text = AsciiString.of(name);
        AsciiString known = KNOWN.get(text);
        return known != null ? known : text.toLowerCase();
    }

    /// The same for the first `length` bytes, which are in lower case already; they are copied where the
    /// name is not common.
    public static AsciiString lowerCase(byte[] name, int length) {
        AsciiString known = KNOWN.get(new AsciiString(name, 0, length, false));
        return known != null ? known : new AsciiString(name, 0, length, true);
    }
}
