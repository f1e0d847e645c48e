package io.postern.tunnel.accept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoop;
import io.postern.net.Loops;
import io.postern.tunnel.Tunnel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TunnelRegistryTest {
    private final Loops loops = Loops.open("registry", 2);
    private final EventLoop near = loops.all().get(0);
    private final EventLoop far = loops.all().get(1);
    private final TunnelRegistry registry = new TunnelRegistry();

    @AfterEach
    void stop() {
        loops.close(Duration.ZERO);
    }

    @Test
    void prefersItsOwnLoopEvenWhenAnotherIsLessBusy() {
        add(new Stub("far", far));
        Tunnel own = add(new Stub("near", near).streams(50));

        assertEquals(Optional.of(own), pick());
    }

    @Test
    void takesAnotherLoopWhenItsOwnHasNone() {
        Tunnel other = add(new Stub("far", far));

        assertEquals(Optional.of(other), pick());
    }

    @Test
    void takesTheLeastBusyOfItsLoop() {
        add(new Stub("busy", near).streams(2));
        Tunnel idle = add(new Stub("idle", near).streams(1));

        for (int i = 0; i < 20; i++) {
            assertEquals(Optional.of(idle), pick());
        }
    }

    @Test
    void leavesOutWhatIsClosedDoesNotServeOrWasTried() {
        add(new Stub("closed", near).notOpen());
        add(new Stub("without", near).serving("other"));
        add(new Stub("tried", near));

        assertEquals(
                Optional.empty(),
                registry.pick(
                        "g",
                        "b",
                        near,
                        List.of(registry.pick("g", "b", near, List.of()).orElseThrow())));
    }

    @Test
    void aGroupIsConnectedWhileItHasATunnel() {
        Tunnel tunnel = add(new Stub("a", near).serving("other"));
        assertTrue(registry.isConnected("g"));

        registry.remove(tunnel);

        assertFalse(registry.isConnected("g"));
        assertEquals(Optional.empty(), pick());
    }

    @Test
    void groupsDoNotSeeEachOther() {
        add(new Stub("a", near));

        assertEquals(Optional.empty(), registry.pick("h", "b", near, List.of()));
    }

    @Test
    void sendsNobodyThroughAProcessOnTrial() {
        Tunnel trial = add(new Stub("trial", near).process("trial"));

        assertEquals(Optional.empty(), pick());
        assertFalse(registry.isServed("g", "b"));
        assertFalse(registry.isConnected("g"));
        assertEquals(List.of(), registry.all());
        assertEquals(List.of(trial), registry.ofProcess("c", "trial"));
    }

    @Test
    void findsTheTunnelsOfOneProcessOnly() {
        Tunnel old = add(new Stub("old", near).process("old"));
        Tunnel trial = add(new Stub("trial", near).process("trial"));

        assertEquals(List.of(old), registry.ofProcess("c", "old"));
        assertEquals(List.of(), registry.ofProcess("another", "old"));
        registry.remove(trial);
        assertEquals(List.of(), registry.ofProcess("c", "trial"));
    }

    private Tunnel add(Tunnel tunnel) {
        registry.add(tunnel);
        return tunnel;
    }

    private Optional<Tunnel> pick() {
        return registry.pick("g", "b", near, List.of()).map(picked -> {
            picked.onOver();
            return picked.tunnel();
        });
    }
}
