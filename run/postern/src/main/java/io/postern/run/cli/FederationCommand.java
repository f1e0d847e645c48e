package io.postern.run.cli;

import io.postern.run.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern federation`: identity providers elsewhere at which users sign in.
@Command(
        name = "federation",
        mixinStandardHelpOptions = true,
        description = "Upstream identity providers: users sign in there (OpenID Connect, SAML) and are users here.",
        subcommands = {
            FederationCommand.Add.class,
            FederationCommand.Listing.class,
            FederationCommand.Show.class,
            FederationCommand.Change.class,
            FederationCommand.Remove.class,
            FederationCommand.Test.class
        })
public final class FederationCommand extends Topic {
    private static final String ALL = "/identity/identityProviders";

    FederationCommand() {}

    /// By name or id.
    private static JsonNode found(Api api, Name name) {
        String wanted = name.required("identity provider");
        List<JsonNode> matching = api.list(ALL).stream()
                .filter(p -> p.path("id").asString().equals(wanted)
                        || p.path("displayName").asString().equalsIgnoreCase(wanted))
                .toList();
        if (matching.size() != 1) {
            throw new Fault(
                    matching.isEmpty()
                            ? "there is no identity provider '" + wanted + "'; see 'postern federation list'"
                            : "several identity providers are called '" + wanted + "'; give the id");
        }
        return matching.getFirst();
    }

    private static String path(JsonNode provider) {
        return ALL + "/" + provider.path("id").asString();
    }

    private static void show(JsonNode provider, Screen screen) {
        boolean oidc = provider.has("issuer");
        line(screen, "Name", provider.path("displayName").asString());
        line(screen, "Id", provider.path("id").asString());
        line(screen, "Kind", oidc ? "OpenID Connect" : "SAML");
        line(screen, "Issuer", provider.path(oidc ? "issuer" : "issuerUri").asString());
        line(screen, "Enabled", yes(provider, "isEnabled"));
        line(screen, "On the page", yes(provider, "isShownOnSignInPage"));
        line(screen, "Domains", AppSsoCommand.joined(provider.path("domains")));
        line(screen, "Domain hint", provider.path("domainHint").asString(""));
        line(screen, "Newcomers", provider.path("newcomers").asString());
        line(screen, "Trusts MFA", yes(provider, "trustsMultiFactor"));
        line(screen, "Signs out", yes(provider, "isSignedOutUpstream"));
        for (Map.Entry<String, JsonNode> claim :
                provider.path("inboundClaimMapping").properties()) {
            line(screen, "Claim", claim.getKey() + " = " + claim.getValue().asString());
        }
        provider.path("groupMapping")
                .forEach(rule -> line(
                        screen,
                        "Group",
                        rule.path("value").asString() + " = "
                                + rule.path("groupId").asString()));
        line(screen, "Users linked", Long.toString(provider.path("linkedUsers").asLong()));
        screen.line("");
        screen.line("To set at the provider:");
        if (oidc) {
            line(screen, "  Redirect URI", provider.path("redirectUri").asString());
            line(
                    screen,
                    "  Sign-out URI",
                    provider.path("postLogoutRedirectUri").asString());
            line(screen, "  Back channel", provider.path("backChannelLogoutUri").asString());
            line(screen, "  Front channel", provider.path("frontChannelLogoutUri").asString());
            if (provider.path("clientAuthentication").asString().equals("privateKeyJwt")) {
                line(screen, "  Our keys", provider.path("jwksUri").asString());
            }
        } else {
            line(screen, "  Entity id", provider.at("/serviceProvider/entityId").asString());
            line(screen, "  Reply URL", provider.at("/serviceProvider/replyUrl").asString());
            line(
                    screen,
                    "  Logout URL",
                    provider.at("/serviceProvider/logoutUrl").asString());
            line(
                    screen,
                    "  Metadata",
                    provider.at("/serviceProvider/metadataUrl").asString());
        }
    }

    private static void line(Screen screen, String head, String text) {
        screen.line(String.format(Locale.ROOT, "%-16s%s", head, text).stripTrailing());
    }

    private static String yes(JsonNode provider, String flag) {
        return provider.path(flag).asBoolean() ? "yes" : "no";
    }

    /// What can be set of a provider of either kind.
    static final class Settings {
        @Option(
                names = "--domain",
                paramLabel = "DOMAIN",
                description = "Of user names that it speaks for, yours alone; several replace those that are, none: no"
                        + " domain.")
        private List<String> domains = new ArrayList<>();

        @Option(names = "--hint", paramLabel = "TEXT", description = "What applications name it by (domain_hint, whr).")
        private @Nullable String hint;

        @Option(
                names = "--newcomers",
                paramLabel = "WHAT",
                description = "What becomes of people without an account: none, guests or members.")
        private @Nullable String newcomers;

        @Option(names = "--button", arity = "1", paramLabel = "yes|no", description = "Show it on the sign-in page.")
        private @Nullable String button;

        @Option(
                names = "--trust-mfa",
                arity = "1",
                paramLabel = "yes|no",
                description = "A second factor that it says it saw counts here.")
        private @Nullable String trustMfa;

        @Option(
                names = "--sign-out",
                arity = "1",
                paramLabel = "yes|no",
                description = "The session there ends with the one here.")
        private @Nullable String signOut;

        @Option(
                names = "--claim",
                paramLabel = "PROPERTY=CLAIM",
                description = "From which claim a property is read, such as jobTitle=title.")
        private List<String> claims = new ArrayList<>();

        @Option(
                names = "--group",
                paramLabel = "VALUE=GROUP",
                description = "Whom the provider counts to VALUE, is a member of GROUP; several replace those that are,"
                        + " none: no group.")
        private List<String> groups = new ArrayList<>();

        @Option(names = "--client-id", paramLabel = "ID", description = "OpenID Connect: what the provider calls us.")
        private @Nullable String clientId;

        @Option(
                names = "--client-secret-file",
                paramLabel = "FILE",
                description = "OpenID Connect: holds the client secret, which stays out of process lists.")
        private @Nullable Path secret;

        @Option(
                names = "--private-key-jwt",
                description = "OpenID Connect: no secret; the provider knows us by the keys that 'show' names.")
        private boolean privateKey;

        @Option(names = "--scope", paramLabel = "WORDS", description = "OpenID Connect: openid profile email without.")
        private @Nullable String scope;

        @Option(names = "--metadata", paramLabel = "FILE", description = "SAML: the provider's metadata.")
        private @Nullable Path metadata;

        @Option(
                names = "--metadata-url",
                paramLabel = "URL",
                description = "SAML: where its metadata is; asked again daily, for its keys change.")
        private @Nullable String metadataUrl;

        @Option(names = "--sign-requests", arity = "1", paramLabel = "yes|no", description = "SAML: always.")
        private @Nullable String signRequests;

        void into(Api api, ObjectNode body) {
            list(body, "domains", domains);
            text(body, "domainHint", hint);
            text(body, "newcomers", newcomers);
            flag(body, "isShownOnSignInPage", button);
            flag(body, "trustsMultiFactor", trustMfa);
            flag(body, "isSignedOutUpstream", signOut);
            flag(body, "isRequestSigned", signRequests);
            text(body, "clientId", clientId);
            text(body, "scope", scope);
            text(body, "metadataExchangeUri", metadataUrl);
            if (secret != null) {
                body.put("clientSecret", AppSsoCommand.read(secret).strip());
            }
            if (privateKey) {
                body.put("clientAuthentication", "privateKeyJwt");
            }
            if (metadata != null) {
                body.put("metadata", AppSsoCommand.read(metadata));
            }
            if (!claims.isEmpty()) {
                ObjectNode map = body.putObject("inboundClaimMapping");
                pairs("--claim", claims).forEach(map::put);
            }
            if (!groups.isEmpty()) {
                ArrayNode rules = body.putArray("groupMapping");
                if (!groups.equals(List.of("none"))) {
                    var lookup = new Lookup(api);
                    pairs("--group", groups)
                            .forEach((value, group) -> rules.addObject()
                                    .put("value", value)
                                    .put(
                                            "groupId",
                                            lookup.securityGroup(group)
                                                    .path("id")
                                                    .asString()));
                }
            }
        }

        private static Map<String, String> pairs(String option, List<String> texts) {
            var pairs = new TreeMap<String, String>();
            for (String text : texts) {
                int cut = text.indexOf('=');
                if (cut < 1 || cut == text.length() - 1) {
                    throw new Fault(option + " '" + text + "' must be two words with = between them");
                }
                pairs.put(text.substring(0, cut), text.substring(cut + 1));
            }
            return pairs;
        }

        private static void list(ObjectNode body, String property, List<String> texts) {
            if (!texts.isEmpty()) {
                ArrayNode all = body.putArray(property);
                texts.stream().filter(text -> !text.equals("none")).forEach(all::add);
            }
        }

        private static void text(ObjectNode body, String property, @Nullable String text) {
            if (text != null) {
                body.put(property, text);
            }
        }

        private static void flag(ObjectNode body, String property, @Nullable String text) {
            if (text != null) {
                body.put(property, text.equals("yes"));
            }
        }
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Add a provider: --issuer for OpenID Connect, --metadata-url or --metadata for SAML.")
    static final class Add extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Mixin
        private Settings settings = new Settings();

        @Option(names = "--issuer", paramLabel = "URL", description = "OpenID Connect: the provider's issuer.")
        private @Nullable String issuer;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object()
                    .put(
                            "@odata.type",
                            issuer == null
                                    ? "#microsoft.graph.samlOrWsFedExternalDomainFederation"
                                    : "#microsoft.graph.oidcIdentityProvider")
                    .put("displayName", name.required("identity provider"));
            if (issuer != null) {
                body.put("issuer", issuer);
            }
            settings.into(api, body);
            JsonNode made = api.post(ALL, body);
            if (json()) {
                screen.json(made);
                return;
            }
            screen.line("Added identity provider '" + made.path("displayName").asString() + "'.");
            screen.line("");
            show(made, screen);
            screen.line("");
            screen.line("Next: postern federation test " + made.path("id").asString());
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the providers.")
    static final class Listing extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> providers = api.list(ALL);
            if (json()) {
                screen.json(providers);
                return;
            }
            screen.table(
                    List.of("NAME", "KIND", "ENABLED", "DOMAINS", "NEWCOMERS", "USERS"),
                    providers.stream()
                            .map(p -> List.of(
                                    p.path("displayName").asString(),
                                    p.has("issuer") ? "OpenID Connect" : "SAML",
                                    yes(p, "isEnabled"),
                                    AppSsoCommand.joined(p.path("domains")),
                                    p.path("newcomers").asString(),
                                    Long.toString(p.path("linkedUsers").asLong())))
                            .toList(),
                    "No identity provider yet; add one with 'postern federation add'.");
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show one, and what to set at it.")
    static final class Show extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            JsonNode provider = found(api, name);
            if (json()) {
                screen.json(provider);
            } else {
                show(provider, screen);
            }
        }
    }

    @Command(name = "change", mixinStandardHelpOptions = true, description = "Change what is named.")
    static final class Change extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Mixin
        private Settings settings = new Settings();

        @Option(names = "--rename", paramLabel = "NAME", description = "As users know it.")
        private @Nullable String rename;

        @Option(
                names = "--enabled",
                arity = "1",
                paramLabel = "yes|no",
                description = "no: nobody signs in there, and who did has to sign in again.")
        private @Nullable String enabled;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = Api.object();
            settings.into(api, body);
            Settings.text(body, "displayName", rename);
            Settings.flag(body, "isEnabled", enabled);
            if (body.isEmpty()) {
                throw new Fault("what is to be changed? Give an option such as --newcomers, see --help");
            }
            JsonNode provider = found(api, name);
            api.patch(path(provider), body);
            JsonNode changed = api.get(path(provider));
            if (json()) {
                screen.json(changed);
            } else {
                show(changed, screen);
            }
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Remove a provider with all links to it; users stay, and who came from there signs in again.")
    static final class Remove extends DeleteCommand {
        @Override
        Doomed find(Api api, Name wanted) {
            JsonNode provider = found(api, wanted);
            String name = provider.path("displayName").asString();
            return new Doomed(path(provider), name, "identity provider '" + name + "'");
        }
    }

    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = "Ask the provider what it says of itself, and tell what would keep users out.")
    static final class Test extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            JsonNode report = api.post(path(found(api, name)) + "/test", Api.object());
            if (json()) {
                screen.json(report);
                return;
            }
            report.path("findings")
                    .forEach(finding -> screen.line((finding.path("passed").asBoolean() ? "ok    " : "FAULT ")
                            + finding.path("check").asString() + ": "
                            + finding.path("text").asString()));
            if (!report.path("passed").asBoolean()) {
                throw new Fault("users cannot sign in there as it is");
            }
        }
    }
}
