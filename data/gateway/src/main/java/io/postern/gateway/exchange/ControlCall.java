package io.postern.gateway.exchange;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.Future;
import io.postern.domain.OwnHost;

/// A small request that the gateway makes at a door of the control plane for itself, for example to
/// redeem an authorization code. Never blocks.
public interface ControlCall {
    /// The future is completed on `loop`; it fails when the door cannot be reached or answers badly.
    ///
    /// @param path path and query, origin form
    /// @param fields regular fields; content-length is added
    Future<ControlAnswer> call(
            EventLoop loop, OwnHost door, String method, String path, Http2Headers fields, String body);
}
