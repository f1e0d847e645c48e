package io.postern.admin.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.HostPort;
import io.postern.fixtures.DnsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Answers of a real name server, and of a hostile one: what it says is up to whoever owns the name.
class NameServiceTest {
    private static final int HEADER = 12;

    private static NameService at(int port) {
        return new NameService(Optional.of(new HostPort("127.0.0.1", port)));
    }

    @Test
    void readsTextsAliasesAndAddresses() throws Exception {
        try (DnsServer dns = DnsServer.start()) {
            dns.serve(
                    "txt-record=wiki.example,one",
                    "txt-record=wiki.example,two words",
                    "cname=away.example,There.example",
                    "host-record=there.example,192.0.2.1");
            NameService names = at(dns.port());

            assertEquals(
                    List.of("one", "two words"),
                    names.texts("wiki.example").stream().sorted().toList());
            assertEquals(Optional.of("there.example"), names.alias("away.example"));
            assertTrue(names.hasAddress("away.example"));
            assertEquals(List.of(), names.texts("nothing.example"));
            assertEquals(Optional.empty(), names.alias("there.example"));
            assertFalse(names.hasAddress("nothing.example"));
        }
    }

    /// Longer than a datagram of 512 bytes: asked again over TCP.
    @Test
    void readsLongAnswers() throws Exception {
        try (DnsServer dns = DnsServer.start()) {
            String[] records = new String[40];
            Arrays.setAll(records, i -> "txt-record=long.example," + i + "-" + "x".repeat(200));
            dns.serve(records);

            assertEquals(40, at(dns.port()).texts("long.example").size());
        }
    }

    @Test
    void namesTheServerThatIsSilent() {
        var fault = assertThrows(DnsFault.class, () -> at(1).texts("wiki.example"));

        assertTrue(String.valueOf(fault.getMessage()).contains("127.0.0.1:1"), fault.getMessage());
    }

    /// Each is the other's alias.
    @Test
    void endsWithAliasesThatLeadInACircle() throws Exception {
        byte[] toQuestion = {(byte) 0xc0, HEADER};
        byte[] other = name("b.example");
        try (var hostile = Hostile.answering(2, bytes(toQuestion, record(5, other), other, record(5, toQuestion)))) {
            NameService names = at(hostile.port());

            assertEquals(Optional.of("b.example"), names.alias("a.example"));
            assertFalse(names.hasAddress("a.example"));
        }
    }

    /// RFC 1035 §4.1.4: a name may point to a part of another, here to itself.
    @Test
    void refusesANameThatPointsToItself() throws Exception {
        byte[] itself = {(byte) 0xc0, (byte) (HEADER + name("a.example").length + 4)};
        try (var hostile = Hostile.answering(1, bytes(itself, record(16, new byte[] {1, 'x'})))) {
            assertThrows(DnsFault.class, () -> at(hostile.port()).texts("a.example"));
        }
    }

    private static byte[] name(String name) {
        var out = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    private static byte[] record(int type, byte[] data) {
        return bytes(new byte[] {0, (byte) type, 0, 1, 0, 0, 0, 9, 0, (byte) data.length}, data);
    }

    private static byte[] bytes(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /// Repeats the question and appends what it was told to.
    private record Hostile(DatagramSocket socket) implements AutoCloseable {
        static Hostile answering(int records, byte[] answer) throws IOException {
            var hostile = new Hostile(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(() -> hostile.serve(records, answer));
            return hostile;
        }

        private void serve(int records, byte[] answer) {
            try {
                while (true) {
                    var question = new DatagramPacket(new byte[512], 512);
                    socket.receive(question);
                    byte[] asked = Arrays.copyOf(question.getData(), question.getLength());
                    int end = HEADER;
                    while (asked[end] != 0) {
                        end += asked[end] + 1;
                    }
                    asked = Arrays.copyOf(asked, end + 5);
                    asked[2] = (byte) 0x84; // an answer, with authority
                    asked[3] = 0;
                    asked[7] = (byte) records;
                    asked[9] = 0;
                    asked[11] = 0;
                    byte[] all = bytes(asked, answer);
                    socket.send(new DatagramPacket(all, all.length, question.getSocketAddress()));
                }
            } catch (IOException e) {
                assertTrue(socket.isClosed(), e.toString());
            }
        }

        int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
