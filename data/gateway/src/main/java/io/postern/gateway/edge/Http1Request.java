package io.postern.gateway.edge;

import io.postern.gateway.exchange.RequestHead;

/// A request head as HTTP/1.1 brought it, with what only the connection needs to know.
///
/// @param keepAlive the connection may carry another request (RFC 9112 §9.3)
/// @param http10 answer without chunks and without 1xx
/// @param expectsContinue the client waits for 100 before it sends the body (RFC 9110 §10.1.1)
/// @param webSocketKey value of Sec-WebSocket-Key; empty when this is no WebSocket
record Http1Request(
        RequestHead head, boolean keepAlive, boolean http10, boolean expectsContinue, String webSocketKey) {}
