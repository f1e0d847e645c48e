package io.postern.sense;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The running demo backend. One event loop serves everything; no handler blocks.
public final class SenseDemo implements AutoCloseable {
    private static final int HEADER_BYTES_MAX = 128 * 1024;
    private static final long STOP_MILLIS_MAX = 2_000;

    private final EventLoopGroup loop;
    private final Channel listener;
    private final Optional<Channel> login;

    private SenseDemo(EventLoopGroup loop, Channel listener, Optional<Channel> login) {
        this.loop = loop;
        this.listener = listener;
        this.login = login;
    }

    /// Listens on `address`; port 0 means any free port.
    ///
    /// @param nodeName shown on the pages, so that a balancer in front can be seen at work
    /// @throws IOException when the address is taken or not ours
    public static SenseDemo start(HostPort address, String nodeName) throws IOException {
        return start(address, SenseSetup.open(nodeName));
    }

    /// As above, playing a site of some kind.
    ///
    /// @throws IOException when an address is taken or not ours
    public static SenseDemo start(HostPort address, SenseSetup setup) throws IOException {
        var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            var logins = new Logins(setup, System::nanoTime);
            var site = new Ports();
            Optional<Channel> login = setup.authentication().isPresent()
                    ? Optional.of(bind(loop, setup.authentication().get(), () -> new LoginHandler(site.pages(logins))))
                    : Optional.empty();
            Channel listener = bind(
                    loop,
                    address,
                    () -> new SenseHandler(
                            new Engine(setup.nodeName()),
                            site.pages(logins),
                            new AllowList(setup.allowedHosts()),
                            setup.csrf()));
            site.bound = new LoginPages.Ports(
                    port(listener), login.map(SenseDemo::port).orElse(port(listener)));
            return new SenseDemo(loop, listener, login);
        } catch (IOException e) {
            loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            throw e;
        }
    }

    /// Known once both are bound; nobody has connected before that.
    private static final class Ports {
        private volatile LoginPages.Ports bound = new LoginPages.Ports(0, 0);

        LoginPages pages(Logins logins) {
            return new LoginPages(logins, bound);
        }
    }

    private static Channel bind(EventLoopGroup loop, HostPort address, Supplier<ChannelHandler> handler)
            throws IOException {
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
                                .addLast("sense", handler.get());
                    }
                });
        var bound = bootstrap
                .bind(new InetSocketAddress(address.host(), address.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("demo backend cannot listen on " + address, bound.cause());
        }
        return bound.channel();
    }

    public static SenseDemo start(HostPort address) throws IOException {
        return start(address, "sense-1");
    }

    public int port() {
        return port(listener);
    }

    /// Where users sign in: the second port of an old release, else the same.
    public int loginPort() {
        return login.map(SenseDemo::port).orElse(port());
    }

    private static int port(Channel bound) {
        return ((InetSocketAddress) bound.localAddress()).getPort();
    }

    @Override
    public void close() {
        listener.close();
        login.ifPresent(Channel::close);
        loop.shutdownGracefully(0, STOP_MILLIS_MAX, TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP_MILLIS_MAX);
    }
}
