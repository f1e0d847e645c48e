package io.postern.run.cli;

import io.postern.run.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What can be set of a provider of either kind.
final class FederationSettings {
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
                                        lookup.securityGroup(group).path("id").asString()));
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

    static void text(ObjectNode body, String property, @Nullable String text) {
        if (text != null) {
            body.put(property, text);
        }
    }

    static void flag(ObjectNode body, String property, @Nullable String text) {
        if (text != null) {
            body.put(property, text.equals("yes"));
        }
    }
}
