package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern sync`: users and groups of Active Directory or LDAP.
@Command(
        name = "sync",
        mixinStandardHelpOptions = true,
        description = "Users and groups of Active Directory or LDAP: add, change, list, show, now, status, preview,"
                + " remove, deleted, restore (docs/guide/active-directory.md).",
        subcommands = {
            SyncCommand.Add.class,
            SyncCommand.ChangeSource.class,
            SyncCommand.ListSources.class,
            SyncCommand.Show.class,
            SyncCommand.Now.class,
            SyncCommand.Status.class,
            SyncCommand.Preview.class,
            SyncCommand.Remove.class,
            SyncCommand.Deleted.class,
            SyncCommand.Restore.class
        })
public final class SyncCommand extends Topic {
    private static final String SOURCES = "/sync/sources";
    private static final String DELETED = "/directory/deletedItems";

    SyncCommand() {}

    private static JsonNode source(Api api, String name) {
        return api.list(SOURCES).stream()
                .filter(s -> s.path("name").asString().equalsIgnoreCase(name)
                        || s.path("id").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new Fault("no source is called '" + name + "'; see 'postern sync list'"));
    }

    private static String path(JsonNode source) {
        return SOURCES + "/" + source.path("id").asString();
    }

    @Command(name = "add", mixinStandardHelpOptions = true, description = "Synchronise a directory from now on.")
    static final class Add extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Mixin
        private SyncOptions options = new SyncOptions();

        @Option(names = "--disabled", description = "Begin no cycle yet; look at a preview after 'sync change --on'.")
        private boolean disabled;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode body = options.body(api);
            body.put("name", name.required("source")).put("isEnabled", !disabled);
            JsonNode added = api.post(SOURCES, body);
            if (json()) {
                screen.json(added);
                return;
            }
            SyncText.source(added, screen);
            screen.line("Next: postern sync status " + added.path("name").asString());
        }
    }

    @Command(
            name = "change",
            mixinStandardHelpOptions = true,
            description = "Change what is synchronised and how; the next cycle reads everything.")
    static final class ChangeSource extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Mixin
        private SyncOptions options = new SyncOptions();

        @Option(names = "--on", description = "Begin cycles again.")
        private boolean on;

        @Option(names = "--off", description = "Begin no cycle until it is on again.")
        private boolean off;

        @Override
        void run(Api api, Screen screen) {
            if (on && off) {
                throw new Fault("--on and --off are given both; give one");
            }
            ObjectNode body = options.body(api);
            if (on || off) {
                body.put("isEnabled", on);
            }
            if (body.isEmpty()) {
                throw new Fault("what is to be changed? See 'postern sync change --help'");
            }
            JsonNode source = source(api, name.required("source"));
            api.patch(path(source), body);
            JsonNode changed = api.get(path(source));
            if (json()) {
                screen.json(changed);
            } else {
                SyncText.source(changed, screen);
            }
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the directories.")
    static final class ListSources extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> sources = api.list(SOURCES);
            if (json()) {
                screen.json(sources);
                return;
            }
            screen.table(
                    List.of("NAME", "DIRECTORY", "GROUP", "OBJECTS", "LAST CYCLE", "STATE"),
                    sources.stream()
                            .map(s -> List.of(
                                    s.path("name").asString(),
                                    s.path("directory").asString(),
                                    s.path("connectorGroupName").asString("-"),
                                    s.at("/status/objects").asString("0"),
                                    SyncText.time(s.at("/status/lastCycle/startDateTime")),
                                    s.path("isEnabled").asBoolean()
                                            ? s.at("/status/lastCycle/state").asString("-")
                                            : "disabled"))
                            .toList(),
                    "No directory is synchronised; add one with 'postern sync add'.");
        }
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show what is synchronised, and how.")
    static final class Show extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            JsonNode source = source(api, name.required("source"));
            if (json()) {
                screen.json(source);
            } else {
                SyncText.source(source, screen);
            }
        }
    }

    @Command(
            name = "now",
            mixinStandardHelpOptions = true,
            description = "Begin a cycle as soon as a connector asks: within ten seconds.")
    static final class Now extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(names = "--full", description = "Read everything, not only what changed.")
        private boolean full;

        @Option(
                names = "--allow-deletions",
                paramLabel = "COUNT",
                description = "This one cycle may delete so many objects, whatever the limit is.")
        private @Nullable Integer allowed;

        @Override
        void run(Api api, Screen screen) {
            JsonNode source = source(api, name.required("source"));
            ObjectNode body = Api.object().put("kind", full ? "full" : "delta");
            if (allowed != null) {
                body.put("allowedDeletions", allowed);
            }
            api.post(path(source) + "/start", body);
            if (json()) {
                screen.json(api.get(path(source)));
                return;
            }
            screen.line("A cycle of '" + source.path("name").asString() + "' begins as soon as a connector asks.");
            screen.line("Next: postern sync status " + source.path("name").asString());
        }
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Show who reads, the last cycles, and which objects have errors.")
    static final class Status extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            JsonNode source = source(api, name.required("source"));
            List<JsonNode> cycles = api.list(path(source) + "/cycles");
            List<JsonNode> errors = api.list(path(source) + "/errors");
            if (json()) {
                ObjectNode all = ((ObjectNode) source).deepCopy();
                cycles.forEach(all.putArray("cycles")::add);
                errors.forEach(all.putArray("errors")::add);
                screen.json(all);
                return;
            }
            SyncText.status(source, cycles, errors, screen);
        }
    }

    @Command(
            name = "preview",
            mixinStandardHelpOptions = true,
            description = "Show what a full cycle would do, as the last preview found it; --start makes a new one.")
    static final class Preview extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(names = "--start", description = "Read the directory for a new preview; nothing is changed by it.")
        private boolean start;

        @Override
        void run(Api api, Screen screen) {
            JsonNode source = source(api, name.required("source"));
            String own = source.path("name").asString();
            if (start) {
                api.post(path(source) + "/start", Api.object().put("kind", "preview"));
                if (json()) {
                    screen.json(api.get(path(source)));
                    return;
                }
                screen.line("A preview of '" + own + "' begins as soon as a connector asks.");
                screen.line("Next: postern sync preview " + own);
                return;
            }
            List<JsonNode> lines = api.list(path(source) + "/preview");
            if (json()) {
                screen.json(lines);
                return;
            }
            api.list(path(source) + "/cycles").stream()
                    .filter(c -> c.path("kind").asString().equals("preview"))
                    .findFirst()
                    .ifPresent(c -> screen.line("Preview of " + SyncText.time(c.path("startDateTime")) + ", "
                            + c.path("state").asString() + ": " + SyncText.counts(c)));
            screen.table(
                    List.of("WOULD", "WHO", "WHAT"),
                    lines.stream()
                            .map(l -> List.of(
                                    l.path("outcome").asString(),
                                    l.path("name").asString(),
                                    l.path("detail").asString()))
                            .toList(),
                    "Nothing would change, or no preview was made; make one with 'postern sync preview " + own
                            + " --start'.");
        }
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Synchronise a directory no more; its users and groups stay and are managed here.")
    static final class Remove extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            JsonNode source = source(api, name.required("source"));
            api.delete(path(source));
            if (json()) {
                screen.json(Api.object().put("removed", source.path("id").asString()));
                return;
            }
            screen.line("Removed '" + source.path("name").asString() + "'; its "
                    + source.at("/status/objects").asLong() + " users and groups stay and are managed here.");
        }
    }

    @Command(
            name = "deleted",
            mixinStandardHelpOptions = true,
            description = "List users who are deleted and can come back for 30 days.")
    static final class Deleted extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> users = api.list(DELETED + "/microsoft.graph.user");
            if (json()) {
                screen.json(users);
                return;
            }
            screen.table(
                    List.of("USER", "DELETED", "FOR GOOD", "ID"),
                    users.stream()
                            .map(u -> List.of(
                                    u.path("userPrincipalName").asString(),
                                    SyncText.time(u.path("deletedDateTime")),
                                    SyncText.time(u.path("permanentDeletionDateTime")),
                                    u.path("id").asString()))
                            .toList(),
                    "Nobody is deleted.");
        }
    }

    @Command(
            name = "restore",
            mixinStandardHelpOptions = true,
            description = "Bring a deleted user back, managed here: no directory changes him any more.")
    static final class Restore extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            String wanted = name.required("user");
            List<JsonNode> found = api.list(DELETED + "/microsoft.graph.user").stream()
                    .filter(u -> u.path("userPrincipalName").asString().equalsIgnoreCase(wanted)
                            || u.path("id").asString().equals(wanted))
                    .toList();
            if (found.size() != 1) {
                throw new Fault(
                        found.isEmpty()
                                ? "no deleted user is called '" + wanted + "'; see 'postern sync deleted'"
                                : "several deleted users are called '" + wanted
                                        + "'; give the id, see 'postern sync deleted'");
            }
            JsonNode user = api.post(DELETED + "/" + found.getFirst().path("id").asString() + "/restore", Api.object());
            if (json()) {
                screen.json(user);
                return;
            }
            screen.line("'" + user.path("userPrincipalName").asString() + "' is back and managed here.");
        }
    }
}
