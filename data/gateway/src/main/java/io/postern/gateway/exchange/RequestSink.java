package io.postern.gateway.exchange;

import io.netty.handler.codec.http2.Http2StreamFrame;

/// Takes what the client sends after the head, and hears how the client fares. Called on the loop of the
/// client's connection only.
public interface RequestSink {
    /// A data frame or trailers; the sink owns it.
    void onRequestPart(Http2StreamFrame part);

    /// The client's side has given what it had: time to flush, and to ask for more.
    void onRequestReadComplete();

    /// The client takes bytes again.
    void onClientWritable();

    /// The client went away, or the answer was cut: nothing more can be written.
    void onClientGone();
}
