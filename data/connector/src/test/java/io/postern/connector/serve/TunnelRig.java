package io.postern.connector.serve;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.postern.base.HostPort;
import io.postern.connector.Connector;
import io.postern.connector.ConnectorSettings;
import io.postern.connector.enroll.Enrollment;
import io.postern.connector.enroll.Identity;
import io.postern.connector.kerberos.KerberosSettings;
import io.postern.fixtures.DelayRelay;
import io.postern.fixtures.TestCertificates;
import io.postern.net.FrameStream;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.TlsContexts;
import io.postern.net.WindowBudget;
import io.postern.net.dial.ProxyChoice;
import io.postern.tunnel.BackendList;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.ConnectorStatus;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.accept.AcceptorSettings;
import io.postern.tunnel.accept.ConnectorIdentity;
import io.postern.tunnel.accept.TunnelAcceptor;
import io.postern.tunnel.accept.TunnelListener;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// A gateway's end and a whole connector, joined by real tunnels over loopback.
public final class TunnelRig implements AutoCloseable {
    private static final TestCertificates AUTHORITY = TestCertificates.authority("connectors");
    private static final TestCertificates.Issued SERVER = AUTHORITY.server("connect.localhost");
    private static final TestCertificates.Issued CLIENT = AUTHORITY.client("connector");

    private final Loops gatewayLoops;
    private final Loops connectorLoops;
    private final TunnelAcceptor acceptor;
    private final Connector connector;
    private final Map<String, BackendSettings> backends = new ConcurrentHashMap<>();
    private final AtomicLong revision = new AtomicLong();
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Optional<DelayRelay> longWay;
    private Channel listener;

    /// Of the gateway's end.
    public final WindowBudget budget = WindowBudget.ofProcess();

    public TunnelRig(ConnectorSettings settings, int lanes) throws Exception {
        this(settings, lanes, Duration.ZERO, calls -> List.of());
    }

