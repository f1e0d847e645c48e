package io.postern.bench;

import java.util.List;

/// What a case has to reach (issue 3's table).
sealed interface Bar {
    /// The median of paired ratios to the stronger nginx chain.
    record BesideNginx(Metric metric, boolean isFloor, double limit) implements Bar {}

    /// Throughput not below that of HAProxy's, Caddy's and ssh's set-ups.
    record AheadOfOthers() implements Bar {}

    /// Our own median of a figure, whatever others reach.
    record Absolute(String figure, boolean isFloor, double limit, String unit) implements Bar {}

    static Bar atLeast(Metric metric, double ratio) {
        return new BesideNginx(metric, true, ratio);
    }

    static Bar atMost(Metric metric, double ratio) {
        return new BesideNginx(metric, false, ratio);
    }

    static Bar atLeast(String figure, double limit, String unit) {
        return new Absolute(figure, true, limit, unit);
    }

    static Bar atMost(String figure, double limit, String unit) {
        return new Absolute(figure, false, limit, unit);
    }

    static List<Bar> saturated() {
        return List.of(
                atLeast(Metric.THROUGHPUT, 1.0),
                atMost(Metric.P99, 1.25),
                atMost(Metric.CPU, 1.25),
                new AheadOfOthers());
    }

    static List<Bar> paced() {
        return List.of(atMost(Metric.P99, 1.5), atMost(Metric.CPU, 1.6));
    }

    static List<Bar> bulk() {
        return List.of(atLeast(Metric.THROUGHPUT, 1.0), new AheadOfOthers());
    }
}
