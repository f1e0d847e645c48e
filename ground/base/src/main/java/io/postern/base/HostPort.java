package io.postern.base;

import java.util.Locale;

/// A host name or address literal with a port. The host is kept in lower case; an IPv6 literal is
/// kept without its brackets.
///
/// @param host never blank
/// @param port 0 to 65535; 0 means "any free" where a listener is configured
public record HostPort(String host, int port) {
    public HostPort {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host is empty");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is outside 0 to 65535");
        }
        host = host.toLowerCase(Locale.ROOT);
    }

    /// Reads `host:port` or `[v6]:port`.
    ///
    /// @throws IllegalArgumentException with a sentence that names the text and the form expected
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            throw new IllegalArgumentException("'" + text + "' is not HOST:PORT, for example 127.0.0.1:8443");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' needs brackets around the IPv6 address, as in [::1]:8443");
        }
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' has no number after the colon", e);
        }
        return new HostPort(host, port);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
