package io.postern.gateway.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.base.Secret;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Takes secrets out of what a trace records. Fields are shown when they are known to hold none; of every other, of
/// cookies, and of what stands in a query or fragment, the name stays and the value becomes a mark such as
/// `(blanked-43-9f3c)`: its length, and four digits that are the same where the value is the same, within one
/// trace. So one sees whether a cookie changed on its way, and not what it is.
///
/// Confined to one exchange.
final class Blanking {
    /// Longer values are cut.
    static final int CHARACTERS_MAX = 1_024;

    private static final Set<String> SHOWN = Set.of(
            "accept",
            "accept-charset",
            "accept-encoding",
            "accept-language",
            "accept-ranges",
            "access-control-allow-credentials",
            "access-control-allow-headers",
            "access-control-allow-methods",
            "access-control-allow-origin",
            "access-control-expose-headers",
            "access-control-max-age",
            "access-control-request-headers",
            "access-control-request-method",
            "age",
            "allow",
            "cache-control",
            "connection",
            "content-disposition",
            "content-encoding",
            "content-language",
            "content-length",
            "content-range",
            "content-security-policy",
            "content-security-policy-report-only",
            "content-type",
            "cross-origin-embedder-policy",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
            "date",
            "dnt",
            "etag",
            "expect",
            "expires",
            "forwarded",
            "host",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "keep-alive",
            "last-modified",
            "origin",
            "permissions-policy",
            "pragma",
            "priority",
            "range",
            "referrer-policy",
            "retry-after",
            "sec-ch-ua",
            "sec-ch-ua-mobile",
            "sec-ch-ua-platform",
            "sec-fetch-dest",
            "sec-fetch-mode",
            "sec-fetch-site",
            "sec-fetch-user",
            "sec-websocket-extensions",
            "sec-websocket-version",
            "server",
            "server-timing",
            "strict-transport-security",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "upgrade-insecure-requests",
            "user-agent",
            "vary",
            "via",
            "x-content-type-options",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-prefix",
            "x-forwarded-proto",
            "x-frame-options",
            "x-powered-by",
            "x-real-ip",
            "x-requested-with",
            "x-robots-tag",
            "x-ua-compatible",
            "x-xss-protection");

    /// Of a URL, with or without what stands before its path.
    private static final Set<String> URLS = Set.of("location", "content-location", "referer");

    /// What stands behind the name of a scheme.
    private static final Set<String> CREDENTIALS =
            Set.of("authorization", "proxy-authorization", "www-authenticate", "proxy-authenticate");

    private static final Set<String> COOKIE_ATTRIBUTES =
            Set.of("path", "domain", "expires", "max-age", "samesite", "priority");

    private static final Pattern PATH_PARAMETER = Pattern.compile("(;[^;/=]*=)([^;/]+)");
    private static final Pattern USER_INFORMATION = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*:)?//([^/]*)@");
    /// Some applications put a token where none belongs.
    private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]+\\.[\\w-]*\\.[\\w.-]*");

    private final Mac mac;

    Blanking(Secret markKey) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(markKey.bytes(), "HmacSHA256"));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    String field(String name, String value) {
        String known = name.toLowerCase(Locale.ROOT);
        if (known.equals("cookie")) {
            return cut(Stream.of(value.split(";", -1)).map(this::cookie).collect(Collectors.joining("; ")));
        }
        if (known.equals("set-cookie")) {
            return cut(setCookie(value));
        }
        if (URLS.contains(known)) {
            return url(value);
        }
        if (CREDENTIALS.contains(known)) {
            int scheme = value.indexOf(' ');
            return scheme < 0 ? mark(value) : value.substring(0, scheme + 1) + mark(value.substring(scheme + 1));
        }
        return SHOWN.contains(known) ? cut(withoutTokens(value)) : mark(value);
    }

    /// Path and names stay; values of the query, of parameters in the path, fragment and user information do not.
    String url(String url) {
        int fragment = url.indexOf('#');
        String rest = fragment < 0 ? url : url.substring(0, fragment);
        int query = rest.indexOf('?');
        String path = query < 0 ? rest : rest.substring(0, query);
        path = USER_INFORMATION
                .matcher(path)
                .replaceFirst(m -> (m.group(1) == null ? "" : m.group(1)) + "//" + mark(m.group(2)) + "@");
        path = PATH_PARAMETER.matcher(path).replaceAll(m -> m.group(1) + mark(m.group(2)));
        var blanked = new StringBuilder(withoutTokens(path));
        if (query >= 0) {
            blanked.append('?').append(query(rest.substring(query + 1)));
        }
        if (fragment >= 0) {
            blanked.append('#').append(mark(url.substring(fragment + 1)));
        }
        return cut(blanked.toString());
    }

    /// What has no name may be a secret as a whole.
    private String query(String query) {
        return Stream.of(query.split("&", -1))
                .map(pair -> {
                    int equals = pair.indexOf('=');
                    return equals < 0 ? mark(pair) : pair.substring(0, equals + 1) + mark(pair.substring(equals + 1));
                })
                .collect(Collectors.joining("&"));
    }

    private String cookie(String pair) {
        String text = pair.strip();
        int equals = text.indexOf('=');
        return equals < 0 ? mark(text) : text.substring(0, equals + 1) + mark(text.substring(equals + 1));
    }

    private String setCookie(String field) {
        String[] parts = field.split(";", -1);
        var blanked = new ArrayList<>(List.of(cookie(parts[0])));
        for (int i = 1; i < parts.length; i++) {
            String attribute = parts[i].strip();
            int equals = attribute.indexOf('=');
            boolean known = equals < 0
                    || COOKIE_ATTRIBUTES.contains(
                            attribute.substring(0, equals).strip().toLowerCase(Locale.ROOT));
            blanked.add(known ? attribute : cookie(attribute));
        }
        return String.join("; ", blanked);
    }

    private String withoutTokens(String text) {
        return text.contains("eyJ") ? TOKEN.matcher(text).replaceAll(m -> mark(m.group())) : text;
    }

    private String mark(String value) {
        if (value.isEmpty()) {
            return "";
        }
        byte[] code = mac.doFinal(value.getBytes(UTF_8));
        return "(blanked-" + value.length() + '-' + HexFormat.of().formatHex(code, 0, 2) + ')';
    }

    private static String cut(String text) {
        return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX) + "(cut)";
    }
}
