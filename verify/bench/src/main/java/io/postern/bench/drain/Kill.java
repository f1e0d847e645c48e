package io.postern.bench.drain;

import io.postern.bench.Workbench;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Kills one of two connectors under load: who is harmed, are they told, and how soon is all well again?
@Command(
        name = "bench kill",
        description = {
            "Kill -9 one of two connectors at a steady rate of small requests. Only requests that were in flight then"
                    + " may fail, each with a clear error that bears an id. The last line is failed=N unclear=N late=N"
                    + " of=M calm-after=S; the exit status is 1 when one was unclear or late, or calm came after"
                    + " more than 3 s."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Kill implements Callable<Integer> {
    private static final Duration CALM_LIMIT = Duration.ofSeconds(3);

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "500",
            description = "Requests a second (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "Load before the kill, and after it (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Mixin
    private final Options options = new Options();

    public static void main(String[] args) {
        Options.run(new Kill(), args);
    }

    @Override
    public Integer call() {
        if (rate < 1 || seconds < 1) {
            throw new IllegalArgumentException("--rate and --seconds must be 1 at least");
        }
        return options.withBench(this::kill);
    }

    private int kill(Workbench bench) {
        Site site = Site.start(bench, Duration.ofSeconds(1));
        return report(kill(site, rate, seconds));
    }

    /// Kills the first connector of the site, which stays dead.
    static Aftermath kill(Site site, int rate, int seconds) {
        Beat beat = Beat.start(site, rate);
        System.err.println("bench: warming up");
        pause(seconds);
        beat.forget();
        System.err.println("bench: " + rate + " requests/s, undisturbed");
        pause(seconds);
        long killedNanos = System.nanoTime();
        site.connector(0).kill();
        System.err.println("bench: one connector is killed");
        pause(seconds);
        beat.close();
        return new Aftermath(beat.answers(), killedNanos);
    }

    private int report(Aftermath aftermath) {
        List<Beat.Answer> failed = aftermath.failed();
        failed.stream().limit(5).forEach(answer -> System.err.println("bench: failed with " + answer.text()));
        double calm = aftermath.calmAfterSeconds();
        System.err.printf(
                "bench: p99 %.1f ms before, %.1f ms in the second after it, %.1f ms from %.1f s on%n",
                aftermath.p99MillisBefore(), aftermath.p99Millis(0, 1), aftermath.p99Millis(calm, seconds), calm);
        options.tell(Map.of(
                "failed", failed.size(),
                "unclear", aftermath.unclear(),
                "late", aftermath.late(),
                "of", aftermath.all(),
                "p99MillisBefore", aftermath.p99MillisBefore(),
                "p99MillisInTheFirstSecond", aftermath.p99Millis(0, 1),
                "calmAfterSeconds", calm));
        System.out.printf(
                "failed=%d unclear=%d late=%d of=%d calm-after=%.1f%n",
                failed.size(), aftermath.unclear(), aftermath.late(), aftermath.all(), calm);
        boolean isGood = aftermath.unclear() == 0 && aftermath.late() == 0 && calm <= CALM_LIMIT.toMillis() / 1e3;
        return isGood ? 0 : 1;
    }

    private static void pause(int seconds) {
        LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
    }
}
