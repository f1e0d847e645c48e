package io.postern.tunnel;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// Collects the body of a control message up to its limit (docs/protocol/tunnel.md §7).
public final class ControlBody {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

    /// Empty.
    public ControlBody() {}

    /// Copies; the caller keeps its buffer.
    ///
    /// @return false when the limit is passed; the message must then be refused
    public boolean append(ByteBuf part) {
        if (bytes.size() + part.readableBytes() > TunnelProtocol.CONTROL_BODY_BYTES_MAX) {
            return false;
        }
        try {
            part.getBytes(part.readerIndex(), bytes, part.readableBytes());
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail to be written", e);
        }
        return true;
    }

    public byte[] toBytes() {
        return bytes.toByteArray();
    }
}
