package io.postern.bench.drain;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What became of everything that was begun. Any thread.
final class Tally {
    /// @param atSeconds since the begin
    record Loss(Kind kind, double atSeconds, String why) {}

    private final Map<Kind, LongAdder> done;
    private final List<Loss> losses = new CopyOnWriteArrayList<>();
    private final long beganNanos = System.nanoTime();

    Tally() {
        done = new EnumMap<>(
                Arrays.stream(Kind.values()).collect(Collectors.toMap(Function.identity(), kind -> new LongAdder())));
    }

    /// Fully answered, or ended as announced.
    void done(Kind kind) {
        Objects.requireNonNull(done.get(kind), "every kind has one").increment();
    }

    void lost(Kind kind, String why) {
        var loss = new Loss(kind, (System.nanoTime() - beganNanos) / 1e9, why);
        losses.add(loss);
        System.err.printf("bench: LOST one of the %s after %.1f s: %s%n", kind.plural(), loss.atSeconds(), why);
    }

    long done() {
        return done.values().stream().mapToLong(LongAdder::sum).sum();
    }

    List<Loss> losses() {
        return List.copyOf(losses);
    }

    long all() {
        return done() + losses.size();
    }

    Map<String, Long> byKind() {
        return done.entrySet().stream()
                .collect(Collectors.toMap(
                        one -> one.getKey().plural(), one -> one.getValue().sum()));
    }

    @Override
    public String toString() {
        return done.entrySet().stream()
                .map(one -> String.format(
                        "%,d %s", one.getValue().sum(), one.getKey().plural()))
                .collect(Collectors.joining(", "));
    }
}
