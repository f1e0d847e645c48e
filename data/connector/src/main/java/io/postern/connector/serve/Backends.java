package io.postern.connector.serve;

import io.postern.tunnel.BackendSettings;

/// How backends are spoken of in this process's log.
final class Backends {
    private Backends() {}

    static String name(BackendSettings backend) {
        String host = backend.host().indexOf(':') >= 0 ? "[" + backend.host() + "]" : backend.host();
        return backend.scheme() + "://" + host + ":" + backend.port();
    }

    /// Whether a server that asked for a certificate of ours and got none says so by this status: 495 and 496 are
    /// nginx's own, which it shows as 400.
    static boolean missesCertificate(int status) {
        return status == 400 || status == 403 || status == 495 || status == 496;
    }

    /// A request without an answer, in words.
    static String lost(BackendSettings backend, BackendExchange.Loss how) {
        return name(backend)
                + switch (how) {
                    case REFUSED_US -> " does not take this connector's certificate, or wants one";
                    case UNPROCESSED -> " refuses requests on its connections";
                    case HTTP1_WANTED -> " wants this request in HTTP/1.1";
                    case ENDED, ENDED_REUSED -> " closed the connection before it answered";
                };
    }

    /// That, in words.
    static String missedCertificate(BackendSettings backend, int status) {
        return name(backend) + " asks for a client certificate, and without one answers " + status;
    }
}
