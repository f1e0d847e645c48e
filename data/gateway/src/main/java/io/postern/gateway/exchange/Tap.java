package io.postern.gateway.exchange;

import io.netty.handler.codec.http2.Http2Headers;

/// Looks on as an exchange passes, on its loop. Heads are somebody else's: what is to be kept must be copied.
public interface Tap {
    /// Of nearly every exchange.
    Tap NONE = new Tap() {};

    /// As it goes into the tunnel, pseudo-fields included.
    default void toBackend(Http2Headers head) {}

    /// The final head as it came out of the tunnel.
    default void fromBackend(Http2Headers head) {}

    default void bodyFromBackend(int bytes) {}

    default void toClient(Http2Headers head) {}
}
