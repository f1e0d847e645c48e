package io.postern.run.service;

import io.postern.admin.logging.Receiver;
import io.postern.admin.notice.MailServer;
import io.postern.base.HostPort;
import io.postern.base.Secret;
import io.postern.base.config.ConfigReader;
import io.postern.domain.HostNames;
import io.postern.gateway.probe.ProbeSettings;
import io.postern.pki.OperatorCertificates;
import io.postern.pki.Pki;
import io.postern.store.sql.DatabaseAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// What a service is told at start (docs/operate/configure.md has every key with default and bounds).
/// What changes often, applications and users, lives in the database instead.
///
/// @param publicPort port that users type, when another than the listener's, for example behind a balancer
/// @param tenantName short name of the tenant made in an empty store
/// @param tenantDomain domain of its users' names
/// @param apiTokenFile where an API token is kept for the first commands; made when missing
/// @param certificates for other names than the base domain's, or in place of our own authority's
/// @param trustedProxies addresses and networks whose forwarding fields or PROXY header are believed
/// @param connectorCertificateLife how long a connector may be off before it must register again
/// @param limits what the public port takes at most
/// @param probes how often the way to each application is tried
/// @param outside what of the world is asked: name servers, certificate authorities
/// @param logs what becomes of the sign-in log and the audit log
/// @param mail where notices are handed in; empty: none are sent
/// @param notices where what administrators are told of is sent besides
/// @param grace how long running exchanges may go on after a stop was asked for
public record ServiceConfig(
        String baseDomain,
        HostPort listen,
        OptionalInt publicPort,
        Path data,
        DatabaseAddress database,
        String tenantName,
        String tenantDomain,
        Optional<Path> apiTokenFile,
        List<OperatorCertificates.Files> certificates,
        List<String> trustedProxies,
        boolean proxyProtocol,
        HostPort metricsListen,
        Duration grace,
        Duration connectorCertificateLife,
        ServiceLimits limits,
        ProbeSettings probes,
        OutsideConfig outside,
        LogsConfig logs,
        Optional<MailServer> mail,
        Optional<Receiver.Webhook> notices,
        LogSetup.Format logFormat,
        LogSetup.Level logLevel) {
    public ServiceConfig {
        certificates = List.copyOf(certificates);
        trustedProxies = List.copyOf(trustedProxies);
    }

    /// @throws io.postern.base.config.ConfigFault with every fault of the file
    public static ServiceConfig read(ConfigReader in) {
        String baseDomain =
                in.parsed("base-domain", "", "a domain name such as apps.example.com", ServiceConfig::domain);
        if (!in.has("base-domain")) {
            in.fault(
                    "base-domain",
                    "is missing; it is the domain under which applications are published,"
                            + " such as apps.example.com");
        }
        HostPort listen = in.address("listen", new HostPort("0.0.0.0", 443));
        long publicPort = in.number("public-port", 0, 1, 65_535);
        Path data =
                Path.of(in.text("data", "/var/lib/postern")).toAbsolutePath().normalize();
        String firstLabel = baseDomain.replaceFirst("\\..*", "");
        String tenantName = in.parsed(
                "tenant-name",
                firstLabel.isEmpty() ? "tenant" : firstLabel,
                "1 to 40 lower-case letters, digits and inner hyphens",
                v -> v.matches("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?") ? v : null);
        var config = new ServiceConfig(
                baseDomain,
                listen,
                publicPort == 0 ? OptionalInt.empty() : OptionalInt.of((int) publicPort),
                data,
                database(in, data),
                tenantName,
                in.parsed("tenant-domain", baseDomain, "a domain name such as example.com", ServiceConfig::domain),
                in.text("api-token-file").map(Path::of),
                certificates(in),
                trustedProxies(in),
                in.flag("proxy-protocol", false),
                in.address("metrics-listen", new HostPort("127.0.0.1", 9464)),
                in.duration("grace-period", Duration.ofSeconds(10), Duration.ZERO, Duration.ofMinutes(10)),
                in.duration(
                        "connector-certificate-lifetime",
                        Pki.CONNECTOR_LIFE,
                        Duration.ofSeconds(10),
                        Duration.ofDays(825)),
                ServiceLimits.read(in),
                probes(in),
                OutsideConfig.read(in, listen),
                LogsConfig.read(in),
                MailConfig.read(in),
                NoticesConfig.read(in),
                choice(in, "log-format", LogSetup.Format.TEXT, LogSetup.Format.values()),
                choice(in, "log-level", LogSetup.Level.INFO, LogSetup.Level.values()));
        checkTogether(in, config);
        in.finish();
        return config;
    }

    /// Every setting in force, one `key: value` a line, for the log at start. Passwords are not in it.
    public List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("base-domain: " + baseDomain);
        lines.add("listen: " + listen);
        lines.add("public-port: " + (publicPort.isPresent() ? publicPort.getAsInt() : "the listener's"));
        lines.add("data: " + data);
        lines.add("database: " + database);
        lines.add("tenant-name: " + tenantName);
        lines.add("tenant-domain: " + tenantDomain);
        lines.add("api-token-file: " + apiTokenFile.map(Path::toString).orElse("none"));
        certificates.forEach(c -> lines.add("certificates: chain " + c.chain() + ", key " + c.key()));
        lines.add("trusted-proxies: " + (trustedProxies.isEmpty() ? "none" : String.join(", ", trustedProxies)));
        lines.add("proxy-protocol: " + proxyProtocol);
        lines.add("metrics-listen: " + metricsListen);
        lines.add("grace-period: " + grace.toSeconds() + "s");
        lines.add("connector-certificate-lifetime: " + connectorCertificateLife.toSeconds() + "s");
        lines.addAll(limits.lines());
        lines.add("probe-interval: " + probes.interval().toSeconds() + "s");
        lines.add("probe-timeout: " + probes.limit().toSeconds() + "s");
        lines.addAll(outside.lines());
        lines.addAll(logs.lines());
        lines.add(MailConfig.line(mail));
        lines.add(NoticesConfig.line(notices));
        lines.add("log-format: " + lower(logFormat));
        lines.add("log-level: " + lower(logLevel));
        return List.copyOf(lines);
    }

    private static ProbeSettings probes(ConfigReader in) {
        ProbeSettings plain = ProbeSettings.DEFAULTS;
        return plain.with(
                in.duration("probe-interval", plain.interval(), Duration.ofSeconds(1), Duration.ofHours(1)),
                in.duration("probe-timeout", plain.limit(), Duration.ofSeconds(1), Duration.ofMinutes(3)));
    }

    private static DatabaseAddress database(ConfigReader in, Path data) {
        String text = in.text("database", data.resolve("postern.db").toString());
        Optional<String> user = in.text("database-user");
        Optional<Secret> password = in.text("database-password-file").flatMap(file -> {
            try {
                String line =
                        Files.readString(Path.of(file)).lines().findFirst().orElse("");
                return Optional.of(Secret.of(line));
            } catch (IOException e) {
                in.fault("database-password-file", "names " + file + ", which cannot be read");
                return Optional.empty();
            }
        });
        try {
            return DatabaseAddress.parse(text, user, password);
        } catch (IllegalArgumentException e) {
            in.fault("database", "cannot be used: " + e.getMessage());
            return DatabaseAddress.parse(data.resolve("postern.db").toString());
        }
    }

    private static List<OperatorCertificates.Files> certificates(ConfigReader in) {
        var files = new ArrayList<OperatorCertificates.Files>();
        for (ConfigReader entry : in.sections("certificates")) {
            for (String key : List.of("chain", "key")) {
                if (!entry.has(key)) {
                    entry.fault(key, "is missing; a certificate needs 'chain' and 'key', both PEM files");
                }
            }
            files.add(new OperatorCertificates.Files(Path.of(entry.text("chain", "")), Path.of(entry.text("key", ""))));
        }
        return files;
    }

    private static List<String> trustedProxies(ConfigReader in) {
        List<String> ranges = in.list("trusted-proxies");
        for (String range : ranges) {
            if (!isAddressRange(range)) {
                in.fault(
                        "trusted-proxies",
                        "holds '" + range + "', which is no address range such as 10.0.0.0/8 or 2001:db8::/32");
            }
        }
        return ranges;
    }

    private static boolean isAddressRange(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        try {
            int bitsMax = InetAddress.ofLiteral(address).getAddress().length * 8;
            int bits = slash < 0 ? bitsMax : Integer.parseInt(text.substring(slash + 1));
            return bits >= 0 && bits <= bitsMax;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void checkTogether(ConfigReader in, ServiceConfig config) {
        if (config.proxyProtocol && config.trustedProxies.isEmpty()) {
            in.fault(
                    "proxy-protocol",
                    "is on but 'trusted-proxies' is empty: name the balancer, or anybody could claim" + " any address");
        }
        String host = config.metricsListen.host();
        if (!host.equals("localhost") && !host.startsWith("127.") && !host.equals("::1")) {
            in.fault(
                    "metrics-listen",
                    "is '" + config.metricsListen + "' but must be a loopback address such as"
                            + " 127.0.0.1:9464, since nobody is asked to sign in there");
        }
    }

    private static @org.jspecify.annotations.Nullable String domain(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        return HostNames.isDomainName(name) && name.indexOf('.') > 0 ? name : null;
    }

    private static <E extends Enum<E>> E choice(ConfigReader in, String key, E fallback, E[] values) {
        var names = new ArrayList<String>();
        for (E value : values) {
            names.add(lower(value));
        }
        return in.parsed(key, fallback, String.join(" or ", names), text -> {
            int at = names.indexOf(text);
            return at < 0 ? null : values[at];
        });
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
