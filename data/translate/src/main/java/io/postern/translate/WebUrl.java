package io.postern.translate;

import java.util.Locale;
import java.util.Optional;

/// An absolute http or https URL, taken apart just far enough to find its application.
///
/// @param origin canonical: lower case, without the scheme's own port, without a trailing dot
/// @param host canonical; IPv6 in brackets
/// @param path `/` where the URL has none
/// @param rest query and fragment with their marks, or empty
/// @param authorityEnd where the path begins in the text that was read
record WebUrl(String origin, String host, String path, String rest, int authorityEnd) {
    /// Empty for everything that is no plain absolute URL: other schemes, user information, bad ports.
    ///
    /// @param relativeScheme scheme of a reference that begins with `//`; empty: such a one is none
    static Optional<WebUrl> parse(String text, String relativeScheme) {
        int authority = text.indexOf("//") + 2;
        String scheme = authority < 2
                ? ""
                : authority == 2
                        ? relativeScheme
                        : text.substring(0, authority - 3).toLowerCase(Locale.ROOT);
        boolean web = scheme.equals("http") || scheme.equals("https");
        if (!web || (authority > 2 && text.charAt(authority - 3) != ':')) {
            return Optional.empty();
        }
        int pathStart = firstOf(text, authority, "/?#\\");
        int pathEnd = firstOf(text, pathStart, "?#");
        String path = pathStart == pathEnd ? "/" : text.substring(pathStart, pathEnd);
        return canonical(scheme, text.substring(authority, pathStart))
                .filter(h -> path.startsWith("/"))
                .map(host ->
                        new WebUrl(scheme + "://" + host, withoutPort(host), path, text.substring(pathEnd), pathStart));
    }

    private static int firstOf(String text, int from, String marks) {
        int at = from;
        while (at < text.length() && marks.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static Optional<String> canonical(String scheme, String authority) {
        String host = authority;
        String port = "";
        int colon = authority.lastIndexOf(':');
        if (colon >= 0 && authority.indexOf(']', colon) < 0) {
            host = authority.substring(0, colon);
            port = authority.substring(colon + 1);
        }
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        boolean ipv6 = host.startsWith("[") && host.endsWith("]");
        boolean isHost = ipv6
                ? consistsOf(host.substring(1, host.length() - 1), "abcdefABCDEF:.")
                : consistsOf(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-");
        if (!isHost || port.length() > 5 || (!port.isEmpty() && !consistsOf(port, ""))) {
            return Optional.empty();
        }
        boolean plain = port.isEmpty() || port.equals(scheme.equals("https") ? "443" : "80");
        return Optional.of(host.toLowerCase(Locale.ROOT) + (plain ? "" : ":" + port));
    }

    /// Of digits and these characters; not empty.
    private static boolean consistsOf(String text, String more) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && more.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static String withoutPort(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon < 0 || authority.indexOf(']', colon) >= 0 ? authority : authority.substring(0, colon);
    }
}
