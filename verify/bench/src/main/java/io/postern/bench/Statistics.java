package io.postern.bench;

import java.util.Collection;
import java.util.List;

/// Medians and spans. A value that was not measured is NaN and does not count.
final class Statistics {
    /// @param count values that were measured; the rest is NaN when it is 0
    record Span(int count, double min, double median, double max) {}

    private Statistics() {}

    static Span span(Collection<Double> values) {
        List<Double> sorted =
                values.stream().filter(value -> !Double.isNaN(value)).sorted().toList();
        if (sorted.isEmpty()) {
            return new Span(0, Double.NaN, Double.NaN, Double.NaN);
        }
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Span(sorted.size(), sorted.getFirst(), median, sorted.getLast());
    }
}
