package io.postern.run.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `postern federation links` and `unlink`: who a user is at providers elsewhere.
final class FederationLinkCommands {
    private FederationLinkCommands() {}

    private static String path(String user) {
        return "/users/" + Api.encode(user) + "/identities";
    }

    @Command(name = "links", mixinStandardHelpOptions = true, description = "List who a user is at the providers.")
    static final class Listing extends Topic.Action {
        @Parameters(paramLabel = "USER", description = "User name or id.")
        private @Nullable String user;

        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> links = api.list(path(String.valueOf(user)));
            if (json()) {
                screen.json(links);
                return;
            }
            screen.table(
                    List.of("PROVIDER", "SUBJECT", "LINKED BY", "SINCE", "LAST SIGN-IN"),
                    links.stream()
                            .map(link -> List.of(
                                    link.path("identityProvider").asString(),
                                    link.path("issuerAssignedId").asString(),
                                    origin(link.path("origin").asString()),
                                    link.path("createdDateTime").asString(),
                                    link.path("lastSignInDateTime").asString()))
                            .toList(),
                    "Linked to no identity provider.");
        }

        private static String origin(String origin) {
            return switch (origin) {
                case "created" -> "first sign-in";
                case "name" -> "name";
                case "owner" -> "the user";
                default -> origin;
            };
        }
    }

    @Command(
            name = "unlink",
            mixinStandardHelpOptions = true,
            description = "Take a user's link to a provider away; his sessions end.")
    static final class Unlink extends Topic.Action {
        @Mixin
        private Name provider = new Name();

        @Option(names = "--user", required = true, paramLabel = "USER", description = "User name or id.")
        private @Nullable String user;

        @Override
        void run(Api api, Screen screen) {
            JsonNode from = FederationCommand.found(api, provider);
            String whose = String.valueOf(user);
            api.delete(path(whose) + "/" + from.path("id").asString());
            if (json()) {
                screen.json(Api.object()
                        .put("unlinked", whose)
                        .put("identityProviderId", from.path("id").asString()));
            } else {
                screen.line("'" + whose + "' is linked to '"
                        + from.path("displayName").asString() + "' no more.");
            }
        }
    }
}
