package io.postern.gateway.exchange;

import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.event.Cause;
import java.util.Optional;

/// A complete answer that the gateway makes itself: a redirect, an error page, a refusal.
///
/// @param outcome value of the access event and metric label, lower case with underscores
/// @param body text, sent as UTF-8
/// @param fields regular response fields; content-length is added by the edge
/// @param cause of a refusal or a failure, for administrators; empty where all is well
public record Answer(int status, Http2Headers fields, String body, String outcome, Optional<Cause> cause) {}
