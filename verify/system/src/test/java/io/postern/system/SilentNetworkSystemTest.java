package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Binary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// A network that swallows packets without a word: service and connector run in a network namespace of their own,
/// where iptables drops what passes between them. No end gets a reset or an end of the connection; both must
/// notice by themselves, within 10 s (docs/protocol/tunnel.md §5), and find back when the network does. Needs no
/// root: a user namespace gives the rights inside.
class SilentNetworkSystemTest {
    /// The case is about this limit; the second beyond it is for commands that look.
    private static final Duration NOTICED = Duration.ofSeconds(11);

    @TempDir
    Path folder;

    @Test
    void tunnelsThatFallSilentAreNoticedAtBothEndsAndComeBack() throws Exception {
        List<String> inside = List.of(
                Binary.find("unshare", "util-linux").toString(),
                "-Urn",
                "sh",
                "-c",
                Binary.find("ip", "iproute2") + " link set lo up && exec \"$@\"",
                "sh");
        try (var quickstart = Quickstart.startUnder(inside, folder.resolve("data"))) {
            var there = new Namespace(quickstart.process().pid());
            String ready = JsonMapper.shared()
                    .readTree(Files.readString(folder.resolve("data/connector/running.json")))
                    .path("metrics")
                    .asString()
                    .replace("/metrics", "/readyz");
            String metrics = quickstart.url("metrics").toString();
            Await.until("the connector is ready", () -> there.curl(ready).contains("tunnels, "));
            assertTrue(tunnels(there, metrics) > 0);

            there.drop(quickstart.port(), "-A");
            long droppedNanos = System.nanoTime();
            Await.until("the connector notices", () -> there.curl(ready).startsWith("0 of "));
            Await.until("the service notices", () -> tunnels(there, metrics) == 0);
            Duration took = Duration.ofNanos(System.nanoTime() - droppedNanos);
            assertTrue(took.compareTo(NOTICED) < 0, "took " + took);

            there.drop(quickstart.port(), "-D");
            Await.until("the connector is back", () -> {
                String said = there.curl(ready);
                return !said.startsWith("0 of ") && !said.contains(";");
            });
            Await.until("the service has it back", () -> tunnels(there, metrics) > 0);
        }
    }

    /// As the gateway counts those that it may use.
    private static double tunnels(Namespace there, String metrics) {
        return there.curl(metrics)
                .lines()
                .filter(l -> l.startsWith("tunnels_open "))
                .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no such metric"));
    }

    /// The namespace of a process, from outside.
    private record Namespace(long pid) {
        String curl(String url) {
            return run("curl", "-s", "-m", "5", url);
        }

        /// Both directions between connector and service, and nothing else.
        void drop(int port, String how) {
            for (String side : List.of("--dport", "--sport")) {
                run(
                        Binary.find("iptables", "iptables").toString(),
                        "-w",
                        how,
                        "INPUT",
                        "-p",
                        "tcp",
                        side,
                        Integer.toString(port),
                        "-j",
                        "DROP");
            }
        }

        private String run(String... command) {
            var all = new ArrayList<>(List.of(
                    Binary.find("nsenter", "util-linux").toString(),
                    "-t",
                    Long.toString(pid),
                    "-U",
                    "-n",
                    "--preserve-credentials"));
            all.addAll(List.of(command));
            Command.Result result = Command.of(all.toArray(String[]::new));
            assertEquals(0, result.exit(), result.output() + result.errors());
            return result.output();
        }
    }
}
