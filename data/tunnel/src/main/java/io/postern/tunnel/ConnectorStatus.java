package io.postern.tunnel;

import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What a connector says of its machine and its work when it is asked (docs/protocol/tunnel.md §5). Claims,
/// for people to read; what a connector can reach is found out by probes, not by asking it.
///
/// @param time when it looked, by its own clock
public record ConnectorStatus(Instant time, Host host, Work work) {
    /// Empty where the system does not tell.
    ///
    /// @param processors that the process may use
    /// @param machineBusy part of all processors' time in use, 0 to 1
    /// @param processBusy processors' worth of time that the connector takes; 2.5 is two and a half
    /// @param memoryBytes of the machine
    /// @param residentBytes of the process
    /// @param openFiles of the process
    /// @param openFilesMax its limit
    public record Host(
            int processors,
            OptionalDouble machineBusy,
            OptionalDouble processBusy,
            OptionalLong memoryBytes,
            OptionalLong memoryAvailableBytes,
            OptionalLong residentBytes,
            OptionalLong openFiles,
            OptionalLong openFilesMax) {
        public Host {
            Checks.range("processors", processors, 1, 1_000_000);
            Checks.number("machineBusy", machineBusy, 1);
            Checks.number("processBusy", processBusy, 1_000_000);
            Checks.count("memoryBytes", memoryBytes);
            Checks.count("memoryAvailableBytes", memoryAvailableBytes);
            Checks.count("residentBytes", residentBytes);
            Checks.count("openFiles", openFiles);
            Checks.count("openFilesMax", openFilesMax);
        }

        /// Nothing but the number of processors is known.
        public static Host unknown(int processors) {
            return new Host(
                    processors,
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalLong.empty());
        }
    }

    /// @param exchanges being served now, WebSockets aside
    /// @param webSockets open now
    /// @param waiting requests that wait for a connection to their backend
    /// @param requestBytes of bodies, to backends, since the start
    /// @param responseBytes of bodies, from backends, since the start
    public record Work(int exchanges, int webSockets, int waiting, long requestBytes, long responseBytes) {
        public static final Work NONE = new Work(0, 0, 0, 0, 0);

        public Work {
            Checks.range("exchanges", exchanges, 0, Integer.MAX_VALUE);
            Checks.range("webSockets", webSockets, 0, Integer.MAX_VALUE);
            Checks.range("waiting", waiting, 0, Integer.MAX_VALUE);
            Checks.range("requestBytes", requestBytes, 0, Long.MAX_VALUE);
            Checks.range("responseBytes", responseBytes, 0, Long.MAX_VALUE);
        }
    }
}
