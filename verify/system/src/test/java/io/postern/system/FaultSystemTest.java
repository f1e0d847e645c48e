package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What people get wrong: one clear sentence with the remedy, a non-zero exit, nothing lost.
class FaultSystemTest {
    @TempDir
    Path folder;

    private static String refused(Command.Result result) {
        assertNotEquals(0, result.exit(), result.output());
        assertFalse(result.errors().contains("\tat "), "no stack trace:\n" + result.errors());
        assertFalse(result.errors().contains("Exception"), "no class name:\n" + result.errors());
        return result.errors();
    }

    private static Command.Result postern(String... arguments) {
        var command = new java.util.ArrayList<>(java.util.List.of(Checkout.launcher()));
        command.addAll(java.util.List.of(arguments));
        return Command.of(command.toArray(String[]::new));
    }

    @Test
    void namesAnUnknownOption() {
        assertTrue(refused(postern("quickstart", "--lissten", "x")).contains("--lissten"));
        assertTrue(refused(postern("app", "publsh")).contains("publsh"));
    }

    @Test
    void namesAPortThatIsTaken() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String listen = "127.0.0.1:" + taken.getLocalPort();

            String error = refused(postern("quickstart", "--json", "--data", folder.toString(), "--listen", listen));

            assertTrue(error.contains(listen), error);
            assertTrue(error.contains("--listen"), "the remedy: " + error);
        }
    }

    @Test
    void namesEveryFaultOfAConfigurationAtOnce() throws IOException {
        Path config = folder.resolve("postern.yaml");
        Files.writeString(config, "base-domain: example.test\nlisten: nonsense\nlissten: 1\npublic-port: 99999\n");

        String error = refused(postern("service", "--config", config.toString()));

        assertTrue(error.contains("listen") && error.contains("nonsense"), error);
        assertTrue(error.contains("lissten"), error);
        assertTrue(error.contains("99999"), error);
    }

    @Test
    void refusesAFileThatIsNoYaml() throws IOException {
        Path config = folder.resolve("postern.yaml");
        Files.writeString(config, "base-domain: [\n");

        assertTrue(refused(postern("service", "--config", config.toString())).contains("postern.yaml"));
        assertTrue(refused(postern(
                        "service", "--config", folder.resolve("none.yaml").toString()))
                .contains("none.yaml"));
    }

    @Test
    void refusesAWrongConnectorToken() throws IOException {
        var quickstart = Quickstart.shared();
        Path token = folder.resolve("token");
        Files.writeString(token, "not a token");
        String malformed = refused(postern(
                "connector",
                "--service",
                quickstart.url("connect").toString(),
                "--token-file",
                token.toString(),
                "--data",
                folder.resolve("c1").toString()));
        assertTrue(malformed.contains("postern connector token"), malformed);

        String minted = quickstart.cli("connector", "token", "--json").expectSuccess();
        String real = new tools.jackson.databind.ObjectMapper()
                .readTree(minted)
                .path("token")
                .asString();
        String[] parts = real.split("\\.");
        Files.writeString(token, parts[0] + "." + "A".repeat(43) + "." + parts[2]);
        String unknown = refused(postern(
                "connector",
                "--service",
                quickstart.url("connect").toString(),
                "--token-file",
                token.toString(),
                "--data",
                folder.resolve("c2").toString()));
        assertTrue(unknown.contains("token"), unknown);

        Files.writeString(token, parts[0] + "." + parts[1] + "." + "0".repeat(64));
        String otherService = refused(postern(
                "connector",
                "--service",
                quickstart.url("connect").toString(),
                "--token-file",
                token.toString(),
                "--data",
                folder.resolve("c3").toString()));
        assertFalse(otherService.contains(parts[1]), "never repeats the secret");
    }

    @Test
    void namesTheServiceThatDoesNotAnswer() {
        var result = Command.in(
                        java.util.Map.of("POSTERN_URL", "https://api.postern.localhost:9/", "POSTERN_TOKEN", "x"))
                .run(Checkout.launcher(), "app", "list");

        String error = refused(result);
        assertTrue(error.contains("api.postern.localhost:9"), error);
    }

    @Test
    void refusesASecondInstanceOnTheSameData() {
        try (var first = Quickstart.start(folder, "--no-demo", "--no-connector")) {
            String error = refused(postern(
                    "quickstart",
                    "--json",
                    "--no-demo",
                    "--no-connector",
                    "--data",
                    folder.toString(),
                    "--listen",
                    "127.0.0.1:0"));

            assertTrue(error.contains(folder.toString()), error);
            assertTrue(first.process().isAlive());
        }
    }

    @Test
    void outlivesGarbageOnThePort() throws IOException {
        var quickstart = Quickstart.shared();
        var random = new Random(42);
        for (int i = 0; i < 200; i++) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), quickstart.port())) {
                byte[] garbage = new byte[random.nextInt(2_000)];
                random.nextBytes(garbage);
                if (i % 3 == 0) {
                    garbage = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
                }
                socket.getOutputStream().write(garbage);
            } catch (IOException e) {
                assertTrue(quickstart.process().isAlive()); // reset by the gateway: its right
            }
        }
        assertEquals(
                200,
                new Browser(quickstart.authority())
                        .open(quickstart.application("sense"))
                        .status(),
                "the sign-in page still comes");
    }

    @Test
    void keepsEverythingAcknowledgedThroughKill() {
        int added = 0;
        try (var quickstart = Quickstart.start(folder, "--no-demo", "--no-connector")) {
            for (int i = 0; i < 5; i++) {
                if (quickstart
                                .cli(
                                        "app",
                                        "publish",
                                        "--name",
                                        "app" + i,
                                        "--internal-url",
                                        "http://127.0.0.1:9/" + i + "/")
                                .exit()
                        == 0) {
                    added++;
                }
            }
            quickstart.process().destroyForcibly().onExit().join();
        }
        try (var again = Quickstart.start(folder, "--no-demo", "--no-connector")) {
            String list = again.cli("app", "list", "--json").expectSuccess();

            assertEquals(5, added);
            for (int i = 0; i < added; i++) {
                assertTrue(list.contains("\"app" + i + "\""), list);
            }
        }
    }
}
