package io.postern.run.cli;

import io.postern.base.config.ConfigFault;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern inventory`: from a spreadsheet of applications to published ones.
@Command(
        name = "inventory",
        mixinStandardHelpOptions = true,
        description = "Collect what must be known of applications before they are published, as CSV.",
        subcommands = {InventoryCommand.Template.class, InventoryCommand.Check.class, InventoryCommand.Import.class})
public final class InventoryCommand extends Topic {
    private static final int BATCH = 200;

    InventoryCommand() {}

    @Command(
            name = "template",
            mixinStandardHelpOptions = true,
            description = "Print an empty inventory to fill in: titles, and what belongs below each.")
    static final class Template implements Callable<Integer> {
        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
            out.print(Inventory.template());
            out.flush();
            return CommandLine.ExitCode.OK;
        }
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Tell for each application what is missing before it can be published. Asks no service.")
    static final class Check implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "The inventory, CSV.")
        private Path file = Path.of("");

        @Option(names = "--json", description = "Print JSON on standard output, and nothing else.")
        private boolean json;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            var screen = new Screen(Objects.requireNonNull(spec).commandLine().getOut());
            Inventory inventory = Inventory.read(file);
            if (json) {
                screen.json(
                        inventory.entries().stream().map(InventoryCommand::told).toList());
            } else {
                show(inventory, screen);
            }
            boolean complete = inventory.entries().stream().allMatch(Inventory.Entry::isComplete);
            return complete ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = "Publish every application of which nothing is missing, and tell of the others what is.")
    static final class Import extends Topic.Action {
        @Parameters(paramLabel = "FILE", description = "The inventory, CSV.")
        private Path file = Path.of("");

        @Option(
                names = {"--plan", "--dry-run"},
                description = "Show what would be done; change nothing.")
        private boolean planOnly;

        @Override
        void run(Api api, Screen screen) {
            Inventory inventory = Inventory.read(file);
            List<Inventory.Entry> complete = inventory.entries().stream()
                    .filter(Inventory.Entry::isComplete)
                    .toList();
            List<JsonNode> changes = new ArrayList<>(send(api, inventory, complete, true));
            if (!planOnly) {
                changes = send(api, inventory, complete, false);
            }
            if (json()) {
                ObjectNode body = Api.object().put("isPlanOnly", planOnly);
                changes.forEach(body.putArray("changes")::add);
                inventory.entries().stream().map(InventoryCommand::told).forEach(body.putArray("inventory")::add);
                screen.json(body);
                return;
            }
            show(inventory, screen);
            screen.line("");
            for (JsonNode change : changes) {
                screen.line(change.path("displayName").asString("") + ": "
                        + change.path("action").asString("") + (planOnly ? " (planned)" : ""));
            }
        }
    }

    /// @throws ConfigFault that names the line of each application that the service refuses; nothing of that batch is
    /// done
    private static List<JsonNode> send(Api api, Inventory inventory, List<Inventory.Entry> complete, boolean planOnly) {
        var changes = new ArrayList<JsonNode>();
        for (int from = 0; from < complete.size(); from += BATCH) {
            List<Inventory.Entry> batch = complete.subList(from, Math.min(complete.size(), from + BATCH));
            ObjectNode body = Api.object().put("isPlanOnly", planOnly);
            batch.stream().map(Inventory.Entry::declaration).forEach(body.putArray("applications")::add);
            try {
                api.post(ApplyCommand.DECLARATIONS + "/apply", body)
                        .path("changes")
                        .forEach(changes::add);
            } catch (Api.Refusal refusal) {
                throw refused(inventory, batch, refusal);
            }
        }
        return changes;
    }

    private static RuntimeException refused(Inventory inventory, List<Inventory.Entry> batch, Api.Refusal refusal) {
        var faults = new ArrayList<String>();
        for (JsonNode detail : refusal.details()) {
            String place = detail.path("target").asString("").replaceFirst("applications\\[(\\d+)].*", "$1");
            boolean known = place.matches("\\d{1,6}") && Integer.parseInt(place) < batch.size();
            faults.add((known ? "line " + batch.get(Integer.parseInt(place)).line() + ": " : "")
                    + detail.path("message").asString(""));
        }
        return faults.isEmpty() ? refusal : new ConfigFault(inventory.file(), faults);
    }

    private static JsonNode told(Inventory.Entry entry) {
        ObjectNode json = Api.object()
                .put("line", entry.line())
                .put("displayName", entry.name())
                .put("isComplete", entry.isComplete());
        entry.missing().forEach(json.putArray("missing")::add);
        entry.remarks().forEach(json.putArray("remarks")::add);
        return json;
    }

    private static void show(Inventory inventory, Screen screen) {
        for (Inventory.Entry entry : inventory.entries()) {
            screen.line(entry.name() + ": " + (entry.isComplete() ? "complete" : "not ready to be published"));
            entry.missing().forEach(text -> screen.line("  missing: " + text));
            entry.remarks().forEach(text -> screen.line("  note:    " + text));
        }
        long complete =
                inventory.entries().stream().filter(Inventory.Entry::isComplete).count();
        screen.line(complete + " of " + inventory.entries().size() + " complete.");
    }
}
