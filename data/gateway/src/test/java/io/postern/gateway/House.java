package io.postern.gateway;

import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.postern.base.HostPort;
import io.postern.domain.AppId;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.ExternalUrl;
import io.postern.domain.InternalUrl;
import io.postern.domain.OwnHost;
import io.postern.domain.PreAuthentication;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.event.AccessEvent;
import io.postern.domain.event.ConnectorEvent;
import io.postern.domain.event.EventSink;
import io.postern.domain.event.Traced;
import io.postern.domain.health.AppPath;
import io.postern.domain.publish.Publishing;
import io.postern.domain.publish.PublishingSettings;
import io.postern.domain.publish.SignOnSettings;
import io.postern.domain.snapshot.Backend;
import io.postern.domain.snapshot.ConnectorEntry;
import io.postern.domain.snapshot.EdgeCertificate;
import io.postern.domain.snapshot.OrderProofs;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.domain.snapshot.Revocations;
import io.postern.domain.snapshot.Snapshot;
import io.postern.domain.snapshot.SnapshotSource;
import io.postern.domain.snapshot.VerificationKey;
import io.postern.fixtures.TestCertificates;
import io.postern.gateway.edge.EdgeLimits;
import io.postern.gateway.intake.IntakeLimits;
import io.postern.gateway.probe.ProbeSettings;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.PinnedAuthority;
import io.postern.net.TlsContexts;
import io.postern.net.WindowBudget;
import io.postern.net.dial.Dialler;
import io.postern.net.dial.ProxyChoice;
import io.postern.token.KeyRing;
import io.postern.tunnel.HelloAnswer;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.dial.DialSettings;
import io.postern.tunnel.dial.DialledTunnel;
import io.postern.tunnel.dial.TunnelDialer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// A real gateway on loopback with a real tunnel to a scripted connector. One passthrough application at
/// `app.example.test`, published below `/app/`, inside below `/wiki/`.
public final class House implements AutoCloseable {
    public static final String APP_HOST = "app.example.test";
    static final ConnectorGroupId GROUP = new ConnectorGroupId("11111111-1111-1111-1111-111111111111");
    static final ConnectorId CONNECTOR = new ConnectorId("22222222-2222-2222-2222-222222222222");
    public static final TenantId TENANT = new TenantId("33333333-3333-3333-3333-333333333333");
    public static final AppId APP = new AppId("44444444-4444-4444-4444-444444444444");
    public static final AppPath PATH = new AppPath(CONNECTOR, APP);

    public final TestCertificates edgeAuthority = TestCertificates.authority("edge");
    final TestCertificates connectorAuthority = TestCertificates.authority("connectors");
    final TestCertificates.Issued connector = connectorAuthority.client("connector");
    final TestCertificates.Issued tunnelServer = connectorAuthority.server("localhost", "connect.example.test");
    final TestCertificates.Issued wildcard = edgeAuthority.server("*.example.test");
    final TestCertificates.Issued other = edgeAuthority.server("other.example.org");
    private final TestCertificates.Issued custom = edgeAuthority.server("*.custom.example");
    private final TestCertificates.Issued renewed = edgeAuthority.server("*.example.test");
    public final BlockingQueue<AccessEvent> events = new LinkedBlockingQueue<>();
    public final BlockingQueue<ConnectorEvent> connectorEvents = new LinkedBlockingQueue<>();
    final Snapshots snapshots = new Snapshots();
    public final Gateway gateway;
    public final InetSocketAddress address;
    private final Loops connectorLoops;
    public final KeyRing ring = KeyRing.generate();
    private final PrometheusRegistry metrics = new PrometheusRegistry();
    private final int streamsMax;
    final List<DialledTunnel> tunnels = new ArrayList<>();

    static final class Snapshots implements SnapshotSource {
        private final List<Consumer<Snapshot>> listeners = new ArrayList<>();
        private volatile Optional<Snapshot> current = Optional.empty();

