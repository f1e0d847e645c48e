package io.postern.run.cli;

import io.postern.run.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern apply`: brings the published applications to what a file says.
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Bring published applications to what a file says, in YAML or JSON as 'postern export' prints it.",
            "What a file leaves out stays as it is. When anything in it is invalid, nothing is changed."
        })
public final class ApplyCommand extends Topic.Action {
    static final String DECLARATIONS = Api.PROXY + "/declarations";

    /// As many travel in one call, which is done as a whole or not at all.
    private static final int BATCH = 200;

    private static final Pattern PLACE = Pattern.compile("applications\\[(\\d+)](.*)", Pattern.DOTALL);

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "The file; - is standard input.")
    private Path file = Path.of("-");

    @Option(
            names = {"--plan", "--dry-run"},
            description = "Show what would be changed, and what somebody else has changed since; change nothing.")
    private boolean planOnly;

    @Option(names = "--prune", description = "Delete published applications that are not in the file.")
    private boolean prune;

    ApplyCommand() {}

    @Override
    void run(Api api, Screen screen) {
        ApplicationsFile wanted = ApplicationsFile.read(file);
        List<ObjectNode> applications = wanted.applications();
        Set<String> others = others(api, applications);
        List<String> doomed = prune ? ids(api, others) : List.of();
        List<JsonNode> plan = plan(api, wanted, applications, doomed);
        boolean changes = plan.stream().anyMatch(c -> !action(c).equals("none"));
        List<JsonNode> shown = planOnly || !changes ? plan : done(api, applications, doomed);
        if (json()) {
            ObjectNode body = Api.object().put("isPlanOnly", planOnly);
            shown.forEach(body.putArray("changes")::add);
            (prune ? Set.<String>of() : others).forEach(body.putArray("notInFile")::add);
            screen.json(body);
        } else {
            show(shown, prune ? Set.of() : others, screen);
        }
    }

    private static Set<String> others(Api api, List<ObjectNode> applications) {
        var names = new TreeSet<String>();
        api.list(DECLARATIONS).forEach(d -> names.add(d.path("displayName").asString("")));
        applications.forEach(a -> names.remove(a.path("displayName").asString("")));
        return names;
    }

    private static List<String> ids(Api api, Set<String> names) {
        return names.isEmpty()
                ? List.of()
                : api.list("/applications").stream()
                        .filter(a -> names.contains(a.path("displayName").asString(""))
                                && a.path("onPremisesPublishing").has("externalUrl"))
                        .map(a -> a.path("id").asString(""))
                        .toList();
    }

    /// @throws io.postern.base.config.ConfigFault with every fault that the service finds, each with its line
    private static List<JsonNode> plan(
            Api api, ApplicationsFile wanted, List<ObjectNode> applications, List<String> doomed) {
        var changes = new ArrayList<JsonNode>();
        var faults = new ArrayList<String>();
        var told = new HashSet<String>();
        for (int from = 0; from == 0 || from < applications.size(); from += BATCH) {
            try {
                for (JsonNode change : call(api, batch(applications, from), doomed, true)) {
                    if (told.add(change.path("id").asString("") + action(change))
                            || !action(change).equals("delete")) {
                        changes.add(change);
                    }
                }
            } catch (Api.Refusal refusal) {
                if (refusal.details().isEmpty()) {
                    throw refusal;
                }
                for (JsonNode detail : refusal.details()) {
                    faults.add(wanted.fault(
                            moved(detail.path("target").asString(""), from),
                            detail.path("message").asString("")));
                }
            }
        }
        if (!faults.isEmpty()) {
            faults.add("nothing was changed");
            throw wanted.faults(faults);
        }
        return changes;
    }

    private static List<JsonNode> done(Api api, List<ObjectNode> applications, List<String> doomed) {
        var changes = new ArrayList<JsonNode>();
        for (int from = 0; from == 0 || from < applications.size(); from += BATCH) {
            try {
                call(api, batch(applications, from), from == 0 ? doomed : List.of(), false)
                        .forEach(changes::add);
            } catch (Fault e) {
                throw new Fault(
                        e.getMessage() + "; of " + applications.size() + " applications in the file "
                                + (from == 0 ? "none was" : "the first " + from + " were")
                                + " brought to it; run the same command again",
                        e);
            }
        }
        return changes;
    }

    private static JsonNode call(Api api, List<ObjectNode> applications, List<String> doomed, boolean planOnly) {
        ObjectNode body = Api.object().put("isPlanOnly", planOnly);
        ArrayNode list = body.putArray("applications");
        applications.forEach(list::add);
        doomed.forEach(body.putArray("deletedApplications")::add);
        return api.post(DECLARATIONS + "/apply", body).path("changes");
    }

    private static List<ObjectNode> batch(List<ObjectNode> applications, int from) {
        return applications.subList(from, Math.min(applications.size(), from + BATCH));
    }

    /// The place in the file of a place in the batch.
    private static String moved(String path, int from) {
        Matcher place = PLACE.matcher(path);
        return place.matches() && from > 0
                ? "applications[" + (Integer.parseInt(place.group(1)) + from) + "]" + place.group(2)
                : path;
    }

    private void show(List<JsonNode> changes, Set<String> others, Screen screen) {
        int[] counts = new int[4];
        for (JsonNode change : changes) {
            String name = change.path("displayName").asString("");
            switch (action(change)) {
                case "create" -> {
                    counts[0]++;
                    screen.line("+ " + name);
                }
                case "update" -> {
                    counts[1]++;
                    screen.line("~ " + name);
                    change.path("differences")
                            .forEach(
                                    d -> screen.line("    " + d.path("property").asString("") + ": " + d.path("before")
                                            + " -> " + d.path("after")));
                }
                case "delete" -> {
                    counts[2]++;
                    screen.line("- " + name);
                }
                default -> counts[3]++;
            }
            if (!action(change).equals("none")) { // what was said at the change need not be said at every run
                change.path("warnings").forEach(w -> screen.line("    warning: " + w.asString("")));
            }
        }
        if (counts[0] + counts[1] + counts[2] == 0) {
            screen.line("No changes: " + counts[3] + " as in the file.");
        } else if (planOnly) {
            screen.line("Plan: " + counts[0] + " to create, " + counts[1] + " to change, " + counts[2] + " to delete, "
                    + counts[3] + " unchanged. Nothing was changed.");
        } else {
            screen.line("Done: " + counts[0] + " created, " + counts[1] + " changed, " + counts[2] + " deleted, "
                    + counts[3] + " unchanged.");
        }
        if (!others.isEmpty()) {
            screen.line("Not in the file and left alone: " + String.join(", ", others) + " (--prune deletes them)");
        }
    }

    private static String action(JsonNode change) {
        return change.path("action").asString("");
    }
}
