package io.postern.tunnel;

import java.time.Instant;
import java.util.Optional;

/// What a connector says of itself (docs/protocol/tunnel.md §2). Claims, for display only: identity comes
/// from the certificate.
///
/// @param process tells the processes of one connector apart, where an updater has given them names
/// @param trial the process has not been proved yet: no exchange of a user's may go through this tunnel
public record HelloAnswer(
        int protocol,
        String version,
        String machineName,
        String os,
        Instant startedAt,
        Optional<String> process,
        boolean trial) {
    public HelloAnswer {
        Checks.text("version", version, 200);
        Checks.text("machineName", machineName, 300);
        Checks.text("os", os, 300);
        process.ifPresent(id -> Checks.text("process", id, 200));
    }

    /// Of a connector that no updater runs.
    public HelloAnswer(int protocol, String version, String machineName, String os, Instant startedAt) {
        this(protocol, version, machineName, os, startedAt, Optional.empty(), false);
    }
}
