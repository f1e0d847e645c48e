package io.postern.connector.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.NetUtil;
import io.postern.base.HostPort;
import io.postern.connector.Connector;
import io.postern.connector.ConnectorSettings;
import io.postern.connector.enroll.Enrollment;
import io.postern.connector.enroll.Identity;
import io.postern.connector.serve.TunnelRig;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.tunnel.ConnectorStatus;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A service of several nodes, by one name or by several. `connect.localhost` has two addresses everywhere:
/// 127.0.0.1 and ::1 (tunnel.md §2).
class NodesTest {
    private static final InetSocketAddress V4 = at("127.0.0.1", 0);

    private final Loops loops = Loops.open("connector", 2);

    @AfterEach
    void stop() {
        loops.close(Duration.ofSeconds(1)).syncUninterruptibly();
    }

    @Test
    void everyAddressOfANameGetsTunnelsOnEveryLane() throws Exception {
        try (var one = new ServiceNode("one", 3, V4);
                var two = new ServiceNode("two", 1, at("::1", one.port()));
                var running = new Running(one.port())) {
            running.connector.ready().get(20, TimeUnit.SECONDS);
            assertEquals(List.of(0, 1, 2), one.lanes());
            assertEquals(List.of(0, 0), two.lanes(), "two tunnels, though it has one event loop");
            assertEquals(5, running.connector.status().wanted());
        }
    }

    @Test
    void everyServiceNamedGetsTunnels() throws Exception {
        try (var one = new ServiceNode("one", 2, V4);
                var two = new ServiceNode("two", 2, V4);
                var running = new Running(one.port(), two.port())) {
            running.connector.ready().get(20, TimeUnit.SECONDS);
            assertEquals(List.of(0, 1), one.lanes());
            assertEquals(List.of(0, 1), two.lanes());
        }
    }

    @Test
    void oneNodeThatStopsTakesNothingFromTheOthers() throws Exception {
        try (var one = new ServiceNode("one", 2, V4);
                var running = new Running(one.port())) {
            var two = new ServiceNode("two", 2, at("::1", one.port()));
            TunnelRig.await(() -> two.lanes().size() == 2);
            TunnelRig.await(() -> one.lanes().equals(List.of(0, 1)));
            int port = two.port();
            two.close();
            TunnelRig.await(() -> running.connector.status().tunnels() == 2);
            assertEquals(List.of(0, 1), one.lanes());
            assertEquals(4, running.connector.status().wanted(), "it may come back");

            try (var three = new ServiceNode("three", 1, at("::1", port))) {
                TunnelRig.await(() -> three.lanes().size() == 2);
                TunnelRig.await(() -> running.connector.status().isReady());
                assertEquals(4, running.connector.status().wanted(), "two and its lanes are forgotten");
            }
            assertEquals(List.of(0, 1), one.lanes());
        }
    }

    @Test
    void twoAddressesOfOneNodeShareItsTunnels() throws Exception {
        try (var node = new ServiceNode("one", 2, at("::", 0)); // both versions of IP
                var running = new Running(node.port())) {
            running.connector.ready().get(20, TimeUnit.SECONDS);
            TunnelRig.await(() -> node.lanes().equals(List.of(0, 1)));
            assertEquals(2, running.connector.status().wanted());
            assertTrue(node.dialled() <= 4, () -> node.dialled() + " dials for two tunnels");
        }
    }

    private static InetSocketAddress at(String literal, int port) {
        return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(literal), port);
    }

    private final class Running implements AutoCloseable {
        final Connector connector;

        Running(Integer... ports) {
            var identity = new Identity(
                    "c-1",
                    "contoso",
                    "Default",
                    ServiceNode.CLIENT.key(),
                    ServiceNode.CLIENT.chain(),
                    ServiceNode.AUTHORITY.authority());
            connector = new Connector(
                    ConnectorSettings.defaults(),
                    List.of(ports).stream()
                            .map(port -> new HostPort("connect.localhost", port))
                            .toList(),
                    identity,
                    new Enrollment.Self("machine", "0", "os"),
                    loops,
                    new LocalNames(),
                    () -> ConnectorStatus.Host.unknown(1),
                    new PrometheusRegistry());
            connector.start();
        }

        @Override
        public void close() {
            connector.stop(Duration.ZERO).orTimeout(10, TimeUnit.SECONDS).join();
        }
    }
}
