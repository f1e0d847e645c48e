package io.postern.gateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.postern.gateway.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One connection whose transport gives bytes that nobody asked for, as epoll does once the client has ended its
/// side. Whoever takes them reads once, for the head, and then no more.
class Http1ConnectionTest {
    private static final int PIECE = 64 * 1024;

    private final List<Object> taken = new ArrayList<>();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new Http1Connection(EdgeLimits.DEFAULTS), new ChannelInboundHandlerAdapter() {
                @Override
                public void handlerAdded(ChannelHandlerContext ctx) {
                    ctx.read();
                }

                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    taken.add(message);
                }
            });

    @BeforeEach
    void readsWhenAskedTo() {
        channel.config().setAutoRead(false); // as all our connections
    }

    @AfterEach
    void close() {
        taken.forEach(ReferenceCountUtil::release);
        channel.finishAndReleaseAll();
    }

    private void head(String... lines) {
        channel.writeInbound(Unpooled.copiedBuffer(RawClient.head(lines), StandardCharsets.US_ASCII));
    }

    private ByteBuf piece() {
        ByteBuf piece = PooledByteBufAllocator.DEFAULT.buffer(PIECE).writeZero(PIECE);
        channel.writeInbound(piece);
        return piece;
    }

    @Test
    void endsWithAClientThatLeavesInALongBody() {
        head("POST /up HTTP/1.1", "Host: app.example.test", "Content-Length: 10000000");
        List<ByteBuf> pieces = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pieces.add(piece());
        }
        assertTrue(channel.isOpen(), "512 KiB may lie here");
        assertEquals(1, taken.size(), "the head alone");

        pieces.add(piece());

        assertFalse(channel.isOpen());
        for (ByteBuf each : pieces) {
            assertEquals(0, each.refCnt());
        }
    }
}
