package io.postern.run.cli;

import io.postern.run.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app sso certificate`: with what assertions for an application are signed.
@Command(
        name = "certificate",
        mixinStandardHelpOptions = true,
        description = "Signing certificates of an application. To change one: make a new one, give it to the"
                + " application, make it active at the agreed time, delete the old one.",
        subcommands = {
            AppSsoCertificateCommand.Listing.class,
            AppSsoCertificateCommand.New.class,
            AppSsoCertificateCommand.Activate.class,
            AppSsoCertificateCommand.Delete.class,
            AppSsoCertificateCommand.Download.class
        })
final class AppSsoCertificateCommand extends Topic {
    AppSsoCertificateCommand() {}

    private static String line(JsonNode certificate) {
        return certificate.path("thumbprint").asString() + ", "
                + certificate.path("status").asString() + ", until "
                + certificate.path("endDateTime").asString();
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the certificates.")
    static final class Listing extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> certificates = api.list(AppSsoCommand.principal(api, name) + "/tokenSigningCertificates");
            if (json()) {
                screen.json(certificates);
                return;
            }
            screen.table(
                    List.of("THUMBPRINT", "STATUS", "FROM", "UNTIL", "SUBJECT"),
                    certificates.stream()
                            .map(c -> List.of(
                                    c.path("thumbprint").asString(),
                                    c.path("status").asString(),
                                    c.path("startDateTime").asString(),
                                    c.path("endDateTime").asString(),
                                    c.path("displayName").asString()))
                            .toList(),
                    "There is no signing certificate; make one with 'postern app sso certificate new'.");
        }
    }

    @Command(
            name = "new",
            mixinStandardHelpOptions = true,
            description = "Make a certificate; it waits, inactive, until you make it active.")
    static final class New extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(names = "--subject", paramLabel = "CN", description = "Its common name.")
        private @Nullable String subject;

        @Option(
                names = "--until",
                paramLabel = "TIME",
                description = "Its end, as 2028-01-31T00:00:00Z; three years at most.")
        private @Nullable String until;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object();
            if (subject != null) {
                body.put("displayName", "CN=" + subject);
            }
            if (until != null) {
                body.put("endDateTime", until);
            }
            JsonNode made = api.post(AppSsoCommand.principal(api, name) + "/addTokenSigningCertificate", body);
            if (json()) {
                screen.json(made);
                return;
            }
            screen.line("Made certificate " + line(made) + ".");
        }
    }

    @Command(
            name = "activate",
            mixinStandardHelpOptions = true,
            description = "Sign with this certificate from now on.")
    static final class Activate extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(
                names = "--certificate",
                required = true,
                paramLabel = "THUMBPRINT",
                description = "Thumbprint or key id.")
        private String certificate = "";

        @Override
        void run(Api api, Screen screen) {
            JsonNode active = api.post(
                    AppSsoCommand.principal(api, name) + "/tokenSigningCertificates/" + Api.encode(certificate)
                            + "/activate",
                    Api.object());
            if (json()) {
                screen.json(active);
                return;
            }
            screen.line("Assertions are signed with " + line(active) + " from now on.");
        }
    }

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "Delete a certificate that is not active.")
    static final class Delete extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(
                names = "--certificate",
                required = true,
                paramLabel = "THUMBPRINT",
                description = "Thumbprint or key id.")
        private String certificate = "";

        @Override
        void run(Api api, Screen screen) {
            api.delete(AppSsoCommand.principal(api, name) + "/tokenSigningCertificates/" + Api.encode(certificate));
            if (json()) {
                screen.json(Api.object());
                return;
            }
            screen.line("Deleted certificate " + certificate + ".");
        }
    }

    @Command(
            name = "download",
            mixinStandardHelpOptions = true,
            description = "Write the certificate in use, or another, to a file: PEM, or DER with --der.")
    static final class Download extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(names = "--certificate", paramLabel = "THUMBPRINT", description = "Another one than the active.")
        private @Nullable String certificate;

        @Option(names = "--out", paramLabel = "FILE", description = "Where to write it; without, PEM is printed.")
        private @Nullable Path out;

        @Option(names = "--der", description = "Raw, as some applications want it; needs --out.")
        private boolean der;

        @Override
        void run(Api api, Screen screen) {
            JsonNode found = api.list(AppSsoCommand.principal(api, name) + "/tokenSigningCertificates").stream()
                    .filter(c -> certificate == null
                            ? c.path("status").asString().equals("active")
                            : c.path("thumbprint").asString().equalsIgnoreCase(certificate)
                                    || c.path("keyId").asString().equalsIgnoreCase(certificate))
                    .findFirst()
                    .orElseThrow(
                            () -> new Fault("there is no such certificate; see 'postern app sso certificate list'"));
            if (json()) {
                screen.json(found);
                return;
            }
            byte[] raw = Base64.getDecoder().decode(found.path("key").asString());
            String pem = "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(raw)
                    + "\n-----END CERTIFICATE-----\n";
            if (out == null) {
                if (der) {
                    throw new Fault("--der needs --out FILE; a screen cannot show it");
                }
                screen.text(pem);
                return;
            }
            try {
                Files.write(out, der ? raw : pem.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new Fault("the certificate cannot be written to " + out + " (" + e.getMessage() + ")", e);
            }
            screen.line("Wrote certificate " + line(found) + " to " + out + ".");
        }
    }
}
