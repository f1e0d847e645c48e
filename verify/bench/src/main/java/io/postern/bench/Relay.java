package io.postern.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.util.ReferenceCountUtil;
import io.postern.net.Loops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A TCP relay on loopback that delivers every byte later: a long way without loss and of any width. It reads on while
/// bytes are under way, and stops while the receiver does not take what has arrived.
final class Relay implements AutoCloseable {
    private static final int LOOPS = 2;
    private static final int READ_BYTES_MAX = 256 << 10;

    private final Loops loops;
    private final Channel listener;

    private Relay(Loops loops, Channel listener) {
        this.loops = loops;
        this.listener = listener;
    }

    /// @param target the loopback port behind it
    /// @param oneWay by how much each direction is late
    static Relay open(int target, Duration oneWay) {
        Loops loops = Loops.open("relay", LOOPS);
        Channel listener = loops.listener()
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel near) {
                        near.config().setAutoRead(false);
                        connect(loops, near, target, oneWay.toNanos());
                    }
                })
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, buffers())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
        return new Relay(loops, listener);
    }

    private static AdaptiveRecvByteBufAllocator buffers() {
        return new AdaptiveRecvByteBufAllocator(1024, 64 << 10, READ_BYTES_MAX);
    }

    private static void connect(Loops loops, Channel near, int target, long delayNanos) {
        Bootstrap client = loops.dialler(near.eventLoop());
        client.option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.RECVBUF_ALLOCATOR, buffers())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel far) {
                        far.pipeline().addLast(new Later(near, delayNanos));
                        near.pipeline().addLast(new Later(far, delayNanos));
                    }
                })
                .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target))
                .addListener((ChannelFutureListener) connected -> {
                    if (connected.isSuccess()) {
                        near.config().setAutoRead(true);
                        connected.channel().config().setAutoRead(true);
                    } else {
                        near.close();
                    }
                });
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void close() {
        listener.close();
        loops.close(Duration.ofSeconds(1));
    }

    /// What one side says, told to the other later. Both live on one event loop, which keeps tasks of equal delay in
    /// order.
    private static final class Later extends ChannelInboundHandlerAdapter {
        private final Channel other;
        private final long delayNanos;

        Later(Channel other, long delayNanos) {
            this.other = other;
            this.delayNanos = delayNanos;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.executor().schedule(() -> deliver(message), delayNanos, TimeUnit.NANOSECONDS);
        }

        private void deliver(Object message) {
            if (other.isActive()) {
                other.writeAndFlush(message);
            } else {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ctx.executor().schedule(() -> other.close(), delayNanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            other.config().setAutoRead(ctx.channel().isWritable()); // what we cannot hand on, we do not take
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
