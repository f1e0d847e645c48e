package io.postern.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RelayTest {
    private static final Duration ONE_WAY = Duration.ofMillis(20);

    @Test
    void deliversEveryByteInOrderAndLate() throws Exception {
        byte[] sent = new byte[5 << 20];
        new Random(1).nextBytes(sent);
        try (var server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                var relay = Relay.open(server.getLocalPort(), ONE_WAY);
                var near = new Socket(InetAddress.getLoopbackAddress(), relay.port());
                var far = server.accept()) {
            long begin = System.nanoTime();
            Thread.ofVirtual().start(() -> write(near, sent));

            byte[] got = far.getInputStream().readNBytes(sent.length);

            assertTrue(System.nanoTime() - begin >= ONE_WAY.toNanos(), "no byte is early");
            assertArrayEquals(sent, got);
        }
    }

    @Test
    void passesTheEndOn() throws Exception {
        try (var server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                var relay = Relay.open(server.getLocalPort(), ONE_WAY);
                var near = new Socket(InetAddress.getLoopbackAddress(), relay.port());
                var far = server.accept()) {
            near.getOutputStream().write(7);
            near.shutdownOutput();

            assertEquals(7, far.getInputStream().read());
            assertEquals(-1, far.getInputStream().read());
        }
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