        @Override
        public Snapshot current() {
            return current.orElseThrow();
        }

        @Override
        public void onChange(Consumer<Snapshot> listener) {
            listeners.add(listener);
            listener.accept(current());
        }

        void publish(Snapshot next) {
            current = Optional.of(next);
            listeners.forEach(l -> l.accept(next));
        }
    }

    private static final class Events implements EventSink {
        private final BlockingQueue<AccessEvent> queue;
        private final BlockingQueue<ConnectorEvent> connectors;

        Events(BlockingQueue<AccessEvent> queue, BlockingQueue<ConnectorEvent> connectors) {
            this.queue = queue;
            this.connectors = connectors;
        }

        @Override
        public void access(AccessEvent event) {
            queue.add(event);
        }

        @Override
        public void connector(ConnectorEvent event) {
            connectors.add(event);
        }

        @Override
        public void traced(Traced exchange) {
            throw new AssertionError("nobody is traced here: " + exchange);
        }
    }

    public static House open(Supplier<ScriptedBackend> backend) {
        return new House(backend, UnaryOperator.identity(), Map.of(), 1);
    }

    /// @param backend handler of each exchange at the connector's end; null: no connector comes
    /// @param tunnelCount tunnels to dial
    public House(
            Supplier<ScriptedBackend> backend,
            UnaryOperator<GatewayConfig> configure,
            Map<OwnHost, SocketAddress> doors,
            int tunnelCount) {
        this(backend, configure, doors, tunnelCount, 2, TunnelProtocol.STREAMS_MAX);
    }

    /// @param streamsMax of each tunnel
    public House(
            Supplier<ScriptedBackend> backend,
            UnaryOperator<GatewayConfig> configure,
            Map<OwnHost, SocketAddress> doors,
            int tunnelCount,
            int loops,
            int streamsMax) {
        this.streamsMax = streamsMax;
        snapshots.current = Optional.of(snapshot(1, List.of(application(PreAuthentication.PASSTHROUGH))));
        var config = new GatewayConfig(
                new HostPort("127.0.0.1", 0),
                443,
                List.of(),
                false,
                loops,
                EdgeLimits.DEFAULTS,
                IntakeLimits.DEFAULTS,
                ProbeSettings.ON_DEMAND,
                "node",
                "test");
        gateway = new Gateway(
                configure.apply(config),
                snapshots,
                new Events(events, connectorEvents),
                ring,
                doors,
                metrics,
                InstantSource.system());
        address = gateway.start();
        connectorLoops = Loops.open("connector", 1);
        for (int i = 0; i < tunnelCount; i++) {
            dial(backend);
        }
        if (tunnelCount > 0) {
            await(() -> gateway.isRouted(APP));
        }
    }

    private void dial(Supplier<ScriptedBackend> backend) {
        join(Optional.empty(), backend);
    }

    /// One more tunnel, of a process of the connector that has this name.
    public DialledTunnel join(String process, Supplier<ScriptedBackend> backend) {
        DialledTunnel tunnel = join(Optional.of(process), backend);
        await(() -> gateway.isRouted(APP));
        return tunnel;
    }

    private DialledTunnel join(Optional<String> process, Supplier<ScriptedBackend> backend) {
        SslContext tls = TlsContexts.mutualClient(
                connector.key(),
                connector.chain(),
                PinnedAuthority.of(connectorAuthority.authority()),
                TunnelProtocol.ALPN);
        var dialer = new TunnelDialer(
                new DialSettings(DialSettings.DEFAULT.helloTimeout(), streamsMax),
                new Dialler(connectorLoops, new LocalNames(), ProxyChoice.none()),
                WindowBudget.ofProcess(),
                () -> new HelloAnswer(1, "test", "machine", "os", Instant.EPOCH, process, false),
                (tunnel, stream) -> backend.get().on(tunnel, stream));
        EventLoop loop = connectorLoops.next();
        var dialled = dialer.dial(loop, new HostPort("localhost", address.getPort()), tls);
        DialledTunnel tunnel = dialled.awaitUninterruptibly().getNow();
        if (tunnel == null) {
            throw new AssertionError("no tunnel", dialled.cause());
        }
        tunnel.ready().awaitUninterruptibly();
        tunnels.add(tunnel);
        return tunnel;
    }

