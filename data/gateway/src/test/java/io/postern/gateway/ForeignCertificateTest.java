package io.postern.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.event.ConnectorEvent;
import io.postern.fixtures.ConnectorSocket;
import io.postern.fixtures.TestCertificates;
import io.postern.tunnel.TunnelProtocol;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Security case "mTLS chain confusion, header instead of certificate", in the handshake: whoever asks for a
/// connector's protocol without a certificate of our authority is refused there, and the control plane is told for its
/// audit log.
class ForeignCertificateTest {
    private static final String HOST = "connect.example.test";

    private Optional<House> house = Optional.empty();

    @BeforeEach
    void open() {
        house = Optional.of(new House(ScriptedBackend::echo, config -> config, Map.of(), 0));
    }

    @AfterEach
    void close() {
        house.ifPresent(House::close);
    }

    /// What becomes of one who says this in the protocol.
    private String answer(String protocol, Optional<TestCertificates.Issued> as, String said)
            throws IOException, GeneralSecurityException {
        House here = house.orElseThrow();
        try (var connector =
                ConnectorSocket.open(here.address, HOST, protocol, as, here.connectorAuthority.authority())) {
            connector.send(said);
            return connector.line();
        }
    }

    private ConnectorEvent.Refused refused() throws InterruptedException {
        ConnectorEvent event = house.orElseThrow().connectorEvents.poll(10, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("nothing was told within 10 s");
        }
        return assertInstanceOf(ConnectorEvent.Refused.class, event);
    }

    private void assertRefusedAndTold() throws InterruptedException {
        ConnectorEvent.Refused told = refused();
        assertEquals("untrusted-certificate", told.reason());
        assertEquals("127.0.0.1", told.externalAddress());
        assertEquals(Optional.empty(), told.certificate(), "what nobody of ours signed proves nothing");
        assertEquals(1, house.orElseThrow().metric("tunnels_closed", "untrusted-certificate"));
    }

    /// Another service's authority, of the same name as ours, as those of two installations are.
    @ParameterizedTest
    @ValueSource(strings = {TunnelProtocol.ALPN, TunnelProtocol.ENROLL_ALPN})
    void aCertificateOfAnotherServicesAuthorityIsRefusedAndTold(String protocol) throws Exception {
        var foreign = TestCertificates.authority("connectors").client("connector");

        assertThrows(IOException.class, () -> answer(protocol, Optional.of(foreign), ""));

        assertRefusedAndTold();
    }

    @ParameterizedTest
    @ValueSource(strings = {TunnelProtocol.ALPN, TunnelProtocol.ENROLL_ALPN})
    void aCertificateOfAnAuthorityOfAnotherNameIsRefusedAndTold(String protocol) throws Exception {
        var foreign = TestCertificates.authority("someone else").client("connector");

        assertThrows(IOException.class, () -> answer(protocol, Optional.of(foreign), ""));

        assertRefusedAndTold();
    }

    /// A genuine leaf of ours, but with a key that is not its own: the signature in the handshake fails.
    @Test
    void aStolenCertificateWithoutItsKeyIsRefusedAndTold() throws Exception {
        var thief = TestCertificates.authority("connectors").client("connector");
        var stolen = new TestCertificates.Issued(
                thief.key(), house.orElseThrow().connector.chain());

        assertThrows(IOException.class, () -> answer(TunnelProtocol.ALPN, Optional.of(stolen), ""));

        assertRefusedAndTold();
    }

    /// A leaf of another authority beside a genuine chain of ours.
    @Test
    void aGenuineChainBehindAForeignLeafIsRefusedAndTold() throws Exception {
        var foreign = TestCertificates.authority("connectors").client("connector");
        var mixed = new TestCertificates.Issued(
                foreign.key(),
                List.of(foreign.leaf(), house.orElseThrow().connectorAuthority.authority()));

        assertThrows(IOException.class, () -> answer(TunnelProtocol.ALPN, Optional.of(mixed), ""));

        assertRefusedAndTold();
    }

    @Test
    void aForgedFieldInsteadOfACertificateOpensNoTunnelAndIsTold() throws Exception {
        String known = house.orElseThrow().connector.fingerprint();
        String request = "GET / HTTP/1.1\r\nHost: " + HOST + "\r\nPostern-Client-Certificate: " + known + "\r\n\r\n";

        assertThrows(IOException.class, () -> answer(TunnelProtocol.ALPN, Optional.empty(), request));

        assertRefusedAndTold();
    }

    /// Scanners and cables that are pulled are no news; neither is a browser's certificate.
    @Test
    void whoeverBreaksOffOrIsNoConnectorIsNotTold() throws Exception {
        House here = house.orElseThrow();
        try (var scanner = new Socket(here.address.getAddress(), here.address.getPort())) {
            scanner.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(scanner.getInputStream().read() != 'H', "speaks TLS only");
        }
        var wrongAuthority = TestCertificates.authority("connectors").authority();
        assertThrows(
                IOException.class,
                () -> ConnectorSocket.open(here.address, HOST, TunnelProtocol.ALPN, Optional.empty(), wrongAuthority)
                        .close());
        var foreign = TestCertificates.authority("connectors").client("connector");

        assertThrows(IOException.class, () -> answer(TunnelProtocol.ALPN, Optional.of(foreign), ""));

        assertRefusedAndTold(); // the one that came last, and only that one
        assertEquals(0, here.connectorEvents.size());
    }
}
