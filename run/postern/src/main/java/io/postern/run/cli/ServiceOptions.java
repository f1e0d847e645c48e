package io.postern.run.cli;

import io.postern.run.Fault;
import io.postern.run.quickstart.DataFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which service a command talks to, and how it shows the answer. An option goes before the environment,
/// the environment before a quickstart's data folder.
final class ServiceOptions {
    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The API, such as https://api.apps.example.com (default: POSTERN_URL).")
    private @Nullable String url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with the API token (default: POSTERN_TOKEN).")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Authority to trust besides the system's, PEM (default: POSTERN_CA).")
    private @Nullable Path authority;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A quickstart's data folder: its service is used when no URL is given"
                    + " (default: POSTERN_DATA, else ./postern-data).")
    private @Nullable Path data;

    @Option(names = "--json", description = "Print JSON on standard output, and nothing else.")
    private boolean json;

    boolean json() {
        return json;
    }

    Api open() {
        return open(System.getenv());
    }

    Api open(Map<String, String> environment) {
        String address = url != null ? url : data != null ? "" : environment.getOrDefault("POSTERN_URL", "");
        if (address.isEmpty()) {
            return ofQuickstart(environment);
        }
        Optional<Path> ca = Optional.ofNullable(authority)
                .or(() -> Optional.ofNullable(environment.get("POSTERN_CA"))
                        .filter(v -> !v.isBlank())
                        .map(Path::of));
        return new Api(origin(address), token(environment), ca);
    }

    private Api ofQuickstart(Map<String, String> environment) {
        Path folder = data != null ? data : Path.of(environment.getOrDefault("POSTERN_DATA", "postern-data"));
        DataFolder.Reachable service = DataFolder.at(folder).reachable();
        return new Api(origin(service.api()), service.token(), Optional.of(service.authority()));
    }

    private String token(Map<String, String> environment) {
        if (tokenFile != null) {
            try {
                return Files.readString(tokenFile).strip();
            } catch (IOException e) {
                throw new Fault("the token file " + tokenFile + " cannot be read", e);
            }
        }
        String token = environment.getOrDefault("POSTERN_TOKEN", "").strip();
        if (token.isEmpty()) {
            throw new Fault("no API token: set POSTERN_TOKEN or give --token-file");
        }
        return token;
    }

    private static URI origin(String text) {
        try {
            URI uri = URI.create(text);
            if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
                return new URI("https", null, uri.getHost(), uri.getPort(), "/", null, null);
            }
        } catch (IllegalArgumentException | java.net.URISyntaxException e) {
            throw new Fault("'" + text + "' is not a URL such as https://api.apps.example.com", e);
        }
        throw new Fault("'" + text + "' is not a URL such as https://api.apps.example.com");
    }
}
