package io.postern.bench;

import java.util.ArrayList;
import java.util.Map;
import java.util.function.Function;

/// A load that one generator makes on one path, while both hops are metered.
///
/// @param bytes of each answer; for uploads, of each request
/// @param isUpload then the path takes bodies and the backend says how much came
/// @param isDistant with the long way between the hops
/// @param generator for this trial
record LoadCase(
        Plan plan,
        Origin origin,
        Protocol protocol,
        String path,
        int bytes,
        boolean isUpload,
        boolean isDistant,
        Function<Trial, Generator> generator)
        implements Case {
    @Override
    public boolean suits(PeerKind kind) {
        boolean hasHops = kind != PeerKind.DIRECT;
        boolean canH2 = hasHops || origin == Origin.FILES; // without TLS our own backend speaks HTTP/1.1 only
        return (hasHops || !isDistant)
                && (canH2 || protocol == Protocol.H1)
                && (hasHops || plan.unit() != Unit.CONNECTIONS);
    }

    @Override
    public Measurement run(Trial trial) {
        Peer peer = isDistant ? trial.distantPeer() : trial.peer();
        Target target = peer.target(origin, protocol);
        if (isUpload) {
            trial.bench().probe().expectOk(target, "count");
        } else {
            trial.bench().probe().expect(peer.target(origin, Protocol.H1), path, bytes);
        }
        if (isDistant) {
            // the main warm-up does not reach the distant peers; one file is some seconds of load there
            trial.load(H2load.bulk(protocol, 1, 1, 1, null), target, path);
        }
        long before = isUpload ? trial.bench().uploaded() : 0;
        Meter meter = trial.meter(peer);
        Sample sample = trial.load(generator.apply(trial), target, path);
        Meter.Cost cost = meter.end();
        var faults = new ArrayList<>(sample.faults());
        long arrived = isUpload ? trial.bench().uploaded() - before : sample.bytes();
        if (plan.unit() == Unit.MEGABYTES && arrived != sample.done() * bytes) {
            faults.add(arrived + " bytes came, expected " + sample.done() * bytes);
        }
        if (sample.done() == 0) {
            faults.add("no answer at all");
        }
        double unitsPerRequest = plan.unit() == Unit.MEGABYTES ? bytes / Unit.MEGABYTE : 1;
        return Measurement.of(
                plan,
                trial,
                sample.perSecond() * unitsPerRequest,
                sample.done() * unitsPerRequest,
                new Sample(sample.done(), arrived, sample.seconds(), sample.p50Millis(), sample.p99Millis(), faults),
                cost,
                Map.of());
    }
}
