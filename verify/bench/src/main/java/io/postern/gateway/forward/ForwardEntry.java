package io.postern.gateway.forward;

import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.snapshot.Place;
import io.postern.gateway.admit.Admission.Admitted;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.signon.OnwardFields;

/// Lets the micro-benchmarks at the fields that travel on.
public final class ForwardEntry {
    private ForwardEntry() {}

    /// The exchange's own fields, changed in place.
    public static Http2Headers toBackend(
            Exchange exchange, Admitted admitted, Route.Published route, Place.Inside inside) {
        return RequestFields.toBackend(exchange, admitted, route, inside, OnwardFields.NONE);
    }
}
