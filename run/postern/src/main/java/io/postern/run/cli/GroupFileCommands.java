package io.postern.run.cli;

import io.postern.run.Fault;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Groups and their members from and to files with comma-separated values, one row for each membership.
final class GroupFileCommands {
    private static final String GROUP = "group";
    private static final String DESCRIPTION = "description";
    private static final String MEMBER = "member";
    private static final List<String> COLUMNS = List.of(GROUP, DESCRIPTION, MEMBER);
    private static final Pattern TARGET = Pattern.compile("rows\\[([0-9]+)]\\.(.*)");

    private GroupFileCommands() {}

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = "Add groups and members as a CSV file says, one row for each membership: all rows, or none"
                    + " when one is wrong. A group that is not there is added.")
    static final class Import extends Topic.Action {
        @Parameters(
                arity = "0..1",
                paramLabel = "FILE",
                description = "CSV in UTF-8 with the columns group, description (may be missing) and member (a user"
                        + " principal name, or empty).")
        private @Nullable Path file;

        @Option(names = "--exact", description = "Who is not in the file leaves the groups that are.")
        private boolean exact;

        @Option(names = "--dry-run", description = "Only show what would be done.")
        private boolean dryRun;

        @Override
        void run(Api api, Screen screen) {
            if (file == null) {
                throw new Fault("which file? See 'postern group import --help'");
            }
            List<CsvText.Row> rows = CsvText.of(file);
            List<String> head = head(file, rows);
            ObjectNode body = Api.object().put("isPlanOnly", dryRun).put("isExact", exact);
            ArrayNode sent = body.putArray("rows");
            for (CsvText.Row row : rows.subList(1, rows.size())) {
                if (row.cells().size() > head.size()) {
                    throw new Fault(file + ", line " + row.line() + ": there are "
                            + row.cells().size() + " cells, but " + head.size()
                            + " columns in the head; nothing is changed");
                }
                sent.add(row(row, head));
            }
            try {
                show(screen, api.post("/groups/import", body));
            } catch (Api.Refusal refusal) {
                throw refusal.details().isEmpty() ? refusal : complaint(file, rows, refusal.details());
            }
        }

        private static List<String> head(Path file, List<CsvText.Row> rows) {
            if (rows.isEmpty()) {
                throw new Fault(file + " is empty; its first line must name the columns, such as group,member");
            }
            List<String> head = rows.getFirst().cells();
            for (int i = 0; i < head.size(); i++) {
                if (!COLUMNS.contains(head.get(i)) || head.indexOf(head.get(i)) != i) {
                    throw new Fault(file + ", line 1, column " + (i + 1) + ": '" + head.get(i)
                            + "' is unknown or stands twice; known are " + String.join(", ", COLUMNS));
                }
            }
            if (!head.contains(GROUP)) {
                throw new Fault(file + ", line 1: the column group is missing");
            }
            return head;
        }

        private static ObjectNode row(CsvText.Row row, List<String> head) {
            ObjectNode one = Api.object();
            for (int i = 0; i < head.size(); i++) {
                String value =
                        CsvText.unguarded(i < row.cells().size() ? row.cells().get(i) : "");
                if (value.isEmpty() && !head.get(i).equals(GROUP)) {
                    one.putNull(head.get(i));
                } else {
                    one.put(head.get(i), value);
                }
            }
            return one;
        }

        private void show(Screen screen, JsonNode done) {
            if (json()) {
                screen.json(done);
                return;
            }
            var counts = new HashMap<String, Integer>();
            for (JsonNode step : done.path("steps")) {
                String action = step.path("action").asString("");
                counts.merge(action, 1, Integer::sum);
                if (dryRun && !action.equals("keep")) {
                    String member = step.path(MEMBER).asString("");
                    screen.line(action + " " + step.path(GROUP).asString("") + (member.isEmpty() ? "" : ": " + member));
                }
            }
            screen.line((dryRun ? "Would add " : "Added ") + count(counts, "add") + " and "
                    + (dryRun ? "change " : "changed ") + count(counts, "change") + " groups; " + count(counts, "join")
                    + " join, " + count(counts, "leave")
                    + " leave, " + count(counts, "keep") + " are in already." + (dryRun ? " Nothing is done." : ""));
        }

        private static int count(Map<String, Integer> counts, String action) {
            return counts.getOrDefault(action, 0);
        }

        private static Fault complaint(Path file, List<CsvText.Row> rows, JsonNode details) {
            var lines = new ArrayList<String>();
            for (JsonNode detail : details) {
                Matcher target = TARGET.matcher(detail.path("target").asString(""));
                String message = detail.path("message").asString("");
                lines.add(
                        target.matches()
                                ? "line "
                                        + rows.get(Integer.parseInt(target.group(1)) + 1)
                                                .line() + " ("
                                        + target.group(2) + "): " + message
                                : message);
            }
            return new Fault(
                    file + " has " + lines.size() + " faults; nothing is changed\n  " + String.join("\n  ", lines));
        }
    }

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Write groups with assigned members as CSV to standard output, one row for each direct member"
                    + " who is a user.")
    static final class Export extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> groups = api.list("/groups").stream()
                    .filter(group -> !group.path("membershipRule").isString())
                    .toList();
            if (json()) {
                screen.json(groups);
                return;
            }
            PrintWriter out = out();
            out.print(String.join(",", COLUMNS) + "\r\n");
            for (JsonNode group : groups) {
                var members = new HashSet<String>();
                for (JsonNode member : api.list("/groups/" + group.path("id").asString("") + "/members")) {
                    if (member.has("userPrincipalName")) {
                        members.add(member.path("userPrincipalName").asString(""));
                    }
                }
                if (members.isEmpty()) {
                    members.add("");
                }
                members.stream().sorted().forEach(member -> out.print(line(group, member)));
            }
            out.flush();
        }

        private static String line(JsonNode group, String member) {
            return String.join(
                            ",",
                            AuditExportCommand.cell(group.path("displayName").asString("")),
                            AuditExportCommand.cell(group.path(DESCRIPTION).asString("")),
                            AuditExportCommand.cell(member))
                    + "\r\n";
        }
    }
}