    static PublishedApplication application(PreAuthentication preAuthentication) {
        var publishing = Publishing.of(
                ExternalUrl.parse("https://" + APP_HOST + "/app/"),
                InternalUrl.parse("http://inside.corp:8080/wiki/"),
                preAuthentication);
        return of(publishing);
    }

    /// The application of [#APP], published so.
    static PublishedApplication of(Publishing publishing) {
        return new PublishedApplication(
                TENANT,
                APP,
                "wiki",
                publishing.externalUrl(),
                Optional.of(publishing),
                new Upstream.ConnectorGroup(GROUP, Backend.of(publishing)),
                publishing.preAuthentication(),
                true,
                Set.of(),
                true);
    }

    Snapshot snapshot(long version, List<PublishedApplication> applications) {
        return new Snapshot(
                version,
                "example.test",
                Map.of(TENANT, "contoso"),
                applications,
                List.of(
                        new EdgeCertificate(List.of("*.example.test"), wildcard.chain(), wildcard.key()),
                        new EdgeCertificate(List.of("other.example.org"), other.chain(), other.key()),
                        new EdgeCertificate(List.of("*.custom.example"), custom.chain(), custom.key())),
                new EdgeCertificate(List.of("connect.example.test"), tunnelServer.chain(), tunnelServer.key()),
                connectorAuthority.authority(),
                Map.of(
                        connector.fingerprint(),
                        new ConnectorEntry(TENANT, CONNECTOR, GROUP, connector.fingerprint(), true)),
                List.of(),
                Revocations.NONE);
    }

    public X509Certificate otherCertificate() {
        return other.leaf();
    }

    public X509Certificate defaultCertificate() {
        return wildcard.leaf();
    }

    public X509Certificate renewedCertificate() {
        return renewed.leaf();
    }

    public void renewCertificate() {
        Snapshot now = snapshots.current();
        snapshots.publish(new Snapshot(
                now.version() + 1,
                now.baseDomain(),
                now.tenantNames(),
                now.applications(),
                List.of(new EdgeCertificate(List.of("*.example.test"), renewed.chain(), renewed.key())),
                now.tunnelCertificate(),
                now.connectorAuthority(),
                now.connectors(),
                now.verificationKeys(),
                now.revocations()));
    }

    /// These instead of the certificates that it had, and these answers to ACME servers.
    void present(List<EdgeCertificate> certificates, OrderProofs proofs) {
        Snapshot now = snapshots.current();
        snapshots.publish(new Snapshot(
                now.version() + 1,
                now.baseDomain(),
                now.tenantNames(),
                now.applications(),
                certificates.isEmpty() ? now.certificates() : certificates,
                now.tunnelCertificate(),
                now.connectorAuthority(),
                now.connectors(),
                now.verificationKeys(),
                now.revocations(),
                now.tenantSettings(),
                proofs,
                now.traces()));
    }

    /// The one application as it is now, with other settings.
    public void settings(UnaryOperator<PublishingSettings> change) {
        Publishing plain =
                application(PreAuthentication.PASSTHROUGH).publishing().orElseThrow();
        publish(of(plain.with(change.apply(plain.settings()))));
    }

    public void maintain() {
        settings(s -> s.maintained(true));
    }

    /// The one application as it is, for assigned users who signed in at Postern.
    public PublishedApplication guard(Set<UserId> assigned, Revocations revocations) {
        return guard(assigned, revocations, SignOnSettings.DEFAULT);
    }

