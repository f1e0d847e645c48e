package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.postern.fixtures.TestCertificates;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/// A TLS backend that prefers HTTP/2 and then sends exactly the frames that the test says, on a virtual thread for
/// each connection.
final class Http2Backend implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /// What one connection does.
    interface Script {
        void run(Connection connection, int number) throws IOException;
    }

    /// @param payload a character for each byte
    record Frame(int type, int flags, int stream, String payload) {
        byte[] bytes() {
            return payload.getBytes(StandardCharsets.ISO_8859_1);
        }

        boolean ends() {
            return (flags & END_STREAM) != 0;
        }

        /// The code of RST_STREAM and GOAWAY, the increment of WINDOW_UPDATE.
        int code() {
            return ByteBuffer.wrap(bytes()).getInt(type == GOAWAY ? 4 : 0);
        }
    }

    record Request(int stream, Http2Headers head, boolean ends) {}

    private final SSLServerSocket server;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger inHttp1 = new AtomicInteger();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Throwable> faults = new CopyOnWriteArrayList<>();

    /// @param http2 for connections where HTTP/2 was agreed; SETTINGS are sent before
    /// @param http1 for the others
    Http2Backend(TestCertificates.Issued certificate, Script http2, Script http1) throws Exception {
        server = (SSLServerSocket)
                tls(certificate).getServerSocketFactory().createServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    SSLSocket socket = (SSLSocket) server.accept();
                    int number = connections.incrementAndGet();
                    Thread.ofVirtual().start(() -> serve(socket, number, http2, http1));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    private void serve(SSLSocket socket, int number, Script http2, Script http1) {
        try (socket) {
            socket.setHandshakeApplicationProtocolSelector(
                    (s, offered) -> offered.contains("h2") ? "h2" : offered.isEmpty() ? "" : offered.getFirst());
            socket.startHandshake();
            var connection = new Connection(socket);
            if (socket.getApplicationProtocol().equals("h2")) {
                connection.in.readNBytes(24); // the preface
                http2.run(connection, number);
            } else {
                inHttp1.incrementAndGet();
                http1.run(connection, number);
            }
        } catch (IOException e) {
            // the peer went away, which some tests want
        } catch (RuntimeException | AssertionError e) {
            faults.add(e);
        }
    }

    private static SSLContext tls(TestCertificates.Issued certificate) throws GeneralSecurityException, IOException {
        char[] password = "test".toCharArray();
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        store.setKeyEntry(
                "key", certificate.key(), password, certificate.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    int port() {
        return server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    int connectionsInHttp1() {
        return inHttp1.get();
    }

    /// In the order in which they came.
    List<Request> requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (!faults.isEmpty()) {
            throw new AssertionError("the backend's script failed", faults.getFirst());
        }
    }

    /// One connection as the script sees it. Writing from several threads is allowed.
    final class Connection {
        private final SSLSocket socket;
        private final DataInputStream in;
        private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 256 * 1024);
        private final DefaultHttp2HeadersEncoder encoder =
                new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true);

        Connection(SSLSocket socket) throws IOException {
            this.socket = socket;
            this.in = new DataInputStream(socket.getInputStream());
        }

        SSLSocket socket() {
            return socket;
        }

        /// SETTINGS, pairs of identifier and value.
        Connection settings(int... pairs) throws IOException {
            ByteBuffer payload = ByteBuffer.allocate(pairs.length * 3);
            for (int i = 0; i < pairs.length; i += 2) {
                payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
            }
            return frame(SETTINGS, 0, 0, payload.array());
        }

        synchronized Connection frame(int type, int flags, int stream, byte... payload) throws IOException {
            ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
            frame.put((byte) (payload.length >> 16))
                    .put((byte) (payload.length >> 8))
                    .put((byte) payload.length);
            frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
            socket.getOutputStream().write(frame.array());
            socket.getOutputStream().flush();
            return this;
        }

        byte[] block(String... fields) {
            Http2Headers head = new DefaultHttp2Headers(false);
            for (int i = 0; i < fields.length; i += 2) {
                head.add(fields[i], fields[i + 1]);
            }
            ByteBuf out = Unpooled.buffer();
            try {
                encoder.encodeHeaders(1, head, out);
                return ByteBufUtil.getBytes(out);
            } catch (Http2Exception e) {
                throw new AssertionError(e);
            } finally {
                out.release();
            }
        }

        Connection headers(int stream, boolean end, String... fields) throws IOException {
            byte[] block = block(fields);
            int first = Math.min(block.length, 16_000);
            frame(
                    HEADERS,
                    (first == block.length ? END_HEADERS : 0) | (end ? END_STREAM : 0),
                    stream,
                    Arrays.copyOf(block, first));
            for (int from = first; from < block.length; from += 16_000) {
                int to = Math.min(block.length, from + 16_000);
                frame(CONTINUATION, to == block.length ? END_HEADERS : 0, stream, Arrays.copyOfRange(block, from, to));
            }
            return this;
        }

        Connection data(int stream, boolean end, String text) throws IOException {
            return frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
        }

        Connection reset(int stream, int code) throws IOException {
            return frame(RST_STREAM, 0, stream, 0, 0, 0, code);
        }

        Connection goAway(int lastStream, int code) throws IOException {
            return frame(
                    GOAWAY,
                    0,
                    0,
                    ByteBuffer.allocate(8).putInt(lastStream).putInt(code).array());
        }

        private Connection frame(int type, int flags, int stream, int... payload) throws IOException {
            byte[] bytes = new byte[payload.length];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) payload[i];
            }
            return frame(type, flags, stream, bytes);
        }

        /// The next frame; SETTINGS and PING are answered.
        Frame read() throws IOException {
            int lengthAndType = in.readInt();
            int flags = in.readByte();
            int stream = in.readInt();
            byte[] payload = in.readNBytes(lengthAndType >>> 8);
            var frame =
                    new Frame(lengthAndType & 0xff, flags, stream, new String(payload, StandardCharsets.ISO_8859_1));
            if ((frame.type == SETTINGS || frame.type == PING) && (flags & 1) == 0) {
                frame(frame.type, 1, 0, frame.type == PING ? payload : new byte[0]);
            }
            return frame;
        }

        Frame await(int type) throws IOException {
            Frame frame = read();
            while (frame.type != type) {
                frame = read();
            }
            return frame;
        }

        /// The next head of a request.
        Request request() throws IOException {
            Frame first = await(HEADERS);
            var block = Unpooled.buffer().writeBytes(first.bytes());
            int flags = first.flags;
            while ((flags & END_HEADERS) == 0) {
                Frame next = await(CONTINUATION);
                block.writeBytes(next.bytes());
                flags = next.flags;
            }
            try {
                var request = new Request(first.stream, decoder.decodeHeaders(first.stream, block), first.ends());
                requests.add(request);
                return request;
            } catch (Http2Exception e) {
                throw new AssertionError(e);
            } finally {
                block.release();
            }
        }

        /// An HTTP/1.1 head.
        String readHead() throws IOException {
            var head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int b = in.read();
                if (b < 0) {
                    throw new IOException("closed");
                }
                head.append((char) b);
            }
            return head.toString();
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }
    }
}
