package io.postern.connector.serve;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/// Follows the frames of one direction of a WebSocket without looking at what they carry (RFC 6455 §5.2), so that
/// a frame of our own can be put between two of them. Some nanoseconds for each frame, whatever its length.
final class FrameBoundaries {
    private static final int HEAD_BYTES_MIN = 2;
    private static final int CLOSE = 0x8;

    /// As far as the length reaches; a mask key counts with the payload.
    private final byte[] head = new byte[10];

    private int headBytes;
    private long payloadLeft;
    private boolean isClosing;

    /// Takes note of bytes that pass. Call for each of them, once and in order.
    void follow(ByteBuf bytes) {
        ByteBuffer view = view(bytes);
        while (view.hasRemaining()) {
            next(view);
        }
    }

    /// As [#follow(ByteBuf)], no further than the next boundary.
    ///
    /// @return how many bytes lead to it; all of them when it is not among them
    int followToBoundary(ByteBuf bytes) {
        ByteBuffer view = view(bytes);
        do {
            next(view);
        } while (view.hasRemaining() && !isBetweenFrames());
        return bytes.readableBytes() - view.remaining();
    }

    /// Looked at as a whole: a checked access for each byte would cost more than all the rest.
    private static ByteBuffer view(ByteBuf bytes) {
        return bytes.nioBufferCount() == 1
                ? bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes())
                : bytes.nioBuffer();
    }

    boolean isBetweenFrames() {
        return headBytes == 0 && payloadLeft == 0;
    }

    /// A Close frame has begun to pass: nothing may follow it.
    boolean isClosing() {
        return isClosing;
    }

    /// Past a byte of a head, or past a payload as far as it is there.
    private void next(ByteBuffer view) {
        if (payloadLeft > 0) {
            int step = (int) Math.min(payloadLeft, view.remaining());
            payloadLeft -= step;
            view.position(view.position() + step);
            return;
        }
        head[headBytes++] = view.get();
        if (headBytes >= HEAD_BYTES_MIN && headBytes == headLength()) {
            isClosing |= (head[0] & 0xF) == CLOSE;
            payloadLeft = payloadLength();
            headBytes = 0;
        }
    }

    private int headLength() {
        return HEAD_BYTES_MIN
                + switch (head[1] & 0x7F) {
                    case 126 -> 2;
                    case 127 -> 8;
                    default -> 0;
                };
    }

    private long payloadLength() {
        int code = head[1] & 0x7F;
        int bytes = headLength() - HEAD_BYTES_MIN;
        long length = bytes == 0 ? code : 0;
        for (int i = 0; i < bytes; i++) {
            length = (length << 8) | (head[HEAD_BYTES_MIN + i] & 0xFF);
        }
        if (length < 0) {
            return Long.MAX_VALUE; // no frame is so long: whoever reads it will end the connection
        }
        return (head[1] & 0x80) == 0 ? length : length + 4;
    }
}
