package io.postern.connector.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.connector.ConnectorSettings;
import io.postern.connector.serve.ScriptedBackend;
import io.postern.connector.serve.TunnelRig;
import io.postern.tunnel.Tunnel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Tunnels kept up against a service that comes and goes.
class LinkTest {
    @Test
    void keepsOneTunnelForEachLane() throws Exception {
        try (var rig = new TunnelRig(ConnectorSettings.defaults(), 3)) {
            TunnelRig.await(() -> rig.connector().status().isReady()
                    && rig.tunnels().stream()
                                    .map(Tunnel::lane)
                                    .collect(Collectors.toSet())
                                    .size()
                            == 3);
            assertEquals(3, rig.connector().status().wanted());
        }
    }

    @Test
    void comesBackWithinSecondsWhenTheServiceDoes() throws Exception {
        try (var backend = ScriptedBackend.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                var rig = TunnelRig.open()) {
            String id = rig.publish(backend.port());
            int port = rig.port();
            rig.cut();
            TunnelRig.await(() -> rig.connector().status().tunnels() == 0);
            TunnelRig.await(() -> !rig.connector().status().problem().isEmpty());
            rig.listenAgain(port);
            TunnelRig.await(() -> rig.connector().status().isReady());
            assertEquals("ok", rig.get(id, "/").awaitEnd().body());
            assertEquals("", rig.connector().status().problem());
        }
    }

    @Test
    void drainedTunnelIsReplaced() throws Exception {
        try (var rig = TunnelRig.open()) {
            Tunnel old = rig.tunnels().iterator().next();
            old.drain(Duration.ofSeconds(1));
            TunnelRig.await(() -> rig.tunnels().size() == 1 && !rig.tunnels().contains(old));
            TunnelRig.await(() -> rig.connector().status().isReady());
            assertTrue(rig.tunnels().iterator().next().isOpen());
        }
    }

    @Test
    void waitsLongerWithEachFailureWithinTheLimit() {
        var backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10), new Random(7));
        long limit = 500;
        for (int i = 0; i < 40; i++) {
            long wait = backoff.next().toMillis();
            assertTrue(wait >= 0 && wait <= Math.min(limit, 10_000), "try " + i + " waits " + wait + " ms");
            limit = Math.min(limit * 2, 10_000);
        }
        backoff.reset();
        assertTrue(backoff.next().toMillis() <= 500);
    }

    @Test
    void sleepIsToldFromTimeThatPasses() {
        var watch = new WakeWatch(1_000_000, 500);
        assertTrue(watch.tick(1_001_000, 1_000_000_500L).isEmpty());
        assertTrue(watch.tick(1_005_000, 2_000_000_500L).isEmpty(), "a clock that is corrected by some seconds");
        assertTrue(watch.tick(900_000, 3_000_000_500L).isEmpty(), "a clock that was set back");
        assertEquals(
                Duration.ofHours(8),
                watch.tick(900_000 + 8 * 3_600_000 + 1_000, 4_000_000_500L).orElseThrow());
        assertTrue(watch.tick(900_000 + 8 * 3_600_000 + 2_000, 5_000_000_500L).isEmpty(), "told once");
    }

    /// What a thousand connectors do while a service is away for a minute, and when it is there again: each tries
    /// within ten seconds, none twice, and no second takes more than a fraction of them.
    @Test
    void aThousandConnectorsComeBackWithinTenSecondsAndNotInStep() {
        long backMillis = 60_000;
        var bySecond = new int[11];
        for (int i = 0; i < 1_000; i++) {
            var backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10), new Random(i));
            long at = 0;
            while (at < backMillis) {
                at += backoff.next().toMillis();
            }
            bySecond[(int) ((at - backMillis) / 1_000)]++;
        }
        int most = Arrays.stream(bySecond).max().orElseThrow();
        assertTrue(most <= 250, () -> Arrays.toString(bySecond));
        assertEquals(1_000, Arrays.stream(bySecond).sum());
    }
}
