package io.postern.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// The control plane's end of a door: a small HTTP/1.1 server on a real Unix domain socket that answers what
/// the test says.
public final class ScriptedDoor implements AutoCloseable {
    /// @param fields names in lower case
    public record Seen(String line, Map<String, String> fields, String body) {}

    public final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    public final AtomicInteger connections = new AtomicInteger();
    private final UnixDomainSocketAddress address;
    private final ServerSocketChannel server;
    private final Function<Seen, String> answer;

    /// @param answer whole answers, head and body
    public ScriptedDoor(Path socket, Function<Seen, String> answer) throws IOException {
        this.answer = answer;
        address = UnixDomainSocketAddress.of(socket);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
        Thread.ofVirtual().start(() -> {
            while (server.isOpen()) {
                try {
                    SocketChannel client = server.accept();
                    connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> serve(client));
                } catch (IOException e) {
                    return; // closed by the test
                }
            }
        });
    }

    public static String json(int status, String body) {
        return "HTTP/1.1 " + status + " X\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    public SocketAddress address() {
        return address;
    }

    private void serve(SocketChannel client) {
        try (client) {
            var in = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(client), StandardCharsets.ISO_8859_1));
            OutputStream out = Channels.newOutputStream(client);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                var fields = new TreeMap<String, String>();
                for (String field = in.readLine(); !field.isEmpty(); field = in.readLine()) {
                    int colon = field.indexOf(':');
                    fields.put(
                            field.substring(0, colon).toLowerCase(Locale.ROOT),
                            field.substring(colon + 1).strip());
                }
                var body = new char[Integer.parseInt(fields.getOrDefault("content-length", "0"))];
                int read = 0;
                while (read < body.length) {
                    read += in.read(body, read, body.length - read);
                }
                var request = new Seen(line, fields, new String(body));
                seen.add(request);
                out.write(answer.apply(request).getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            // the gateway went away
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
