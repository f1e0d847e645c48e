package io.postern.gateway.exchange;

import io.netty.handler.codec.http2.Http2Headers;

/// A complete answer of the control plane to a call that the gateway makes for itself.
public record ControlAnswer(int status, Http2Headers fields, String body) {}
