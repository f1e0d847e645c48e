package io.postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One Postern on disk, and how its two processes are started on it.
///
/// @param port the service's
/// @param dialled where the connector reaches it
public record PosternFiles(Workbench bench, Path folder, int port, int dialled) {
    public static final String BASE_DOMAIN = "postern.localhost";
    public static final String CONNECTED = "connected to the service";

    public static PosternFiles write(Workbench bench, int port, int dialled) {
        var files = new PosternFiles(bench, bench.folder().file("postern-" + port), port, dialled);
        try {
            Files.createDirectories(files.folder());
            Files.writeString(
                    files.folder().resolve("postern.yaml"),
                    Template.fill("postern.yaml", Map.of("base", BASE_DOMAIN, "port", port, "folder", files.folder())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    public Daemon startService(Map<String, String> environment) {
        return bench.start(
                "service",
                List.of(
                        bench.launcher(),
                        "service",
                        "--config",
                        folder.resolve("postern.yaml").toString()),
                prebuilt(environment),
                "");
    }

    /// @param token empty when the folder already holds a certificate
    Daemon startConnector(Map<String, String> environment, String token) {
        return startConnector("connector", environment, token);
    }

    /// @param name of its folder; connectors with different names are different ones
    /// @param more options
    public Daemon startConnector(String name, Map<String, String> environment, String token, String... more) {
        var command = new ArrayList<>(List.of(
                bench.launcher(),
                "connector",
                "--service",
                "https://connect." + BASE_DOMAIN + ":" + dialled + "/",
                "--data",
                folder.resolve(name).toString()));
        command.addAll(List.of(more));
        if (!token.isEmpty()) {
            command.addAll(List.of("--token-file", "-"));
        }
        return bench.start(name, command, prebuilt(environment), token + "\n");
    }

    private static Map<String, String> prebuilt(Map<String, String> more) {
        var environment = new HashMap<>(more);
        environment.put("POSTERN_NO_BUILD", "1"); // bin/bench has built, and nothing may be built while we measure
        return environment;
    }

    /// For the administering commands.
    Map<String, String> environment() {
        try {
            return prebuilt(Map.of(
                    "POSTERN_URL", url("api").toString(),
                    "POSTERN_TOKEN",
                            Files.readString(folder.resolve("api-token")).strip(),
                    "POSTERN_CA", authority().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI url(String host) {
        return URI.create("https://" + host + "." + BASE_DOMAIN + ":" + port + "/");
    }

    public Path authority() {
        return folder.resolve("data/ca.pem");
    }
}
