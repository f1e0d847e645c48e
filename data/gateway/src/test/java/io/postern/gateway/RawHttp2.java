package io.postern.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// An HTTP/2 client that sends exactly the frames it is told to.
public final class RawHttp2 implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    /// @param payload a character for each byte
    public record Frame(int type, int flags, int stream, String payload) {
        public int code() {
            return ByteBuffer.wrap(payload.getBytes(StandardCharsets.ISO_8859_1))
                    .getInt(type == GOAWAY ? 4 : 0);
        }
    }

    private final RawClient client;
    private final Http2HeadersEncoder encoder =
            new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true);

    public RawHttp2(House house) {
        client = RawClient.open(
                house.address, House.APP_HOST, house.edgeAuthority.authority(), List.of("h2"), new byte[0]);
        client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    public static Http2Headers get(String path) {
        return new DefaultHttp2Headers(false)
                .method("GET")
                .scheme("https")
                .authority(House.APP_HOST)
                .path(path);
    }

    public RawHttp2 frame(int type, int flags, int stream, byte[] payload) {
        client.send(encode(type, flags, stream, payload));
        return this;
    }

    public static byte[] encode(int type, int flags, int stream, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16))
                .put((byte) (payload.length >> 8))
                .put((byte) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        return frame.array();
    }

    public byte[] block(Http2Headers headers) {
        ByteBuf out = Unpooled.buffer();
        try {
            encoder.encodeHeaders(1, headers, out);
            return ByteBufUtil.getBytes(out);
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        } finally {
            out.release();
        }
    }

    public RawHttp2 headers(int stream, boolean end, Http2Headers headers) {
        return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(headers));
    }

    public RawHttp2 data(int stream, boolean end, String text) {
        return frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public Frame read() {
        byte[] head = client.bytes(9);
        int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
        int stream = ByteBuffer.wrap(head).getInt(5);
        Frame frame = new Frame(head[3], head[4], stream, client.text(length));
        if (frame.type() == SETTINGS && (frame.flags() & 1) == 0) {
            frame(SETTINGS, 1, 0, new byte[0]);
        }
        return frame;
    }

    /// The next frame that fits; empty when the connection ends before.
    public Optional<Frame> await(Predicate<Frame> wanted) {
        try {
            Frame frame = read();
            while (!wanted.test(frame)) {
                frame = read();
            }
            return Optional.of(frame);
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /// Reads on until the gateway has ended the connection; what its last GOAWAY said, -1 for none.
    public int codeAtTheEnd() {
        int code = -1;
        try {
            while (true) {
                Frame frame = read();
                code = frame.type() == GOAWAY ? frame.code() : code;
            }
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof SocketTimeoutException) {
                throw new AssertionError("the connection is still open", e);
            }
            return code;
        }
    }

    /// Sends without care for a peer that has had enough.
    public void pour(byte[] bytes, int times) {
        try {
            for (int i = 0; i < times; i++) {
                client.send(bytes);
            }
        } catch (UncheckedIOException e) {
            // it closed: what is to be shown
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