    /// @param roundTrip of the tunnels; zero: straight to the gateway
    private TunnelRig(
            ConnectorSettings settings, int lanes, Duration roundTrip, Function<BackendCalls, List<SignOn>> signOns)
            throws Exception {
        gatewayLoops = Loops.open("gateway", lanes);
        connectorLoops = Loops.open("connector", settings.eventLoops());
        acceptor = new TunnelAcceptor(
                AcceptorSettings.of("node-1", "test"),
                gatewayLoops,
                budget,
                fingerprint -> fingerprint.equals(CLIENT.fingerprint())
                        ? Optional.of(new ConnectorIdentity("c-1", "g-1", true))
                        : Optional.empty(),
                "c-1"::equals,
                group -> BackendList.of(revision.get(), backends.values()),
                new Quiet());
        listener = listen(0);
        longWay = roundTrip.isZero()
                ? Optional.empty()
                : Optional.of(
                        DelayRelay.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), roundTrip));
        var names = new LocalNames();
        var identity = new Identity("c-1", "contoso", "Default", CLIENT.key(), CLIENT.chain(), AUTHORITY.authority());
        connector = new Connector(
                settings,
                List.of(new HostPort(
                        "connect.localhost", longWay.map(DelayRelay::port).orElse(port()))),
                identity,
                new Enrollment.Self("machine", "0", "os"),
                connectorLoops,
                names,
                () -> ConnectorStatus.Host.unknown(1),
                signOns,
                registry);
        connector.start();
        connector.ready().get(20, TimeUnit.SECONDS);
    }

    /// One lane and one loop, so that all exchanges share their backend connections.
    public static TunnelRig open() throws Exception {
        return open(ServeSettings.defaults());
    }

    public static TunnelRig open(ServeSettings serve) throws Exception {
        return new TunnelRig(settings(serve), 1);
    }

    /// A connector that signs users in by Kerberos.
    public static TunnelRig open(KerberosSettings kerberos) throws Exception {
        ConnectorSettings plain = settings(ServeSettings.defaults());
        return new TunnelRig(
                new ConnectorSettings(
                        plain.serve(),
                        plain.proxy(),
                        plain.tunnelsMin(),
                        plain.eventLoops(),
                        plain.backendTls(),
                        plain.directories(),
                        Optional.of(kerberos),
                        plain.metricsListen(),
                        plain.grace(),
                        plain.logs()),
                1);
    }

    public static TunnelRig open(Duration roundTrip) throws Exception {
        return new TunnelRig(settings(ServeSettings.defaults()), 1, roundTrip, calls -> List.of());
    }

    /// @param signOns ways to sign users in at backends
    public static TunnelRig open(Function<BackendCalls, List<SignOn>> signOns) throws Exception {
        return new TunnelRig(settings(ServeSettings.defaults()), 1, Duration.ZERO, signOns);
    }

    private static ConnectorSettings settings(ServeSettings serve) {
        return new ConnectorSettings(
                serve,
                ProxyChoice.none(),
                1,
                1,
                BackendCredentials.NONE,
                List.of(),
                Optional.empty(),
                new HostPort("127.0.0.1", 0),
                Duration.ZERO,
                ConnectorSettings.defaults().logs());
    }

    public Connector connector() {
        return connector;
    }

    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    public Collection<Tunnel> tunnels() {
        return acceptor.registry().all();
    }

    public TunnelAcceptor acceptor() {
        return acceptor;
    }

    /// Publishes a backend and waits until a tunnel serves it.
    public String publish(BackendSettings backend) throws InterruptedException {
        backends.put(backend.id(), backend);
        revision.incrementAndGet();
        acceptor.onBackendsChanged();
        await(() -> pick(backend.id()).isPresent());
        return backend.id();
    }

    public String publish(int port) throws InterruptedException {
        return publish(http("b" + port, "127.0.0.1", port));
    }

    public static BackendSettings http(String id, String host, int port) {
        return new BackendSettings(id, "http", host, port, true, Duration.ofSeconds(10), Duration.ofMinutes(1));
    }

    public TestStream open(Http2Headers head, boolean end) throws Exception {
        return open(new TestStream(), head, end);
    }

    public void open(TestStream stream, Http2Headers head) throws Exception {
        open(stream, head, true);
    }

    private TestStream open(TestStream stream, Http2Headers head, boolean end) throws Exception {
        CharSequence backend = head.get(TunnelProtocol.BACKEND);
        Tunnel tunnel = pick(String.valueOf(backend))
                .orElseGet(() -> tunnels().iterator().next());
        FrameStream opened = tunnel.openStream(stream).get(5, TimeUnit.SECONDS);
        stream.send(opened, head, end);
        return stream;
    }

    public TestStream get(String backend, String path) throws Exception {
        return open(request("GET", backend, path), true);
    }

    public static Http2Headers request(String method, String backend, String path) {
        return new DefaultHttp2Headers(false)
                .method(method)
                .scheme("http")
                .authority("wiki.corp")
                .path(path)
                .set(TunnelProtocol.BACKEND, backend)
                .set(TunnelProtocol.EXCHANGE, "0123456789abcdef0123456789abcdef");
    }

    public double metric(String name) {
        return registry.scrape().stream()
                .filter(m -> m.getMetadata().getPrometheusName().equals(name))
                .flatMap(m -> m.getDataPoints().stream())
                .mapToDouble(point -> switch (point) {
                    case io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot c ->
                        c.getValue();
                    case io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot g -> g.getValue();
                    default -> 0;
                })
                .sum();
    }

    /// Stops listening and cuts every tunnel, as a service that dies.
    public void cut() {
        listener.close().syncUninterruptibly();
        tunnels().forEach(tunnel -> tunnel.close(TunnelEnd.of(TunnelEnd.Cause.STOPPED)));
    }

    public void listenAgain(int port) {
        listener = listen(port);
    }

    private Channel listen(int port) {
        SslContext tls =
                TlsContexts.mutualServer(SERVER.key(), SERVER.chain(), AUTHORITY.authority(), TunnelProtocol.ALPN);
        return gatewayLoops
                .listener()
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        channel.pipeline().addLast(new io.netty.channel.ChannelInboundHandlerAdapter() {
                            @Override
                            public void userEventTriggered(io.netty.channel.ChannelHandlerContext ctx, Object event) {
                                if (event instanceof SslHandshakeCompletionEvent done) {
                                    if (done.isSuccess()) {
                                        acceptor.accept(ctx.channel());
                                    }
                                    ctx.pipeline().remove(this);
                                }
                            }

                            @Override
                            public void exceptionCaught(io.netty.channel.ChannelHandlerContext ctx, Throwable cause) {
                                ctx.close();
                            }
                        });
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .syncUninterruptibly()
                .channel();
    }

    private Optional<Tunnel> pick(String backend) {
        return acceptor.registry()
                .pick("g-1", backend, gatewayLoops.next(), List.of())
                .map(picked -> {
                    picked.onOver();
                    return picked.tunnel();
                });
    }

    public static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("the awaited condition did not come");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Override
    public void close() {
        connector.stop(Duration.ZERO).orTimeout(10, TimeUnit.SECONDS).join();
        listener.close().syncUninterruptibly();
        longWay.ifPresent(DelayRelay::close);
        connectorLoops.close(Duration.ofSeconds(2)).syncUninterruptibly();
        gatewayLoops.close(Duration.ofSeconds(2)).syncUninterruptibly();
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
