package io.postern.connector.serve;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A backend that sends exactly the bytes that the test says, on a virtual thread for each connection.
public final class ScriptedBackend implements AutoCloseable {
    /// What one connection does.
    public interface Script {
        void run(Connection connection, int number) throws IOException;
    }

    private final ServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /// One connection as the script sees it.
    public final class Connection {
        private final Socket socket;

        Connection(Socket socket) {
            this.socket = socket;
        }

        public Socket socket() {
            return socket;
        }

        /// The request's head, without the empty line; throws when the peer closed.
        public String readHead() throws IOException {
            InputStream in = socket.getInputStream();
            var head = new ByteArrayOutputStream();
            int state = 0;
            while (state < 4) {
                int b = in.read();
                if (b < 0) {
                    throw new IOException("closed");
                }
                head.write(b);
                state = b == "\r\n\r\n".charAt(state) ? state + 1 : b == '\r' ? 1 : 0;
            }
            String text = head.toString(StandardCharsets.ISO_8859_1);
            requests.add(text);
            return text;
        }

        public String read(int bytes) throws IOException {
            return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
        }

        public void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }
    }

    public ScriptedBackend(Script script) throws IOException {
        server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    int number = connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> {
                        try (socket) {
                            script.run(new Connection(socket), number);
                        } catch (IOException e) {
                            // the peer went away, which some tests want
                        }
                    });
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    /// Answers every request on a connection with the same bytes.
    public static ScriptedBackend answering(String answer) throws IOException {
        return new ScriptedBackend((connection, number) -> {
            while (true) {
                connection.readHead();
                connection.send(answer);
            }
        });
    }

    public int port() {
        return server.getLocalPort();
    }

    public int connections() {
        return connections.get();
    }

    public List<String> requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /// The answer to a WebSocket's handshake (RFC 6455 §4.2.2).
    ///
    /// @param fields further lines, each with its end
    public static String accepted(String head, String fields) throws IOException {
        int at = head.indexOf("sec-websocket-key: ") + 19;
        String key = head.substring(at, head.indexOf("\r\n", at));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + fields
                    + "Sec-WebSocket-Accept: "
                    + Base64.getEncoder().encodeToString(digest)
                    + "\r\n\r\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }
}
