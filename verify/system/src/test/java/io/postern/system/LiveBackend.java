package io.postern.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A backend with requests that last: an upload, a stream of events, a WebSocket. Notes of each request which process
/// has brought it.
///
///     GET  /         a short text
///     POST /upload   answers with the number of bytes when all are there
///     GET  /events   one event each 50 ms, for ever
///     /              of the second port: a WebSocket on which nothing is said
final class LiveBackend implements AutoCloseable {
    static final String TEXT = "from the inside ".repeat(100);
    private static final String WEB_SOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 §1.3

    /// @param pid of the process at the other end of the connection; 0 when it was not to be found
    record Brought(String path, long pid, Instant at) {}

    private final HttpServer server;
    private final ServerSocket webSockets;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Brought> brought = new CopyOnWriteArrayList<>();
    private final AtomicLong uploaded = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);

    LiveBackend() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        server = HttpServer.create(new InetSocketAddress(loopback, 0), 64);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        webSockets = new ServerSocket(0, 16, loopback);
        threads.execute(this::acceptWebSockets);
    }

    int port() {
        return server.getAddress().getPort();
    }

    int webSocketPort() {
        return webSockets.getLocalPort();
    }

    /// What users asked for; the service's own probes and proofs are not among it.
    List<Brought> brought() {
        return List.copyOf(brought);
    }

    /// Bytes of uploads that have come so far.
    long uploaded() {
        return uploaded.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Instant at = Instant.now();
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String agent = String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent"));
            if (agent.startsWith("Postern-Update")) {
                LockSupport.parkNanos(300_000_000); // a trial lasts long enough for users to come meanwhile
            } else if (!agent.startsWith("Postern-")) {
                brought.add(new Brought(path, peer(exchange.getRemoteAddress().getPort()), at));
            }
            switch (path) {
                case "/upload" -> {
                    byte[] piece = new byte[64 * 1024];
                    long all = 0;
                    InputStream in = exchange.getRequestBody();
                    for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                        all += n;
                        uploaded.addAndGet(n);
                    }
                    send(exchange, Long.toString(all));
                }
                case "/events" -> {
                    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                    exchange.sendResponseHeaders(200, 0);
                    while (closed.getCount() > 0) {
                        exchange.getResponseBody().write("data: tick\n\n".getBytes(StandardCharsets.US_ASCII));
                        exchange.getResponseBody().flush();
                        LockSupport.parkNanos(50_000_000);
                    }
                }
                default -> send(exchange, TEXT);
            }
        }
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, exchange.getRequestMethod().equals("HEAD") ? -1 : body.length);
        if (!exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseBody().write(body);
        }
    }

    private void acceptWebSockets() {
        while (!webSockets.isClosed()) {
            try {
                Socket socket = webSockets.accept();
                threads.execute(() -> holdWebSocket(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private static void holdWebSocket(Socket accepted) {
        try (Socket socket = accepted) {
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String key = "";
            for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                if (line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18)) {
                    key = line.substring(18).strip();
                }
            }
            OutputStream out = socket.getOutputStream();
            if (key.isEmpty()) { // a probe
                out.write("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
                return;
            }
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + WEB_SOCKET_GUID).getBytes(StandardCharsets.US_ASCII));
            out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            while (lines.read() >= 0) {
                // whatever is said is not answered
            }
        } catch (IOException | GeneralSecurityException e) {
            return; // the other end is gone
        }
    }

    /// Whose socket has this local port, of this machine's connectors.
    private static long peer(int port) throws IOException {
        String local = ":%04X ".formatted(port);
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] columns = line.strip().split("\\s+");
                if ((columns[1] + " ").endsWith(local)) {
                    return owner("socket:[" + columns[9] + "]");
                }
            }
        }
        return 0;
    }

    private static long owner(String socket) {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> holds(process.pid(), socket))
                .map(ProcessHandle::pid)
                .findFirst()
                .orElse(0L);
    }

    private static boolean holds(long pid, String socket) {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return open.anyMatch(file -> {
                try {
                    return Files.readSymbolicLink(file).toString().equals(socket);
                } catch (IOException e) {
                    return false; // closed meanwhile
                }
            });
        } catch (IOException e) {
            return false; // ended meanwhile
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        webSockets.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
