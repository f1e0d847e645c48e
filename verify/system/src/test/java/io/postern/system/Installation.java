package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.FreePort;
import io.postern.fixtures.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A service of its own and connectors of it, each a process of `bin/postern` as in production. A connector is
/// called by the name of its data folder.
final class Installation implements AutoCloseable {
    private static final long STOP_SECONDS = 20;
    /// The first start of a build makes the JVM's cache, on a machine that may have other things to do.
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final List<Process> running = new ArrayList<>();
    private final int port;
    private final Path folder;
    private @Nullable Started service;

    /// A process and what it has said, on either stream.
    record Started(Process process, List<String> log) {
        void awaitLine(String text, int times) {
            Await.until(
                    text + " in " + log,
                    START_LIMIT,
                    () -> log.stream().filter(l -> l.contains(text)).count() >= times);
        }

        /// @return exit code
        int awaitEnd() throws InterruptedException {
            assertTrue(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS), "ends: " + log);
            return process.exitValue();
        }

        void stop() throws InterruptedException {
            process.destroy();
            awaitEnd();
        }
    }

    private Installation(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /// Starts the service and waits until it listens.
    ///
    /// @param lifetime of connectors' certificates
    static Installation start(Path folder, String lifetime) throws IOException {
        return start(folder, lifetime, FreePort.find(), "");
    }

    /// @param more of its configuration
    static Installation start(Path folder, String lifetime, int port, String more) throws IOException {
        var installation = new Installation(Files.createDirectories(folder), port);
        Path config = folder.resolve("postern.yaml");
        Files.writeString(
                config,
                """
                base-domain: postern.localhost
                listen: 127.0.0.1:%d
                data: %s
                tenant-name: contoso
                tenant-domain: contoso.example
                metrics-listen: 127.0.0.1:0
                api-token-file: %s
                connector-certificate-lifetime: %s
                """.formatted(installation.port, folder.resolve("service"), folder.resolve("api-token"), lifetime)
                        + more);
        Started service = installation.launch("service", "--config", config.toString());
        installation.service = service;
        Await.until(
                "the service is ready: " + service.log(),
                Quickstart.START_LIMIT, // the first start after a build prepares the start cache
                () -> service.log().stream().anyMatch(line -> line.contains("/setup?ticket=")));
        return installation;
    }

    /// Another command of the launcher, stopped with the rest.
    Started launch(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(Checkout.launcher()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("POSTERN_NO_BUILD", "1");
        Process process = builder.start();
        running.add(process);
        List<String> lines = Output.of(process);
        return new Started(process, lines);
    }

    Started service() {
        return Objects.requireNonNull(service);
    }

    int port() {
        return port;
    }

    URI url(String host) {
        return URI.create("https://" + host + ".postern.localhost:" + port + "/");
    }

    /// What browsers trust.
    Path authority() {
        return folder.resolve("service/ca.pem");
    }

    String cli(String... arguments) throws IOException {
        return tryCli(arguments).expectSuccess();
    }

    Command.Result tryCli(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(Checkout.launcher()));
        command.addAll(List.of(arguments));
        return Command.in(Map.of(
                        "POSTERN_URL", url("api").toString(),
                        "POSTERN_TOKEN", apiToken(),
                        "POSTERN_CA", authority().toString()))
                .run(command.toArray(String[]::new));
    }

    String apiToken() throws IOException {
        return Files.readString(folder.resolve("api-token")).strip();
    }

    /// What the API answers, by curl.
    String api(String method, String path, String... more) throws IOException {
        var command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--max-time", "20"));
        command.addAll(List.of("--cacert", authority().toString()));
        command.addAll(List.of("--resolve", "api.postern.localhost:" + port + ":127.0.0.1"));
        command.addAll(List.of("--request", method, "--header", "Authorization: Bearer " + apiToken()));
        command.addAll(List.of("--header", "Content-Type: application/json"));
        command.addAll(List.of(more));
        command.add(url("api").resolve(path).toString());
        return Command.of(command.toArray(String[]::new)).expectSuccess();
    }

    /// Publishes, or changes what is published under the name.
    ///
    /// @param more members of the application
    /// @param settings members of `onPremisesPublishing`
    void declare(String name, String more, String settings) throws IOException {
        String body = """
                {"applications": [{"displayName": "%s", %s, "onPremisesPublishing": {%s}}]}
                """.formatted(name, more, settings);
        String answer =
                api("POST", "/v1.0/onPremisesPublishingProfiles/applicationProxy/declarations/apply", "--data", body);
        assertFalse(answer.contains("\"error\""), answer);
    }

    /// Mints a token into a file of its own.
    Path token() throws IOException {
        JsonNode minted = new ObjectMapper().readTree(cli("connector", "token", "--json"));
        return Files.writeString(
                folder.resolve("token-" + minted.path("id").asString()),
                minted.path("token").asString());
    }

    Started connector(String... more) throws IOException {
        var arguments = new ArrayList<>(List.of(
                "connector", "--service", url("connect").toString(), "--data", data().toString(), "--grace", "1"));
        arguments.addAll(List.of(more));
        return launch(arguments.toArray(String[]::new));
    }

    /// The pre-flight over the connector's data folder. @return its findings
    JsonNode check() {
        String said = Command.of(
                        Checkout.launcher(),
                        "connector",
                        "check",
                        "--json",
                        "--service",
                        url("connect").toString(),
                        "--data",
                        data().toString())
                .output();
        return new ObjectMapper().readTree(said);
    }

    /// Of the connector.
    Path data() {
        return folder.resolve("connector");
    }

    List<String> connectorIds() throws IOException {
        var ids = new ArrayList<String>();
        new ObjectMapper()
                .readTree(cli("connector", "list", "--json"))
                .forEach(c -> ids.add(c.path("id").asString()));
        return ids;
    }

    /// The connector's key and certificate.
    TestCertificates.Issued identity() throws IOException, GeneralSecurityException {
        String key = Files.readString(data().resolve("identity/key.pem")).replaceAll("-----[A-Z ]+-----", "");
        return new TestCertificates.Issued(
                KeyFactory.getInstance("EC")
                        .generatePrivate(
                                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key))),
                certificates("certificate.pem"));
    }

    /// The authority behind tunnels and enrolment, as the connector knows it.
    X509Certificate connectorAuthority() throws IOException, CertificateException {
        return certificates("authority.pem").getFirst();
    }

    private List<X509Certificate> certificates(String file) throws IOException, CertificateException {
        try (var pem = Files.newInputStream(data().resolve("identity").resolve(file))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        }
    }

    @Override
    public void close() {
        for (Process process : running.reversed()) {
            process.destroy();
            try {
                assertTrue(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS), "stops when told to");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }
}
