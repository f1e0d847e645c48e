package io.postern.run.cli;

import io.postern.run.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a client proves itself with: secrets, which are shown once, and certificates.
final class ClientCredentialCommands {
    private ClientCredentialCommands() {}

    @Command(
            name = "secret",
            mixinStandardHelpOptions = true,
            description = "Secrets of a client.",
            subcommands = {AddSecret.class, ListSecrets.class, RemoveSecret.class})
    static final class Secret extends Topic {}

    @Command(
            name = "certificate",
            mixinStandardHelpOptions = true,
            description = "Certificates by which a client proves itself (private_key_jwt).",
            subcommands = {AddCertificate.class, ListCertificates.class, RemoveCertificate.class})
    static final class Certificate extends Topic {}

    /// The application that all of them are about.
    abstract static class OfOne extends Topic.Action {
        @Parameters(index = "0", paramLabel = "NAME", description = "The application's name or id.")
        private String name = "";

        String name() {
            return name;
        }

        JsonNode application(Api api) {
            return AppClientCommand.registration(api, name);
        }
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Make a secret, which is shown this once.")
    static final class AddSecret extends OfOne {
        @Option(names = "--display-name", paramLabel = "TEXT", description = "What it is for.")
        private String displayName = "";

        @Option(names = "--days", paramLabel = "N", description = "How long it works, 730 at most (default: 180).")
        private int days;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object();
            ObjectNode credential = body.putObject("passwordCredential").put("displayName", displayName);
            if (days != 0) {
                credential.put(
                        "endDateTime",
                        Instant.now()
                                .truncatedTo(ChronoUnit.SECONDS)
                                .plus(days, ChronoUnit.DAYS)
                                .toString());
            }
            JsonNode made = api.post(AppClientCommand.path(application(api)) + "/addPassword", body);
            if (json()) {
                screen.json(made);
                return;
            }
            screen.line("Secret  " + made.path("secretText").asString("") + "   (shown this once)");
            screen.line("Id      " + made.path("keyId").asString(""));
            screen.line("Until   " + made.path("endDateTime").asString(""));
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the secrets, without their text.")
    static final class ListSecrets extends OfOne {
        @Override
        void run(Api api, Screen screen) {
            print(this, screen, application(api).path("passwordCredentials"), "BEGINS WITH", "hint", "No secret yet.");
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Make a secret worthless, at once.")
    static final class RemoveSecret extends OfOne {
        @Parameters(index = "1", paramLabel = "ID", description = "As the list shows it.")
        private String id = "";

        @Override
        void run(Api api, Screen screen) {
            remove(this, api, screen, "removePassword", id);
        }
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Register a certificate of the client.")
    static final class AddCertificate extends OfOne {
        @Parameters(index = "1", paramLabel = "FILE", description = "The certificate, PEM or DER; never the key.")
        private Path file = Path.of("");

        @Option(names = "--display-name", paramLabel = "TEXT", description = "What it is for.")
        private String displayName = "";

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object();
            body.putObject("keyCredential").put("displayName", displayName).put("key", text(file));
            JsonNode made = api.post(AppClientCommand.path(application(api)) + "/addKey", body);
            if (json()) {
                screen.json(made);
                return;
            }
            screen.line("Registered the certificate of " + made.path("subject").asString("") + ".");
            screen.line("Id      " + made.path("keyId").asString(""));
            screen.line("Until   " + made.path("endDateTime").asString(""));
        }

        private static String text(Path file) {
            byte[] bytes;
            try {
                bytes = Files.readAllBytes(file);
            } catch (IOException e) {
                throw new Fault("the certificate " + file + " cannot be read", e);
            }
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            if (text.contains("PRIVATE KEY")) {
                throw new Fault(file + " holds a private key, which stays with the client; give the certificate alone");
            }
            return text.contains("-----BEGIN") ? text : Base64.getEncoder().encodeToString(bytes);
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the certificates.")
    static final class ListCertificates extends OfOne {
        @Override
        void run(Api api, Screen screen) {
            print(this, screen, application(api).path("keyCredentials"), "SUBJECT", "subject", "No certificate yet.");
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Take a certificate away, at once.")
    static final class RemoveCertificate extends OfOne {
        @Parameters(index = "1", paramLabel = "ID", description = "As the list shows it.")
        private String id = "";

        @Override
        void run(Api api, Screen screen) {
            remove(this, api, screen, "removeKey", id);
        }
    }

    private static void remove(OfOne command, Api api, Screen screen, String action, String id) {
        api.post(
                AppClientCommand.path(command.application(api)) + "/" + action,
                Api.object().put("keyId", id));
        if (command.json()) {
            screen.json(Api.object().put("keyId", id));
        } else {
            screen.line("Removed " + id + " from '" + command.name() + "'.");
        }
    }

    private static void print(
            Topic.Action command, Screen screen, JsonNode credentials, String head, String property, String empty) {
        var all = new ArrayList<JsonNode>();
        credentials.forEach(all::add);
        if (command.json()) {
            screen.json(all);
            return;
        }
        screen.table(
                List.of("ID", "NAME", head, "UNTIL"),
                all.stream()
                        .map(c -> List.of(
                                c.path("keyId").asString(""),
                                c.path("displayName").asString(""),
                                c.path(property).asString(""),
                                c.path("endDateTime").asString("")))
                        .toList(),
                empty);
    }
}
