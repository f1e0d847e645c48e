package io.postern.domain.health;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a probe of an application through a connector came to. The wire name is what API, command line and
/// metrics say.
public enum Verdict {
    /// The backend answered with a status below 500: it is reached, whatever it thinks of a stranger.
    OK("ok"),
    /// The backend answered with 500 or more.
    BAD_STATUS("bad-status"),
    /// The connector cannot resolve the backend's name.
    RESOLVE("resolve"),
    /// Refused or unreachable.
    CONNECT("connect"),
    /// No connection in the connector's time limit.
    CONNECT_TIMEOUT("connect-timeout"),
    /// The handshake failed for another reason than the five below.
    TLS("tls"),
    /// The connector does not trust who issued the backend's certificate.
    TLS_UNTRUSTED("tls-untrusted"),
    /// The backend's certificate has expired, or is not valid yet.
    TLS_EXPIRED("tls-expired"),
    /// The backend's certificate is for another name.
    TLS_NAME("tls-name"),
    /// The backend's certificate is none of those that are pinned.
    TLS_PIN("tls-pin"),
    /// The backend demands or refuses the connector's certificate, or the connector has none of that name.
    TLS_CLIENT_CERTIFICATE("tls-client-certificate"),
    /// The backend accepts connections and does not answer: half-open.
    FIRST_BYTE_TIMEOUT("first-byte-timeout"),
    /// The backend closed the connection before it answered.
    BACKEND_CLOSED("backend-closed"),
    /// What answers is not HTTP.
    PROTOCOL("protocol"),
    /// The connector's own allow list, or an address that is never allowed.
    NOT_PERMITTED("not-permitted"),
    /// The backend has as many connections as it may, and the queue is full.
    BUSY("busy"),
    /// The connector has not been told of this backend yet, or is stopping.
    NOT_READY("not-ready"),
    /// The connector took the request and said nothing in time.
    NO_ANSWER("no-answer"),
    /// The connector has no tunnel, or lost it during the probe.
    NO_TUNNEL("no-tunnel"),
    /// Not probed yet, not since the last change, or too long ago.
    UNKNOWN("unknown");

    private static final Map<String, Verdict> BY_WIRE_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Verdict::wireName, Function.identity()));

    private final String wireName;

    Verdict(String wireName) {
        this.wireName = wireName;
    }

    public static Optional<Verdict> of(String wireName) {
        return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
    }

    public String wireName() {
        return wireName;
    }
}
