package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.tunnel.TunnelFailure;

/// What was made for one sending of one request. Confined to the stream's event loop.
public interface SignedOn {
    /// Into the request's head, in place of what the client said there. Once, before the head goes out.
    void addTo(Http2Headers head);

    /// Takes out of the head what [#addTo] put in, before another is made.
    default void takeFrom(Http2Headers head) {
        // most set a field that the next one sets too
    }

    /// Whether some backends take the rest of the connection for this user's once they have believed the proof
    /// (IIS does, with tickets): then it carries nobody else's requests.
    default boolean bindsConnection() {
        return false;
    }

    /// Looks at the head of the backend's final answer, and may change it. Once.
    Verdict onAnswer(Http2Headers head);

    /// The request ended without an answer to look at. Once, in place of [#onAnswer].
    default void onLost() {
        // most learn nothing from that
    }

    /// Looks at a piece of the answer's body as it passes. Reads it where it lies, and moves none of its indices.
    default void onBody(ByteBuf piece) {
        // most judge by the head alone
    }

    /// As whom, for the session log (24029); nothing that would let anybody in.
    default String user() {
        return "";
    }

    /// What becomes of the answer.
    sealed interface Verdict {
        Verdict PASS = new Pass();
        Verdict AGAIN = new Again();

        record Pass() implements Verdict {}

        /// The backend wants another proof: prepare afresh and send once more. Where the request cannot be repeated
        /// the answer passes, or is refused if it is a 401.
        record Again() implements Verdict {}

        record Refused(TunnelFailure failure, String why) implements Verdict {}
    }
}
