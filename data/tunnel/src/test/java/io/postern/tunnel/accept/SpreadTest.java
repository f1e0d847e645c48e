package io.postern.tunnel.accept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.postern.net.Loops;
import io.postern.tunnel.Tunnel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// HA-1: requests go to the connectors of a group by their load. Lots are drawn, so shares are counted over
/// many picks and compared with wide margins.
class SpreadTest {
    private static final int PICKS = 4_000;

    private final Loops loops = Loops.open("spread", 2);
    private final EventLoop near = loops.all().get(0);
    private final EventLoop far = loops.all().get(1);
    private final TunnelRegistry registry = new TunnelRegistry();

    @AfterEach
    void stop() {
        loops.close(Duration.ZERO);
    }

    @Test
    void equalConnectorsGetEqualShares() {
        add(new Stub("1", near).of("one"));
        add(new Stub("2", near).of("two"));

        assertShare("one", 0.42, 0.58);
    }

    @Test
    void moreTunnelsAreNoReasonForMoreRequests() {
        for (int i = 0; i < 6; i++) {
            add(new Stub("many-" + i, near).of("one"));
        }
        add(new Stub("single", near).of("two"));

        assertShare("one", 0.42, 0.58);
    }

    @Test
    void aConnectorOnAnotherLoopIsNotForgotten() {
        add(new Stub("1", near).of("one"));
        add(new Stub("2", far).of("two"));

        assertShare("one", 0.42, 0.58);
    }

    @Test
    void whoseRequestsWaitGetsFewer() {
        add(new Stub("1", near).of("one"));
        Tunnel two = add(new Stub("2", near).of("two"));
        for (int waiting = 0; waiting < 4; ) {
            Pick pick = pick(List.of());
            if (pick.tunnel().equals(two)) {
                waiting++; // and is never answered
            } else {
                pick.onOver();
            }
        }

        assertShare("two", 0.01, 0.09); // 1 to 25
    }

    @Test
    void whoAnswersSlowlyGetsFewerEvenWhenNobodyWaits() {
        Tunnel slow = add(new Stub("slow", near).of("slow"));
        Tunnel quick = add(new Stub("quick", near).of("quick"));
        long now = System.nanoTime();
        process(slow).standing("b").onAnswered(ms(300), now);
        process(quick).standing("b").onAnswered(ms(30), now);

        assertShare("slow", 0.04, 0.15); // 1 to 10
    }

    @Test
    void aSlowUploadIsNoFaultOfItsConnector() {
        Tunnel one = add(new Stub("1", near).of("one"));
        Tunnel two = add(new Stub("2", near).of("two"));
        process(two).standing("b").onAnswered(ms(10), System.nanoTime());
        Pick upload = new Pick(process(one), process(one).standing("b"), one, System.nanoTime() - ms(60_000));
        upload.onAnswered(false);

        assertShare("one", 0.42, 0.58);
    }

    @Test
    void aSlowBackendIsNoFaultOfItsConnectorForOthers() {
        Tunnel slow = add(new Stub("1", near).of("one"));
        add(new Stub("2", near).of("two"));
        process(slow).standing("another").onAnswered(ms(30_000), System.nanoTime());

        assertShare("one", 0.42, 0.58);
    }

    @Test
    void differencesBelowAMillisecondAreNoise() {
        Tunnel one = add(new Stub("1", near).of("one"));
        Tunnel two = add(new Stub("2", near).of("two"));
        process(one).standing("b").onAnswered(ms(1) / 2, System.nanoTime());
        process(two).standing("b").onAnswered(ms(1) / 20, System.nanoTime());

        assertShare("one", 0.42, 0.58);
    }

    @Test
    void whoRefusedIsAvoidedWhileOthersAreThere() {
        Tunnel busy = add(new Stub("busy", near).of("busy"));
        add(new Stub("other", near).of("other"));
        process(busy).standing("b").onRefused(System.nanoTime() + ms(60_000)); // so that the test may be slow

        assertShare("busy", 0, 0);
    }

    @Test
    void whoRefusedIsAskedWhenNobodyElseIsThere() {
        Tunnel busy = add(new Stub("busy", near).of("busy"));
        process(busy).standing("b").onRefused(System.nanoTime() + ms(60_000));

        assertEquals(busy, pick(List.of()).tunnel());
    }

