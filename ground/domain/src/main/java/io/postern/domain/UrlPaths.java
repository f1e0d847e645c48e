package io.postern.domain;

import java.net.URI;
import java.net.URISyntaxException;

/// What the internal and the external URL have in common.
final class UrlPaths {
    private UrlPaths() {}

    /// @param host as written, a wildcard included, which no URI can hold (RFC 3986 §3.2.2)
    record Parsed(URI uri, String host) {}

    static Parsed parse(String what, String text) {
        if (text.matches("(?i)https?//.*")) {
            throw new IllegalArgumentException(what + " '" + text + "' lacks the colon after the scheme");
        }
        String plain = text.strip();
        int host = plain.indexOf("://") + 3;
        boolean wildcard = host > 2 && plain.startsWith("*.", host);
        if (wildcard) {
            plain = plain.substring(0, host) + plain.substring(host + 2);
        }
        URI uri = uri(what, text, plain);
        return new Parsed(uri, wildcard ? "*." + uri.getHost() : uri.getHost());
    }

    private static URI uri(String what, String text, String plain) {
        URI uri;
        try {
            uri = new URI(plain);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(what + " '" + text + "' is not a URL: " + e.getReason(), e);
        }
        if (uri.getRawAuthority() != null && uri.getRawAuthority().indexOf('*') >= 0) {
            throw new IllegalArgumentException(what + " '" + text
                    + "' has a '*' that is not the whole leftmost label; one wildcard is possible, as in"
                    + " https://*.apps.example/ (WILD-1)");
        }
        if (uri.getScheme() == null || uri.getRawAuthority() == null || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    what + " '" + text + "' must look like https://host/path/ with a valid host name");
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    what + " '" + text + "' must not carry a user name, a query or a fragment");
        }
        return uri;
    }

    static String orRoot(URI uri) {
        return uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    }

    /// A path that ends with a slash (PUB-2) and has one reading only.
    static String folder(String what, String path) {
        String result = path.endsWith("/") ? path : path + "/";
        if (!result.startsWith("/")
                || result.contains("//")
                || result.contains("/./")
                || result.contains("/../")
                || result.contains("\\")
                || result.contains(";")
                || result.contains("%")
                || !result.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(what + " path '" + path
                    + "' must be plain US-ASCII: no empty or dot segments, no backslash, ';' or percent-encoding");
        }
        return result;
    }
}
