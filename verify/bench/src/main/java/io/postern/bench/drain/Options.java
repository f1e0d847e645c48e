package io.postern.bench.drain;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import io.postern.bench.Workbench;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// What the benches of this room have in common: their options, how they start, and that nothing of theirs stays.
final class Options {
    @Option(names = "--json", description = "One line of JSON on standard output, before the last one.")
    private boolean json;

    @Option(names = "--checkout", paramLabel = "DIR", hidden = true, defaultValue = ".")
    private Path checkout = Path.of(".");

    /// Ends this process with the command's status.
    static void run(Object command, String... args) {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE); // or Netty looks for a binding of SLF4J
        System.exit(new CommandLine(command)
                .setExecutionExceptionHandler((e, line, result) -> {
                    System.err.println("bench: " + e.getMessage());
                    if (System.getenv("POSTERN_DEBUG") != null) {
                        e.printStackTrace();
                    }
                    return 1;
                })
                .execute(args));
    }

    /// Whatever happens, Ctrl-C too, nothing of ours survives.
    <T> T withBench(Function<Workbench, T> run) {
        Workbench bench = Workbench.open(checkout.toAbsolutePath().normalize());
        var stop = new Thread(bench::close);
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            return run.apply(bench);
        } finally {
            if (!bench.isClosing()) { // else the hook is at it
                Runtime.getRuntime().removeShutdownHook(stop);
                bench.close();
            }
        }
    }

    /// Where JSON is asked for.
    void tell(Map<String, ?> result) {
        if (json) {
            System.out.println(JsonMapper.shared().writeValueAsString(result));
        }
    }
}