    @Test
    void aSuspectIsAvoidedBeforeItIsDeclaredDead() {
        Stub suspect = new Stub("1", near).of("one").suspect(true);
        add(suspect);
        add(new Stub("2", far).of("two"));
        assertShare("one", 0, 0);

        suspect.suspect(false);

        assertShare("one", 0.42, 0.58);
    }

    @Test
    void theSuspectTunnelOfAConnectorIsAvoidedAndNotTheConnector() {
        add(new Stub("suspect", near).of("one").suspect(true));
        Tunnel healthy = add(new Stub("healthy", far).of("one"));

        assertEquals(healthy, pick(List.of()).tunnel());
    }

    @Test
    void whoIsNearlyFullIsAvoidedWhileOthersHaveRoom() {
        add(new Stub("full", near).of("full").tight());
        add(new Stub("other", near).of("other"));

        assertShare("full", 0, 0);
    }

    @Test
    void aProcessThatHasJustComeIsNotFlooded() { // HA-3
        var process = new ConnectorProcess(new Stub("new", near), 0);
        var standing = new Standing();

        assertEquals(0.1, process.weight(standing, 1, 0), 1e-9);
        assertEquals(0.5, process.weight(standing, 1, Duration.ofSeconds(5).toNanos()), 1e-9);
        assertEquals(1, process.weight(standing, 1, Duration.ofSeconds(60).toNanos()), 1e-9);
    }

    @Test
    void twoProcessesOfOneConnectorAreTwo() { // UPD-3
        add(new Stub("old", near).process("old"));
        Tunnel fresh = add(new Stub("fresh", near).process("fresh"));
        Pick refused = pick(List.of());
        while (refused.tunnel().equals(fresh)) {
            refused = pick(List.of());
        }
        refused.onRefused();

        assertEquals(fresh, pick(List.of(refused)).tunnel());
    }

    @Test
    void anotherTryGoesToAnotherConnectorFirst() {
        for (int i = 0; i < 50; i++) {
            add(new Stub("one-" + i, near).of("one"));
        }
        Pick first = pick(List.of());
        Tunnel other = add(new Stub("two", far).of("two"));
        first.onOver();

        for (int i = 0; i < 20; i++) {
            assertEquals(other, pick(List.of(first)).tunnel());
        }
    }

    @Test
    void anotherTunnelOfTheSameConnectorMayDoWhereOnlyTheTunnelFailed() {
        add(new Stub("1", near));
        add(new Stub("2", near));
        Pick first = pick(List.of());
        first.onOver();

        Pick second = pick(List.of(first));

        assertTrue(!second.tunnel().equals(first.tunnel()));
        assertTrue(registry.pick("g", "b", near, List.of(first, second)).isEmpty());
    }

    @Test
    void aConnectorThatRefusedIsNotAskedThroughItsOtherTunnels() {
        add(new Stub("1", near));
        add(new Stub("2", near));
        Pick first = pick(List.of());
        first.onRefused();

        assertTrue(registry.pick("g", "b", near, List.of(first)).isEmpty());
    }

    @Test
    void nobodyIsCountedAsWaitingInTheEnd() {
        Tunnel tunnel = add(new Stub("1", near));
        Pick answered = pick(List.of());
        Pick refused = pick(List.of());
        Pick gone = pick(List.of());
        assertEquals(3, process(tunnel).waiting());

        answered.onAnswered(true);
        refused.onRefused();
        gone.onOver();
        answered.onOver();
        refused.onAnswered(true);

        assertEquals(0, process(tunnel).waiting());
    }

    private void assertShare(String connector, double atLeast, double atMost) {
        Map<String, Integer> counts = new HashMap<>();
        var picks = new ArrayList<Pick>();
        for (int i = 0; i < PICKS; i++) {
            Pick pick = pick(List.of());
            pick.onOver();
            picks.add(pick);
            counts.merge(pick.tunnel().connectorId(), 1, Integer::sum);
        }
        double share = counts.getOrDefault(connector, 0) / (double) PICKS;
        assertTrue(share >= atLeast && share <= atMost, () -> counts + " of " + picks.size());
    }

    private ConnectorProcess process(Tunnel tunnel) {
        return registry.process(tunnel).orElseThrow();
    }

    private Pick pick(List<Pick> tried) {
        return registry.pick("g", "b", near, tried).orElseThrow();
    }

    private Tunnel add(Tunnel tunnel) {
        registry.add(tunnel);
        return tunnel;
    }

    private static long ms(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
