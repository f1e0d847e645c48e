package io.postern.gateway.exchange;

import io.postern.domain.ExternalHost;
import io.postern.domain.OwnHost;
import io.postern.domain.snapshot.PublishedApplication;

/// Where a request belongs, decided on the canonical form of its host and path.
public sealed interface Route {
    /// One of our own public hosts: the control plane answers and does its own checks.
    record Own(OwnHost host) implements Route {}

    /// A published application.
    ///
    /// @param host the canonical host
    /// @param reserved the path is below `/.postern/`: never forwarded
    record Published(ExternalHost host, PublishedApplication application, boolean reserved) implements Route {}

    /// Nothing is published there: the neutral 404 (PUB-9).
    record Nowhere() implements Route {}

    /// The host is not covered by the certificate that was presented: 421 (RFC 9110 §15.5.20).
    record Misdirected() implements Route {}

    /// Ambiguous or malformed: 400.
    ///
    /// @param why for our log and metrics, never for the client
    record Refused(String why) implements Route {}
}
