package io.postern.gateway.route;

import io.postern.domain.snapshot.Snapshot;
import io.postern.gateway.exchange.Route;
import java.util.function.Predicate;

/// Finds what a request is for. Immutable and thread-safe; one per snapshot.
public final class Router {
    public Router(Snapshot snapshot) {}

    /// @param authority host and optional port as sent
    /// @param target path and query as sent
    /// @param coveredByCertificate whether the certificate presented on this connection is good for a canonical host
    public Route route(String authority, String target, Predicate<String> coveredByCertificate) {
        return coveredByCertificate.test(authority) ? new Route.Nowhere() : new Route.Misdirected();
    }
}
