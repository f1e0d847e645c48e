package io.postern.run.connector;

import io.postern.base.HostPort;
import java.net.URI;
import java.net.URISyntaxException;

/// The service's address as an option says it.
public final class Service {
    private Service() {}

    /// Reads `https://connect.example.com[:port]`.
    ///
    /// @throws IllegalArgumentException with a sentence that names the text and the form expected
    public static HostPort parse(String text) {
        try {
            URI uri = new URI(text);
            boolean isBare = (uri.getRawPath() == null || uri.getRawPath().matches("/?"))
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getRawUserInfo() == null;
            if ("https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && isBare && uri.getPort() != 0) {
                String host = uri.getHost().replace("[", "").replace("]", "");
                return new HostPort(host, uri.getPort() < 0 ? 443 : uri.getPort());
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IllegalArgumentException(wrong(text), e);
        }
        throw new IllegalArgumentException(wrong(text));
    }

    private static String wrong(String text) {
        return "--service is '" + text + "' but must be https://HOST or https://HOST:PORT, for example"
                + " https://connect.example.com";
    }
}
