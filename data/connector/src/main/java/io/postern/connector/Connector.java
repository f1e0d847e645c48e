package io.postern.connector;

import io.netty.handler.ssl.SslContext;
import io.postern.base.HostPort;
import io.postern.connector.enroll.Enrollment;
import io.postern.connector.enroll.Identity;
import io.postern.connector.kerberos.KerberosMetrics;
import io.postern.connector.kerberos.KerberosSignOn;
import io.postern.connector.link.Link;
import io.postern.connector.link.LinkStatus;
import io.postern.connector.serve.BackendCalls;
import io.postern.connector.serve.BackendContexts;
import io.postern.connector.serve.ServeMetrics;
import io.postern.connector.serve.Serving;
import io.postern.connector.serve.SignOn;
import io.postern.connector.serve.SignOns;
import io.postern.net.DirectMemory;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.PinnedAuthority;
import io.postern.net.TlsContexts;
import io.postern.net.WindowBudget;
import io.postern.net.dial.Dialler;
import io.postern.tunnel.ConnectorStatus;
import io.postern.tunnel.HelloAnswer;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.dial.DialSettings;
import io.postern.tunnel.dial.Self;
import io.postern.tunnel.dial.TunnelDialer;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// One connector, wired: tunnels to the service, and what serves their streams. Starts no thread of its
/// own; everything runs on the loops that it is given. Any thread may call it.
public final class Connector {
    /// Only the service's own probes run in the tunnels of a trial.
    private static final Duration TRIAL_GRACE = Duration.ofSeconds(10);

    /// By so much a stop may outlast its grace period.
    public static final Duration FAREWELL = Serving.FAREWELL.plusMillis(250);

    private final Serving serving;
    private final Loops loops;
    private final Link link;
    private final Optional<KerberosSignOn> kerberos;
    private volatile Optional<String> process = Optional.empty();
    private volatile boolean trial;

    /// @param services names of the service; tunnels are kept to every node behind them
    /// @param host how the machine is; asked on loops, must not block
    public Connector(
            ConnectorSettings settings,
            List<HostPort> services,
            Identity identity,
            Enrollment.Self self,
            Loops loops,
            LocalNames names,
            Supplier<ConnectorStatus.Host> host,
            PrometheusRegistry registry) {
        this(settings, services, identity, self, loops, names, host, calls -> List.of(), registry);
    }

    /// @param signOns ways to sign users in at backends; what they ask of backends themselves goes the way that
    ///     exchanges go
    public Connector(
            ConnectorSettings settings,
            List<HostPort> services,
            Identity identity,
            Enrollment.Self self,
            Loops loops,
            LocalNames names,
            Supplier<ConnectorStatus.Host> host,
            Function<BackendCalls, List<SignOn>> signOns,
            PrometheusRegistry registry) {
        this.loops = loops;
        WindowBudget budget = WindowBudget.ofProcess();
        var metrics = new ServeMetrics(registry);
        kerberos = settings.kerberos().map(one -> KerberosSignOn.start(one, new KerberosMetrics(registry)));
        var contexts = new BackendContexts(settings.backendTls());
        var calls = new BackendCalls(settings.serve(), loops, names, contexts, metrics);
        serving = new Serving(
                settings.serve(),
                loops,
                names,
                contexts,
                SignOns.of(Stream.concat(kerberos.stream().map(SignOn.class::cast), signOns.apply(calls).stream())
                        .toList()),
                metrics,
                budget);
        Instant startedAt = Instant.now();
        var dialer = new TunnelDialer(
                DialSettings.DEFAULT,
                new Dialler(loops, names, settings.proxy()),
                budget,
                new Self() {
                    @Override
                    public HelloAnswer hello() {
                        return new HelloAnswer(
                                TunnelProtocol.VERSION,
                                self.version(),
                                self.machineName(),
                                self.os(),
                                startedAt,
                                process,
                                trial);
                    }

                    @Override
                    public ConnectorStatus status() {
                        return new ConnectorStatus(Instant.now(), host.get(), metrics.work());
                    }
                },
                serving);
        link = new Link(loops, dialer, services, tls(identity), settings.tunnelsMin(), new SecureRandom());
        count(registry, budget);
    }

    /// Run by an updater, perhaps beside another process of this connector. Call before [#start()].
    ///
    /// @param name told to the service, so that it can find this process's tunnels
    /// @param onTrial serve nobody yet: the service proves this process first
    public void beOneOfSeveral(String name, boolean onTrial) {
        process = Optional.of(name);
        trial = onTrial;
    }

    public void start() {
        link.start();
    }

    /// The trial is over.
    ///
    /// @return done when tunnels are up through which the service sends clients' exchanges
    public CompletableFuture<LinkStatus> serve() {
        trial = false;
        return link.redial(TRIAL_GRACE);
    }

    /// Goes over to a renewed identity, without losing an exchange.
    ///
    /// @return done when the service has taken it; fails when it does not know it: then the old one stays
    public CompletableFuture<Void> become(Identity identity) {
        return link.become(tls(identity));
    }

    private static SslContext tls(Identity identity) {
        return TlsContexts.mutualClient(
                identity.key(), identity.certificates(), PinnedAuthority.of(identity.authority()), TunnelProtocol.ALPN);
    }

    /// Done when the tunnels are up and know their backends.
    public CompletableFuture<LinkStatus> ready() {
        return link.ready();
    }

    public LinkStatus status() {
        return link.status();
    }

    /// Takes no more exchanges and lets the open ones end. After `grace` WebSockets and streams of events are
    /// ended, and [#FAREWELL] later whatever is left is cut.
    public CompletableFuture<Void> stop(Duration grace) {
        loops.next().schedule(serving::sayFarewell, grace.toMillis(), TimeUnit.MILLISECONDS);
        return link.stop(grace.plus(FAREWELL)).whenComplete((done, fault) -> {
            serving.close();
            kerberos.ifPresent(KerberosSignOn::close);
        });
    }

    private void count(PrometheusRegistry registry, WindowBudget budget) {
        GaugeWithCallback.builder()
                .name("connector_tunnels")
                .help("Tunnels that are ready for exchanges")
                .callback(callback -> callback.call(link.status().tunnels()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("connector_backends")
                .help("Backends published to this connector")
                .callback(callback -> callback.call(link.status().backends()))
                .register(registry);
        DirectMemory memory = budget.memory();
        GaugeWithCallback.builder()
                .name("connector_window_promised_bytes")
                .help("Bytes beyond their start windows that streams have been promised")
                .unit(Unit.BYTES)
                .callback(callback -> callback.call((double) budget.bytesUsed()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("connector_window_budget_bytes")
                .help("Bytes that may be promised to all streams together")
                .unit(Unit.BYTES)
                .callback(callback -> callback.call((double) budget.bytesMax()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("connector_direct_memory_used_bytes")
                .help("Memory that the buffers of all connections take")
                .unit(Unit.BYTES)
                .callback(callback -> callback.call((double) memory.bytesUsed()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("connector_direct_memory_pressure")
                .help("0 easy, 1 tight: small windows, 2 full: stalled streams are ended, 3 exhausted: nothing new")
                .callback(callback -> callback.call(memory.pressure().level()))
                .register(registry);
        CounterWithCallback.builder()
                .name("connector_stalled_streams_ended_total")
                .help("Streams ended because their backend took nothing while memory was short")
                .callback(callback -> callback.call((double) memory.streamsEnded()))
                .register(registry);
    }
}
