package io.postern.bench;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// All runs, and what they say about each other. Runs with faults enter no figure.
record Measurements(List<Measurement> all) {
    /// The clean ones of a case on a peer.
    private Stream<Measurement> clean(String caseName, PeerKind peer) {
        return of(caseName, peer).stream().filter(Measurement::isClean);
    }

    List<Measurement> of(String caseName, PeerKind peer) {
        return all.stream()
                .filter(m -> m.caseName().equals(caseName) && m.peer() == peer)
                .toList();
    }

    Statistics.Span span(String caseName, PeerKind peer, ToDoubleFunction<Measurement> reading) {
        return Statistics.span(clean(caseName, peer).map(reading::applyAsDouble).toList());
    }

    /// Ours divided by theirs, run by run: only runs of the same repetition, minutes apart at most, are divided, since
    /// a shared machine is another one an hour later.
    Statistics.Span ratio(String caseName, Metric metric, PeerKind other) {
        return Statistics.span(clean(caseName, PeerKind.POSTERN)
                .flatMap(ours -> clean(caseName, other)
                        .filter(theirs -> theirs.repetition() == ours.repetition())
                        .map(theirs -> metric.of(ours) / metric.of(theirs)))
                .toList());
    }

    /// The nginx set-up that did better in this case: more throughput, or the lower p99 where the rate is fixed.
    Optional<PeerKind> strongerNginx(Plan plan) {
        ToDoubleFunction<PeerKind> merit = plan.isPaced()
                ? kind -> -span(plan.name(), kind, Measurement::p99Millis).median()
                : kind -> span(plan.name(), kind, Measurement::throughput).median();
        return Stream.of(PeerKind.values())
                .filter(PeerKind::isNginxChain)
                .filter(kind -> !Double.isNaN(merit.applyAsDouble(kind)))
                .max(java.util.Comparator.comparingDouble(merit));
    }

    /// What our hop holds in memory after load, at most, in MB of 10⁶ bytes; cases about memory itself left out.
    Statistics.Span resident(String hop, String except) {
        return Statistics.span(all.stream()
                .filter(m -> m.peer() == PeerKind.POSTERN && !m.caseName().equals(except))
                .flatMap(m -> Stream.ofNullable(m.residentBytes().get(hop)))
                .map(bytes -> bytes / Unit.MEGABYTE)
                .toList());
    }
}
