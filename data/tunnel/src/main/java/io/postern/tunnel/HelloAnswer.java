package io.postern.tunnel;

import java.time.Instant;

/// What a connector says of itself (docs/protocol/tunnel.md §2). Claims, for display only: identity comes
/// from the certificate.
public record HelloAnswer(int protocol, String version, String machineName, String os, Instant startedAt) {
    public HelloAnswer {
        Checks.text("version", version, 200);
        Checks.text("machineName", machineName, 300);
        Checks.text("os", os, 300);
    }
}
