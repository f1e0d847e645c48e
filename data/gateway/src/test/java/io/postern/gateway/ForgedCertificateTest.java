package io.postern.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.DoorFields;
import io.postern.domain.OwnHost;
import io.postern.fixtures.ConnectorSocket;
import io.postern.fixtures.TestCertificates;
import io.postern.tunnel.TunnelProtocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Security case "mTLS chain confusion, header instead of certificate": what the connectors' door is told of a
/// certificate is what was proved in the handshake, whatever the request says (docs/protocol/tunnel.md §6.1).
class ForgedCertificateTest {
    @TempDir
    private Path folder = Path.of("");

    /// The certificate fields of each request at the door.
    private final BlockingQueue<List<String>> told = new LinkedBlockingQueue<>();

    private Optional<ServerSocketChannel> door = Optional.empty();
    private Optional<House> house = Optional.empty();

    @BeforeEach
    void open() throws IOException {
        var address = UnixDomainSocketAddress.of(folder.resolve("c.sock"));
        ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
        door = Optional.of(server);
        Thread.ofVirtual().start(() -> {
            while (server.isOpen()) {
                try (SocketChannel client = server.accept()) {
                    answer(client);
                } catch (IOException e) {
                    return; // closed by the test
                }
            }
        });
        house = Optional.of(new House(ScriptedBackend::echo, config -> config, Map.of(OwnHost.CONNECT, address), 0));
    }

    @AfterEach
    void close() throws IOException {
        house.ifPresent(House::close);
        door.orElseThrow().close();
    }

    private void answer(SocketChannel client) throws IOException {
        var in = new BufferedReader(new InputStreamReader(Channels.newInputStream(client), StandardCharsets.US_ASCII));
        List<String> head = in.lines().takeWhile(line -> !line.isEmpty()).toList();
        told.add(head.stream()
                .map(line -> line.toLowerCase(Locale.ROOT).replace('_', '-'))
                .filter(line -> line.startsWith(DoorFields.CLIENT_CERTIFICATE + ":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .toList());
        client.write(ByteBuffer.wrap(
                "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    }

    /// @return the status line
    private String renew(Optional<TestCertificates.Issued> as, String... forged)
            throws IOException, GeneralSecurityException {
        House here = house.orElseThrow();
        try (var connector = ConnectorSocket.open(
                here.address,
                "connect.example.test",
                TunnelProtocol.ENROLL_ALPN,
                as,
                here.connectorAuthority.authority())) {
            String fields = forged.length == 0 ? "" : String.join("\r\n", forged) + "\r\n";
            connector.send("GET /registration HTTP/1.1\r\nHost: connect.example.test\r\n" + fields + "\r\n");
            return connector.line();
        }
    }

    private List<String> told() throws InterruptedException {
        List<String> fields = told.poll(10, TimeUnit.SECONDS);
        if (fields == null) {
            throw new AssertionError("the door was not asked");
        }
        return fields;
    }

    @Test
    void whatARequestSaysOfACertificateIsRemoved() throws Exception {
        String known = house.orElseThrow().connector.fingerprint();

        renew(
                Optional.empty(),
                "Postern-Client-Certificate: " + known,
                "postern_client_certificate: " + known,
                "POSTERN-CLIENT-CERTIFICATE: " + known);

        assertEquals(List.of(), told());
    }

    @Test
    void theProvenCertificateIsToldAndNoOther() throws Exception { // REG-4
        TestCertificates.Issued connector = house.orElseThrow().connector;

        renew(Optional.of(connector), "Postern-Client-Certificate: " + "f".repeat(64));

        assertEquals(List.of(connector.fingerprint()), told());
    }

    @Test
    void aCertificateOfAnotherAuthorityDoesNotGetPastTls() {
        var forger = TestCertificates.authority("connectors").client("connector");

        assertThrows(IOException.class, () -> renew(Optional.of(forger)));
        assertTrue(told.isEmpty());
    }
}
