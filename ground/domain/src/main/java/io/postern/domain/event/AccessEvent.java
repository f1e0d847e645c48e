package io.postern.domain.event;

import io.postern.domain.AppId;
import io.postern.domain.ConnectorId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.Optional;

/// One exchange, when it is over.
///
/// @param exchange id as on error pages and in the connector's log
/// @param outcome enum name in lower case, also the metric label: `forwarded`, `challenged`, `denied`, ...
/// @param status status sent to the client; 0 when it went away first
/// @param path path without the query, which may hold secrets
/// @param cause why it did not bring the backend's answer, or not all of it; empty where all went well
/// @param micros stages in microseconds since the request head was read; -1 where a stage was not reached
public record AccessEvent(
        Instant time,
        String exchange,
        String clientAddress,
        String method,
        String host,
        String path,
        Optional<AppId> application,
        Optional<UserId> user,
        Optional<ConnectorId> connector,
        String outcome,
        int status,
        Optional<Cause> cause,
        long requestBytes,
        long responseBytes,
        Stages micros) {
    /// @param admitted decision made
    /// @param forwarded stream to the connector opened
    /// @param firstByte response head received
    /// @param done last byte handed to the client's connection
    public record Stages(long admitted, long forwarded, long firstByte, long done) {}
}
