package io.postern.domain;

/// Fields that the gateway adds to requests it forwards to the control plane. The control plane's
/// listener is reachable by the gateway only, and the gateway removes every `postern-` field that a
/// client sent, so these can be believed there.
public final class DoorFields {
    /// The client's address, without a port.
    public static final String CLIENT_ADDRESS = "postern-client-address";
    /// The exchange id that stands in logs and on error pages.
    public static final String EXCHANGE = "postern-exchange";
    /// The origin as the user agent sees it, for example `https://login.example.com:8443`.
    public static final String ORIGIN = "postern-origin";
    /// `tenantId/userId/sessionId` of a pre-authenticated user; absent on public hosts.
    public static final String SUBJECT = "postern-subject";
    /// SHA-256 of the verified client certificate in DER, hex; only on the connectors' door.
    public static final String CLIENT_CERTIFICATE = "postern-client-certificate";

    /// Which handshake brought the request, where it matters: [#ENROLL] or absent.
    public static final String DOOR = "postern-door";
    /// Value of [#DOOR] for a connection made with ALPN `postern-enroll/1`; nothing else may enrol.
    public static final String ENROLL = "enroll";
    /// Value of [#DOOR] for a question of the gateway itself, which nobody outside can put.
    public static final String EDGE = "edge";

    /// Prefix of all of them, and of every field that only we may set.
    public static final String PREFIX = "postern-";

    private DoorFields() {}
}
