package io.postern.run.cli;

import io.postern.run.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern certificate`: what browsers are shown for custom domains.
@Command(
        name = "certificate",
        mixinStandardHelpOptions = true,
        description = "Certificates for custom domains.",
        subcommands = {
            CertificateCommand.Add.class,
            CertificateCommand.Listing.class,
            CertificateOrderCommand.class,
            CertificateOrdersCommand.class,
            CertificateOrdersCommand.Cancel.class,
            CertificateCommand.Remove.class
        })
public final class CertificateCommand extends Topic {
    CertificateCommand() {}

    static String hosts(JsonNode certificate) {
        return String.join(
                ", ",
                certificate.path("hosts").valueStream().map(JsonNode::asString).toList());
    }

    private static void warnings(JsonNode certificate, Screen screen) {
        certificate.path("warnings").forEach(warning -> screen.line("Warning: " + warning.asString()));
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Upload a certificate with its key: one PFX file, or two PEM files.")
    static final class Add extends Topic.Action {
        @Option(names = "--pfx", paramLabel = "FILE", description = "PKCS#12 file with certificate, key and issuers.")
        private @Nullable Path pfx;

        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                description = "Its password in the first line (default: no password).")
        private @Nullable Path passwordFile;

        @Option(
                names = "--chain",
                paramLabel = "FILE",
                description = "PEM file: the server's certificate, then its issuers.")
        private @Nullable Path chain;

        @Option(names = "--key", paramLabel = "FILE", description = "PEM file with the private key, not encrypted.")
        private @Nullable Path key;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object();
            if (pfx != null && chain == null && key == null) {
                body.put("pfx", Base64.getEncoder().encodeToString(bytes(pfx)));
                body.put("password", passwordFile == null ? "" : firstLine(passwordFile));
            } else if (pfx == null && chain != null && key != null && passwordFile == null) {
                body.put("chain", new String(bytes(chain), StandardCharsets.ISO_8859_1));
                body.put("key", new String(bytes(key), StandardCharsets.ISO_8859_1));
            } else {
                throw new Fault(
                        "which certificate? Give --pfx FILE [--password-file FILE], or --chain FILE --key FILE");
            }
            JsonNode certificate = api.post("/certificates", body);
            if (json()) {
                screen.json(certificate);
                return;
            }
            screen.line("Added the certificate for " + hosts(certificate) + ", good until "
                    + certificate.path("expiryDate").asString() + ".");
            warnings(certificate, screen);
        }

        private static byte[] bytes(Path file) {
            try {
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw new Fault("the file " + file + " cannot be read", e);
            }
        }

        private static String firstLine(Path file) {
            return new String(bytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List certificates, those that end first.")
    static final class Listing extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> certificates = api.list("/certificates");
            if (json()) {
                screen.json(certificates);
                return;
            }
            screen.table(
                    List.of("HOSTS", "EXPIRES", "ISSUER", "SOURCE", "THUMBPRINT", "APPLICATIONS"),
                    certificates.stream()
                            .map(c -> List.of(
                                    hosts(c),
                                    c.path("expiryDate").asString().substring(0, 10),
                                    c.path("issuerName").asString(),
                                    c.path("source").asString(),
                                    c.path("thumbprint").asString(),
                                    Integer.toString(c.path("applications").size())))
                            .toList(),
                    "No certificate yet; add one with 'postern certificate add'.");
            certificates.forEach(certificate -> warnings(certificate, screen));
            api.list("/certificateOrders").stream()
                    .filter(order -> order.path("state").asString().equals("failed"))
                    .forEach(order -> screen.line("Warning: the order for " + hosts(order) + " failed: "
                            + order.path("problem").asString() + "; it is tried again at "
                            + order.path("dueDateTime").asString()));
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Remove a certificate; not while an application depends on it alone.")
    static final class Remove extends DeleteCommand {
        @Override
        Doomed find(Api api, Name wanted) {
            String text = wanted.required("certificate");
            List<JsonNode> found = api.list("/certificates").stream()
                    .filter(c -> Stream.concat(
                                    Stream.of(
                                            c.path("id").asString(),
                                            c.path("thumbprint").asString()),
                                    c.path("hosts").valueStream().map(JsonNode::asString))
                            .anyMatch(text::equalsIgnoreCase))
                    .toList();
            if (found.size() != 1) {
                throw new Fault((found.isEmpty() ? "no certificate is" : "several certificates are") + " called '"
                        + text + "'; give the thumbprint, see 'postern certificate list'");
            }
            String id = found.getFirst().path("id").asString();
            return new Doomed("/certificates/" + id, id, "certificate for " + hosts(found.getFirst()));
        }
    }
}
