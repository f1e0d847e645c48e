package io.postern.bench.micro;

import io.postern.bench.Table;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Runs the micro-benchmarks, each in a JVM of its own, and prints one table.
@Command(
        name = "bench micro",
        description = {
            "Measure single steps of a request's path: route, admission, conversion of heads.",
            "Prints time and garbage of one operation; bytes hardly vary, times do with the machine."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class Micro implements Callable<Integer> {
    private static final int ITERATIONS = 5;

    @Parameters(
            arity = "0..1",
            paramLabel = "REGEX",
            defaultValue = ".*",
            description = "Part of the names to run, such as Route or Head.*Tunnel (default: all); --list names them.")
    private String wanted = ".*";

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "2",
            description = "How long each is measured, after as long a warm-up; the default of ${DEFAULT-VALUE} makes"
                    + " about a minute in all.")
    private int seconds;

    @Option(names = "--list", description = "Name the micro-benchmarks, measure nothing.")
    private boolean isList;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Micro())
                .setExecutionExceptionHandler((e, line, result) -> {
                    System.err.println("bench: " + e.getMessage());
                    return 1;
                })
                .execute(args));
    }

    @Override
    public Integer call() throws RunnerException {
        if (seconds < 1) {
            throw new IllegalArgumentException("--seconds is " + seconds + "; 1 is the least");
        }
        List<String> names = names(wanted);
        if (isList) {
            names.forEach(name -> System.out.println(shortened(name)));
            return 0;
        }
        var table = new Table("benchmark", "with", "ns/op", "+/-", "B/op");
        for (String name : names) {
            System.err.println("bench: " + shortened(name));
            new Runner(options(name, seconds)).run().forEach(result -> table.add(row(result)));
        }
        System.out.println(table);
        return 0;
    }

    /// Full names, sorted.
    static List<String> names(String regex) {
        Set<BenchmarkListEntry> found;
        try {
            found = BenchmarkList.defaultList()
                    .find(
                            OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT),
                            List.of(Pattern.compile(regex).pattern()),
                            List.of());
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + regex + "' is no regular expression: " + e.getDescription(), e);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no micro-benchmark matches '" + regex + "'; --list names them");
        }
        return found.stream().map(BenchmarkListEntry::getUsername).sorted().toList();
    }

    private static Options options(String name, int seconds) {
        TimeValue each = TimeValue.milliseconds(1000L * seconds / ITERATIONS);
        return new OptionsBuilder()
                .include("^" + Pattern.quote(name) + "$")
                .forks(1)
                .jvmArgsAppend("-Djmh.executor=CUSTOM", "-Djmh.executor.class=" + LoopThreads.class.getName())
                .warmupIterations(ITERATIONS)
                .warmupTime(each)
                .measurementIterations(ITERATIONS)
                .measurementTime(each)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
    }

    private static List<String> row(RunResult result) {
        Result<?> time = result.getPrimaryResult();
        Result<?> garbage = result.getSecondaryResults().get("gc.alloc.rate.norm");
        Collection<String> keys = result.getParams().getParamsKeys();
        return List.of(
                shortened(result.getParams().getBenchmark()),
                keys.stream()
                        .map(key -> result.getParams().getParam(key) + " " + key)
                        .collect(Collectors.joining(", ")),
                number(time.getScore()),
                number(time.getScoreError()),
                garbage == null ? "-" : number(garbage.getScore()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
    }

    private static String shortened(String name) {
        return name.substring(Micro.class.getPackageName().length() + 1);
    }
}
