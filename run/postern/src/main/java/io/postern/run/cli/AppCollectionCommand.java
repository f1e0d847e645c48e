package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app collection`: applications put together for My Apps.
@Command(
        name = "collection",
        mixinStandardHelpOptions = true,
        description = "Put applications together for My Apps; a collection shows, it gives nobody access.",
        subcommands = {
            AppCollectionCommand.Put.class,
            AppCollectionCommand.Listing.class,
            AppCollectionCommand.Remove.class
        })
final class AppCollectionCommand extends Topic {
    private static final String PATH = "/appCollections";

    private static @Nullable JsonNode found(Api api, String name) {
        return api.list(PATH).stream()
                .filter(collection ->
                        collection.path("displayName").asString("").equalsIgnoreCase(name)
                                || collection.path("id").asString("").equals(name))
                .findFirst()
                .orElse(null);
    }

    @Command(
            name = "put",
            mixinStandardHelpOptions = true,
            description = "Make a collection, or say anew what is in it and who sees it.")
    static final class Put extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(
                names = "--app",
                paramLabel = "APP",
                required = true,
                description = "An application, by name or id; may be repeated, the order counts.")
        private List<String> apps = new ArrayList<>();

        @Option(names = "--description", paramLabel = "TEXT", description = "What it is for; shown above its tiles.")
        private @Nullable String description;

        @Option(
                names = "--user",
                paramLabel = "USER",
                description = "Who sees it (default: everybody); may be repeated.")
        private List<String> users = new ArrayList<>();

        @Option(names = "--group", paramLabel = "GROUP", description = "Whose members see it; may be repeated.")
        private List<String> groups = new ArrayList<>();

        @Override
        void run(Api api, Screen screen) {
            String wanted = name.required("collection");
            var lookup = new Lookup(api);
            ObjectNode body = Api.object();
            if (description != null) {
                body.put("description", description);
            }
            ArrayNode ids = body.putArray("appIds");
            apps.forEach(app -> ids.add(
                    lookup.servicePrincipal(lookup.application(app)).path("id").asString("")));
            ArrayNode people = body.putArray("principalIds");
            users.forEach(user -> people.add(lookup.user(user).path("id").asString("")));
            groups.forEach(
                    group -> people.add(lookup.securityGroup(group).path("id").asString("")));
            JsonNode old = found(api, wanted);
            if (old == null) {
                api.post(PATH, body.put("displayName", wanted));
            } else {
                api.patch(PATH + "/" + old.path("id").asString(""), body);
            }
            JsonNode now = found(api, wanted);
            if (json() && now != null) {
                screen.json(now);
            } else {
                screen.line("Collection '" + wanted + "' has " + apps.size() + " application(s), seen by "
                        + (people.isEmpty() ? "everybody" : people.size() + " user(s) and group(s)") + ".");
            }
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the collections.")
    static final class Listing extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> collections = api.list(PATH);
            if (json()) {
                screen.json(collections);
                return;
            }
            Map<String, String> names = new HashMap<>();
            api.list("/servicePrincipals")
                    .forEach(p -> names.put(
                            p.path("id").asString(""), p.path("displayName").asString("")));
            screen.table(
                    List.of("COLLECTION", "APPLICATIONS", "SEEN BY"),
                    collections.stream()
                            .map(collection -> List.of(
                                    collection.path("displayName").asString(""),
                                    StreamSupport.stream(
                                                    collection.path("appIds").spliterator(), false)
                                            .map(id -> names.getOrDefault(id.asString(""), "(gone)"))
                                            .collect(Collectors.joining(", ")),
                                    collection.path("principalIds").isEmpty()
                                            ? "everybody"
                                            : collection.path("principalIds").size() + " user(s) and group(s)"))
                            .toList(),
                    "There is none; make one with 'postern app collection put'.");
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Remove a collection; the applications and who may use them stay.")
    static final class Remove extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            String wanted = name.required("collection");
            JsonNode collection = found(api, wanted);
            if (collection == null) {
                throw new Fault("no collection is called '" + wanted + "'; see 'postern app collection list'");
            }
            api.delete(PATH + "/" + collection.path("id").asString(""));
            if (json()) {
                screen.json(collection);
            } else {
                screen.line("Removed collection '" + wanted + "'.");
            }
        }
    }
}
