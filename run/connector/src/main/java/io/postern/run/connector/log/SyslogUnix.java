package io.postern.run.connector.log;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The local syslog daemon's datagram socket. By Netty, since the JDK knows only Unix sockets that are streams.
/// Connected
/// when there is something to say, and again once when the daemon has been restarted meanwhile.
final class SyslogUnix implements LogSink {
    private static final long SEND_MILLIS_MAX = 3_000;

    private final Path socket;
    private final SyslogMessage form;
    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private @Nullable Channel channel;

    SyslogUnix(Path socket, SyslogMessage form) {
        this.socket = socket;
        this.form = form;
    }

    @Override
    public void write(List<LogRecord> records) throws IOException {
        boolean isFresh = channel == null;
        try {
            send(records);
        } catch (IOException e) {
            disconnect();
            if (isFresh) {
                throw e;
            }
            send(records);
        }
    }

    private void send(List<LogRecord> records) throws IOException {
        Channel to = connected();
        var sent = new ArrayList<ChannelFuture>(records.size());
        for (LogRecord record : records) {
            sent.add(to.write(Unpooled.wrappedBuffer(form.bytes(record))));
        }
        to.flush();
        for (ChannelFuture one : sent) {
            await(one);
        }
    }

    private Channel connected() throws IOException {
        Channel open = channel;
        if (open == null) {
            ChannelFuture connecting = new Bootstrap()
                    .group(loop)
                    .channel(EpollDomainDatagramChannel.class)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(new DomainSocketAddress(socket.toFile()));
            await(connecting);
            open = connecting.channel();
            channel = open;
        }
        return open;
    }

    private static void await(ChannelFuture one) throws IOException {
        if (!one.awaitUninterruptibly(SEND_MILLIS_MAX)) {
            throw new IOException("it does not take anything");
        }
        if (!one.isSuccess()) {
            throw new IOException(String.valueOf(one.cause()), one.cause());
        }
    }

    private void disconnect() {
        Channel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public String name() {
        return "syslog at " + socket;
    }

    @Override
    public void close() {
        disconnect();
        loop.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS);
    }
}
