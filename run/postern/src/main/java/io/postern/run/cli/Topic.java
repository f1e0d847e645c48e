package io.postern.run.cli;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A group of commands about one kind of thing; alone it shows what there is.
abstract class Topic implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        command.usage(command.getErr());
        return CommandLine.ExitCode.USAGE;
    }

    /// One command: opens the API, runs, closes.
    abstract static class Action implements Callable<Integer> {
        @Mixin
        private ServiceOptions service = new ServiceOptions();

        @Spec
        private @Nullable CommandSpec spec;

        abstract void run(Api api, Screen screen);

        final boolean json() {
            return service.json();
        }

        /// For hints beside the result; nothing but JSON goes to standard output.
        final PrintWriter err() {
            return Objects.requireNonNull(spec).commandLine().getErr();
        }

        final PrintWriter out() {
            return Objects.requireNonNull(spec).commandLine().getOut();
        }

        @Override
        public Integer call() {
            try (Api api = service.open()) {
                run(api, new Screen(Objects.requireNonNull(spec).commandLine().getOut()));
            }
            return CommandLine.ExitCode.OK;
        }
    }
}
