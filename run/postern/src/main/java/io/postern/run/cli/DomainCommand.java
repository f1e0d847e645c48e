package io.postern.run.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern domain`: names of one's own, under which applications are published.
@Command(
        name = "domain",
        mixinStandardHelpOptions = true,
        description = "Custom domains: names of your own for published applications.",
        subcommands = {
            DomainCommand.Add.class,
            DomainCommand.Listing.class,
            DomainCommand.Verify.class,
            DomainCommand.Remove.class
        })
public final class DomainCommand extends Topic {
    DomainCommand() {}

    private static String path(String name) {
        return "/domains/" + Api.encode(name);
    }

    private static JsonNode record(Api api, String name) {
        return api.get(path(name) + "/verificationDnsRecords").path("value").path(0);
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Claim a domain, and say how to prove it.")
    static final class Add extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(
                names = "--order-certificates",
                description = "Order certificates for names published under it without being asked.")
        private boolean automatic;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object().put("id", name.required("domain")).put("isCertificateOrdered", automatic);
            JsonNode domain = api.post("/domains", body);
            String added = domain.path("id").asString();
            JsonNode record = record(api, added);
            if (json()) {
                ObjectNode both = domain.asObject();
                both.set("verificationDnsRecord", record);
                screen.json(both);
                return;
            }
            screen.line("Added domain '" + added + "'. Prove that it is yours by this record:");
            screen.line("");
            screen.line("  " + record.path("label").asString() + ".  TXT  \""
                    + record.path("text").asString() + "\"");
            screen.line("");
            screen.line("Next: postern domain verify " + added);
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List domains.")
    static final class Listing extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> domains = api.list("/domains");
            if (json()) {
                screen.json(domains);
                return;
            }
            screen.table(
                    List.of("DOMAIN", "VERIFIED", "CERTIFICATES"),
                    domains.stream()
                            .map(d -> List.of(
                                    d.path("id").asString(),
                                    d.path("isVerified").asBoolean()
                                            ? d.path("verifiedDateTime")
                                                    .asString()
                                                    .substring(0, 10)
                                            : "no",
                                    d.path("isCertificateOrdered").asBoolean() ? "ordered" : "uploaded"))
                            .toList(),
                    "No domain yet; add one with 'postern domain add'.");
        }
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Look for the record that proves a domain.")
    static final class Verify extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(
                names = "--order-certificates",
                arity = "1",
                paramLabel = "yes|no",
                description = "Whether certificates for names published under it are ordered without being asked.")
        private @Nullable String automatic;

        @Override
        void run(Api api, Screen screen) {
            String wanted = name.required("domain");
            JsonNode domain = api.post(path(wanted) + "/verify", Api.object());
            if (automatic != null) {
                api.patch(path(wanted), Api.object().put("isCertificateOrdered", automatic.equals("yes")));
                domain = api.get(path(wanted));
            }
            if (json()) {
                screen.json(domain);
                return;
            }
            screen.line("Domain '" + domain.path("id").asString() + "' is verified. Names under it must lead here:");
            screen.line("");
            api.get(path(wanted) + "/serviceConfigurationRecords")
                    .path("value")
                    .forEach(alias -> screen.line("  " + alias.path("label").asString() + ".  CNAME  "
                            + alias.path("canonicalName").asString() + "."));
            screen.line("");
            screen.line("Next: postern certificate add --pfx FILE, then postern app publish");
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Give a domain up, with its certificates; not while an application is published under it.")
    static final class Remove extends DeleteCommand {
        @Override
        Doomed find(Api api, Name wanted) {
            JsonNode domain = api.get(path(wanted.required("domain")));
            String name = domain.path("id").asString();
            return new Doomed(path(name), name, "domain '" + name + "'");
        }
    }
}
