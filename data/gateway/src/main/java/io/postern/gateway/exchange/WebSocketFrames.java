package io.postern.gateway.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;

/// Follows the frames that a backend sends in a WebSocket (RFC 6455 §5.2) without looking into them, so that one of our
/// own can be put between two of theirs. Confined to the exchange's loop.
final class WebSocketFrames {
    private static final int CLOSE = 0x88;
    private static final int POLICY_VIOLATION = 1008; // RFC 6455 §7.4.1
    private static final int REASON_BYTES_MAX = 123; // §5.5

    private int head; // bytes of a head seen, so far as its second
    private int lengthBytes; // still to come
    private int maskBytes; // still to come
    private long length;
    private long payload; // still to come

    /// Nothing is half sent.
    boolean isBetween() {
        return head == 0 && payload == 0;
    }

    /// Goes over what is sent.
    ///
    /// @param toEnd only as far as the end of the frame that is half sent
    /// @return how many bytes it went over
    int pass(ByteBuf data, boolean toEnd) {
        int from = data.readerIndex();
        int at = from;
        int end = data.writerIndex();
        while (at < end) {
            if (payload > 0) {
                int step = (int) Math.min(payload, end - at);
                payload -= step;
                at += step;
            } else {
                onHead(data.getUnsignedByte(at++));
            }
            if (toEnd && isBetween()) {
                break;
            }
        }
        return at - from;
    }

    private void onHead(int octet) {
        switch (head) {
            case 0 -> {
                head = 1;
                return;
            }
            case 1 -> {
                head = 2;
                int said = octet & 0x7f;
                lengthBytes = said == 126 ? 2 : said == 127 ? 8 : 0;
                maskBytes = (octet & 0x80) == 0 ? 0 : 4;
                length = lengthBytes == 0 ? said : 0;
            }
            default -> {
                if (lengthBytes > 0) {
                    length = length << 8 | octet;
                    lengthBytes--;
                } else {
                    maskBytes--;
                }
            }
        }
        if (lengthBytes == 0 && maskBytes == 0) {
            head = 0;
            payload = length < 0 ? Long.MAX_VALUE : length; // §5.2 forbids it: nothing of ours fits in any more
        }
    }

    /// A frame that ends the WebSocket.
    static ByteBuf close(ByteBufAllocator alloc, String reason) {
        ByteBuf frame = alloc.buffer(4 + REASON_BYTES_MAX);
        frame.writeByte(CLOSE).writeByte(2).writeShort(POLICY_VIOLATION);
        int written = ByteBufUtil.writeUtf8(frame, reason.substring(0, Math.min(reason.length(), REASON_BYTES_MAX)));
        return frame.setByte(1, 2 + written);
    }
}
