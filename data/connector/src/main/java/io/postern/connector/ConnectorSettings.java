package io.postern.connector;

import io.postern.base.HostPort;
import io.postern.base.config.ConfigReader;
import io.postern.connector.directory.DirectorySettings;
import io.postern.connector.enroll.Pem;
import io.postern.connector.kerberos.KerberosSettings;
import io.postern.connector.serve.AllowList;
import io.postern.connector.serve.BackendCredentials;
import io.postern.connector.serve.ClientCertificate;
import io.postern.connector.serve.ServeSettings;
import io.postern.net.dial.ProxyChoice;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The connector's own file, `connector.yaml`. Every key is optional; an unknown one is an error.
///
/// | key | default | bounds | meaning |
/// |---|---|---|---|
/// | `allow` | absent: all that is published | list of `HOST`, `*.DOMAIN`, `ADDRESS`, `ADDRESS/BITS`, each with
/// optional `:PORT` or `:FIRST-LAST` | what may be reached, whatever the service publishes; the only way to a
/// link-local, multicast or metadata address |
/// | `tunnels` | 2 | 1 to 64 | tunnels kept up at least; more where the service has more lanes |
/// | `event-loops` | processors, at most 4 | 1 to 64 | threads for tunnels and backends |
/// | `proxy` | absent: `HTTPS_PROXY` and `NO_PROXY` of the environment | `url`, `credentials-file`, `no-proxy` | the
/// HTTP proxy on the way to the service; `url: none` goes straight |
/// | `backend-proxy` | absent | the same | the HTTP proxy on the way to backends |
/// | `connect-timeout` | 5s | 100ms to 60s | for TCP and TLS to a backend, over all its addresses |
/// | `idle-timeout` | 15s | 1s to 10m | how long an unused backend connection is kept, unless the backend says
/// otherwise |
/// | `idle-connections` | 1024 | 0 to 10000 | unused connections kept for each backend and event loop |
/// | `backend-connections` | 2000 | 1 to 20000 | open at most to each backend, WebSockets aside |
/// | `backend-queue` | 1000 | 0 to 20000 | requests that wait for one of those, for `connect-timeout` at most |
/// | `trusted-authorities` | absent: the system's | path of a PEM file | authorities for TLS backends, instead of the
/// system's |
/// | `backend-ca` | absent | path of a PEM file | authorities for TLS backends, besides the system's or those |
/// | `client-certificates` | none | list of `name`, `file` (PEM or PFX), `password-file` | certificates to show to
/// backends, by the names that applications are published with |
/// | `metrics-listen` | 127.0.0.1:0 | HOST:PORT; port 0 is any free one | `/metrics`, `/healthz`, `/readyz` |
/// | `metrics-anywhere` | false | | lets `metrics-listen` be an address that others can reach |
/// | `directories` | none | list of sections: [DirectorySettings] | directories that are read for the service |
/// | `kerberos` | absent | a section: [KerberosSettings] | signs users in at backends by tickets |
/// | `grace` | 30s | 0s to 10m | how long open exchanges may run on when the connector is stopped |
/// | `logs` | | a section: [LogSettings] | |
public record ConnectorSettings(
        ServeSettings serve,
        ProxyChoice proxy,
        int tunnelsMin,
        int eventLoops,
        BackendCredentials backendTls,
        List<DirectorySettings> directories,
        Optional<KerberosSettings> kerberos,
        HostPort metricsListen,
        Duration grace,
        LogSettings logs) {
    private static final int LOOPS_DEFAULT_MAX = 4;

    public static ConnectorSettings defaults() {
        return read(ConfigReader.of("defaults", "{}"), System.getenv());
    }

    /// @throws io.postern.base.config.ConfigFault naming every fault at once
    public static ConnectorSettings read(Path file) {
        return read(ConfigReader.open(file), System.getenv());
    }

    static ConnectorSettings read(ConfigReader config, Map<String, String> environment) {
        ServeSettings serve = ServeSettings.defaults();
        int processors = Runtime.getRuntime().availableProcessors();
        var settings = new ConnectorSettings(
                new ServeSettings(
                        allow(config),
                        ProxySettings.toBackends(config, environment),
                        config.duration(
                                "connect-timeout",
                                serve.connectTimeout(),
                                Duration.ofMillis(100),
                                Duration.ofSeconds(60)),
                        config.duration(
                                "idle-timeout", serve.idleTimeout(), Duration.ofSeconds(1), Duration.ofMinutes(10)),
                        (int) config.number("idle-connections", serve.idleConnections(), 0, 10_000),
                        (int) config.number("backend-connections", serve.connections(), 1, 20_000),
                        (int) config.number("backend-queue", serve.waiting(), 0, 20_000)),
                ProxySettings.toService(config, environment),
                (int) config.number("tunnels", 2, 1, 64),
                (int) config.number("event-loops", Math.min(processors, LOOPS_DEFAULT_MAX), 1, 64),
                credentials(config),
                DirectorySettings.read(config.sections("directories")),
                KerberosSettings.read(config),
                metricsListen(config),
                config.duration("grace", Duration.ofSeconds(30), Duration.ZERO, Duration.ofMinutes(10)),
                LogSettings.read(config.section("logs")));
        config.finish();
        return settings;
    }

    public ConnectorSettings withGrace(Duration other) {
        return new ConnectorSettings(
                serve, proxy, tunnelsMin, eventLoops, backendTls, directories, kerberos, metricsListen, other, logs);
    }

    /// Options `--proxy` and `--proxy-credentials`, which go before the file and the environment.
    ///
    /// @throws IllegalArgumentException that says what is wrong, without credentials
    public ConnectorSettings withProxy(String url, Optional<Path> credentials) {
        return new ConnectorSettings(
                serve,
                ProxySettings.ofOption(url, credentials),
                tunnelsMin,
                eventLoops,
                backendTls,
                directories,
                kerberos,
                metricsListen,
                grace,
                logs);
    }

    /// Option `--backend-ca`: trusted besides what the file says.
    ///
    /// @throws IllegalArgumentException that says what is wrong
    public ConnectorSettings withBackendAuthorities(Path file) {
        return new ConnectorSettings(
                serve,
                proxy,
                tunnelsMin,
                eventLoops,
                backendTls.trustingToo(authorities(file.toString())),
                directories,
                kerberos,
                metricsListen,
                grace,
                logs);
    }

    private static BackendCredentials credentials(ConfigReader config) {
        var clients = new HashMap<String, ClientCertificate>();
        for (ConfigReader one : config.sections("client-certificates")) {
            String name = one.text("name", "");
            Optional<Path> password = one.text("password-file").map(Path::of);
            Optional<ClientCertificate> read = one.parsed(
                    "file",
                    Optional.empty(),
                    "the path of a PEM or PFX file",
                    file -> Optional.of(ClientCertificate.read(Path.of(file), password)));
            if (name.isEmpty() || !one.has("file")) {
                one.fault("name", "and 'file' must both be given");
            }
            read.ifPresent(certificate -> clients.put(name, certificate));
        }
        return new BackendCredentials(
                config.parsed(
                        "trusted-authorities", List.of(), "the path of a PEM file", ConnectorSettings::authorities),
                config.parsed("backend-ca", List.of(), "the path of a PEM file", ConnectorSettings::authorities),
                clients);
    }

    /// Counters and problems are nobody's business, so whoever wants them to be read elsewhere must say so.
    private static HostPort metricsListen(ConfigReader config) {
        HostPort listen = config.address("metrics-listen", new HostPort("127.0.0.1", 0));
        if (!config.flag("metrics-anywhere", false) && !isLoopback(listen.host())) {
            config.fault(
                    "metrics-listen",
                    "is '" + listen + "', which others can reach; give a loopback address such as 127.0.0.1:9464, or"
                            + " say 'metrics-anywhere: true' if that is meant");
        }
        return listen;
    }

    private static boolean isLoopback(String host) {
        try {
            return host.equalsIgnoreCase("localhost")
                    || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false; // a name: wherever it leads
        }
    }

    private static AllowList allow(ConfigReader config) {
        if (!config.has("allow")) {
            return AllowList.absent();
        }
        try {
            return AllowList.of(config.list("allow"));
        } catch (IllegalArgumentException e) {
            config.fault("allow", "holds a line that is not understood: " + e.getMessage());
            return AllowList.of(List.of());
        }
    }

    private static List<X509Certificate> authorities(String path) {
        try {
            return Pem.certificates(Files.readString(Path.of(path)));
        } catch (IOException e) {
            throw new IllegalArgumentException("it cannot be read", e);
        } catch (CertificateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
