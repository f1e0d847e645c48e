package io.postern.tunnel.dial;

import io.netty.channel.ChannelHandler;

/// Makes the handler of one exchange.
@FunctionalInterface
public interface StreamHandlerFactory {
    /// Called on the tunnel's loop for each exchange. The handler is added to the stream's pipeline, and
    /// the first thing it gets is `channelRead` of the request's `Http2HeadersFrame`; from then on it
    /// reads by itself (automatic reading is off). Look the backend up in `tunnel.backends()` there: the
    /// list may change during a long stream.
    ChannelHandler handler(DialledTunnel tunnel);
}
