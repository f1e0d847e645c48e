package io.postern.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The event loops of one process: as many as asked for, never more; epoll where the kernel has it,
/// else NIO. Every data-plane connection lives on one of them from first to last byte.
///
/// Bootstraps made here carry the socket options that all our connections share.
public final class Loops {
    /// A writer stops being writable at 128 KiB pending and becomes writable again at 32 KiB: enough to
    /// keep a fast path busy between two turns of the loop, small enough for thousands of slow readers.
    public static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(32 * 1024, 128 * 1024);

    /// Connections that the kernel may hold before we accept them; the kernel caps it by `somaxconn`.
    private static final int BACKLOG = 4_096;

    /// TCP connect, and TLS handshake after it: a backend or service that has not answered in this time
    /// is not going to.
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private final MultiThreadIoEventLoopGroup group;
    private final List<EventLoop> all;
    private final boolean isEpoll;

    private Loops(MultiThreadIoEventLoopGroup group, boolean isEpoll) {
        this.group = group;
        this.isEpoll = isEpoll;
        var loops = new ArrayList<EventLoop>();
        group.forEach(executor -> loops.add((EventLoop) executor));
        this.all = List.copyOf(loops);
    }

    /// Starts `count` loops whose threads are named `name-1`, `name-2` ...
    public static Loops open(String name, int count) {
        return open(name, count, Epoll.isAvailable());
    }

    static Loops open(String name, int count, boolean epoll) {
        var threads = new DefaultThreadFactory(name);
        var io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new Loops(new MultiThreadIoEventLoopGroup(count, threads, io), epoll);
    }

    public int count() {
        return all.size();
    }

    /// In a fixed order: the position of a loop is its number, see [#indexOf(EventLoop)].
    public List<EventLoop> all() {
        return all;
    }

    /// @return 0 to count - 1, or -1 for a loop of somebody else
    public int indexOf(EventLoop loop) {
        return all.indexOf(loop);
    }

    /// Some loop, turn by turn.
    public EventLoop next() {
        return group.next();
    }

    /// A listener's bootstrap: accepted connections are spread over all loops. The caller adds the child
    /// handler and binds.
    public ServerBootstrap listener() {
        return new ServerBootstrap()
                .group(group)
                .channel(isEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS);
    }

    /// A TCP client's bootstrap on the given loop. Give it resolved addresses, or [LocalNames].
    public Bootstrap dialler(EventLoop loop) {
        return new Bootstrap()
                .group(loop)
                .channel(isEpoll ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS);
    }

    /// A Unix domain socket client's bootstrap on the given loop; connect it to [#domainAddress(Path)].
    public Bootstrap domainDialler(EventLoop loop) {
        Class<? extends Channel> type = isEpoll ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class;
        return new Bootstrap()
                .group(loop)
                .channel(type)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS);
    }

    /// The address in the form that this transport understands.
    public SocketAddress domainAddress(Path socket) {
        return isEpoll ? new DomainSocketAddress(socket.toFile()) : UnixDomainSocketAddress.of(socket);
    }

    /// Ends the loops: tasks still queued run, whatever is open after `grace` is cut off. Close channels
    /// before. Calling it twice is harmless.
    ///
    /// @return done when every thread has ended
    public Future<?> close(Duration grace) {
        return group.shutdownGracefully(0, grace.toMillis(), TimeUnit.MILLISECONDS);
    }
}
