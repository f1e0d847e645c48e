package io.postern.run.cli;

import io.postern.domain.TenantId;
import io.postern.run.Fault;
import io.postern.store.ChainCheck;
import io.postern.store.LogEntry;
import io.postern.store.LogKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `postern audit verify`: whether the logs are as they were written.
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Check that nothing in the logs was changed, removed, inserted or moved.",
            "Each entry holds a hash over the one before. Who can write to the database can make a chain anew from some"
                    + " entry on: note number and hash that this command prints, and give them to a later one with"
                    + " --expect."
        })
final class AuditVerifyCommand extends Topic.Action {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Option(names = "--log", paramLabel = "LOG", description = "audit or signins (default: both).")
    private AuditCommand.@Nullable Log log;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Check a file of 'postern audit export' instead; - reads standard input.")
    private @Nullable String file;

    @Option(
            names = "--expect",
            paramLabel = "NUMBER:HASH",
            description = "That this entry is as it was when its hash was noted. Needs --log or --file.")
    private @Nullable String expected;

    /// What was found out of one log.
    private record Finding(String log, long first, long last, String hash, Optional<ChainCheck.Problem> problem) {}

    @Override
    public Integer call() {
        return file == null ? super.call() : alone();
    }

    /// A file needs no service.
    private Integer alone() {
        var screen = new Screen(out());
        try (BufferedReader lines = reader()) {
            show(screen, List.of(ofFile(lines)));
        } catch (IOException e) {
            throw new Fault("the file " + file + " cannot be read (" + e.getMessage() + ")", e);
        }
        return 0;
    }

    @Override
    void run(Api api, Screen screen) {
        if (expected != null && log == null) {
            throw new Fault("--expect is about one log; say which with --log audit or --log signins");
        }
        List<AuditCommand.Log> logs = log == null ? List.of(AuditCommand.Log.values()) : List.of(log);
        show(screen, logs.stream().map(l -> ofService(api, l)).toList());
    }

    private Finding ofService(Api api, AuditCommand.Log which) {
        var last = new ObjectNode[1];
        api.eachAnswer(which.path() + "/$verify", answer -> last[0] = answer.asObject());
        ObjectNode answer = last[0];
        var problem = answer.path("problem").isObject()
                ? Optional.of(new ChainCheck.Problem(
                        answer.at("/problem/number").asLong(),
                        answer.at("/problem/message").asString("")))
                : Optional.<ChainCheck.Problem>empty();
        long checked = answer.path("checkedTo").asLong();
        if (problem.isEmpty() && expected != null) {
            problem = compare(api, which);
        }
        return new Finding(
                which.name().toLowerCase(java.util.Locale.ROOT),
                answer.path("firstNumber").asLong(),
                checked,
                answer.path("hash").asString(""),
                problem);
    }

    private Optional<ChainCheck.Problem> compare(Api api, AuditCommand.Log which) {
        String[] noted = noted();
        long number = Long.parseLong(noted[0]);
        var page = api.get(
                which.path() + "?$top=1&$orderby=" + Api.encode(which.time() + " asc") + "&$skiptoken=" + (number - 1));
        var entry = page.path("value").path(0).path("chain");
        return problem(
                number,
                noted[1],
                entry.path("number").asLong(-1),
                entry.path("hash").asString(""));
    }

    private static Optional<ChainCheck.Problem> problem(long number, String hash, long foundNumber, String foundHash) {
        if (foundNumber != number) {
            return Optional.of(new ChainCheck.Problem(
                    number, "entry " + number + " of --expect is not there: cut off, or removed by retention"));
        }
        return hash.equals(foundHash)
                ? Optional.empty()
                : Optional.of(new ChainCheck.Problem(
                        number, "entry " + number + " is not the one whose hash was noted: the chain was made anew"));
    }

    private String[] noted() {
        if (expected == null || !expected.matches("[1-9][0-9]{0,17}:[0-9a-f]{64}")) {
            throw new Fault("--expect '" + expected + "' is not NUMBER:HASH as this command prints it");
        }
        return expected.split(":");
    }

    private Finding ofFile(BufferedReader lines) throws IOException {
        ChainCheck check = null;
        long first = 0;
        String name = "file";
        Optional<ChainCheck.Problem> problem = Optional.empty();
        boolean met = expected == null;
        int row = 0;
        for (String line; problem.isEmpty() && (line = lines.readLine()) != null; ) {
            row++;
            ObjectNode entry = entry(line, row);
            long number = entry.at("/chain/number").asLong(0);
            String hash = entry.at("/chain/hash").asString("");
            entry.remove("chain");
            if (check == null) {
                LogKind kind = entry.has("activityDateTime") ? LogKind.AUDIT : LogKind.SIGN_IN;
                name = kind == LogKind.AUDIT ? "audit" : "signins";
                first = number;
                // a file may begin anywhere: then its first entry is what the others are measured by
                check = number == 1
                        ? new ChainCheck(
                                0,
                                LogEntry.genesis(
                                        new TenantId(entry.path("tenantId").asString("")), kind))
                        : new ChainCheck(number, hash);
                problem = number == 1 ? check.next(number, entry.toString(), hash) : Optional.empty();
            } else {
                problem = check.next(number, entry.toString(), hash);
            }
            if (expected != null && number == Long.parseLong(noted()[0])) {
                met = true;
                problem = problem.isPresent() ? problem : problem(number, noted()[1], number, hash);
            }
        }
        if (check == null) {
            throw new Fault("the file " + file + " holds no entry; make it with 'postern audit export'");
        }
        if (problem.isEmpty() && !met) {
            problem = problem(Long.parseLong(noted()[0]), "", -1, "");
        }
        return new Finding(name, first, check.number(), check.hash(), problem);
    }

    private ObjectNode entry(String line, int row) {
        try {
            if (JSON.readTree(line) instanceof ObjectNode entry
                    && entry.path("chain").isObject()) {
                return entry;
            }
        } catch (JacksonException e) {
            throw new Fault("line " + row + " of " + file + " is not JSON; export with --format json", e);
        }
        throw new Fault("line " + row + " of " + file + " is no entry of a log; export with --format json, without"
                + " leaving members out");
    }

    private BufferedReader reader() throws IOException {
        return "-".equals(file)
                ? new BufferedReader(new java.io.InputStreamReader(System.in, StandardCharsets.UTF_8))
                : Files.newBufferedReader(Path.of(String.valueOf(file)), StandardCharsets.UTF_8);
    }

    private void show(Screen screen, List<Finding> findings) {
        for (Finding finding : findings) {
            if (json()) {
                ObjectNode line = Api.object()
                        .put("log", finding.log())
                        .put("intact", finding.problem().isEmpty())
                        .put("firstNumber", finding.first())
                        .put("lastNumber", finding.last())
                        .put("hash", finding.hash());
                finding.problem()
                        .ifPresent(p -> line.putObject("problem")
                                .put("number", p.number())
                                .put("message", p.text()));
                screen.json(line);
            } else if (finding.problem().isEmpty()) {
                screen.line(
                        finding.last() < finding.first()
                                ? finding.log() + ": no entry yet"
                                : finding.log() + ": entries " + finding.first() + " to " + finding.last()
                                        + " are as they were written; " + finding.last() + ":" + finding.hash());
            } else {
                screen.line(finding.log() + ": NOT INTACT: "
                        + finding.problem().get().text());
            }
        }
        if (findings.stream().anyMatch(f -> f.problem().isPresent())) {
            throw new Fault("a log is not as it was written; compare with exports and backups from before");
        }
    }
}
