package io.postern.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import io.postern.base.HostPort;
import io.postern.fixtures.TestCertificates;
import io.postern.net.ClientHello;
import io.postern.net.ClientHelloRouter;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.PinnedAuthority;
import io.postern.net.TlsContexts;
import io.postern.net.WindowBudget;
import io.postern.net.dial.Dialler;
import io.postern.net.dial.ProxyChoice;
import io.postern.tunnel.accept.AcceptorSettings;
import io.postern.tunnel.accept.ConnectorIdentity;
import io.postern.tunnel.accept.TunnelAcceptor;
import io.postern.tunnel.accept.TunnelListener;
import io.postern.tunnel.dial.DialSettings;
import io.postern.tunnel.dial.DialledTunnel;
import io.postern.tunnel.dial.StreamServer;
import io.postern.tunnel.dial.TunnelDialer;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Both ends of tunnels in one process, over real TLS on loopback: what a gateway and a connector do
/// with this room. One group, `g`; certificates are registered by the test.
public final class Ends implements TunnelListener {
    public static final BackendSettings WIKI =
            new BackendSettings("b1", "http", "wiki.corp", 80, true, Duration.ofSeconds(85), Duration.ofMinutes(35));
    public static final BackendSettings FILES = new BackendSettings(
            "b2", "https", "files.corp", 443, false, Duration.ofSeconds(180), Duration.ofMinutes(35));

    public record Closed(Tunnel tunnel, TunnelEnd why) {}

    public final TestCertificates authority = TestCertificates.authority("connectors");
    public final TestCertificates.Issued connector = authority.client("connector");
    public final Loops gatewayLoops = Loops.open("gateway", 2);
    public final Loops connectorLoops = Loops.open("connector", 1);
    public final Map<String, ConnectorIdentity> identities = new ConcurrentHashMap<>();
    public final LinkedBlockingQueue<Tunnel> opened = new LinkedBlockingQueue<>();
    public final LinkedBlockingQueue<Closed> closed = new LinkedBlockingQueue<>();
    public final LinkedBlockingQueue<TunnelEnd> refused = new LinkedBlockingQueue<>();
    public final TunnelAcceptor acceptor;
    public final int port;

    public volatile BackendList backends = BackendList.of(1, List.of(WIKI));

    private final Channel listener;

    public Ends() throws Exception {
        this(new AcceptorSettings("node-1", "test", Duration.ofSeconds(5), Duration.ofSeconds(10), 1 << 29));
    }

    public Ends(AcceptorSettings settings) throws Exception {
        identities.put(connector.fingerprint(), new ConnectorIdentity("c1", "g", true));
        acceptor = new TunnelAcceptor(
                settings,
                gatewayLoops,
                new WindowBudget(64 << 20),
                fingerprint -> Optional.ofNullable(identities.get(fingerprint)),
                id -> identities.values().stream()
                        .anyMatch(known -> known.connectorId().equals(id)),
                group -> backends,
                this);
        var certificate = authority.server("connect.postern.localhost");
        SslContext tls = TlsContexts.mutualServer(
                certificate.key(), certificate.chain(), authority.authority(), TunnelProtocol.ALPN);
        listener = gatewayLoops
                .listener()
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ClientHelloRouter() {
                            @Override
                            protected SslContext choose(Channel on, ClientHello hello) {
                                return tls;
                            }
                        });
                        channel.pipeline().addLast(new ApplicationProtocolNegotiationHandler("none") {
                            @Override
                            protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
                                acceptor.accept(ctx.channel());
                            }

                            @Override
                            protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
                                refused.add(TunnelEnd.of(cause));
                                ctx.close();
                            }
                        });
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        port = ((InetSocketAddress) listener.localAddress()).getPort();
    }

    public Future<DialledTunnel> dial(StreamServer streams) {
        return dial(connector, authority, DialSettings.DEFAULT, streams);
    }

    public Future<DialledTunnel> dial(
            TestCertificates.Issued as, TestCertificates believing, DialSettings settings, StreamServer streams) {
        SslContext tls = TlsContexts.mutualClient(
                as.key(), as.chain(), PinnedAuthority.of(believing.authority()), TunnelProtocol.ALPN);
        var dialer = new TunnelDialer(
                settings,
                new Dialler(connectorLoops, new LocalNames(), ProxyChoice.none()),
                new WindowBudget(64 << 20),
                () -> new HelloAnswer(1, "1.2.3", "machine", "Linux", Instant.EPOCH),
                streams);
        EventLoop loop = connectorLoops.next();
        return dial(dialer, loop, tls);
    }

    private Future<DialledTunnel> dial(TunnelDialer dialer, EventLoop loop, SslContext tls) {
        return dialer.dial(loop, new HostPort("connect.postern.localhost", port), tls);
    }

    /// A tunnel that is up at both ends, with its backends acknowledged.
    public Pair open(StreamServer streams) throws Exception {
        DialledTunnel dialled = await(dial(streams));
        Tunnel tunnel = take(opened);
        await(dialled.ready());
        until(() -> tunnel.serves(WIKI.id()));
        return new Pair(tunnel, dialled);
    }

    public record Pair(Tunnel gateway, DialledTunnel connector) {
        public Exchange send(String path) throws Exception {
            return Exchange.open(gateway, path);
        }
    }

    public static final StreamServer NO_STREAMS = (tunnel, stream) -> new Origin(stream);

    public static <T> T await(Future<T> future) throws Exception {
        if (!future.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("not done within 20 s");
        }
        if (!future.isSuccess()) {
            if (future.cause() instanceof TunnelRefusal refusal) {
                throw refusal;
            }
            throw new AssertionError(future.cause());
        }
        return future.getNow();
    }

    public static <T> T take(LinkedBlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came within 20 s");
        }
        return next;
    }

    /// Waits for a condition that another thread brings about.
    public static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not so within 20 s");
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void onOpened(Tunnel tunnel) {
        opened.add(tunnel);
    }

    @Override
    public void onClosed(Tunnel tunnel, TunnelEnd why) {
        closed.add(new Closed(tunnel, why));
    }

    @Override
    public void onRefused(SocketAddress remote, Optional<X509Certificate> certificate, TunnelEnd why) {
        refused.add(why);
    }

    public void stop() throws Exception {
        listener.close().sync();
        connectorLoops.close(Duration.ofSeconds(5)).sync();
        gatewayLoops.close(Duration.ofSeconds(5)).sync();
    }
}
