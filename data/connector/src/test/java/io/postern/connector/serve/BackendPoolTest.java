package io.postern.connector.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.EventLoop;
import io.postern.net.DirectMemory;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.WindowBudget;
import io.postern.net.dial.Dialler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a request is told that asks for a connection to a backend.
class BackendPoolTest {
    private final Loops loops = Loops.open("pool", 1);
    private final EventLoop loop = loops.all().getFirst();
    private final AtomicLong usedBytes = new AtomicLong();
    private final ServeMetrics metrics = new ServeMetrics(new PrometheusRegistry());
    private final ServeSettings settings = ServeSettings.defaults();
    private final LocalNames names = new LocalNames();
    private final BackendPool pool = new BackendPool(
            loop,
            settings,
            metrics,
            new BackendShares(settings),
            new BackendDialler(
                    new Dialler(loops, names, settings.proxies()),
                    names,
                    settings,
                    new BackendContexts(BackendCredentials.NONE),
                    metrics),
            new WindowBudget(0, new DirectMemory(usedBytes::get, 1_000)));

    @AfterEach
    void stop() {
        loops.close(Duration.ZERO);
    }

    private String ask() throws Exception {
        List<String> told = new ArrayList<>();
        loop.submit(() -> pool.ask(TunnelRig.http("b", "127.0.0.1", 80), new BackendSlots.Waiter() {
                    @Override
                    public void onSlot() {
                        told.add("dial");
                    }

                    @Override
                    public void onConnection(BackendConnection kept) {
                        told.add("kept");
                    }

                    @Override
                    public void onBusy(String why) {
                        told.add("busy: " + why);
                    }
                }))
                .get();
        return String.join(",", told);
    }

    /// So that the gateway gives the request to another connector, instead of both running out of memory over it.
    @Test
    void isBusyWhileMemoryIsExhausted() throws Exception {
        assertEquals("dial", ask());
        usedBytes.set(750);
        assertEquals("busy: this connector's memory for network buffers is exhausted", ask());
        usedBytes.set(740);
        assertEquals("dial", ask());
    }
}
