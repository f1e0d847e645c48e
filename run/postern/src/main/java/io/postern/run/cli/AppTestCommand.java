package io.postern.run.cli;

import io.postern.run.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `postern app test`: opens an application as a user would, as far as one gets without a password, and probes it
/// through every connector of its group (APP-6). Ends with 1 when something is broken.
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = "Open an application as a user would, from this machine: name, certificate, sign-in; then through"
                + " every connector. Tells what is wrong and what to do. Exit status 1 when something is.")
final class AppTestCommand extends Topic.Action {
    @Mixin
    private Name name = new Name();

    @Option(names = "--report", paramLabel = "FILE", description = "Also write the findings there, as text.")
    private @Nullable Path report;

    private boolean broken;

    @Override
    void run(Api api, Screen screen) {
        JsonNode application = new Lookup(api).application(name.required("application"));
        TestReport findings = new AppLaunch(api, application).run();
        broken = findings.isBroken();
        if (report != null) {
            write(report, findings.lines());
        }
        if (json()) {
            screen.json(findings.json());
            return;
        }
        findings.lines().forEach(screen::line);
        if (report != null) {
            screen.line("");
            screen.line("The report is in " + report + ".");
        }
    }

    @Override
    public Integer call() {
        int done = super.call();
        return broken ? CommandLine.ExitCode.SOFTWARE : done;
    }

    private static void write(Path file, List<String> lines) {
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new Fault("the report cannot be written to " + file + " (" + e.getMessage() + ")", e);
        }
    }
}
