package io.postern.gateway.route;

import io.postern.domain.HostNames;

/// The host of a request in canonical form: lower case, one trailing dot removed, port checked and
/// dropped (RFC 3986 §3.2.2, §6.2.2.1). `a.example`, `A.EXAMPLE.` and `a.example:8443` are readings of
/// the same host.
public final class Authority {
    private Authority() {}

    /// The host, or an empty text where the authority is malformed or has more than one reading.
    /// An address literal is a valid host: nothing is published there, so it leads nowhere.
    public static String canonicalHost(String authority) {
        int end = authority.length();
        int colon = authority.lastIndexOf(':');
        if (colon >= 0 && authority.indexOf(']', colon) < 0) {
            if (!isPort(authority, colon + 1)) {
                return "";
            }
            end = colon;
        }
        if (end > 0 && authority.charAt(end - 1) == '.') {
            end--;
        }
        return end == 0 ? "" : lowerCase(authority, end);
    }

    /// False for user information, empty labels, escapes, non-ASCII and whatever else is no host.
    static boolean isHost(String canonical) {
        if (canonical.startsWith("[")) {
            return canonical.matches("\\[[0-9a-f:.]{2,45}]");
        }
        return canonical.indexOf(':') < 0 && (HostNames.isDomainName(canonical) || HostNames.isAddress(canonical));
    }

    private static boolean isPort(String text, int from) {
        int digits = text.length() - from;
        if (digits < 1 || digits > 5) {
            return false;
        }
        int port = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            port = port * 10 + c - '0';
        }
        return port >= 1 && port <= 65_535;
    }

    // String.toLowerCase would fold the Kelvin sign to 'k': only ASCII letters are folded here
    private static String lowerCase(String text, int end) {
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                var folded = new StringBuilder(text).delete(end, text.length());
                for (int j = i; j < end; j++) {
                    char d = folded.charAt(j);
                    if (d >= 'A' && d <= 'Z') {
                        folded.setCharAt(j, (char) (d + 32));
                    }
                }
                return folded.toString();
            }
        }
        return text.substring(0, end);
    }
}
