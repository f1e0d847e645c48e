package io.postern.run.service;

import io.postern.admin.logging.Receiver;
import io.postern.base.Secret;
import io.postern.base.config.ConfigReader;
import java.nio.file.Path;
import java.util.Optional;

/// The section `notices`: where what administrators are told of is sent besides mail.
final class NoticesConfig {
    private NoticesConfig() {}

    static Optional<Receiver.Webhook> read(ConfigReader in) {
        if (!in.has("notices")) {
            return Optional.empty();
        }
        ConfigReader notices = in.section("notices");
        Optional<Path> authority = notices.text("authority").map(Path::of);
        Optional<Secret> secret = notices.text("secret-file").flatMap(file -> LogsConfig.secret(notices, file));
        if (!notices.has("webhook")) {
            notices.fault("webhook", "is missing; it is an https URL, to which notices are sent");
            return Optional.empty();
        }
        if (!notices.has("secret-file")) {
            notices.fault("secret-file", "is missing; what is sent is signed with it");
        }
        return notices.parsed("webhook", Optional.empty(), "an https URL", text -> {
            if (!text.startsWith("https:")) {
                throw new IllegalArgumentException("it does not begin with https:");
            }
            return secret.map(known -> new Receiver.Webhook(LogsConfig.url(text), known, authority));
        });
    }

    /// For the log at start.
    static String line(Optional<Receiver.Webhook> webhook) {
        return "notices: " + webhook.map(Receiver.Webhook::name).orElse("none");
    }
}
