package io.postern.run.cli;

import io.postern.run.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app sso`: how an application signs its users on.
@Command(
        name = "sso",
        mixinStandardHelpOptions = true,
        description = "Single sign-on of an application: settings, claims, certificates, metadata, test.",
        subcommands = {
            AppSsoCommand.Show.class,
            AppSsoCommand.Set.class,
            AppSsoKerberosCommand.class,
            AppSsoHeadersCommand.class,
            AppSsoPasswordCommand.class,
            AppSsoPasswordForCommand.class,
            AppSsoCertificateCommand.class,
            AppSsoCommand.ImportMetadata.class,
            AppSsoTokensCommand.class,
            AppSsoTestCommand.class
        })
final class AppSsoCommand extends Topic {
    AppSsoCommand() {}

    /// Path of the service principal of the application that somebody named.
    static String principal(Api api, Name name) {
        var lookup = new Lookup(api);
        JsonNode application = lookup.application(name.required("application"));
        return "/servicePrincipals/"
                + lookup.servicePrincipal(application).path("id").asString();
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Fault("the file " + file + " cannot be read as text (" + e.getMessage() + ")", e);
        }
    }

    private static void tell(JsonNode signOn, boolean json, Screen screen) {
        if (json) {
            screen.json(signOn);
        } else {
            show(signOn, screen);
        }
    }

    static void show(JsonNode signOn, Screen screen) {
        screen.line(
                "Sign-on         " + signOn.path("preferredSingleSignOnMode").asString());
        texts(screen, "Identifier      ", signOn.path("identifierUris"));
        for (JsonNode reply : signOn.path("replyUrls")) {
            screen.line("Reply URL       " + reply.path("url").asString()
                    + (reply.path("index").isInt()
                            ? "  index " + reply.path("index").asInt()
                            : "")
                    + (reply.path("isDefault").asBoolean() ? "  default" : ""));
        }
        one(screen, "Sign-on URL     ", signOn.path("loginUrl"));
        one(screen, "Relay state     ", signOn.path("relayState"));
        one(screen, "Logout URL      ", signOn.path("logoutUrl"));
        screen.line("Signed          " + signOn.at("/signing/option").asString() + ", "
                + signOn.at("/signing/algorithm").asString());
        screen.line(
                "Signed requests " + (signOn.at("/requests/requireSigned").asBoolean() ? "required" : "not required"));
        screen.line("Encryption      "
                + (signOn.at("/encryption/activeKeyId").isString()
                        ? signOn.at("/encryption/algorithm").asString()
                        : "off"));
        screen.line(
                "NameID          " + signOn.at("/claimsPolicy/nameId/format").asString()
                        + equal(sources(signOn.at("/claimsPolicy/nameId/configurations"))));
        for (JsonNode claim : signOn.at("/claimsPolicy/claims")) {
            screen.line("Claim           " + fullName(claim) + equal(sources(claim.path("configurations"))));
        }
        screen.line("Groups          "
                + signOn.at("/claimsPolicy/groupClaim/groups").asString());
        for (JsonNode certificate : signOn.path("tokenSigningCertificates")) {
            screen.line("Certificate     " + certificate.path("thumbprint").asString() + "  "
                    + certificate.path("status").asString() + "  until "
                    + certificate.path("endDateTime").asString()
                    + (certificate.path("isInUse").asBoolean() ? "  in use" : ""));
        }
        screen.line("");
        screen.line("To set in the application:");
        screen.line("  Entity id     " + signOn.at("/identityProvider/entityId").asString());
        screen.line("  Login URL     " + signOn.at("/identityProvider/loginUrl").asString());
        screen.line(
                "  Logout URL    " + signOn.at("/identityProvider/logoutUrl").asString());
        screen.line(
                "  Metadata      " + signOn.at("/identityProvider/metadataUrl").asString());
        screen.line("  User access   " + signOn.path("userAccessUrl").asString());
        signOn.path("missing").forEach(missing -> screen.line("Missing: " + missing.asString()));
    }

    private static String fullName(JsonNode claim) {
        String name = claim.path("name").asString();
        return claim.path("namespace").isString() ? claim.path("namespace").asString() + "/" + name : name;
    }

    /// From what the rows of a claim or header take their value.
    static String sources(JsonNode configurations) {
        var texts = new ArrayList<String>();
        for (JsonNode one : configurations) {
            String source = one.path("attribute").isString()
                    ? one.path("attribute").asString()
                    : one.path("value").isString() ? "'" + one.path("value").asString() + "'" : "pairwise identifier";
            for (JsonNode step : one.path("transformations")) {
                source += " > " + step.path("type").asString();
            }
            texts.add(one.has("condition") ? "(" + source + ")" : source);
        }
        return String.join(", ", texts);
    }

    private static String equal(String sources) {
        return sources.isEmpty() ? "" : " = " + sources;
    }

    private static void texts(Screen screen, String head, JsonNode texts) {
        texts.forEach(text -> screen.line(head + text.asString()));
    }

    static ObjectNode object(Path file) {
        try {
            if (new JsonMapper().readTree(read(file)) instanceof ObjectNode object) {
                return object;
            }
            throw new Fault("the file " + file + " holds no JSON object");
        } catch (JacksonException e) {
            throw new Fault("the file " + file + " is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    static String joined(JsonNode texts) {
        return texts.valueStream().map(JsonNode::asString).collect(Collectors.joining(", "));
    }

    private static void one(Screen screen, String head, JsonNode text) {
        if (text.isString()) {
            screen.line(head + text.asString());
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show what is set, and what to set in the application.")
    static final class Show extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            tell(api.get(principal(api, name) + "/signOn"), json(), screen);
        }
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Change what is named; 'none' takes a URL away. Everything, claims included, can be given as"
                    + " JSON with --file, with the names that 'show --json' has.")
    static final class Set extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(names = "--mode", paramLabel = "MODE", description = "saml, oidc, password, linked or notSupported.")
        private @Nullable String mode;

        @Option(names = "--identifier", paramLabel = "ID", description = "Entity id; several replace those that are.")
        private List<String> identifiers = new ArrayList<>();

        @Option(
                names = "--reply-url",
                paramLabel = "URL",
                description = "Where assertions go; several replace those that are, the first is the default.")
        private List<String> replyUrls = new ArrayList<>();

        @Option(names = "--sign-on-url", paramLabel = "URL", description = "Where the application begins a sign-on.")
        private @Nullable String signOnUrl;

        @Option(names = "--relay-state", paramLabel = "TEXT", description = "Sent along when we begin.")
        private @Nullable String relayState;

        @Option(names = "--logout-url", paramLabel = "URL", description = "Gets logout messages.")
        private @Nullable String logoutUrl;

        @Option(names = "--sign", paramLabel = "WHAT", description = "assertion, response or both.")
        private @Nullable String sign;

        @Option(names = "--algorithm", paramLabel = "NAME", description = "sha256 or sha1.")
        private @Nullable String algorithm;

        @Option(
                names = "--encrypt",
                paramLabel = "FILE",
                description =
                        "Certificate of the application (PEM or DER) for which assertions are encrypted from now on;"
                                + " none: not any more.")
        private @Nullable String encrypt;

        @Option(
                names = "--cipher",
                paramLabel = "NAME",
                description = "Of encrypted assertions: aes256Gcm, aes128Gcm, aes256Cbc or aes128Cbc.")
        private @Nullable String cipher;

        @Option(
                names = "--name-id",
                paramLabel = "FORMAT",
                description = "default, persistent, emailAddress, unspecified or windowsDomainQualifiedName.")
        private @Nullable String nameId;

        @Option(names = "--name-id-from", paramLabel = "ATTRIBUTE", description = "Its source, such as mail.")
        private @Nullable String nameIdFrom;

        @Option(
                names = "--claim",
                paramLabel = "NAME=ATTRIBUTE",
                description = "Claims; they replace those that are. A name may be a URI.")
        private List<String> claims = new ArrayList<>();

        @Option(
                names = "--groups",
                paramLabel = "WHICH",
                description = "none, all, security, directoryRoles or assigned.")
        private @Nullable String groups;

        @Option(names = "--groups-by", paramLabel = "NAME", description = "id, displayName, samAccountName, ...")
        private @Nullable String groupsBy;

        @Option(
                names = "--notify",
                paramLabel = "ADDRESS",
                description = "Who is told before a certificate ends; five at most.")
        private List<String> notify = new ArrayList<>();

        @Option(names = "--file", paramLabel = "FILE", description = "JSON with whatever is to be changed.")
        private @Nullable Path file;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode patch = file == null ? Api.object() : object(file);
            text(patch, "preferredSingleSignOnMode", mode);
            if (!identifiers.isEmpty()) {
                identifiers.forEach(patch.putArray("identifierUris")::add);
            }
            replies(patch);
            text(patch, "loginUrl", signOnUrl);
            text(patch, "relayState", relayState);
            text(patch, "logoutUrl", logoutUrl);
            if (sign != null || algorithm != null) {
                ObjectNode signing = patch.putObject("signing");
                text(signing, "option", sign);
                text(signing, "algorithm", algorithm);
            }
            encryption(patch);
            claims(patch);
            if (!notify.isEmpty()) {
                notify.forEach(patch.putArray("notificationEmailAddresses")::add);
            }
            if (patch.isEmpty()) {
                throw new Fault("what is to be changed? Give an option such as --reply-url, see --help");
            }
            String principal = principal(api, name);
            api.patch(principal + "/signOn", patch);
            tell(api.get(principal + "/signOn"), json(), screen);
        }

        private void encryption(ObjectNode patch) {
            if (encrypt == null && cipher == null) {
                return;
            }
            ObjectNode encryption = patch.withObject("/encryption");
            text(encryption, "algorithm", cipher);
            if (encrypt == null) {
                return;
            }
            if (encrypt.equals("none")) {
                encryption.putNull("activeKeyId");
                return;
            }
            String id = UUID.randomUUID().toString();
            encryption
                    .putArray("certificates")
                    .addObject()
                    .put("keyId", id)
                    .put("displayName", Path.of(encrypt).getFileName().toString())
                    .put("key", certificate(Path.of(encrypt)));
            encryption.put("activeKeyId", id);
        }

        /// As the API takes it: text as it is, a raw one in base64.
        private static String certificate(Path file) {
            try {
                byte[] bytes = Files.readAllBytes(file);
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                return text.startsWith("-----BEGIN")
                        ? text
                        : Base64.getEncoder().encodeToString(bytes);
            } catch (IOException e) {
                throw new Fault("the file " + file + " cannot be read (" + e.getMessage() + ")", e);
            }
        }

        private void replies(ObjectNode patch) {
            if (replyUrls.isEmpty()) {
                return;
            }
            ArrayNode replies = patch.putArray("replyUrls");
            for (String url : replyUrls) {
                replies.addObject().put("url", url).put("isDefault", replies.size() == 1);
            }
        }

        private void claims(ObjectNode patch) {
            if (nameId == null && nameIdFrom == null && claims.isEmpty() && groups == null && groupsBy == null) {
                return;
            }
            ObjectNode policy = patch.withObject("/claimsPolicy");
            if (nameId != null || nameIdFrom != null) {
                ObjectNode rule = policy.putObject("nameId");
                text(rule, "format", nameId);
                if (nameIdFrom != null) {
                    rule.putArray("configurations").addObject().put("attribute", nameIdFrom);
                }
            }
            if (!claims.isEmpty()) {
                ArrayNode list = policy.putArray("claims");
                for (String claim : claims) {
                    int cut = claim.lastIndexOf('=');
                    if (cut < 1) {
                        throw new Fault("--claim '" + claim + "' must be NAME=ATTRIBUTE");
                    }
                    list.addObject()
                            .put("name", claim.substring(0, cut))
                            .putArray("configurations")
                            .addObject()
                            .put("attribute", claim.substring(cut + 1));
                }
            }
            if (groups != null || groupsBy != null) {
                ObjectNode group = policy.putObject("groupClaim");
                text(group, "groups", groups);
                text(group, "sourceAttribute", groupsBy);
            }
        }

        private static void text(ObjectNode into, String property, @Nullable String value) {
            if (value != null) {
                if (value.equals("none") && !property.equals("groups")) {
                    into.putNull(property);
                } else {
                    into.put(property, value);
                }
            }
        }
    }

    @Command(
            name = "import-metadata",
            mixinStandardHelpOptions = true,
            description = "Take identifier, reply URLs, logout URL, NameID format and certificates from the metadata of"
                    + " the application: from a file, or over https.")
    static final class ImportMetadata extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(names = "--file", paramLabel = "FILE", description = "The XML file.")
        private @Nullable Path file;

        @Option(names = "--from", paramLabel = "URL", description = "Where the service fetches it itself, over https.")
        private @Nullable String url;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object();
            if (file != null && url == null) {
                body.put("metadata", read(file));
            } else if (url != null && file == null) {
                body.put("metadataUrl", url);
            } else {
                throw new Fault("which metadata? Give --file FILE or --from URL");
            }
            JsonNode imported = api.post(principal(api, name) + "/signOn/importMetadata", body);
            if (json()) {
                screen.json(imported);
                return;
            }
            screen.line("Imported " + joined(imported.path("imported")) + ".");
            imported.path("warnings").forEach(warning -> screen.line("Warning: " + warning.asString()));
            for (JsonNode suggestion : imported.path("claimSuggestions")) {
                String attribute = suggestion.path("attribute").asString();
                screen.line("The application asks for "
                        + suggestion.path("claim").asString()
                        + (attribute.isEmpty()
                                ? ""
                                : ": --claim " + suggestion.path("claim").asString() + "=" + attribute));
            }
            screen.line("");
            show(imported.path("signOn"), screen);
        }
    }
}
