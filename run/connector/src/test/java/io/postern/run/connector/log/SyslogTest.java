package io.postern.run.connector.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import io.postern.base.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// RFC 5424, over each of its ways.
@Timeout(30)
class SyslogTest {
    private static final SyslogMessage FORM = new SyslogMessage("edge 1", 4711);
    private static final String MESSAGE = "<28>1 2026-11-21T11:19:56.045Z edge1 postern-connector 4711 13006 -"
            + " connector.serve: exchange failed exchange=\"0123\" reason=\"no 'route'\"";

    @TempDir
    Path folder;

    private static HostPort loopback(int port) {
        return new HostPort("127.0.0.1", port);
    }

    @Test
    void saysPriorityTimeOriginAndNumber() {
        assertEquals(MESSAGE, new String(FORM.bytes(Records.admin("exchange failed")), StandardCharsets.UTF_8));
        assertTrue(new String(FORM.bytes(Records.session("exchange")), StandardCharsets.UTF_8)
                .startsWith("<30>1 2026-11-21T11:19:57.000Z edge1 postern-connector 4711 - - connector.session: "));
    }

    @Test
    void staysWithinADatagram() {
        assertEquals(8_192, FORM.bytes(Records.admin("x".repeat(100_000))).length);
    }

    @Test
    void sendsADatagramForEachRecord() throws Exception {
        try (var receiver = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                var sink = new SyslogUdp(loopback(receiver.getLocalPort()), FORM)) {
            sink.write(List.of(Records.admin("exchange failed"), Records.session("exchange")));

            var packet = new DatagramPacket(new byte[9_000], 9_000);
            receiver.receive(packet);
            assertEquals(MESSAGE, new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void countsOctetsOverTcpAndComesBackAfterALoss() throws Exception {
        try (var receiver = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                var sink = new SyslogTcp(loopback(receiver.getLocalPort()), FORM)) {
            sink.write(List.of(Records.admin("exchange failed")));
            try (Socket first = receiver.accept()) {
                assertEquals(MESSAGE, message(first.getInputStream()));
                first.setSoLinger(true, 0); // a reset
            }
            // the first write after a loss may still go to the dead connection: TCP does not tell
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            Thread.ofVirtual().start(() -> {
                try (Socket second = receiver.accept()) {
                    heard.add(message(second.getInputStream()));
                } catch (IOException e) {
                    heard.add(e.toString());
                }
            });
            while (heard.isEmpty()) {
                sink.write(List.of(Records.admin("exchange failed")));
            }
            assertEquals(MESSAGE, heard.take());
        }
    }

    @Test
    void failsWhenNobodyListens() throws Exception {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        try (var sink = new SyslogTcp(loopback(port), FORM)) {
            assertThrows(IOException.class, () -> sink.write(List.of(Records.admin("x"))));
        }
        try (var sink = new SyslogUnix(folder.resolve("none"), FORM)) {
            assertThrows(IOException.class, () -> sink.write(List.of(Records.admin("x"))));
        }
    }

    @Test
    void reachesTheLocalDaemonsSocket() throws Exception {
        Path socket = folder.resolve("log");
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        var loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        new Bootstrap()
                .group(loop)
                .channel(EpollDomainDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, DomainDatagramPacket packet) {
                        heard.add(packet.content().toString(StandardCharsets.UTF_8));
                    }
                })
                .bind(new DomainSocketAddress(socket.toFile()))
                .syncUninterruptibly();
        try (var sink = new SyslogUnix(socket, FORM)) {
            sink.write(List.of(Records.admin("exchange failed")));

            assertEquals(MESSAGE, heard.poll(10, TimeUnit.SECONDS));
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private static String message(InputStream in) throws IOException {
        int length = 0;
        for (int digit; (digit = in.read()) != ' '; ) {
            length = length * 10 + digit - '0';
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
