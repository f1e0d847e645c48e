package io.postern.run.service;

import com.sun.management.UnixOperatingSystemMXBean;
import io.postern.base.config.ConfigReader;
import io.postern.gateway.edge.EdgeLimits;
import io.postern.gateway.intake.IntakeLimits;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/// What the public port takes at most; see docs/operate/configure.md.
///
/// @param edge connections
/// @param intake requests
public record ServiceLimits(EdgeLimits edge, IntakeLimits intake) {
    /// Of the files that the process may open, this part may be connections of strangers. The rest is for
    /// tunnels, doors, the database and the log.
    private static final int FILES_PARTS = 4;

    public static ServiceLimits defaults() {
        return read(ConfigReader.of("defaults", "{}"));
    }

    static ServiceLimits read(ConfigReader in) {
        EdgeLimits edge = EdgeLimits.DEFAULTS;
        IntakeLimits intake = IntakeLimits.DEFAULTS;
        int files = (int) Math.min(edge.connectionsMax(), openFilesMax() / FILES_PARTS * (FILES_PARTS - 1));
        int connections = (int) in.number("connections-max", files, 100, 1_000_000);
        return new ServiceLimits(
                edge.withConnections(
                        connections,
                        (int) in.number("connections-per-address-max", edge.connectionsPerAddressMax(), 1, 1_000_000),
                        (int) in.number("handshakes-max", edge.handshakesMax(), 10, 1_000_000)),
                new IntakeLimits(
                        (int) in.number("requests-waiting-max", intake.waitingMax(), 1, 1_000_000),
                        (int) in.number(
                                "requests-waiting-per-application-max",
                                intake.waitingPerApplicationMax(),
                                1,
                                1_000_000),
                        in.duration(
                                "event-loop-late-max",
                                intake.lateMax(),
                                Duration.ofMillis(100),
                                Duration.ofMinutes(1))));
    }

    private static long openFilesMax() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    List<String> lines() {
        return List.of(
                "connections-max: " + edge.connectionsMax(),
                "connections-per-address-max: " + edge.connectionsPerAddressMax(),
                "handshakes-max: " + edge.handshakesMax(),
                "requests-waiting-max: " + intake.waitingMax(),
                "requests-waiting-per-application-max: " + intake.waitingPerApplicationMax(),
                "event-loop-late-max: " + intake.lateMax().toMillis() + "ms");
    }
}
