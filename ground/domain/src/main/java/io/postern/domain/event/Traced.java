package io.postern.domain.event;

import io.postern.domain.ConnectorId;
import io.postern.domain.event.AccessEvent.Stages;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One exchange that a trace recorded, on both sides of the gateway. Secrets are blanked already, and bodies are
/// sizes only.
///
/// @param trace its id
/// @param client what the user agent sent, and got
/// @param backend what went on to the application, and came from it; empty where the gateway answered itself
/// @param missed exchanges before this one that were not recorded, as too many were open
public record Traced(
        String trace,
        String exchange,
        Instant time,
        String clientAddress,
        Side client,
        Optional<Side> backend,
        Optional<ConnectorId> connector,
        Optional<Cause> cause,
        Stages micros,
        int missed) {
    /// In the order in which they were sent; a name may come several times.
    public record Field(String name, String value) {}

    /// @param url absolute
    /// @param status 0 where no answer came
    /// @param requestBytes of the body; -1 where they are not known, as a WebSocket is still open
    public record Side(
            String httpVersion,
            String method,
            String url,
            List<Field> request,
            long requestBytes,
            int status,
            List<Field> response,
            long responseBytes) {
        public Side {
            request = List.copyOf(request);
            response = List.copyOf(response);
        }
    }
}
