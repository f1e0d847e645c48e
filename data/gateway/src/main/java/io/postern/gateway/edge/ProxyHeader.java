package io.postern.gateway.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Reads the PROXY protocol header, version 2, that a trusted load balancer sends before anything else,
/// then leaves the pipeline. Anything else in its place closes the connection: an optional header would
/// let strangers behind a transparent balancer name themselves. One per connection.
///
/// Source: HAProxy's proxy-protocol.txt, section 2.2.
final class ProxyHeader extends ByteToMessageDecoder {
    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final int FIXED_BYTES = 16;
    private static final int REST_MAX = 2048; // addresses and the extensions that balancers add

    private final BiConsumer<Channel, Optional<InetAddress>> then;

    /// @param then given the client's address; empty for the balancer's own health checks (LOCAL)
    ProxyHeader(BiConsumer<Channel, Optional<InetAddress>> then) {
        this.then = then;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int seen = Math.min(in.readableBytes(), SIGNATURE.length);
        for (int i = 0; i < seen; i++) {
            if (in.getByte(in.readerIndex() + i) != SIGNATURE[i]) {
                refuse(ctx, in);
                return;
            }
        }
        if (in.readableBytes() < FIXED_BYTES) {
            return;
        }
        int rest = in.getUnsignedShort(in.readerIndex() + 14);
        if (in.getUnsignedByte(in.readerIndex() + 12) >> 4 != 2 || rest > REST_MAX) {
            refuse(ctx, in);
            return;
        }
        if (in.readableBytes() < FIXED_BYTES + rest) {
            return;
        }
        in.skipBytes(12);
        int command = in.readByte() & 0x0f;
        int family = in.readByte() >> 4 & 0x0f;
        in.skipBytes(2);
        ByteBuf addresses = in.readSlice(rest);
        int length = family == 1 ? 4 : family == 2 ? 16 : 0;
        boolean named = command == 1 && length > 0 && rest >= 2 * length + 4;
        if (command > 1 || (command == 1 && !named)) {
            refuse(ctx, in);
            return;
        }
        then.accept(ctx.channel(), named ? Optional.of(address(addresses, length)) : Optional.empty());
        ctx.pipeline().remove(this);
    }

    private static InetAddress address(ByteBuf from, int length) {
        byte[] bytes = new byte[length];
        from.readBytes(bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are always an address", e);
        }
    }

    private static void refuse(ChannelHandlerContext ctx, ByteBuf in) {
        in.skipBytes(in.readableBytes());
        ctx.close();
    }
}
