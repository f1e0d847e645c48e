package io.postern.bench;

/// What is compared between peers, as ours divided by theirs.
enum Metric {
    THROUGHPUT("throughput"),
    P50("p50"),
    P99("p99"),
    CPU("CPU per unit"),
    MEMORY("memory");

    private final String label;

    Metric(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /// NaN where the case does not measure it.
    double of(Measurement measurement) {
        return switch (this) {
            case THROUGHPUT -> measurement.throughput();
            case P50 -> measurement.p50Millis();
            case P99 -> measurement.p99Millis();
            case CPU -> measurement.cpuMicros();
            case MEMORY -> measurement.residentMegabytes();
        };
    }
}
