package io.postern.domain;

import java.util.regex.Pattern;

/// The forms a host may take in a URL.
public final class HostNames {
    // RFC 1123 §2.1 labels, underscore tolerated inside since internal names use it
    private static final Pattern LABELS =
            Pattern.compile("(?!-)[a-z0-9_-]{1,63}(?<!-)(\\.(?!-)[a-z0-9_-]{1,63}(?<!-))*");
    private static final Pattern NUMERIC = Pattern.compile("(0x[0-9a-f]*|[0-9]+)(\\.(0x[0-9a-f]*|[0-9]+))*");

    private HostNames() {}

    /// True for a lower-case domain name; false for IPv4 in any spelling that resolvers accept and for IPv6.
    public static boolean isDomainName(String host) {
        return host.length() <= 253
                && LABELS.matcher(host).matches()
                && !NUMERIC.matcher(host).matches();
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
