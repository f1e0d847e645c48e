package io.postern.sense;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.postern.base.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// The running demo backend. One event loop serves everything; no handler blocks.
public final class SenseDemo implements AutoCloseable {
    private static final int HEADER_BYTES_MAX = 128 * 1024;
    private static final long STOP_MILLIS_MAX = 2_000;

    private final EventLoopGroup loop;
    private final Channel listener;

    private SenseDemo(EventLoopGroup loop, Channel listener) {
        this.loop = loop;
        this.listener = listener;
    }

    /// Listens on `address`; port 0 means any free port.
    ///
    /// @param nodeName shown on the pages, so that a balancer in front can be seen at work
    /// @throws IOException when the address is taken or not ours
    public static SenseDemo start(HostPort address, String nodeName) throws IOException {
        var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        var engine = new Engine(nodeName);
        var bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(64 * 1024, 256 * 1024))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast("http", new HttpServerCodec(16 * 1024, HEADER_BYTES_MAX, 64 * 1024))
                                .addLast("deflate", new WebSocketServerCompressionHandler(0))
                                .addLast("chunks", new ChunkedWriteHandler())
                                .addLast("sense", new SenseHandler(engine));
                    }
                });
        var bound = bootstrap
                .bind(new InetSocketAddress(address.host(), address.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            throw new IOException("demo backend cannot listen on " + address, bound.cause());
        }
        return new SenseDemo(loop, bound.channel());
    }

    public static SenseDemo start(HostPort address) throws IOException {
        return start(address, "sense-1");
    }

    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void close() {
        listener.close();
        loop.shutdownGracefully(0, STOP_MILLIS_MAX, TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP_MILLIS_MAX);
    }
}
