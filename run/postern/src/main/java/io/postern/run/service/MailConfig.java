package io.postern.run.service;

import io.postern.admin.notice.MailServer;
import io.postern.admin.notice.MailServer.Security;
import io.postern.base.HostPort;
import io.postern.base.Secret;
import io.postern.base.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The section `mail`: where notices are handed in. Without it none are sent.
final class MailConfig {
    private MailConfig() {}

    static Optional<MailServer> read(ConfigReader in) {
        if (!in.has("mail")) {
            return Optional.empty();
        }
        ConfigReader mail = in.section("mail");
        for (String key : new String[] {"server", "from"}) {
            if (!mail.has(key)) {
                mail.fault(key, "is missing; mail needs 'server', such as mail.example.com:587, and 'from'");
            }
        }
        Optional<String> user = mail.text("user");
        Optional<Secret> password = mail.text("password-file").flatMap(file -> password(mail, file));
        if (user.isPresent() != mail.has("password-file")) {
            mail.fault("password-file", "and 'user' go together; give both or neither");
        }
        HostPort server = mail.address("server", new HostPort("localhost", 587));
        Security security = mail.parsed("security", Security.STARTTLS, "starttls, tls or none", text -> switch (text) {
            case "starttls" -> Security.STARTTLS;
            case "tls" -> Security.TLS;
            case "none" -> Security.NONE;
            default -> throw new IllegalArgumentException("it is none of these");
        });
        if (security == Security.NONE && user.isPresent()) {
            mail.fault("security", "is none, but a password must not travel in the clear; use starttls or tls");
        }
        return Optional.of(new MailServer(
                server,
                security,
                user,
                password,
                mail.parsed(
                        "from",
                        "",
                        "a mail address such as postern@example.com",
                        text -> text.matches("[^@\\s<>,;:\"]+@[A-Za-z0-9.-]+") ? text : null),
                mail.text("authority").map(Path::of)));
    }

    private static Optional<Secret> password(ConfigReader in, String file) {
        try {
            String line = Files.readString(Path.of(file))
                    .lines()
                    .findFirst()
                    .orElse("")
                    .strip();
            if (!line.isEmpty()) {
                return Optional.of(Secret.of(line));
            }
            in.fault("password-file", "names " + file + ", whose first line is empty");
        } catch (IOException e) {
            in.fault("password-file", "names " + file + ", which cannot be read");
        }
        return Optional.empty();
    }

    /// For the log at start.
    static String line(Optional<MailServer> mail) {
        return "mail: "
                + mail.map(server -> server.address() + " (" + server.security() + "), from " + server.from())
                        .orElse("none");
    }
}
