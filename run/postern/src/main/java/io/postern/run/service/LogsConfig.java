package io.postern.run.service;

import io.postern.admin.logging.Receiver;
import io.postern.admin.logging.Receiver.Transport;
import io.postern.base.HostPort;
import io.postern.base.Secret;
import io.postern.base.config.ConfigReader;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What becomes of the sign-in log and the audit log (docs/operate/audit.md).
///
/// @param signIns so long sign-ins are kept
/// @param audit so long changes are kept
/// @param receivers where both are sent
public record LogsConfig(Duration signIns, Duration audit, List<Receiver> receivers) {
    public static final LogsConfig DEFAULTS = new LogsConfig(Duration.ofDays(30), Duration.ofDays(365), List.of());

    private static final Duration KEPT_MIN = Duration.ofDays(1);
    private static final Duration KEPT_MAX = Duration.ofDays(3_650);
    private static final int SECRET_CHARACTERS_MIN = 16;

    public LogsConfig {
        receivers = List.copyOf(receivers);
    }

    static LogsConfig read(ConfigReader in) {
        var receivers = new ArrayList<Receiver>();
        for (ConfigReader entry : in.sections("log-receivers")) {
            receiver(entry).ifPresent(receivers::add);
        }
        if (receivers.stream().map(Receiver::name).distinct().count() < receivers.size()) {
            in.fault("log-receivers", "names one receiver twice");
        }
        return new LogsConfig(
                in.duration("sign-in-log-retention", DEFAULTS.signIns(), KEPT_MIN, KEPT_MAX),
                in.duration("audit-log-retention", DEFAULTS.audit(), KEPT_MIN, KEPT_MAX),
                receivers);
    }

    private static Optional<Receiver> receiver(ConfigReader in) {
        Optional<Path> authority = in.text("authority").map(Path::of);
        Optional<Secret> secret = in.text("secret-file").flatMap(file -> secret(in, file));
        if (!in.has("to")) {
            in.fault("to", "is missing; it is an https URL, or syslog+tls://HOST:PORT, syslog+tcp://, syslog+udp://");
            return Optional.empty();
        }
        return in.parsed(
                "to",
                Optional.empty(),
                "an https URL, or syslog+tls://HOST:PORT, syslog+tcp://HOST:PORT, syslog+udp://HOST:PORT",
                text -> {
                    if (!text.startsWith("https:")) {
                        return Optional.of(syslog(text, authority));
                    }
                    if (secret.isEmpty()) {
                        in.fault("secret-file", "is missing; what is sent by https is signed with it");
                        return Optional.empty();
                    }
                    return Optional.of(new Receiver.Webhook(url(text), secret.get(), authority));
                });
    }

    private static Receiver syslog(String text, Optional<Path> authority) {
        int cut = text.indexOf("://");
        Transport transport = switch (cut < 0 ? "" : text.substring(0, cut)) {
            case "syslog+tls" -> Transport.TLS;
            case "syslog+tcp" -> Transport.TCP;
            case "syslog+udp" -> Transport.UDP;
            default -> throw new IllegalArgumentException("it begins with none of these");
        };
        return new Receiver.Syslog(
                transport, HostPort.parse(text.substring(cut + 3).replaceFirst("/$", "")), authority);
    }

    static URI url(String text) {
        try {
            var url = new URI(text);
            if (url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        throw new IllegalArgumentException("it needs a host, and no user or fragment");
    }

    static Optional<Secret> secret(ConfigReader in, String file) {
        try {
            String line = Files.readString(Path.of(file))
                    .lines()
                    .findFirst()
                    .orElse("")
                    .strip();
            if (line.length() >= SECRET_CHARACTERS_MIN) {
                return Optional.of(Secret.of(line));
            }
            in.fault(
                    "secret-file",
                    "names " + file + ", whose first line has less than " + SECRET_CHARACTERS_MIN + " characters");
        } catch (IOException e) {
            in.fault("secret-file", "names " + file + ", which cannot be read");
        }
        return Optional.empty();
    }

    List<String> lines() {
        return List.of(
                "sign-in-log-retention: " + signIns.toDays() + "d",
                "audit-log-retention: " + audit.toDays() + "d",
                "log-receivers: "
                        + (receivers.isEmpty()
                                ? "none"
                                : String.join(
                                        ", ",
                                        receivers.stream().map(Receiver::name).toList())));
    }
}
