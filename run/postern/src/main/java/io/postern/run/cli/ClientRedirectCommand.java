package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app client redirect`: where the answers of a sign-in may go.
@Command(
        name = "redirect",
        mixinStandardHelpOptions = true,
        description = "Redirect URIs of a client.",
        subcommands = {
            ClientRedirectCommand.Add.class,
            ClientRedirectCommand.Remove.class,
            ClientRedirectCommand.Listing.class
        })
final class ClientRedirectCommand extends Topic {
    private static final List<AppClientCommand.Kind> KINDS =
            List.of(AppClientCommand.Kind.WEB, AppClientCommand.Kind.SPA, AppClientCommand.Kind.NATIVE);

    private static void put(Api api, JsonNode application, AppClientCommand.Kind kind, List<String> uris) {
        ObjectNode body = Api.object();
        ArrayNode array = body.putObject(kind.property()).putArray("redirectUris");
        uris.forEach(array::add);
        api.patch(AppClientCommand.path(application), body);
    }

    private static List<String> uris(JsonNode application, AppClientCommand.Kind kind) {
        return AppClientCommand.texts(application.path(kind.property()).path("redirectUris"));
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Add a redirect URI.")
    static final class Add extends Topic.Action {
        @Parameters(index = "0", paramLabel = "NAME", description = "The application's name or id.")
        private String name = "";

        @Parameters(index = "1", paramLabel = "URI", description = "Taken exactly as it is.")
        private String uri = "";

        @Option(names = "--kind", paramLabel = "KIND", description = "web (default), spa or native.")
        private String kind = "web";

        @Override
        void run(Api api, Screen screen) {
            JsonNode application = AppClientCommand.registration(api, name);
            var made = AppClientCommand.Kind.parse(kind);
            var all = new ArrayList<>(uris(application, made));
            if (all.contains(uri)) {
                throw new Fault("'" + name + "' has the redirect URI " + uri + " already");
            }
            all.add(uri);
            put(api, application, made, all);
            if (json()) {
                screen.json(api.get(AppClientCommand.path(application)));
            } else {
                screen.line("Answers for '" + name + "' may go to " + uri + ".");
            }
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Remove a redirect URI.")
    static final class Remove extends Topic.Action {
        @Parameters(index = "0", paramLabel = "NAME", description = "The application's name or id.")
        private String name = "";

        @Parameters(index = "1", paramLabel = "URI", description = "As the list shows it.")
        private String uri = "";

        @Override
        void run(Api api, Screen screen) {
            JsonNode application = AppClientCommand.registration(api, name);
            AppClientCommand.Kind kind = KINDS.stream()
                    .filter(k -> uris(application, k).contains(uri))
                    .findFirst()
                    .orElseThrow(() -> new Fault(
                            "'" + name + "' has no redirect URI " + uri + "; see 'postern app client redirect list'"));
            put(
                    api,
                    application,
                    kind,
                    uris(application, kind).stream().filter(u -> !u.equals(uri)).toList());
            if (json()) {
                screen.json(api.get(AppClientCommand.path(application)));
            } else {
                screen.line("Removed " + uri + ".");
            }
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the redirect URIs.")
    static final class Listing extends Topic.Action {
        @Parameters(index = "0", paramLabel = "NAME", description = "The application's name or id.")
        private String name = "";

        @Override
        void run(Api api, Screen screen) {
            JsonNode application = AppClientCommand.registration(api, name);
            var rows = new ArrayList<List<String>>();
            for (AppClientCommand.Kind kind : KINDS) {
                uris(application, kind)
                        .forEach(uri -> rows.add(List.of(kind.name().toLowerCase(Locale.ROOT), uri)));
            }
            if (json()) {
                screen.json(rows.stream()
                        .map(row -> (JsonNode)
                                Api.object().put("kind", row.getFirst()).put("redirectUri", row.getLast()))
                        .toList());
                return;
            }
            screen.table(List.of("KIND", "REDIRECT URI"), rows, "No redirect URI yet; add one with 'redirect add'.");
        }
    }
}
