package io.postern.run.connector;

import io.postern.base.HostPort;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.connector.ConnectorSettings;
import io.postern.connector.enroll.DataFolder;
import io.postern.connector.enroll.Identity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the connector, its updater and the commands that look at it say alike: where the configuration is, and the
/// proxy.
public final class NetworkOptions {
    @Option(
            names = {"--config", "--connector-config"},
            paramLabel = "FILE",
            description = "connector.yaml: allow, proxy, tunnels, timeouts ... (docs/operate/connectors.md).")
    private @Nullable Path config;

    @Option(
            names = "--proxy",
            paramLabel = "URL",
            description =
                    "HTTP proxy on the way to the service, http://HOST:PORT, or 'none'. Goes before 'proxy' of the"
                            + " configuration, and that before HTTPS_PROXY and NO_PROXY.")
    private @Nullable String proxy;

    @Option(
            names = "--proxy-credentials",
            paramLabel = "FILE",
            description = "File of mode 600 that holds USER:PASSWORD for that proxy.")
    private @Nullable Path proxyCredentials;

    @Option(
            names = "--backend-ca",
            paramLabel = "FILE",
            description = "Authorities (PEM) to trust for TLS backends, besides the system's.")
    private @Nullable Path backendAuthorities;

    public NetworkOptions() {}

    Optional<Path> config() {
        return Optional.ofNullable(config);
    }

    /// @throws io.postern.base.config.ConfigFault naming every fault of the file
    public ConnectorSettings settings() {
        ConnectorSettings settings = config == null ? ConnectorSettings.defaults() : ConnectorSettings.read(config);
        if (proxy == null && proxyCredentials != null) {
            throw new ConnectorFault(
                    Kind.USAGE,
                    "--proxy-credentials belongs to --proxy; for a proxy of the configuration set"
                            + " 'proxy.credentials-file' there");
        }
        if (backendAuthorities != null) {
            try {
                settings = settings.withBackendAuthorities(backendAuthorities);
            } catch (IllegalArgumentException e) {
                throw new ConnectorFault(
                        Kind.USAGE, "--backend-ca '" + backendAuthorities + "' cannot be used: " + e.getMessage(), e);
            }
        }
        try {
            return proxy == null ? settings : settings.withProxy(proxy, Optional.ofNullable(proxyCredentials));
        } catch (IllegalArgumentException e) {
            throw new ConnectorFault(Kind.USAGE, "--proxy cannot be used: " + e.getMessage(), e);
        }
    }

    /// The same options for another process, wherever that one stands.
    public List<String> asGiven() {
        var given = new ArrayList<String>();
        if (config != null) {
            given.addAll(List.of("--config", config.toAbsolutePath().toString()));
        }
        if (proxy != null) {
            given.addAll(List.of("--proxy", proxy));
        }
        if (proxyCredentials != null) {
            given.addAll(List.of(
                    "--proxy-credentials", proxyCredentials.toAbsolutePath().toString()));
        }
        if (backendAuthorities != null) {
            given.addAll(
                    List.of("--backend-ca", backendAuthorities.toAbsolutePath().toString()));
        }
        return List.copyOf(given);
    }

    static HostPort service(String url) {
        try {
            return Service.parse(url);
        } catch (IllegalArgumentException e) {
            throw new ConnectorFault(Kind.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    static Optional<Identity> identity(@Nullable Path data) {
        return data == null ? Optional.empty() : DataFolder.peek(data);
    }
}
