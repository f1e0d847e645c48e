package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;

/// One request on its way over a connection to a backend, and its answer coming back: in HTTP/1.1 the connection
/// itself ([BackendConnection]), in HTTP/2 a stream of one that others use too ([BackendStream]). Nothing is read
/// without being asked for. Confined to the event loop.
interface BackendExchange {
    /// How an exchange was lost before its answer was complete.
    enum Loss {
        /// The connection, or the stream, ended; nobody knows whether the request was acted on.
        ENDED,
        /// As that, of a connection which others had used before: it may have ended just as it was used again.
        ENDED_REUSED,
        /// The backend has not acted on the request: RFC 9113 §8.7.
        UNPROCESSED,
        /// As that, and wants HTTP/1.1 for it: RFC 9113 §7.
        HTTP1_WANTED,
        /// For the certificate that we showed, or did not show.
        REFUSED_US
    }

    /// What the exchange gets to know, in wire order.
    interface Listener {
        /// An informational answer (1xx, not 101).
        void onInformational(Http2Headers head);

        /// @param ends the answer has no body
        void onHead(Http2Headers head, boolean ends);

        /// A piece of the body. The listener owns the buffer.
        void onBody(ByteBuf bytes);

        /// The answer is complete. The listener says goodbye by [BackendExchange#release(boolean)].
        ///
        /// @param trailers perhaps empty
        void onEnd(Http2Headers trailers);

        /// The backend takes a WebSocket. The listener makes a pipe of the connection.
        void onSwitched(Http2Headers head, BackendConnection connection);

        /// What the peer sent in this turn is delivered: flush, and read again when there is room.
        void onBackendReadComplete();

        void onBackendWritable();

        /// What came is no answer; the exchange is over.
        ///
        /// @param what follows the backend's name in a sentence
        void onFault(String what);

        /// The exchange is over.
        void onLost(Loss how);
    }

    /// Sends the request's head. Once, before all else; flush and read then.
    void begin(BackendRequest request, Listener listener);

    /// Sends a piece of the body. Owns the bytes.
    void write(ByteBuf bytes, boolean last);

    /// Ends the body.
    void writeTrailers(Http2Headers trailers);

    void flush();

    void read();

    boolean isWritable();

    /// The backend wanted to see a certificate of ours, and there was none to show.
    boolean wantedCertificate();

    /// As ALPN calls it.
    String protocol();

    /// Ends the exchange; the listener hears no more. A second call does nothing.
    ///
    /// @param whole the request went out and the answer came in whole, so the connection may serve another
    void release(boolean whole);
}
