package io.postern.connector.serve;

import io.postern.tunnel.BackendSettings;

/// How backends are called in this process's log.
final class Backends {
    private Backends() {}

    static String name(BackendSettings backend) {
        String host = backend.host().indexOf(':') >= 0 ? "[" + backend.host() + "]" : backend.host();
        return backend.scheme() + "://" + host + ":" + backend.port();
    }
}
