package io.postern.domain;

import java.util.regex.Pattern;

/// The forms a host may take in a URL.
public final class HostNames {
    private static final Pattern NUMERIC = Pattern.compile("(0x[0-9a-f]*|[0-9]+)(\\.(0x[0-9a-f]*|[0-9]+))*");

    private HostNames() {}

    /// True for a lower-case domain name; false for IPv4 in any spelling that resolvers accept and for IPv6.
    public static boolean isDomainName(String host) {
        return isLabels(host)
                && !(isDigit(host.charAt(0)) && NUMERIC.matcher(host).matches());
    }

    /// RFC 1123 §2.1 labels, underscore tolerated inside since internal names use it. Looked through by hand: it is
    /// asked for every request.
    private static boolean isLabels(String host) {
        int length = host.length();
        if (length == 0 || length > 253) {
            return false;
        }
        int start = 0;
        for (int i = 0; i <= length; i++) {
            char c = i < length ? host.charAt(i) : '.';
            if (c == '.') {
                int label = i - start;
                if (label < 1 || label > 63 || host.charAt(start) == '-' || host.charAt(i - 1) == '-') {
                    return false;
                }
                start = i + 1;
            } else if (!isDigit(c) && (c < 'a' || c > 'z') && c != '-' && c != '_') {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /// True for `*.` and a domain name: the `*` stands for what is left of it, one label at least (WILD-1).
    public static boolean isWildcard(String host) {
        return host.startsWith("*.") && isDomainName(host.substring(2));
    }

    /// Whether a host lies under a wildcard: `a.corp` and `b.a.corp` under `*.corp`, `corp` does not.
    public static boolean isUnder(String wildcard, String host) {
        return host.length() > wildcard.length() - 1 && host.endsWith(wildcard.substring(1)) && !isWildcard(host);
    }

    /// True for an address literal (dotted IPv4 or IPv6 without brackets).
    public static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || NUMERIC.matcher(host).matches();
    }
}
