package io.postern.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one run of a case on a peer came to.
///
/// @param throughput units per second, NaN where the case has none
/// @param cpuMicros processor time of all hops for one unit
/// @param cpuMicrosByHop the same for each
/// @param residentBytes for each hop, at the end of the run
/// @param figures what only this case measures, by name
/// @param faults in words; a run with faults is shown and enters no ratio
record Measurement(
        String caseName,
        PeerKind peer,
        int repetition,
        double throughput,
        double p50Millis,
        double p99Millis,
        double cpuMicros,
        Map<String, Double> cpuMicrosByHop,
        Map<String, Long> residentBytes,
        double generatorCores,
        double otherCores,
        double stolenCores,
        Map<String, Double> figures,
        List<String> faults) {
    /// @param units that were done in the time that `cost` covers
    static Measurement of(
            Plan plan,
            Trial trial,
            double throughput,
            double units,
            Sample sample,
            Meter.Cost cost,
            Map<String, Double> figures) {
        var byHop = new LinkedHashMap<String, Double>();
        cost.cpu().forEach((hop, seconds) -> byHop.put(hop, seconds / units * 1e6));
        return new Measurement(
                plan.name(),
                trial.kind(),
                trial.repetition(),
                throughput,
                sample.p50Millis(),
                sample.p99Millis(),
                cost.cpu().isEmpty() ? Double.NaN : cost.cpuSeconds() / units * 1e6,
                byHop,
                cost.resident(),
                cost.generatorCores(),
                cost.otherCores(),
                cost.stolenCores(),
                figures,
                sample.faults());
    }

    /// A run that could not be measured.
    static Measurement failed(Plan plan, Trial trial, String why) {
        return new Measurement(
                plan.name(),
                trial.kind(),
                trial.repetition(),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                Map.of(),
                Map.of(),
                0,
                0,
                0,
                Map.of(),
                List.of(why));
    }

    boolean isClean() {
        return faults.isEmpty();
    }

    double residentMegabytes() {
        return residentBytes.isEmpty()
                ? Double.NaN
                : residentBytes.values().stream().mapToLong(Long::longValue).sum() / Unit.MEGABYTE;
    }
}
