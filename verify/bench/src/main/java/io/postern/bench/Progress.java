package io.postern.bench;

import java.util.List;
import java.util.Locale;

/// Says on standard error what has been measured so far, a line for each run.
final class Progress {
    private final int total;
    private int done;

    Progress(List<Case> cases, List<PeerKind> peers, int repeat) {
        this.total = repeat
                * cases.stream()
                        .mapToInt(c -> (int) peers.stream().filter(c::suits).count())
                        .sum();
    }

    void note(String what) {
        System.err.println("bench: " + what);
    }

    void done(Plan plan, Measurement run) {
        done++;
        String head = String.format(
                Locale.ROOT,
                "[%3d/%d] %-16s %-9s",
                done,
                total,
                plan.name(),
                run.peer().label());
        var text = new StringBuilder(head);
        if (!Double.isNaN(run.throughput())) {
            text.append(String.format(
                    Locale.ROOT, " %,10.0f %s", run.throughput(), plan.unit().rate()));
        }
        if (!Double.isNaN(run.p99Millis())) {
            text.append(String.format(Locale.ROOT, "  p50 %.2f p99 %.2f ms", run.p50Millis(), run.p99Millis()));
        }
        if (!Double.isNaN(run.cpuMicros())) {
            text.append(String.format(
                    Locale.ROOT, "  CPU %.0f %s", run.cpuMicros(), plan.unit().cost()));
        }
        run.figures().forEach((name, value) -> text.append(String.format(Locale.ROOT, "  %s %.2f", name, value)));
        run.faults().forEach(fault -> text.append("  FAULT: ").append(fault));
        text.append(String.format(Locale.ROOT, "  (others %.2f cores)", run.otherCores()));
        System.err.println(text);
    }
}
