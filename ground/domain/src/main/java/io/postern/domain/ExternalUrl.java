package io.postern.domain;

import java.net.URI;
import java.util.Locale;

/// Where users reach an application (PUB-1 to PUB-5). Stored without the listener's port: a URL under
/// the base domain follows the port on which the service listens (see [#at(int)]).
///
/// @param scheme `https`, or `http` for a passthrough application
/// @param path begins and ends with `/`
public record ExternalUrl(String scheme, ExternalHost host, String path) {
    public ExternalUrl {
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException(
                    "external URL scheme must be https or http, not '" + scheme + "' (PUB-1)");
        }
        path = UrlPaths.folder("external URL", path);
    }

    /// Reads `https://host/path/`; a missing trailing slash is added; a port is refused (PUB-4).
    ///
    /// @throws IllegalArgumentException with a sentence that names the rule
    public static ExternalUrl parse(String text) {
        UrlPaths.Parsed parsed = UrlPaths.parse("external URL", text);
        URI uri = parsed.uri();
        if (uri.getPort() != -1) {
            throw new IllegalArgumentException("external URL '" + text
                    + "' names a port; https is always on 443 and http on 80 for users (PUB-4)");
        }
        return new ExternalUrl(
                uri.getScheme().toLowerCase(Locale.ROOT), new ExternalHost(parsed.host()), UrlPaths.orRoot(uri));
    }

    /// The same with another host.
    public ExternalUrl at(ExternalHost otherHost) {
        return new ExternalUrl(scheme, otherHost, path);
    }

    /// The URL as users type it when the service is reached on `publicPort`.
    public String at(int publicPort) {
        return origin(publicPort) + path;
    }

    /// Scheme, host and, unless it is the scheme's own, port.
    public String origin(int publicPort) {
        boolean plain = publicPort == (scheme.equals("https") ? 443 : 80);
        return scheme + "://" + host + (plain ? "" : ":" + publicPort);
    }

    @Override
    public String toString() {
        return scheme + "://" + host + path;
    }
}
