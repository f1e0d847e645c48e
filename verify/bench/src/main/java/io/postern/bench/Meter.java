package io.postern.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads what a stretch of time costs: processor time of hops, of backends, of load generators, of everybody else.
final class Meter {
    private final List<Hop> hops;
    private final List<Hop> backends;
    private final List<Daemon> generators;
    private final long beganNanos;
    private final Reading begin;

    private record Reading(List<Double> hops, double backends, double generators, Machine.Busy machine) {}

    /// @param seconds wall clock
    /// @param cpu seconds for each hop, by its name
    /// @param resident bytes for each hop at the end
    /// @param generatorCores processors that load generators and this process kept busy
    /// @param otherCores processors that everybody else kept busy: trust a run with much of it less
    /// @param stolenCores processors that the hypervisor withheld
    record Cost(
            double seconds,
            Map<String, Double> cpu,
            Map<String, Long> resident,
            double generatorCores,
            double otherCores,
            double stolenCores) {
        double cpuSeconds() {
            return cpu.values().stream().mapToDouble(Double::doubleValue).sum();
        }

        long residentBytes() {
            return resident.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private Meter(List<Hop> hops, List<Hop> backends, List<Daemon> generators) {
        this.hops = hops;
        this.backends = backends;
        this.generators = generators;
        this.begin = read();
        this.beganNanos = System.nanoTime();
    }

    /// Begins to measure.
    ///
    /// @param generators those that run on after the end; others count once they have ended
    static Meter begin(Peer peer, Workbench bench, List<Daemon> generators) {
        return new Meter(peer.hops(), bench.backends().all(), generators);
    }

    Cost end() {
        double seconds = (System.nanoTime() - beganNanos) / 1e9;
        Reading end = read();
        var cpu = new LinkedHashMap<String, Double>();
        var resident = new LinkedHashMap<String, Long>();
        double ours = end.backends() - begin.backends();
        for (int i = 0; i < hops.size(); i++) {
            double spent = end.hops().get(i) - begin.hops().get(i);
            cpu.put(hops.get(i).name(), spent);
            resident.put(hops.get(i).name(), Machine.residentBytes(hops.get(i).processes()));
            ours += spent;
        }
        double generator = end.generators() - begin.generators();
        double stolen = end.machine().stolen() - begin.machine().stolen();
        double other = end.machine().busy() - begin.machine().busy() - ours - generator - stolen;
        return new Cost(seconds, cpu, resident, generator / seconds, Math.max(0, other / seconds), stolen / seconds);
    }

    private Reading read() {
        return new Reading(
                hops.stream().map(hop -> Machine.cpuSeconds(hop.processes())).toList(),
                backends.stream()
                        .mapToDouble(hop -> Machine.cpuSeconds(hop.processes()))
                        .sum(),
                Machine.ownCpuSeconds()
                        + Machine.cpuSeconds(
                                generators.stream().map(Daemon::handle).toList()),
                Machine.busy());
    }
}
