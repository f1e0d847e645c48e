package io.postern.run.cli;

import io.postern.run.Fault;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app sso tokens`: signed tokens that go to a backend with the requests of its users.
@Command(
        name = "tokens",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Prove to the backend who asks, by a signed token in a header, and give it access tokens in the"
                + " user's name; beside any other sign-on. Without options, show what is set.")
final class AppSsoTokensCommand extends Topic.Action {
    private static final String NONE = "none";

    @Mixin
    private Name name = new Name();

    @Option(
            names = "--identity-header",
            paramLabel = "HEADER",
            description = "Header with a token that tells who asks, such as X-Identity-Token; none: not any more.")
    private @Nullable String header;

    @Option(
            names = "--audience",
            paramLabel = "TEXT",
            description = "'aud' of that token; none: the application's id, which it is without this option.")
    private @Nullable String audience;

    @Option(
            names = "--backend-scope",
            paramLabel = "SCOPE",
            description =
                    "Permission at an API, such as api://ORDERS/orders.read: the backend gets access tokens for it"
                            + " as 'Authorization: Bearer'; none: not any more.")
    private @Nullable String scope;

    @Override
    void run(Api api, Screen screen) {
        JsonNode application = new Lookup(api).application(name.required("application"));
        String one = "/applications/" + application.path("id").asString();
        ObjectNode settings = wanted();
        if (!settings.isEmpty()) {
            ObjectNode body = Api.object();
            body.putObject("onPremisesPublishing").set("singleSignOnSettings", settings);
            api.patch(one, body);
        }
        JsonNode publishing = api.get(one + "/onPremisesPublishing");
        JsonNode set = publishing.path("singleSignOnSettings");
        if (json()) {
            screen.json(set);
            return;
        }
        show(application, publishing, set, screen);
    }

    private ObjectNode wanted() {
        ObjectNode settings = Api.object();
        if (NONE.equals(header)) {
            if (audience != null) {
                throw new Fault("--audience belongs to a token; leave it out where --identity-header is none");
            }
            settings.putNull("identityToken");
        } else if (header != null || audience != null) {
            ObjectNode token = settings.putObject("identityToken");
            if (header != null) {
                token.put("headerName", header);
            }
            if (audience != null) {
                token.put("audience", NONE.equals(audience) ? null : audience);
            }
        }
        if (NONE.equals(scope)) {
            settings.putNull("backendToken");
        } else if (scope != null) {
            settings.putObject("backendToken").put("scope", scope);
        }
        return settings;
    }

    private static void show(JsonNode application, JsonNode publishing, JsonNode set, Screen screen) {
        JsonNode token = set.path("identityToken");
        if (token.isObject()) {
            String external = publishing.path("externalUrl").asString();
            screen.line("Identity token  header " + token.path("headerName").asString());
            screen.line("  aud           "
                    + token.path("audience").asString(application.path("appId").asString()));
            screen.line("  keys          " + java.net.URI.create(external).resolve("/.postern/identity/jwks.json"));
        } else {
            screen.line("Identity token  none");
        }
        screen.line("Access token    " + set.at("/backendToken/scope").asString(NONE));
    }
}
