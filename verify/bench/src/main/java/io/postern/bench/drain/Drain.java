package io.postern.bench.drain;

import io.postern.bench.Daemon;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Restarts two connectors in turn while people work, and counts what they lose.
@Command(
        name = "bench drain",
        description = {
            "Restart two connectors of one group in turn, under load, and count what is lost:",
            "every request, transfer, event stream and WebSocket that was not answered in full. The last line is"
                    + " lost=N of=M restarts=K; the exit status is 1 when something was lost."
        },
        footer = {
            "%nEvent streams and WebSockets have no end of their own, so each restart takes the grace period.",
            "A stream of events that ends properly and a WebSocket closed with 1012 are not lost."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Drain implements Callable<Integer> {
    /// A transfer takes this part of the grace period at least, so that it can end within it.
    private static final int TRANSFERS_IN_GRACE = 4;

    private static final Duration END_LIMIT = Duration.ofSeconds(15);

    @Option(
            names = "--restarts",
            paramLabel = "N",
            defaultValue = "100",
            description = "Restarts of both together (default: ${DEFAULT-VALUE}).")
    private int restarts;

    @Option(
            names = "--grace",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "The connectors' grace period (default: ${DEFAULT-VALUE}).")
    private int graceSeconds;

    @Option(
            names = "--transfer",
            paramLabel = "MIB",
            defaultValue = "200",
            description =
                    "Size of each upload and download (default: ${DEFAULT-VALUE}); less for a short grace period.")
    private int transferMebibytes;

    @Mixin
    private final Options options = new Options();

    public static void main(String[] args) {
        Options.run(new Drain(), args);
    }

    @Override
    public Integer call() {
        if (restarts < 1 || graceSeconds < 1 || transferMebibytes < 1) {
            throw new IllegalArgumentException("--restarts, --grace and --transfer must be 1 at least");
        }
        var grace = Duration.ofSeconds(graceSeconds);
        Tally tally = options.withBench(bench -> drain(Site.start(bench, grace), restarts, grace, transferMebibytes));
        options.tell(Map.of(
                "lost", tally.losses().size(),
                "of", tally.all(),
                "restarts", restarts,
                "graceSeconds", graceSeconds,
                "done", tally.byKind(),
                "losses", tally.losses()));
        System.out.printf("lost=%d of=%d restarts=%d%n", tally.losses().size(), tally.all(), restarts);
        return tally.losses().isEmpty() ? 0 : 1;
    }

    /// @param grace that the connectors of the site have
    /// @return what became of everything that was begun meanwhile
    static Tally drain(Site site, int restarts, Duration grace, int transferMebibytes) {
        var tally = new Tally();
        var large = new Content((long) transferMebibytes << 20);
        Users users = Users.start(site, tally, large, grace.dividedBy(TRANSFERS_IN_GRACE));
        try {
            for (int i = 0; i < restarts; i++) {
                restart(site, i, grace, tally, restarts);
            }
        } finally {
            users.close();
        }
        return tally;
    }

    private static void restart(Site site, int number, Duration grace, Tally tally, int of) {
        Daemon connector = site.connector(number);
        long begin = System.nanoTime();
        int exit = connector.stop(grace.plus(END_LIMIT));
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (exit != 0) {
            throw connector.failed("ended with " + exit + " when it was told to stop");
        }
        site.startAgain(number);
        site.signInAgainWhenDue();
        System.err.printf(
                "[%3d/%d] drained in %4.1f s, started in %.1f s; so far %s; lost %d%n",
                number + 1,
                of,
                seconds,
                (System.nanoTime() - begin) / 1e9 - seconds,
                tally,
                tally.losses().size());
    }
}
