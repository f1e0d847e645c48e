package io.postern.run.cli;

import io.postern.run.Fault;
import io.postern.run.PrivateFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `postern audit export`: a log, oldest first, of any length; a page of it is in memory at a time.
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Write a log to a file or standard output, oldest first.",
            "json: one entry a line, whole; 'postern audit verify --file' checks it. csv: the main columns."
        })
final class AuditExportCommand extends Topic.Action {
    enum Format {
        JSON,
        CSV
    }

    private record Column(String head, Function<JsonNode, String> value) {
        static Column at(String head, String pointer) {
            return new Column(head, entry -> entry.at(pointer).asString(""));
        }
    }

    private static final List<Column> SIGN_INS = List.of(
            Column.at("createdDateTime", "/createdDateTime"),
            Column.at("userPrincipalName", "/userPrincipalName"),
            Column.at("userId", "/userId"),
            Column.at("servicePrincipalName", "/servicePrincipalName"),
            Column.at("appDisplayName", "/appDisplayName"),
            Column.at("appId", "/appId"),
            Column.at("resourceDisplayName", "/resourceDisplayName"),
            Column.at("ipAddress", "/ipAddress"),
            Column.at("clientAppUsed", "/clientAppUsed"),
            Column.at("browser", "/deviceDetail/browser"),
            Column.at("operatingSystem", "/deviceDetail/operatingSystem"),
            Column.at("isInteractive", "/isInteractive"),
            Column.at("errorCode", "/status/errorCode"),
            Column.at("failureReason", "/status/failureReason"),
            Column.at("correlationId", "/correlationId"),
            Column.at("id", "/id"));
    private static final List<Column> AUDITS = List.of(
            Column.at("activityDateTime", "/activityDateTime"),
            Column.at("activityDisplayName", "/activityDisplayName"),
            Column.at("category", "/category"),
            Column.at("loggedByService", "/loggedByService"),
            Column.at("userPrincipalName", "/initiatedBy/user/userPrincipalName"),
            Column.at("appDisplayName", "/initiatedBy/app/displayName"),
            new Column(
                    "ipAddress",
                    e -> e.at("/initiatedBy/user").isObject()
                            ? e.at("/initiatedBy/user/ipAddress").asString("")
                            : e.at("/initiatedBy/app/ipAddress").asString("")),
            Column.at("targetType", "/targetResources/0/type"),
            Column.at("target", "/targetResources/0/displayName"),
            Column.at("targetId", "/targetResources/0/id"),
            Column.at("result", "/result"),
            Column.at("resultReason", "/resultReason"),
            Column.at("correlationId", "/correlationId"),
            Column.at("id", "/id"));

    @Option(names = "--log", paramLabel = "LOG", description = "audit (default) or signins.")
    private AuditCommand.Log log = AuditCommand.Log.AUDIT;

    @Option(names = "--format", paramLabel = "FORMAT", description = "json (default) or csv.")
    private Format format = Format.JSON;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to (default: standard output). Readable by you only.")
    private @Nullable Path output;

    @Mixin
    private AuditCommand.Period period = new AuditCommand.Period();

    @Override
    void run(Api api, Screen screen) {
        String first =
                log.path() + "?$top=1000&$orderby=" + Api.encode(log.time() + " asc") + period.query(log, List.of());
        if (output == null) {
            write(api, first, screen.writer());
            screen.writer().flush();
            return;
        }
        long entries;
        try {
            PrivateFile.create(output);
            try (BufferedWriter file = Files.newBufferedWriter(output, StandardCharsets.UTF_8)) {
                entries = write(api, first, new PrintWriter(file));
            }
        } catch (IOException e) {
            throw new Fault("the file " + output + " cannot be written (" + e.getMessage() + ")", e);
        }
        if (json()) {
            screen.json(Api.object().put("file", output.toString()).put("entries", entries));
        } else {
            screen.line("Wrote " + entries + " entries to " + output + ".");
        }
    }

    private long write(Api api, String first, PrintWriter to) {
        List<Column> columns = log == AuditCommand.Log.AUDIT ? AUDITS : SIGN_INS;
        if (format == Format.CSV) {
            to.println(String.join(",", columns.stream().map(Column::head).toList()));
        }
        var count = new long[1];
        api.eachPage(first, page -> {
            for (JsonNode entry : page) {
                to.println(format == Format.CSV ? row(columns, entry) : entry.toString());
                count[0]++;
            }
            if (to.checkError()) {
                throw new Fault("the output was closed before the end; nothing more is written");
            }
        });
        return count[0];
    }

    private static String row(List<Column> columns, JsonNode entry) {
        var cells = new ArrayList<String>();
        for (Column column : columns) {
            cells.add(cell(column.value().apply(entry)));
        }
        return String.join(",", cells);
    }

    /// A spreadsheet would take what begins so for a formula, and anybody can sign in as "=...".
    static String cell(String value) {
        boolean formula = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0;
        return CsvText.cell(formula ? "'" + value : value);
    }
}
