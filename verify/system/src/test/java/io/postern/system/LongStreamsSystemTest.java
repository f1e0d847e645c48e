package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/// A request and its answer that both stream at once, as those of a Remote Desktop gateway do (MTH-1),
/// through gateway, tunnel and connector: neither process grows with what passes. Megabytes each way by
/// `postern.stream.megabytes`.
class LongStreamsSystemTest {
    private static final long MEGABYTES = Long.getLong("postern.stream.megabytes", 256);
    private static final long BYTES = MEGABYTES << 20;
    private static final int PIECE = 1 << 16;
    /// What a heap may fill before it is collected, and buffers; much less than what passes.
    private static final long GROWTH_MAX_KB = 96 * 1024;

    @TempDir
    private Path folder;

    /// Reads as much as it is told to, and writes as much at the same time. The answer ends last, since
    /// nobody has to take the rest of a request that is answered.
    private static void exchange(Socket socket, ExecutorService threads) throws Exception {
        Future<?> written = threads.submit(() -> write(socket.getOutputStream(), BYTES - PIECE));
        read(socket.getInputStream());
        written.get();
        write(socket.getOutputStream(), PIECE);
    }

    private static boolean write(OutputStream out, long bytes) throws IOException {
        byte[] piece = new byte[PIECE];
        for (long left = bytes; left > 0; left -= PIECE) {
            out.write(piece);
        }
        out.flush();
        return true;
    }

    private static void read(InputStream in) throws IOException {
        byte[] piece = new byte[PIECE];
        long left = BYTES;
        while (left > 0) {
            int read = in.read(piece, 0, (int) Math.min(piece.length, left));
            if (read < 0) {
                throw new EOFException(left + " bytes did not come");
            }
            left -= read;
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("only " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void say(Socket socket, String head) throws IOException {
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static Callable<Boolean> backend(ServerSocket listening, ExecutorService threads) {
        return () -> {
            while (true) {
                Socket socket = listening.accept();
                String head = head(socket.getInputStream());
                if (head.startsWith("RDG_IN_DATA ")) {
                    try (socket) {
                        say(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + BYTES + "\r\n\r\n");
                        exchange(socket, threads);
                        return true;
                    }
                }
                say(socket, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"); // a probe
                socket.close();
            }
        };
    }

    /// @param key `VmRSS`, or `VmHWM` for the most there ever was
    private static long kilobytes(Process process, String key) throws IOException {
        String line = Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(each -> each.startsWith(key + ":"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    private record Memory(long service, long connector) {}

    private static Memory memory(Installation.Started service, Installation.Started connector, String key)
            throws IOException {
        return new Memory(kilobytes(service.process(), key), kilobytes(connector.process(), key));
    }

    @Test
    void nothingIsKeptOfWhatStreamsBothWays(TestReporter report) throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool();
                var listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Installation installation = Installation.start(folder.resolve("i"), "30d")) {
            Installation.Started connector =
                    installation.connector("--token-file", installation.token().toString());
            connector.awaitLine("connected to the service", 1);
            installation.declare(
                    "rdg",
                    "\"assignedUsers\": []",
                    "\"externalAuthenticationType\": \"passthru\", \"internalUrl\": \"http://127.0.0.1:"
                            + listening.getLocalPort() + "/\"");
            Future<?> backend = threads.submit(backend(listening, threads));
            String host = installation.url("rdg-contoso").getHost();
            var browser = new Browser(installation.authority());
            Await.until(
                    "published",
                    () -> browser.step(installation.url("rdg-contoso")).status() == 204);

            Memory before = memory(installation.service(), connector, "VmRSS");
            try (Socket socket = Browser.trusting(installation.authority())
                    .getSocketFactory()
                    .createSocket(new Socket(InetAddress.getLoopbackAddress(), installation.port()), host, 0, true)) {
                say(
                        socket,
                        "RDG_IN_DATA /remoteDesktopGateway/ HTTP/1.1\r\nHost: " + host + ":" + installation.port()
                                + "\r\nContent-Length: " + BYTES + "\r\n\r\n");
                Future<?> written = threads.submit(() -> write(socket.getOutputStream(), BYTES));
                String head = head(socket.getInputStream());
                assertTrue(head.startsWith("HTTP/1.1 200 "), head);
                read(socket.getInputStream());
                written.get();
            }
            backend.get();

            Memory most = memory(installation.service(), connector, "VmHWM");
            Memory after = memory(installation.service(), connector, "VmRSS");
            report.publishEntry(
                    MEGABYTES + " MB each way, kB", "before " + before + ", at most " + most + ", after " + after);
            assertTrue(most.service() - before.service() < GROWTH_MAX_KB, before + " " + most);
            assertTrue(most.connector() - before.connector() < GROWTH_MAX_KB, before + " " + most);
        }
    }
}
