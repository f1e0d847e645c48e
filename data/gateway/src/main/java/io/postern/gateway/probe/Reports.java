package io.postern.gateway.probe;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.postern.domain.ConnectorId;
import io.postern.domain.event.ConnectorEvent;
import io.postern.domain.event.EventSink;
import io.postern.domain.health.HostReport;
import io.postern.tunnel.ConnectorStatus;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.accept.TunnelRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks every connector how it is, now and then, over one of its tunnels; what it says goes up as an event. One
/// that says nothing, or nonsense, is asked again next time and used all the same. Confined to one event loop.
public final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Duration interval;
    private final EventLoop home;
    private final TunnelRegistry tunnels;
    private final EventSink events;
    private final InstantSource clock;
    private final Map<String, Long> dueNanos = new HashMap<>();

    public Reports(
            ProbeSettings settings, EventLoop home, TunnelRegistry tunnels, EventSink events, InstantSource clock) {
        this.interval = settings.reports();
        this.home = home;
        this.tunnels = tunnels;
        this.events = events;
        this.clock = clock;
    }

    /// Asks until the loop ends.
    public void start() {
        home.scheduleWithFixedDelay(this::turn, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// The border of a job: whatever goes wrong in one turn, there is a next one.
    private void turn() {
        try {
            tick();
        } catch (RuntimeException e) {
            LOG.error("a turn of questions to connectors failed", e);
        }
    }

    private void tick() {
        var here = new HashMap<String, Tunnel>();
        for (Tunnel tunnel : tunnels.all()) {
            here.putIfAbsent(tunnel.connectorId(), tunnel);
        }
        dueNanos.keySet().retainAll(here.keySet());
        long now = System.nanoTime();
        here.forEach((connector, tunnel) -> {
            // a new one is asked at once: reconnecting already spreads them
            if (dueNanos.getOrDefault(connector, now) - now <= 0) {
                double share = 0.9 + 0.2 * ThreadLocalRandom.current().nextDouble();
                dueNanos.put(connector, now + (long) (interval.toNanos() * share));
                ask(tunnel);
            }
        });
    }

    private void ask(Tunnel tunnel) {
        tunnel.status().addListener((Future<ConnectorStatus> answered) -> {
            if (answered.isSuccess()) {
                events.connector(new ConnectorEvent.Reported(
                        new ConnectorId(tunnel.connectorId()), clock.instant(), report(answered.getNow())));
            } else {
                LOG.debug(
                        "connector does not say how it is: connector={} tunnel={} reason={}",
                        tunnel.connectorId(),
                        tunnel.id(),
                        answered.cause().getMessage());
            }
        });
    }

    private static HostReport report(ConnectorStatus status) {
        ConnectorStatus.Host host = status.host();
        ConnectorStatus.Work work = status.work();
        return new HostReport(
                status.time(),
                host.processors(),
                host.machineBusy(),
                host.processBusy(),
                host.memoryBytes(),
                host.memoryAvailableBytes(),
                host.residentBytes(),
                host.openFiles(),
                host.openFilesMax(),
                work.exchanges(),
                work.webSockets(),
                work.waiting(),
                work.requestBytes(),
                work.responseBytes());
    }
}
