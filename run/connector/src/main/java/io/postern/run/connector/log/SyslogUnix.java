package io.postern.run.connector.log;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The local syslog daemon's datagram socket. By Netty, since the JDK knows only Unix sockets that are streams.
final class SyslogUnix implements LogSink {
    private static final long SEND_MILLIS_MAX = 3_000;

    private final Path socket;
    private final SyslogMessage form;
    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final Channel channel;

    SyslogUnix(Path socket, SyslogMessage form) throws IOException {
        this.socket = socket;
        this.form = form;
        ChannelFuture open = new Bootstrap()
                .group(loop)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .register()
                .awaitUninterruptibly();
        if (!open.isSuccess()) {
            throw new IOException("no Unix socket can be opened", open.cause());
        }
        channel = open.channel();
    }

    @Override
    public void write(List<LogRecord> records) throws IOException {
        var to = new DomainSocketAddress(socket.toFile());
        var sent = new ArrayList<ChannelFuture>(records.size());
        for (LogRecord record : records) {
            sent.add(channel.write(new DomainDatagramPacket(Unpooled.wrappedBuffer(form.bytes(record)), to)));
        }
        channel.flush();
        for (ChannelFuture one : sent) {
            if (!one.awaitUninterruptibly(SEND_MILLIS_MAX)) {
                throw new IOException("it does not take anything");
            }
            if (!one.isSuccess()) {
                throw new IOException(one.cause().getMessage(), one.cause());
            }
        }
    }

    @Override
    public String name() {
        return "syslog at " + socket;
    }

    @Override
    public void close() {
        channel.close();
        loop.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS);
    }
}
