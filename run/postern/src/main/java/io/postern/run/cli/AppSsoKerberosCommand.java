package io.postern.run.cli;

import io.postern.run.Fault;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app sso kerberos`: users are signed in at the backend by Kerberos.
@Command(
        name = "kerberos",
        mixinStandardHelpOptions = true,
        description = "Sign users in at the backend by Kerberos constrained delegation, and show how that is set;"
                + " without options only show it. The connectors of the application's group need a section"
                + " 'kerberos' in connector.yaml.")
final class AppSsoKerberosCommand extends Topic.Action {
    @Mixin
    private Name name = new Name();

    @Option(
            names = "--spn",
            paramLabel = "SPN",
            description = "Name by which the domain knows the backend, such as HTTP/app.corp.test; HTTP/*.corp.test for"
                    + " an application with a wildcard.")
    private @Nullable String spn;

    @Option(
            names = "--identity",
            paramLabel = "NAME",
            description = "By which name the domain knows users: userPrincipalName, onPremisesUserPrincipalName,"
                    + " userPrincipalUsername, onPremisesUserPrincipalUsername or onPremisesSAMAccountName.")
    private @Nullable String identity;

    @Option(
            names = "--mechanism",
            paramLabel = "NAME",
            description = "spnego, or kerberos for backends that want a bare Kerberos token.")
    private @Nullable String mechanism;

    @Option(names = "--mutual", paramLabel = "yes|no", description = "Whether the backend must prove itself too.")
    private @Nullable String mutual;

    @Option(names = "--off", description = "Users are not signed in there any more.")
    private boolean off;

    @Override
    void run(Api api, Screen screen) {
        JsonNode application = new Lookup(api).application(name.required("application"));
        String path = "/applications/" + application.path("id").asString() + "/onPremisesPublishing";
        ObjectNode patch = patch();
        if (!patch.isEmpty()) {
            ObjectNode body = Api.object();
            body.set("singleSignOnSettings", patch);
            api.patch(path, body);
        }
        JsonNode settings = api.get(path).path("singleSignOnSettings");
        if (json()) {
            screen.json(settings);
            return;
        }
        JsonNode kerberos = settings.path("kerberosSignOnSettings");
        if (!kerberos.isObject()) {
            screen.line("Kerberos        off (singleSignOnMode "
                    + settings.path("singleSignOnMode").asString() + ")");
            return;
        }
        screen.line("Kerberos        "
                + kerberos.path("kerberosServicePrincipalName").asString());
        screen.line("Login identity  "
                + kerberos.path("kerberosSignOnMappingAttributeType").asString());
        screen.line("Mechanism       " + kerberos.path("kerberosMechanism").asString()
                + (kerberos.path("isMutualAuthenticationEnabled").asBoolean()
                        ? ", the backend proves itself too"
                        : ""));
        screen.line("");
        screen.line("Try it: postern app sso test '"
                + application.path("displayName").asString() + "' --user USER");
    }

    private ObjectNode patch() {
        ObjectNode patch = Api.object();
        boolean named = spn != null || identity != null || mechanism != null || mutual != null;
        if (off) {
            if (named) {
                throw new Fault("--off takes Kerberos away; leave the other options out");
            }
            return patch.put("singleSignOnMode", "none");
        }
        if (!named) {
            return patch;
        }
        patch.put("singleSignOnMode", "onPremisesKerberos");
        ObjectNode kerberos = patch.putObject("kerberosSignOnSettings");
        text(kerberos, "kerberosServicePrincipalName", spn);
        text(kerberos, "kerberosSignOnMappingAttributeType", identity);
        text(kerberos, "kerberosMechanism", mechanism);
        if (mutual != null) {
            kerberos.put(
                    "isMutualAuthenticationEnabled",
                    switch (mutual) {
                        case "yes" -> true;
                        case "no" -> false;
                        default -> throw new Fault("--mutual '" + mutual + "' must be yes or no");
                    });
        }
        return patch;
    }

    private static void text(ObjectNode into, String property, @Nullable String value) {
        if (value != null) {
            into.put(property, value);
        }
    }
}
