package io.postern.net.dial;

import io.postern.base.HostPort;
import io.postern.base.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// An HTTP proxy that lets CONNECT through, spoken to in the clear: what travels behind CONNECT is TLS of
/// ours. [#toString()] shows address and never the credentials.
///
/// @param address where it listens
/// @param credentials for Basic authentication (RFC 7617), sent with every CONNECT
public record HttpProxy(HostPort address, Optional<Credentials> credentials) {
    /// @param user may not hold a colon
    public record Credentials(String user, Secret password) {
        /// Reads `USER:PASSWORD`.
        ///
        /// @throws IllegalArgumentException that does not repeat the text
        public static Credentials parse(String text) {
            int colon = text.indexOf(':');
            if (colon <= 0 || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                throw new IllegalArgumentException("proxy credentials are one line, USER:PASSWORD");
            }
            return new Credentials(text.substring(0, colon), Secret.of(text.substring(colon + 1)));
        }

        /// The value of Proxy-Authorization.
        String header() {
            byte[] pair = (user + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(pair);
        }
    }

    private static final int PORT_DEFAULT = 80;

    /// Reads `http://[USER:PASSWORD@]HOST[:PORT]`; what is percent-encoded in user and password is decoded.
    ///
    /// @throws IllegalArgumentException that says what is understood, without the credentials
    public static HttpProxy parse(String text) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw wrong(text);
        }
        boolean isBare = (uri.getRawPath() == null || uri.getRawPath().matches("/?"))
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null;
        if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || !isBare || uri.getPort() == 0) {
            throw wrong(text);
        }
        String host = uri.getHost().replace("[", "").replace("]", "");
        Optional<Credentials> credentials = Optional.ofNullable(uri.getRawUserInfo())
                .map(raw -> Credentials.parse(URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8)));
        return new HttpProxy(new HostPort(host, uri.getPort() < 0 ? PORT_DEFAULT : uri.getPort()), credentials);
    }

    public HttpProxy with(Credentials other) {
        return new HttpProxy(address, Optional.of(other));
    }

    /// The text of a proxy's URL with user and password struck out, for messages.
    public static String redacted(String text) {
        int at = text.lastIndexOf('@');
        int scheme = text.indexOf("://");
        return at < 0
                ? text
                : text.substring(0, scheme < 0 || scheme > at ? 0 : scheme + 3) + "***" + text.substring(at);
    }

    @Override
    public String toString() {
        return "http://" + address;
    }

    /// Without a cause: the URI parser's message repeats the text.
    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "'" + redacted(text) + "' is no proxy address; it must be http://HOST:PORT (the proxy itself is spoken"
                        + " to in the clear, so https:// and socks:// are not understood)");
    }
}
