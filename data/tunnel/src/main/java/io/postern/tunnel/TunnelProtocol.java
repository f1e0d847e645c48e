package io.postern.tunnel;

import io.netty.util.AsciiString;

/// Names and limits of the tunnel protocol, version 1 (docs/protocol/tunnel.md).
public final class TunnelProtocol {
    public static final int VERSION = 1;

    /// ALPN id of tunnels (§1): HTTP/2 with client and server swapped against TCP.
    public static final String ALPN = "postern-tunnel/1";

    /// ALPN id of enrolment (§6): plain HTTP/1.1, the connector is the client.
    public static final String ENROLL_ALPN = "postern-enroll/1";

    /// `:scheme` and `:authority` of control messages (§2, §3); exchanges have `http` or `https`.
    public static final AsciiString CONTROL_SCHEME = AsciiString.cached("postern");

    public static final AsciiString CONTROL_AUTHORITY = AsciiString.cached("tunnel");
    public static final AsciiString HELLO_PATH = AsciiString.cached("/hello");
    public static final AsciiString BACKENDS_PATH = AsciiString.cached("/backends");

    public static final AsciiString STATUS_PATH = AsciiString.cached("/status");

    /// Request field (§4): which backend; the address comes from the list, never from the stream.
    public static final AsciiString BACKEND = AsciiString.cached("postern-backend");

    /// Request field (§4): the host to dial, where that of the backend is a wildcard; must lie under it.
    public static final AsciiString HOST = AsciiString.cached("postern-host");

    /// Request field (§4): id of the exchange in both logs.
    public static final AsciiString EXCHANGE = AsciiString.cached("postern-exchange");

    /// Request field (§4): how the connector signs the user in at the backend, a word and parameters.
    public static final AsciiString SIGN_ON = AsciiString.cached("postern-sign-on");

    /// Request field (§4): which client's connection it came on, where somebody signs in on that connection.
    public static final AsciiString AFFINITY = AsciiString.cached("postern-affinity");

    /// Request field (§4): this is a probe, so it takes a new connection to the backend; its value is the time
    /// limit for the first byte, in milliseconds.
    public static final AsciiString PROBE = AsciiString.cached("postern-probe");

    /// Answer field (§4): beside [#FAILURE], a sentence for logs and administrators.
    public static final AsciiString REASON = AsciiString.cached("postern-reason");

    /// Characters of [#REASON] at most.
    public static final int REASON_MAX = 300;

    /// Answer field (§4): wire name of a [TunnelFailure]; present when the connector made the answer.
    public static final AsciiString FAILURE = AsciiString.cached("postern-failure");

    /// Answer field (§4): `connect=<µs>,first-byte=<µs>`.
    public static final AsciiString TIMING = AsciiString.cached("postern-timing");

    /// Every field that only we may set; removed from what clients and backends send.
    public static final AsciiString FIELD_PREFIX = AsciiString.cached("postern-");

    /// `:protocol` of a WebSocket (RFC 8441 §5).
    public static final AsciiString WEBSOCKET = AsciiString.cached("websocket");

    /// Body of hello and backends, and of their answers (§7).
    public static final int CONTROL_BODY_BYTES_MAX = 4 * 1024 * 1024;

    /// Streams that a connector serves at once on one tunnel (§7): room for thousands of idle WebSockets. Requests
    /// that wait are bounded before, by the gateway's intake.
    public static final int STREAMS_MAX = 16_384;

    private TunnelProtocol() {}
}
