package io.postern.bench;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/// Where a load goes: the name that stands in the URL, in SNI and in `Host`, always on 127.0.0.1.
///
/// @param fields sent with each request, such as the session's cookie
/// @param authority PEM file of the authority that vouches for the host
record Target(boolean isTls, String host, int port, String prefix, Map<String, String> fields, Path authority) {
    /// @param path relative, such as `1k`
    URI uri(String path) {
        return URI.create((isTls ? "https://" : "http://") + host + ":" + port + prefix + path);
    }

    /// Without the fields, since those hold a session.
    @Override
    public String toString() {
        return uri("").toString();
    }
}
