package io.postern.run.cli;

import io.postern.run.Fault;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The one thing that a command is about, typed plainly or after `--name`.
final class Name {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Its name or id.")
    private @Nullable String plain;

    @Option(names = "--name", paramLabel = "NAME", description = "The same, as an option.")
    private @Nullable String option;

    String required(String what) {
        String name = option != null ? option : plain;
        if (name == null || name.isBlank()) {
            throw new Fault("which " + what + "? Give its name, or see --help");
        }
        if (option != null && plain != null) {
            throw new Fault("'" + plain + "' and --name '" + option + "' are two names; give one");
        }
        return name;
    }
}
