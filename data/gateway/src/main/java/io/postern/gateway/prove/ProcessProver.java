package io.postern.gateway.prove;

import io.netty.util.concurrent.Future;
import io.postern.domain.ConnectorId;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.domain.update.Proof;
import io.postern.domain.update.Prover;
import io.postern.gateway.probe.HeadExchange;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelFailure;
import io.postern.tunnel.accept.TunnelRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// Proves a process of a connector: each of its tunnels must bring the connector's own answer, and each backend of the
/// group must answer through it as well as through the tunnels that serve now. A backend that is down for both says
/// nothing about the new process. Any thread.
public final class ProcessProver implements Prover {
    /// Of a group with more, some are taken: more would keep a large site from updating at all.
    private static final int BACKENDS_MAX = 20;

    /// Longer than a connector waits for a connection (5 s), shorter than a backend may think: who thinks so long
    /// through both processes is no difference.
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final TunnelRegistry tunnels;
    private final Supplier<Collection<PublishedApplication>> applications;

    /// @param applications of the snapshot in force
    public ProcessProver(TunnelRegistry tunnels, Supplier<Collection<PublishedApplication>> applications) {
        this.tunnels = tunnels;
        this.applications = applications;
    }

    @Override
    public CompletableFuture<Proof> prove(ConnectorId connector, String process) {
        List<Tunnel> ofProcess = tunnels.ofProcess(connector.value(), process).stream()
                .filter(Tunnel::isOpen)
                .toList();
        if (ofProcess.isEmpty()) {
            return CompletableFuture.completedFuture(new Proof(false, "the new process has no tunnel here"));
        }
        String group = ofProcess.getFirst().group();
        List<Tunnel> serving = tunnels.all().stream()
                .filter(t -> t.group().equals(group) && t.isOpen() && !ofProcess.contains(t))
                .toList();
        var all = new ArrayList<CompletableFuture<Optional<String>>>();
        for (Tunnel tunnel : ofProcess) {
            all.add(send(tunnel, Errand.TO_THE_CONNECTOR).thenApply(ProcessProver::faultOfTheConnector));
        }
        List<Errand> errands = errands(group);
        for (int i = 0; i < errands.size(); i++) {
            all.add(compare(errands.get(i), ofProcess.get(i % ofProcess.size()), serving));
        }
        String seen = ofProcess.size() + " tunnels and " + errands.size() + " backends answered as they should";
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> all.stream()
                        .map(CompletableFuture::resultNow) // all are done
                        .flatMap(Optional::stream)
                        .findFirst()
                        .map(fault -> new Proof(false, fault))
                        .orElseGet(() -> new Proof(true, seen)));
    }

    private List<Errand> errands(String group) {
        var byBackend = new LinkedHashMap<String, Errand>();
        for (PublishedApplication application : applications.get()) {
            if (application.upstream() instanceof Upstream.ConnectorGroup to
                    && to.group().value().equals(group)
                    && byBackend.size() < BACKENDS_MAX) {
                application.places().stream()
                        .flatMap(place -> place.inside().stream())
                        .filter(inside -> !inside.url().isWildcard()) // no host to ask there
                        .forEach(inside -> byBackend.putIfAbsent(
                                inside.backend().id(), Errand.to(inside.backend(), inside.url())));
            }
        }
        return List.copyOf(byBackend.values());
    }

    private static CompletableFuture<Optional<String>> compare(Errand errand, Tunnel fresh, List<Tunnel> serving) {
        return send(fresh, errand).thenCompose(seen -> {
            if (isPathAtFault(seen)) {
                return done(Optional.of(errand.name() + " cannot be asked through the new process: " + seen.text()));
            }
            if (seen.isGood()) {
                return done(Optional.empty());
            }
            Optional<Tunnel> other =
                    serving.stream().filter(t -> t.serves(errand.backend())).findFirst();
            if (other.isEmpty()) {
                return done(Optional.empty()); // nobody to compare with, and the tunnel itself has done its part
            }
            return send(other.get(), errand)
                    .thenApply(before -> before.isGood()
                            ? Optional.of(errand.name() + " answers " + seen.text() + " through the new process, and "
                                    + before.text() + " through what serves now")
                            : Optional.<String>empty());
        });
    }

    private static Optional<String> faultOfTheConnector(Seen seen) {
        return seen.failure().equals(Optional.of(TunnelFailure.UNKNOWN_BACKEND.wireName()))
                ? Optional.empty()
                : Optional.of("a tunnel of the new process does not serve: " + seen.text());
    }

    /// @return never fails
    private static CompletableFuture<Seen> send(Tunnel tunnel, Errand errand) {
        var seen = new CompletableFuture<Seen>();
        HeadExchange.send(tunnel, errand.head(), PATIENCE)
                .addListener((Future<HeadExchange.Ending> ended) -> seen.complete(Seen.of(ended.getNow())));
        return seen;
    }

    /// No answer at all, or one that says that the process, not the backend, is at fault.
    private static boolean isPathAtFault(Seen seen) {
        return (!seen.fault().isEmpty() && !seen.late())
                || seen.failure()
                        .flatMap(TunnelFailure::of)
                        .filter(f -> f.scope() == TunnelFailure.Scope.TUNNEL)
                        .isPresent();
    }

    private static CompletableFuture<Optional<String>> done(Optional<String> fault) {
        return CompletableFuture.completedFuture(fault);
    }
}
