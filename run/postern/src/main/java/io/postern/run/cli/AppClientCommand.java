package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app client`: applications as OpenID Connect and OAuth clients and resources (docs/guide/oidc.md).
@Command(
        name = "client",
        mixinStandardHelpOptions = true,
        description = "Applications that sign users in by OpenID Connect, or call and offer APIs.",
        subcommands = {
            AppClientCommand.Add.class,
            AppClientCommand.Show.class,
            AppClientCommand.Claims.class,
            ClientRedirectCommand.class,
            ClientCredentialCommands.Secret.class,
            ClientCredentialCommands.Certificate.class,
            ClientOfferCommands.Scope.class,
            ClientOfferCommands.Role.class,
            ClientPermissionCommand.class,
            ClientConsentCommand.class
        })
public final class AppClientCommand extends Topic {
    AppClientCommand() {}

    /// What a client is, which says where its redirect URIs stand and whether it keeps a secret.
    enum Kind {
        /// on a server, which keeps a secret
        WEB("web"),
        /// a page that redeems codes itself
        SPA("spa"),
        /// a program on a device
        NATIVE("publicClient"),
        /// a program without users
        DAEMON("web");

        private final String property;

        Kind(String property) {
            this.property = property;
        }

        /// Of the registration, which holds `redirectUris`.
        String property() {
            return property;
        }

        static Kind parse(String text) {
            for (Kind kind : values()) {
                if (kind.name().equalsIgnoreCase(text)) {
                    return kind;
                }
            }
            throw new Fault("--kind is '" + text + "' but must be web, spa, native or daemon");
        }
    }

    /// The whole registration: lists leave half of it out.
    static JsonNode registration(Api api, String nameOrId) {
        return api.get("/applications/"
                + new Lookup(api).application(nameOrId).path("id").asString());
    }

    static String path(JsonNode application) {
        return "/applications/" + application.path("id").asString();
    }

    static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(node -> node.asString(""))
                .toList();
    }

    /// The elements of an array, each to be changed as pleased.
    static List<ObjectNode> objects(JsonNode array) {
        var all = new ArrayList<ObjectNode>();
        array.forEach(node -> all.add((ObjectNode) node.deepCopy()));
        return all;
    }

    static ArrayNode array(List<ObjectNode> objects) {
        ArrayNode array = Api.object().putArray("all");
        objects.forEach(array::add);
        return array;
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Register an application as a client. Nobody may use it until users are assigned to it.")
    static final class Add extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(
                names = "--kind",
                required = true,
                paramLabel = "KIND",
                description = "web (on a server), spa (a page), native (a program on a device) or daemon (without"
                        + " users).")
        private String kind = "";

        @Option(names = "--redirect-uri", paramLabel = "URI", description = "Where answers go; may be repeated.")
        private List<String> redirectUris = new ArrayList<>();

        @Override
        void run(Api api, Screen screen) {
            String wanted = name.required("application");
            Kind made = Kind.parse(kind);
            if (made == Kind.DAEMON && !redirectUris.isEmpty()) {
                throw new Fault("a daemon signs nobody in, so it has no redirect URI; leave --redirect-uri out");
            }
            ObjectNode body = Api.object().put("displayName", wanted);
            body.put("isFallbackPublicClient", made == Kind.NATIVE);
            if (!redirectUris.isEmpty()) {
                ArrayNode uris = body.putObject(made.property()).putArray("redirectUris");
                redirectUris.forEach(uris::add);
            }
            JsonNode application = api.post("/applications", body);
            api.post(
                    "/servicePrincipals",
                    Api.object().put("appId", application.path("appId").asString()));
            if (json()) {
                screen.json(application);
                return;
            }
            screen.line("Registered '" + wanted + "'.");
            screen.line("Client id  " + application.path("appId").asString());
            if (made == Kind.WEB || made == Kind.DAEMON) {
                screen.line("Next: postern app client secret add '" + wanted + "'");
            }
            if (made != Kind.DAEMON) {
                screen.line("Next: postern app assign '" + wanted + "' --user USER");
            }
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show an application as a client.")
    static final class Show extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            JsonNode application = registration(api, name.required("application"));
            if (json()) {
                screen.json(application);
                return;
            }
            screen.line("Name           " + application.path("displayName").asString(""));
            screen.line("Client id      " + application.path("appId").asString(""));
            for (Kind kind : List.of(Kind.WEB, Kind.SPA, Kind.NATIVE)) {
                texts(application.path(kind.property()).path("redirectUris"))
                        .forEach(uri -> screen.line("Redirect URI   " + uri + "  ("
                                + kind.name().toLowerCase(java.util.Locale.ROOT) + ")"));
            }
            screen.line("Public client  "
                    + (application.path("isFallbackPublicClient").asBoolean(false) ? "yes" : "no"));
            screen.line(
                    "Secrets        " + application.path("passwordCredentials").size());
            screen.line("Certificates   " + application.path("keyCredentials").size());
            screen.line("Scopes         " + words(application.at("/api/oauth2PermissionScopes"), "value"));
            screen.line("App roles      " + words(application.path("appRoles"), "value"));
            screen.line("ID token       " + words(application.at("/optionalClaims/idToken"), "name"));
            screen.line("Access token   " + words(application.at("/optionalClaims/accessToken"), "name"));
            screen.line("Group claims   "
                    + application.path("groupMembershipClaims").asString("None"));
        }

        private static String words(JsonNode array, String property) {
            var words = new ArrayList<String>();
            array.forEach(one -> words.add(one.path(property).asString("")));
            return words.isEmpty() ? "-" : String.join(", ", words);
        }
    }

    @Command(
            name = "claims",
            mixinStandardHelpOptions = true,
            description = "Set the optional claims of tokens; what is not given stays.")
    static final class Claims extends Topic.Action {
        private static final String NONE = "none";

        @Mixin
        private Name name = new Name();

        @Option(
                names = "--id-token",
                split = ",",
                paramLabel = "CLAIM",
                description = "Of ID tokens, such as email,upn,ipaddr; none: no optional ones.")
        private List<String> idToken = new ArrayList<>();

        @Option(names = "--access-token", split = ",", paramLabel = "CLAIM", description = "The same of access tokens.")
        private List<String> accessToken = new ArrayList<>();

        @Option(
                names = "--groups",
                paramLabel = "WHICH",
                description = "None, SecurityGroup, DirectoryRole, ApplicationGroup or All.")
        private String groups = "";

        @Override
        void run(Api api, Screen screen) {
            JsonNode application = registration(api, name.required("application"));
            ObjectNode body = Api.object();
            if (!idToken.isEmpty() || !accessToken.isEmpty()) {
                ObjectNode claims = body.putObject("optionalClaims");
                put(claims, "idToken", idToken);
                put(claims, "accessToken", accessToken);
            }
            if (!groups.isEmpty()) {
                body.put("groupMembershipClaims", groups);
            }
            if (body.isEmpty()) {
                throw new Fault("what is to change? Give --id-token, --access-token or --groups");
            }
            api.patch(path(application), body);
            if (json()) {
                screen.json(api.get(path(application)));
            } else {
                screen.line("Changed the claims of '"
                        + application.path("displayName").asString("") + "'.");
            }
        }

        private static void put(ObjectNode claims, String token, List<String> names) {
            if (names.isEmpty()) {
                return;
            }
            ArrayNode all = claims.putArray(token);
            names.stream()
                    .filter(claim -> !claim.equals(NONE))
                    .forEach(claim -> all.addObject().put("name", claim));
        }
    }
}
