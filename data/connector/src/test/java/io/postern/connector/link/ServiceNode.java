package io.postern.connector.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.postern.fixtures.TestCertificates;
import io.postern.net.Loops;
import io.postern.net.TlsContexts;
import io.postern.net.WindowBudget;
import io.postern.tunnel.BackendList;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.accept.AcceptorSettings;
import io.postern.tunnel.accept.ConnectorIdentity;
import io.postern.tunnel.accept.TunnelAcceptor;
import io.postern.tunnel.accept.TunnelListener;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// One process of a service, as far as tunnels go: it takes them in and publishes nothing.
final class ServiceNode implements AutoCloseable {
    static final TestCertificates AUTHORITY = TestCertificates.authority("connectors");
    static final TestCertificates.Issued CLIENT = AUTHORITY.client("connector");
    private static final TestCertificates.Issued SERVER = AUTHORITY.server("connect.localhost");

    private final Loops loops;
    private final TunnelAcceptor acceptor;
    private final Channel listener;
    private final AtomicInteger dialled = new AtomicInteger();

    /// @param address port 0 is any free one
    ServiceNode(String node, int lanes, InetSocketAddress address) {
        loops = Loops.open(node, lanes);
        acceptor = new TunnelAcceptor(
                AcceptorSettings.of(node, "test"),
                loops,
                WindowBudget.ofProcess(),
                fingerprint -> Optional.of(new ConnectorIdentity("c-1", "g-1", true)),
                "c-1"::equals,
                group -> BackendList.EMPTY,
                new Quiet());
        SslContext tls =
                TlsContexts.mutualServer(SERVER.key(), SERVER.chain(), AUTHORITY.authority(), TunnelProtocol.ALPN);
        listener = loops.listener()
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        dialled.incrementAndGet();
                        channel.pipeline().addLast(tls.newHandler(channel.alloc()), new Handshaken());
                    }
                })
                .bind(address)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    List<Integer> lanes() {
        return acceptor.registry().all().stream().map(Tunnel::lane).sorted().toList();
    }

    /// Connections that ever came.
    int dialled() {
        return dialled.get();
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        acceptor.registry().all().forEach(tunnel -> tunnel.close(TunnelEnd.of(TunnelEnd.Cause.STOPPED)));
        loops.close(Duration.ofSeconds(2)).syncUninterruptibly();
    }

    private final class Handshaken extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done) {
                if (done.isSuccess()) {
                    acceptor.accept(ctx.channel());
                }
                ctx.pipeline().remove(this);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private static final class Quiet implements TunnelListener {
        @Override
        public void onOpened(Tunnel tunnel) {}

        @Override
        public void onClosed(Tunnel tunnel, TunnelEnd why) {}

        @Override
        public void onRefused(SocketAddress remote, Optional<X509Certificate> certificate, TunnelEnd why) {}
    }
}
