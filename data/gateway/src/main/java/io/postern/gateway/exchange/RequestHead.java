package io.postern.gateway.exchange;

import io.netty.handler.codec.http2.Http2Headers;

/// The head of a request, the same for HTTP/1.1 and HTTP/2: regular fields in lower case, pseudo-fields
/// taken out. The edge has already refused what is malformed (RFC 9112, RFC 9113 §8.2).
///
/// @param method as sent
/// @param authority host and optional port as sent, not yet canonical
/// @param target path and query exactly as sent (origin form), or `*`
/// @param fields regular fields; the exchange owns them and may change them
/// @param webSocket an HTTP/1.1 Upgrade to websocket or an extended CONNECT (RFC 8441)
/// @param bodyExpected false when the request ended with its head
public record RequestHead(
        String method, String authority, String target, Http2Headers fields, boolean webSocket, boolean bodyExpected) {}
