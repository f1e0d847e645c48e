package io.postern.gateway.edge;

import java.time.Duration;

/// What a stranger may cost us. Beside these bounds, which may be set, stand fixed ones:
///
/// | what | bound | beyond |
/// |---|---|---|
/// | ClientHello | 16 KiB, 10 s; handshake after it 10 s (`ClientHelloRouter`) | closed |
/// | PROXY header | 2 KiB (`ProxyHeader`) | closed |
/// | fields of a head | 256 (`HeadBuilder`, `Http2Heads`) | 431 |
/// | HTTP/1.1 chunk extensions and trailers | 16 KiB each (`Http1Reader`) | cut |
/// | HTTP/1.1 body after its answer | 256 KiB, 2 s (`Http1Connection`) | closed |
/// | HTTP/2 streams at once | 128 for each connection (`Http2Codecs`, and the rest of these) | stream refused |
/// | HTTP/2 frame | 16 KiB | GOAWAY |
/// | HTTP/2 header list, decoded | 64 KiB, nothing kept beyond | 431 and reset |
/// | HTTP/2 resets by the client | 200 in 30 s | GOAWAY |
/// | HTTP/2 resets that the client made us send | 200 in 30 s | GOAWAY |
/// | HTTP/2 empty DATA frames in a row | 2 | GOAWAY |
/// | HTTP/2 CONTINUATION frames below 8 KiB in a head | 16 | GOAWAY |
/// | HTTP/2 body bytes not yet passed on | 64 KiB for each stream, so 8 MiB for each connection | window closed |
///
/// A stream whose body is passed on as fast as it comes may be given more, up to 8 MiB, out of the process's
/// `WindowBudget`; while memory is short, new ones get 16 KiB (docs/architecture/flow-control.md).
///
/// @param connectionsMax open connections of this listener; beyond it the oldest unfinished handshake gives way to
///     a new one, and where there is none the new one is closed
/// @param connectionsPerAddressMax the same per client address; trusted proxies may have as many as they like
/// @param handshakesMax connections whose handshake is not done, spread over the loops; beyond it the oldest gives way
/// @param headBytesMax request line and fields; 431 beyond
/// @param headTimeout from the first byte of a head to its last
/// @param idleTimeout connection without an exchange; on HTTP/2 neither PING nor half a head keeps it
/// @param stallTimeout an exchange that waits for its client: for more of the request's body, or until enough
///     of the answer is taken to write on
/// @param controlFramesMax PING, SETTINGS, PRIORITY and unknown frames per 10 s of an HTTP/2 connection
public record EdgeLimits(
        int connectionsMax,
        int connectionsPerAddressMax,
        int handshakesMax,
        int headBytesMax,
        Duration headTimeout,
        Duration idleTimeout,
        Duration stallTimeout,
        int controlFramesMax) {

    public static final EdgeLimits DEFAULTS = new EdgeLimits(
            20_000,
            2_000, // whole offices come from one address
            4_000,
            64 * 1024,
            Duration.ofSeconds(30),
            Duration.ofSeconds(75),
            Duration.ofMinutes(2),
            1_000);

    public EdgeLimits withConnections(int max, int perAddressMax, int handshakes) {
        return new EdgeLimits(
                max, perAddressMax, handshakes, headBytesMax, headTimeout, idleTimeout, stallTimeout, controlFramesMax);
    }

    /// @param head see `headTimeout`, and so on
    public EdgeLimits withTimes(Duration head, Duration idle, Duration stall) {
        return new EdgeLimits(
                connectionsMax,
                connectionsPerAddressMax,
                handshakesMax,
                headBytesMax,
                head,
                idle,
                stall,
                controlFramesMax);
    }
}
