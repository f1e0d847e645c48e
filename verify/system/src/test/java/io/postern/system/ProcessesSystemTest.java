package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import io.postern.fixtures.FreePort;
import io.postern.fixtures.NginxServer;
import io.postern.fixtures.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectMapper;

/// Service, connector and commands as separate processes, as in production, on both databases.
class ProcessesSystemTest {
    private final List<Process> running = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void stopAll() throws InterruptedException {
        for (Process process : running.reversed()) {
            process.destroy();
            assertTrue(process.waitFor(20, java.util.concurrent.TimeUnit.SECONDS), "stops when told to");
        }
    }

    private List<String> start(Map<String, String> environment, String input, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(Checkout.launcher()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("POSTERN_NO_BUILD", "1");
        builder.environment().putAll(environment);
        Process process = builder.start();
        running.add(process);
        List<String> lines = Output.of(process);
        process.outputWriter().append(input).flush();
        return lines;
    }

    private record Site(int port, Path data, Path token) {
        URI url(String host) {
            return URI.create("https://" + host + ".postern.localhost:" + port + "/");
        }

        Command cli() throws IOException {
            return Command.in(Map.of(
                    "POSTERN_URL", url("api").toString(),
                    "POSTERN_TOKEN", Files.readString(token).strip(),
                    "POSTERN_CA", data.resolve("ca.pem").toString()));
        }
    }

    private Site service(String database) throws IOException {
        var site = new Site(FreePort.find(), folder.resolve("service"), folder.resolve("api-token"));
        Path config = folder.resolve("postern.yaml");
        Files.writeString(config, """
                base-domain: postern.localhost
                listen: 127.0.0.1:%d
                data: %s
                database: %s
                tenant-name: contoso
                tenant-domain: contoso.example
                metrics-listen: 127.0.0.1:0
                api-token-file: %s
                """.formatted(site.port(), site.data(), database, site.token()));
        List<String> log = start(Map.of(), "", "service", "--config", config.toString());
        Await.until(
                "the link for the first administrator: " + log,
                () -> log.stream().anyMatch(l -> l.contains("/setup?ticket=")));
        String link = log.stream()
                .filter(l -> l.contains("/setup?ticket="))
                .findFirst()
                .orElseThrow()
                .strip();
        makeAdministrator(site, URI.create(link));
        return site;
    }

    private static void makeAdministrator(Site site, URI link) {
        var browser = new Browser(site.data().resolve("ca.pem"));
        var form = browser.open(link);
        assertEquals(200, form.status());
        var done = browser.fill(
                form,
                Map.of(
                        "displayName",
                        "Ada Min",
                        "localPart",
                        "ada",
                        "new",
                        "Correct-Horse-7-Battery",
                        "again",
                        "Correct-Horse-7-Battery"));
        assertEquals(200, done.status(), done.body());
        assertTrue(browser.open(link).status() >= 400, "the link works once");
    }

    private static String mintToken(Site site) throws IOException {
        String minted = site.cli()
                .run(Checkout.launcher(), "connector", "token", "--json")
                .expectSuccess();
        return new ObjectMapper().readTree(minted).path("token").asString();
    }

    /// Starts a connector in a folder of that name and waits for its tunnels.
    private void connect(Site site, String token, String name) throws IOException {
        List<String> log = start(Map.of(), token + "\n", connector(site, name).toArray(String[]::new));
        Await.until(
                name + " is connected: " + log,
                () -> log.stream().anyMatch(l -> l.contains("connected to the service")));
    }

    /// The command line of a connector that reads its token from standard input.
    private List<String> connector(Site site, String name) {
        String service = site.url("connect").toString();
        String data = folder.resolve(name).toString();
        return List.of("connector", "--service", service, "--token-file", "-", "--data", data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void publishesAnApplicationFromNothing(String kind) throws Exception {
        String database = kind.equals("sqlite")
                ? "sqlite:" + folder.resolve("postern.db")
                : "'" + PostgresServer.shared().createDatabase() + "'";
        try (var nginx = NginxServer.start("")) {
            Files.writeString(nginx.folder().resolve("index.html"), "from the inside");
            Site site = service(database);

            connect(site, mintToken(site), "connector");
            site.cli()
                    .run(
                            Checkout.launcher(),
                            "app",
                            "publish",
                            "--name",
                            "wiki",
                            "--internal-url",
                            "http://localhost:" + nginx.port() + "/")
                    .expectSuccess();
            site.cli()
                    .run(Checkout.launcher(), "app", "assign", "--name", "wiki", "--user", "ada@contoso.example")
                    .expectSuccess();

            var browser = new Browser(site.data().resolve("ca.pem"));
            URI wiki = site.url("wiki-contoso");
            Await.until(
                    "wiki is routed",
                    () -> browser.openSignedIn(wiki, "ada@contoso.example", "Correct-Horse-7-Battery")
                                    .status()
                            == 200);
            assertTrue(browser.open(wiki).body().contains("from the inside"));
            assertTrue(site.cli()
                    .run(Checkout.launcher(), "connector", "list", "--json")
                    .expectSuccess()
                    .contains("\"active\""));
        }
    }

    @Test
    void aTokenRegistersOneConnectorOnly() throws Exception {
        Site site = service("sqlite:" + folder.resolve("postern.db"));
        String token = mintToken(site);
        connect(site, token, "first");

        var command = new ArrayList<>(List.of(Checkout.launcher()));
        command.addAll(connector(site, "second"));
        var second = Command.in(Map.of()).runWith(token + "\n", command.toArray(String[]::new));

        assertTrue(second.exit() != 0);
        assertTrue(second.errors().contains("token"), second.errors());
        assertTrue(!second.errors().contains(token.split("\\.")[1]), "never repeats the secret");
    }
}
