package io.postern.domain;

import java.net.URI;
import java.util.Locale;

/// Where a connector reaches the application inside (PUB-1 to PUB-5).
///
/// @param scheme `http` or `https`
/// @param host domain name, single label, wildcard or address literal (IPv6 without brackets), lower case
/// @param port 1 to 65535
/// @param path begins and ends with `/`
public record InternalUrl(String scheme, String host, int port, String path) {
    public InternalUrl {
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException(
                    "internal URL scheme must be http or https, not '" + scheme + "' (PUB-1)");
        }
        host = host.toLowerCase(Locale.ROOT);
        if (!HostNames.isDomainName(host) && !HostNames.isAddress(host) && !HostNames.isWildcard(host)) {
            throw new IllegalArgumentException("'" + host + "' is not a host name (PUB-3)");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is outside 1 to 65535 (PUB-4)");
        }
        path = UrlPaths.folder("internal URL", path);
    }

    /// Reads `http://host:port/path/`; a missing trailing slash is added.
    ///
    /// @throws IllegalArgumentException with a sentence that names the rule
    public static InternalUrl parse(String text) {
        UrlPaths.Parsed parsed = UrlPaths.parse("internal URL", text);
        URI uri = parsed.uri();
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int port = uri.getPort() != -1 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        String host = parsed.host();
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new InternalUrl(scheme, host, port, UrlPaths.orRoot(uri));
    }

    /// `http://*.corp/`: stands for every host below (WILD-1).
    public boolean isWildcard() {
        return host.startsWith("*");
    }

    /// The same with another host.
    public InternalUrl at(String otherHost) {
        return new InternalUrl(scheme, otherHost, port, path);
    }

    /// An address literal works but is advised against (PUB-3): names survive a move.
    public boolean isBareAddress() {
        return HostNames.isAddress(host);
    }

    /// Host and, unless it is the scheme's own, port: the `Host` field's value.
    public String authority() {
        String h = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (scheme.equals("https") ? 443 : 80) ? h : h + ":" + port;
    }

    public String origin() {
        return scheme + "://" + authority();
    }

    @Override
    public String toString() {
        return origin() + path;
    }
}
