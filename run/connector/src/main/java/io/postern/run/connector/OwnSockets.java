package io.postern.run.connector;

import io.postern.base.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The ports on which a process listens, as Linux tells (`/proc`): a connector has none but its metrics, on
/// loopback (CON-4).
final class OwnSockets {
    private static final String LISTEN = "0A"; // TCP_LISTEN, include/net/tcp_states.h

    private OwnSockets() {}

    /// @return empty where no connector runs on that folder, or the system does not tell
    static Optional<Finding> finding(Path data) {
        Optional<RunNote> running = RunNote.read(data);
        if (running.isEmpty()) {
            return Optional.empty();
        }
        long pid = running.get().pid();
        try {
            List<HostPort> listening = listening(pid);
            boolean onlyLoopback = listening.stream().allMatch(at -> isLoopback(at.host()));
            String what = "process " + pid + " listens at "
                    + (listening.isEmpty()
                            ? "no port"
                            : String.join(
                                    ", ",
                                    listening.stream().map(HostPort::toString).toList()));
            return Optional.of(
                    onlyLoopback
                            ? Finding.ok(
                                    "listening", what + ": nothing that another machine could reach", Duration.ZERO)
                            : Finding.warning(
                                    "listening",
                                    what,
                                    Duration.ZERO,
                                    "let 'metrics-listen' be a loopback address, or guard that port by a firewall"));
        } catch (IOException e) {
            return Optional.of(Finding.skipped("listening", "the system does not tell (" + e.getMessage() + ")"));
        }
    }

    static List<HostPort> listening(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        Set<String> inodes = new HashSet<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : open) {
                String target = Files.readSymbolicLink(descriptor).toString();
                if (target.startsWith("socket:[")) {
                    inodes.add(target.substring(8, target.length() - 1));
                }
            }
        }
        var found = new ArrayList<HostPort>();
        for (String table : List.of("tcp", "tcp6")) {
            // sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode
            for (String line : Files.readAllLines(process.resolve("net").resolve(table))) {
                String[] columns = line.strip().split("\\s+", -1);
                if (columns.length > 9 && columns[3].equals(LISTEN) && inodes.contains(columns[9])) {
                    found.add(address(columns[1]));
                }
            }
        }
        return found;
    }

    /// The kernel prints each 32-bit word as this machine's processor stores it: little endian here.
    private static HostPort address(String text) throws UnknownHostException {
        String[] parts = text.split(":", -1);
        byte[] words = HexFormat.of().parseHex(parts[0]);
        byte[] bytes = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            bytes[i] = words[(i & ~3) + 3 - (i & 3)];
        }
        return new HostPort(InetAddress.getByAddress(bytes).getHostAddress(), Integer.parseInt(parts[1], 16));
    }

    private static boolean isLoopback(String literal) {
        return InetAddress.ofLiteral(literal).isLoopbackAddress();
    }
}
