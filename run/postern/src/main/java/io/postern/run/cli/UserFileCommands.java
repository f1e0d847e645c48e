package io.postern.run.cli;

import io.postern.domain.directory.Attributes;
import io.postern.run.Fault;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Users from and to files with comma-separated values; the columns are the names of the API.
final class UserFileCommands {
    private static final String EXTENSIONS = "onPremisesExtensionAttributes";
    private static final String ENABLED = "accountEnabled";
    private static final String NAME = "userPrincipalName";
    private static final List<String> ALWAYS = List.of(NAME, "displayName", "givenName", "surname", "mail", ENABLED);
    private static final Pattern TARGET = Pattern.compile("users\\[([0-9]+)]\\.(?:" + EXTENSIONS + "\\.)?(.*)");

    private UserFileCommands() {}

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description =
                    "Add and change users as a CSV file says: all rows, or none when one is wrong. Who is not there"
                            + " is added without a password; an empty cell clears; a column that is missing"
                            + " leaves things alone.")
    static final class Import extends Topic.Action {
        @Parameters(
                arity = "0..1",
                paramLabel = "FILE",
                description = "CSV in UTF-8, with names of columns in its head.")
        private @Nullable Path file;

        @Option(names = "--dry-run", description = "Only show what would be done.")
        private boolean dryRun;

        @Override
        void run(Api api, Screen screen) {
            if (file == null) {
                throw new Fault("which file? See 'postern user import --help'");
            }
            List<CsvText.Row> rows = CsvText.of(file);
            List<String> head = head(file, rows);
            ObjectNode body = Api.object().put("isPlanOnly", dryRun);
            ArrayNode users = body.putArray("users");
            var managers = new HashMap<String, String>();
            for (CsvText.Row row : rows.subList(1, rows.size())) {
                if (row.cells().size() > head.size()) {
                    throw new Fault(file + ", line " + row.line() + ": there are "
                            + row.cells().size() + " cells, but " + head.size()
                            + " columns in the head; nothing is changed");
                }
                users.add(user(api, file, row, head, managers));
            }
            JsonNode done;
            try {
                done = api.post("/users/import", body);
            } catch (Api.Refusal refusal) {
                throw refusal.details().isEmpty() ? refusal : complaint(file, rows, head, refusal.details());
            }
            show(screen, done);
        }

        private void show(Screen screen, JsonNode done) {
            if (json()) {
                screen.json(done);
                return;
            }
            var counts = new HashMap<String, Integer>();
            for (JsonNode row : done.path("users")) {
                String action = row.path("action").asString("");
                counts.merge(action, 1, Integer::sum);
                if (dryRun && !action.equals("keep")) {
                    screen.line(action + " " + row.path(NAME).asString(""));
                }
            }
            screen.line((dryRun ? "Would add " : "Added ") + counts.getOrDefault("add", 0) + " and "
                    + (dryRun ? "change " : "changed ") + counts.getOrDefault("change", 0) + " users; "
                    + counts.getOrDefault("keep", 0) + " are as the file says already."
                    + (dryRun ? " Nothing is done." : ""));
        }

        private static List<String> head(Path file, List<CsvText.Row> rows) {
            if (rows.isEmpty()) {
                throw new Fault(file + " is empty; its first line must name the columns, such as " + NAME);
            }
            List<String> head = rows.getFirst().cells();
            var seen = new LinkedHashSet<String>();
            for (int i = 0; i < head.size(); i++) {
                String name = head.get(i);
                if (!ALWAYS.contains(name) && !Attributes.isKnown(name)) {
                    throw new Fault(file + ", line 1, column " + (i + 1) + ": a user has no '" + name + "'; known are "
                            + String.join(", ", ALWAYS) + ", " + String.join(", ", Attributes.NAMES));
                }
                if (!seen.add(name)) {
                    throw new Fault(file + ", line 1, column " + (i + 1) + ": '" + name + "' stands twice");
                }
            }
            if (!seen.contains(NAME)) {
                throw new Fault(file + ", line 1: the column " + NAME + " is missing");
            }
            return head;
        }

        private static ObjectNode user(
                Api api, Path file, CsvText.Row row, List<String> head, Map<String, String> managers) {
            ObjectNode user = Api.object();
            for (int i = 0; i < head.size(); i++) {
                String name = head.get(i);
                String value =
                        CsvText.unguarded(i < row.cells().size() ? row.cells().get(i) : "");
                ObjectNode into = name.startsWith("extensionAttribute") ? user.withObjectProperty(EXTENSIONS) : user;
                if (name.equals(ENABLED)) {
                    enabled(file, row, i, value, user);
                } else if (value.isEmpty() && (name.equals(NAME) || name.equals("displayName"))) {
                    into.put(name, "");
                } else if (value.isEmpty()) {
                    into.putNull(name);
                } else if (name.equals(Attributes.MANAGER) && value.indexOf('@') > 0) {
                    into.put(name, managers.computeIfAbsent(value, v -> manager(api, file, row, v)));
                } else {
                    into.put(name, value);
                }
            }
            return user;
        }

        private static String manager(Api api, Path file, CsvText.Row row, String name) {
            try {
                return new Lookup(api).user(name).path("id").asString("");
            } catch (Api.Refusal refusal) {
                throw new Fault(
                        file + ", line " + row.line() + ", column manager: " + refusal.getMessage()
                                + "; nothing is changed",
                        refusal);
            }
        }

        private static void enabled(Path file, CsvText.Row row, int column, String value, ObjectNode user) {
            switch (value.toLowerCase(Locale.ROOT)) {
                case "true", "yes" -> user.put(ENABLED, true);
                case "false", "no" -> user.put(ENABLED, false);
                case "" -> {
                    // stays
                }
                default ->
                    throw new Fault(file + ", line " + row.line() + ", column " + (column + 1) + " (" + ENABLED + "): '"
                            + value + "' must be true or false; nothing is changed");
            }
        }

        private static Fault complaint(Path file, List<CsvText.Row> rows, List<String> head, JsonNode details) {
            var lines = new ArrayList<String>();
            for (JsonNode detail : details) {
                Matcher target = TARGET.matcher(detail.path("target").asString(""));
                String message = detail.path("message").asString("");
                if (target.matches()) {
                    int column = head.indexOf(target.group(2));
                    lines.add("line "
                            + rows.get(Integer.parseInt(target.group(1)) + 1).line()
                            + (column < 0 ? "" : ", column " + (column + 1) + " (" + target.group(2) + ")") + ": "
                            + message);
                } else {
                    lines.add(message);
                }
            }
            return new Fault(
                    file + " has " + lines.size() + " faults; nothing is changed\n  " + String.join("\n  ", lines));
        }
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description =
                    "Write all users as CSV to standard output. A quote is put before what a spreadsheet would take"
                            + " for a formula; the import takes it away again.")
    static final class Export extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> users = api.list("/users");
            if (json()) {
                screen.json(users);
                return;
            }
            Set<String> columns = new LinkedHashSet<>(ALWAYS);
            var more = new TreeSet<String>();
            users.forEach(user -> {
                Attributes.NAMES.stream()
                        .filter(name -> !value(user, name).isEmpty())
                        .forEach(more::add);
                user.propertyNames().stream().filter(Attributes::isExtension).forEach(more::add);
            });
            columns.addAll(more);
            PrintWriter out = out();
            out.print(String.join(",", columns) + "\r\n");
            for (JsonNode user : users) {
                out.print(String.join(
                                ",",
                                columns.stream()
                                        .map(name -> AuditExportCommand.cell(value(user, name)))
                                        .toList())
                        + "\r\n");
            }
            out.flush();
        }

        private static String value(JsonNode user, String name) {
            JsonNode holder = name.startsWith("extensionAttribute") ? user.path(EXTENSIONS) : user;
            String value = holder.path(name).asString("");
            // who is nothing else is a member, whether it is written down or not
            return name.equals(Attributes.USER_TYPE) && value.equals(Attributes.MEMBER) ? "" : value;
        }
    }
}
