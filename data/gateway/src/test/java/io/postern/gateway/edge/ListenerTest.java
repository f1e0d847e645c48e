package io.postern.gateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.gateway.GatewayConfig;
import io.postern.gateway.House;
import io.postern.gateway.RawClient;
import io.postern.gateway.ScriptedBackend;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Which certificate is shown, and whose word about addresses is believed.
class ListenerTest {
    /// PROXY v2, PROXY command, TCP over IPv4, 203.0.113.9:1000 to 10.0.0.1:443.
    private static final byte[] PROXY_HEADER = {
        13,
        10,
        13,
        10,
        0,
        13,
        10,
        'Q',
        'U',
        'I',
        'T',
        10,
        0x21,
        0x11,
        0,
        12,
        (byte) 203,
        0,
        113,
        9,
        10,
        0,
        0,
        1,
        3,
        (byte) 0xe8,
        1,
        (byte) 0xbb
    };

    private static RawClient connect(House house, String sni, byte[] before) {
        return RawClient.open(house.address, sni, house.edgeAuthority.authority(), List.of("http/1.1"), before);
    }

    @Nested
    class Names {
        private House house;

        @BeforeEach
        void open() {
            house = House.open(ScriptedBackend::echo);
        }

        @AfterEach
        void close() {
            house.close();
        }

        private int status(String sni, String host) {
            try (var client = connect(house, sni, new byte[0])) {
                return client.send(RawClient.head("GET /app/ HTTP/1.1", "Host: " + host))
                        .response()
                        .status();
            }
        }

        @Test
        void showsTheCertificateOfTheName() {
            try (var client = connect(house, "other.example.org", new byte[0])) {
                assertEquals(house.otherCertificate(), client.presented());
            }
        }

        @Test
        void showsTheDefaultForNoNameAndForAnUnknownOne() {
            for (String name : new String[] {"", "unknown.test"}) {
                try (var client = connect(house, name, new byte[0])) {
                    assertEquals(house.defaultCertificate(), client.presented());
                }
            }
        }

        @Test
        void servesEveryHostOfTheCertificateThatWasShown() {
            assertEquals(200, status("", "app.example.test"));
            assertEquals(200, status("login.example.test", "APP.example.test:443"));
        }

        @Test
        void answers421ForAHostOutsideTheCertificate() {
            assertEquals(421, status("other.example.org", "app.example.test"));
            assertEquals(421, status("app.example.test", "other.example.org"));
        }

        @Test
        void answers404ForAHostThatNobodyPublished() {
            assertEquals(404, status("x.example.test", "x.example.test"));
        }

        @Test
        void presentsANewCertificateWithoutARestart() {
            house.renewCertificate();
            try (var client = connect(house, "app.example.test", new byte[0])) {
                assertEquals(house.renewedCertificate(), client.presented());
            }
        }
    }

    @Nested
    class Proxies {
        private House house;

        @AfterEach
        void close() {
            house.close();
        }

        private void open(boolean proxyProtocol, String trusted) {
            UnaryOperator<GatewayConfig> configure = c -> new GatewayConfig(
                    c.listen(),
                    443,
                    List.of(trusted),
                    proxyProtocol,
                    1,
                    c.limits(),
                    c.intake(),
                    c.probes(),
                    c.node(),
                    c.serviceVersion());
            house = new House(ScriptedBackend::echo, configure, Map.of(), 0);
        }

        private String addressSeen(byte[] before, String... fields) {
            try (var client = connect(house, "app.example.test", before)) {
                client.send(RawClient.head("GET /app/ HTTP/1.1", "Host: app.example.test", String.join("\r\n", fields)))
                        .response();
            }
            return house.event().clientAddress();
        }

        @Test
        void believesThePROXYHeaderOfATrustedProxy() {
            open(true, "127.0.0.0/8");
            assertEquals("203.0.113.9", addressSeen(PROXY_HEADER, "X: 1"));
        }

        @Test
        void closesATrustedConnectionWithoutTheHeader() {
            open(true, "127.0.0.1");
            assertThrows(UncheckedIOException.class, () -> addressSeen(new byte[0], "X: 1"));
        }

        @Test
        void takesNoHeaderFromStrangers() {
            open(true, "10.0.0.0/8");
            assertThrows(UncheckedIOException.class, () -> addressSeen(PROXY_HEADER, "X: 1"));
            assertEquals("127.0.0.1", addressSeen(new byte[0], "X-Forwarded-For: 1.2.3.4"));
        }

        @Test
        void believesOnlyTheLastHopOfATrustedProxy() {
            open(false, "127.0.0.0/8");
            assertEquals("203.0.113.7", addressSeen(new byte[0], "X-Forwarded-For: 1.2.3.4, 203.0.113.7"));
        }
    }
}
