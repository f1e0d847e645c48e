package io.postern.tunnel.accept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.concurrent.Future;
import io.postern.net.Loops;
import io.postern.tunnel.HelloAnswer;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelEnd;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
        registry.add(new Stub("far", far, 0, true, true));
        Tunnel own = add(new Stub("near", near, 50, true, true));

        assertEquals(Optional.of(own), pick(Set.of()));
    }

    @Test
    void takesAnotherLoopWhenItsOwnHasNone() {
        Tunnel other = add(new Stub("far", far, 0, true, true));

        assertEquals(Optional.of(other), pick(Set.of()));
    }

    @Test
    void takesTheLeastBusyOfItsLoop() {
        registry.add(new Stub("busy", near, 2, true, true));
        Tunnel idle = add(new Stub("idle", near, 1, true, true));

        for (int i = 0; i < 20; i++) {
            assertEquals(Optional.of(idle), pick(Set.of()));
        }
    }

    @Test
    void spreadsOverEqualTunnels() {
        registry.add(new Stub("a", near, 0, true, true));
        registry.add(new Stub("b", near, 0, true, true));

        var seen = new HashSet<String>();
        for (int i = 0; i < 200; i++) {
            seen.add(pick(Set.of()).orElseThrow().id());
        }

        assertEquals(Set.of("a", "b"), seen);
    }

    @Test
    void leavesOutWhatIsClosedDoesNotServeOrWasTried() {
        registry.add(new Stub("closed", near, 0, false, true));
        registry.add(new Stub("without", near, 0, true, false));
        Tunnel tried = add(new Stub("tried", near, 0, true, true));

        assertEquals(Optional.empty(), pick(Set.of(tried)));
    }

    @Test
    void aGroupIsConnectedWhileItHasATunnel() {
        Tunnel tunnel = add(new Stub("a", near, 0, true, false));
        assertTrue(registry.isConnected("g"));

        registry.remove(tunnel);

        assertFalse(registry.isConnected("g"));
        assertEquals(Optional.empty(), pick(Set.of()));
    }

    @Test
    void groupsDoNotSeeEachOther() {
        add(new Stub("a", near, 0, true, true));

        assertEquals(Optional.empty(), registry.pick("h", "b", near, Set.of()));
    }

    @Test
    void sendsNobodyThroughAProcessOnTrial() {
        Tunnel trial = add(new Stub("trial", near, 0, true, true));

        assertEquals(Optional.empty(), pick(Set.of()));
        assertFalse(registry.isServed("g", "b"));
        assertFalse(registry.isConnected("g"));
        assertEquals(List.of(), registry.all());
        assertEquals(List.of(trial), registry.ofProcess("c", "trial"));
    }

    @Test
    void findsTheTunnelsOfOneProcessOnly() {
        Tunnel old = add(new Stub("old", near, 0, true, true));
        Tunnel trial = add(new Stub("trial", near, 0, true, true));

        assertEquals(List.of(old), registry.ofProcess("c", "old"));
        assertEquals(List.of(), registry.ofProcess("another", "old"));
        registry.remove(trial);
        assertEquals(List.of(), registry.ofProcess("c", "trial"));
    }

    private Tunnel add(Tunnel tunnel) {
        registry.add(tunnel);
        return tunnel;
    }

    private Optional<Tunnel> pick(Set<Tunnel> excluded) {
        return registry.pick("g", "b", near, excluded);
    }

    private record Stub(String id, EventLoop eventLoop, int openStreams, boolean isOpen, boolean serves)
            implements Tunnel {
        @Override
        public String connectorId() {
            return "c";
        }

        @Override
        public String group() {
            return "g";
        }

        @Override
        public int lane() {
            return 0;
        }

        @Override
        public HelloAnswer connector() {
            return new HelloAnswer(1, "1", "m", "o", Instant.EPOCH, Optional.of(id), id.startsWith("trial"));
        }

        @Override
        public boolean serves(String backendId) {
            return serves;
        }

        @Override
        public Future<Http2StreamChannel> openStream(ChannelHandler handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<TunnelEnd> drain(Duration grace) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SocketAddress remoteAddress() {
            return new InetSocketAddress(0);
        }

        @Override
        public void close(TunnelEnd why) {}

        @Override
        public Future<TunnelEnd> closed() {
            throw new UnsupportedOperationException();
        }
    }
}
