package io.postern.tunnel.dial;

import io.postern.net.FrameListener;
import io.postern.net.FrameStream;

/// Serves the exchanges that come through tunnels.
@FunctionalInterface
public interface StreamServer {
    /// Called on the tunnel's loop for each exchange. The first thing that the listener gets is the request's
    /// `Http2HeadersFrame`, which has been asked for; from then on it reads by itself. Look the backend up in
    /// `tunnel.backends()` there: the list may change during a long stream.
    FrameListener serve(DialledTunnel tunnel, FrameStream stream);
}
