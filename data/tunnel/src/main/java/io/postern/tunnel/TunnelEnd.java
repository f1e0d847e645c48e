package io.postern.tunnel;

import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import javax.net.ssl.SSLException;

/// Why a tunnel ended, or never began.
///
/// @param detail a sentence for the log, without secrets; may be empty
public record TunnelEnd(Cause cause, String detail) {

    /// Metric label and log key are the wire name, which is also the debug data of a GOAWAY.
    public enum Cause {
        /// This end drained and the last stream has ended.
        DRAINED("drained"),
        /// The other end asked to drain, and the last stream has ended.
        PEER_DRAINED("peer-drained"),
        /// The process stops, or somebody decided so.
        STOPPED("stopped"),
        /// The connection ended without a word.
        LOST("lost"),
        /// No byte for twice the keep-alive (§5).
        DEAD("dead"),
        /// The other end broke the protocol.
        PROTOCOL("protocol"),
        /// No common version (§2).
        VERSION("version"),
        /// The hello or its answer did not come in time.
        HELLO_TIMEOUT("hello-timeout"),
        /// The service does not know the certificate (§1).
        UNKNOWN_CERTIFICATE("unknown-certificate"),
        /// The connector was deleted, or its certificate has expired.
        IDENTITY_GONE("identity-gone"),
        /// An administrator has disabled the connector.
        DISABLED("disabled"),
        /// Dialling: the service's name does not resolve.
        RESOLVE("resolve"),
        /// Dialling: no TCP connection.
        CONNECT("connect"),
        /// Dialling: the proxy on the way cannot be reached or does not let us through.
        PROXY("proxy"),
        /// Dialling: the handshake failed, on either side's certificate.
        TLS("tls"),
        /// Dialling: another authority's certificate; TLS is opened on the way (NET-2), or it is another service.
        TLS_OPENED("tls-opened"),
        /// Dialling: the service's certificate is not valid at this machine's time.
        CLOCK("clock"),
        /// Dialling: the other end does not speak this ALPN id.
        NO_TUNNELS("no-tunnels");

        private final String wireName;

        Cause(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    public static TunnelEnd of(Cause cause) {
        return new TunnelEnd(cause, "");
    }

    /// What an exception on the connection means.
    public static TunnelEnd of(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SSLException) {
                return new TunnelEnd(Cause.TLS, String.valueOf(t.getMessage()));
            }
            if (t instanceof Http2Exception) {
                return new TunnelEnd(Cause.PROTOCOL, String.valueOf(t.getMessage()));
            }
            if (t instanceof IOException) {
                return new TunnelEnd(Cause.LOST, String.valueOf(t.getMessage()));
            }
        }
        return new TunnelEnd(Cause.PROTOCOL, failure.toString());
    }

    @Override
    public String toString() {
        return detail.isEmpty() ? cause.wireName() : cause.wireName() + ": " + detail;
    }
}