    /// @param signOn how they are signed in at the backend
    public PublishedApplication guard(Set<UserId> assigned, Revocations revocations, SignOnSettings signOn) {
        Publishing open = application(PreAuthentication.POSTERN).publishing().orElseThrow();
        PublishedApplication plain = of(open.with(open.settings().with(signOn)));
        var guarded = new PublishedApplication(
                plain.tenant(),
                plain.appId(),
                plain.displayName(),
                plain.externalUrl(),
                plain.publishing(),
                plain.upstream(),
                plain.preAuthentication(),
                true,
                assigned,
                true);
        Snapshot next = snapshot(snapshots.current().version() + 1, List.of(guarded));
        snapshots.publish(new Snapshot(
                next.version(),
                next.baseDomain(),
                next.tenantNames(),
                next.applications(),
                next.certificates(),
                next.tunnelCertificate(),
                next.connectorAuthority(),
                next.connectors(),
                next.verificationKeys(),
                revocations));
        return guarded;
    }

    /// The identity provider's keys from now on.
    public void trust(List<VerificationKey> keys) {
        Snapshot now = snapshots.current();
        snapshots.publish(new Snapshot(
                now.version() + 1,
                now.baseDomain(),
                now.tenantNames(),
                now.applications(),
                now.certificates(),
                now.tunnelCertificate(),
                now.connectorAuthority(),
                now.connectors(),
                keys,
                now.revocations()));
    }

    public void publish(PublishedApplication application) {
        snapshots.publish(snapshot(snapshots.current().version() + 1, List.of(application)));
    }

    /// A world in which this is published, passthrough, and the tunnels know of it.
    public void publish(Publishing... publications) {
        List<PublishedApplication> applications = Arrays.stream(publications)
                .map(p -> new PublishedApplication(
                        TENANT,
                        AppId.random(),
                        "app",
                        p.externalUrl(),
                        Optional.of(p),
                        new Upstream.ConnectorGroup(GROUP, Backend.of(p)),
                        p.preAuthentication(),
                        true,
                        Set.of(),
                        true))
                .toList();
        snapshots.publish(snapshot(snapshots.current().version() + 1, applications));
        await(() -> applications.stream().allMatch(a -> gateway.isRouted(a.appId())));
    }

    /// On a host for which there is a certificate: `example.test`, and `custom.example`.
    public RawClient client(String host) {
        return RawClient.http1(address, host, edgeAuthority.authority());
    }

    /// A world in which nothing is published any more.
    public void unpublish() {
        snapshots.publish(snapshot(snapshots.current().version() + 1, List.of()));
    }

    /// Every connector goes without a word.
    public void loseTunnels() {
        tunnels.forEach(t -> t.close(TunnelEnd.of(TunnelEnd.Cause.LOST)));
    }

    /// Value of a metric, of those with this label value where one is given.
    public double metric(String name, String... label) {
        return metrics.scrape().stream()
                .filter(m -> m.getMetadata().getPrometheusName().equals(name))
                .flatMap(m -> m.getDataPoints().stream())
                .filter(p -> label.length == 0
                        || p.getLabels().stream().anyMatch(l -> l.getValue().equals(label[0])))
                .mapToDouble(point -> switch (point) {
                    case CounterSnapshot.CounterDataPointSnapshot c -> c.getValue();
                    case GaugeSnapshot.GaugeDataPointSnapshot g -> g.getValue();
                    default -> 0;
                })
                .sum();
    }

    public RawClient client() {
        return RawClient.http1(address, APP_HOST, edgeAuthority.authority());
    }

    /// The event of the next exchange that ends.
    public AccessEvent event() {
        try {
            AccessEvent event = events.poll(10, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no exchange ended within 10 s");
            }
            return event;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public static void await(java.util.function.BooleanSupplier condition) {
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("did not become true within 10 s");
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() {
        gateway.stop(Duration.ZERO).orTimeout(10, TimeUnit.SECONDS).join();
        connectorLoops.close(Duration.ofSeconds(1)).awaitUninterruptibly();
    }
}
