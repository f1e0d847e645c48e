package io.postern.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FutureListener;
import io.postern.domain.AppId;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.OwnHost;
import io.postern.domain.event.AccessEvent;
import io.postern.domain.event.Cause;
import io.postern.domain.event.EventSink;
import io.postern.domain.health.PathProber;
import io.postern.domain.links.LinkRecorder;
import io.postern.domain.policy.AccessPolicy;
import io.postern.domain.policy.Decision;
import io.postern.domain.policy.Subject;
import io.postern.domain.snapshot.Backend;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.PublishedApplication.Upstream;
import io.postern.domain.snapshot.Snapshot;
import io.postern.domain.snapshot.SnapshotSource;
import io.postern.domain.snapshot.Trace;
import io.postern.domain.update.Prover;
import io.postern.gateway.admit.Admission;
import io.postern.gateway.admit.Admission.Admitted;
import io.postern.gateway.admit.Admission.Answered;
import io.postern.gateway.admit.Admission.Form;
import io.postern.gateway.admit.Admission.Later;
import io.postern.gateway.admit.Admitter;
import io.postern.gateway.edge.Listener;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.Connection;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.Exchanges;
import io.postern.gateway.exchange.OpenExchanges;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.forward.Forwarder;
import io.postern.gateway.forward.LinkBook;
import io.postern.gateway.intake.Intake;
import io.postern.gateway.intake.Refusal;
import io.postern.gateway.intake.WholeBodies;
import io.postern.gateway.page.ErrorPages;
import io.postern.gateway.probe.Prober;
import io.postern.gateway.probe.Reports;
import io.postern.gateway.prove.ProcessProver;
import io.postern.gateway.route.Router;
import io.postern.gateway.signon.SignOnDesk;
import io.postern.gateway.trace.Tracer;
import io.postern.gateway.upstream.DoorCalls;
import io.postern.gateway.upstream.Doors;
import io.postern.net.Loops;
import io.postern.net.WindowBudget;
import io.postern.token.KeyRing;
import io.postern.tunnel.BackendList;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.accept.AcceptorSettings;
import io.postern.tunnel.accept.ConnectorIdentity;
import io.postern.tunnel.accept.TunnelAcceptor;
import io.postern.tunnel.accept.TunnelRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public side: listens, and takes every request through the stages in the order of the picture in
/// ARCHITECTURE.md. No stage calls the next; [#flow] does.
///
/// [#start()] and [#stop(Duration)] once each, from any thread that may wait.
///
/// Longer than most files: it is the one place that knows every stage, and only joins them.
public final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration LATENESS_MAX = Duration.ofMillis(500); // of the end of what outlives its session

    private final GatewayConfig config;
    private final SnapshotSource snapshots;
    private final EventSink events;
    private final InstantSource clock;
    private final PrometheusRegistry registry;
    private final GatewayMetrics metrics;
    private final Loops loops;
    private final TunnelAcceptor tunnels;
    private final Listener listener;
    private final OpenExchanges open;
    private final Intake intake;
    private final WholeBodies bodies = new WholeBodies();
    private final ErrorPages pages = new ErrorPages();
    private final WindowBudget budget;
    private final Admitter admitter;
    private final SignOnDesk signOn;
    private final LinkBook links;
    private final Forwarder forwarder;
    private final Tracer tracer;
    private final Prober prober;
    private final Reports reports;

    private volatile Pinned pinned;
    private volatile int publicPort;
    private Optional<Channel> listening = Optional.empty();
    private Optional<Channel> listeningPlain = Optional.empty();

    /// @param doors addresses of the control plane's doors, Unix domain sockets
    public Gateway(
            GatewayConfig config,
            SnapshotSource snapshots,
            EventSink events,
            KeyRing ring,
            Map<OwnHost, SocketAddress> doors,
            PrometheusRegistry registry,
            InstantSource clock) {
        this.config = config;
        this.snapshots = snapshots;
        this.events = events;
        this.clock = clock;
        this.registry = registry;
        this.metrics = new GatewayMetrics(registry);
        this.pinned = Pinned.of(snapshots.current(), config.publicPort(), Optional.empty());
        this.publicPort = config.publicPort();
        this.loops = Loops.open("gateway", config.loops());
        this.open = new OpenExchanges(loops);
        this.budget = WindowBudget.ofProcess();
        this.intake = new Intake(config.intake(), loops, budget.memory());
        var tunnelEvents = new TunnelEvents(events, metrics, clock, this::registry, this::onConnectorsChanged);
        this.tunnels = new TunnelAcceptor(
                AcceptorSettings.of(config.node(), config.serviceVersion()),
                loops,
                budget,
                this::identity,
                this::isKnown,
                group -> pinned.backends().getOrDefault(group, BackendList.EMPTY),
                tunnelEvents);
        var ways = new Doors(loops, doors);
        var calls = new DoorCalls(ways);
        this.admitter = new Admitter(ring, calls, pages);
        this.signOn = new SignOnDesk(ring, calls);
        this.links = new LinkBook(clock, metrics::onUntranslated);
        this.forwarder = new Forwarder(tunnels.registry(), ways, pages, links);
        this.tracer = new Tracer(events);
        EventLoop home = loops.all().getFirst();
        this.prober = new Prober(
                config.probes(),
                home,
                tunnels.registry(),
                () -> pinned.applications(),
                () -> publicPort,
                events,
                clock);
        this.reports = new Reports(config.probes(), home, tunnels.registry(), events, clock);
        this.listener = new Listener(
                loops,
                new Listener.Settings(config.proxyProtocol(), config.trustedProxies(), config.limits()),
                budget,
                () -> pinned.certificates(),
                new Arrivals(),
                tunnels::accept,
                tunnelEvents::onUntrusted,
                metrics::onConnectionRefused);
        gauges();
    }

    private void onConnectorsChanged() {
        prober.onChange();
    }

    private TunnelRegistry registry() {
        return tunnels.registry();
    }

    private Optional<ConnectorIdentity> identity(String fingerprint) {
        return pinned.snapshot()
                .connector(fingerprint)
                .map(c -> new ConnectorIdentity(c.id().value(), c.group().value(), c.enabled()));
    }

    private boolean isKnown(String connectorId) {
        return pinned.snapshot().connectors().values().stream()
                .anyMatch(c -> c.enabled() && c.id().value().equals(connectorId));
    }

    private void gauges() {
        GatewayMetrics.memory(registry, budget);
        GatewayMetrics.gauge(registry, "edge_connections", "Open connections of clients", listener::openConnections);
        GatewayMetrics.gauge(registry, "exchanges_open", "Exchanges on their way", open::count);
        GatewayMetrics.gauge(registry, "exchanges_waiting", "Exchanges whose answer has not begun", intake::waiting);
        GatewayMetrics.gauge(
                registry,
                "exchange_held_bytes",
                "Bytes of requests that are read whole before they are decided on",
                bodies::held);
        GatewayMetrics.gauge(
                registry,
                "event_loop_late_seconds",
                "How late the latest event loop ran a timer, looked at ten times a second",
                intake::lateSeconds);
        GatewayMetrics.gauge(
                registry,
                "tunnels_open",
                "Tunnels that are up",
                () -> registry().all().size());
        GatewayMetrics.gauge(
                registry,
                "tunnel_exchanges_waiting",
                "Exchanges that wait for a connector to begin its answer",
                () -> registry().waiting());
        GatewayMetrics.gauge(
                registry,
                "tunnel_open_streams",
                "Streams open in all tunnels",
                () -> registry().all().stream().mapToInt(Tunnel::openStreams).sum());
    }

    // ---- the flow of one request

    private void flow(Exchange exchange, Pinned picture) {
        exchange.onRouted(
                allowed(route(exchange, picture.router(), exchange.connection()::covers), exchange.connection()));
        if (exchange.connection().plain()) {
            Optional<Answer> plain = PlainPort.answer(exchange, picture.snapshot());
            if (plain.isPresent()) {
                exchange.answer(plain.get());
                return;
            }
        }
        Optional<Refusal> refusal = intake.take(exchange);
        if (refusal.isPresent()) {
            metrics.onRefused(refusal.get());
            exchange.answer(pages.page(Cause.OVERLOADED, exchange.head(), exchange.facts()));
            return;
        }
        decided(
                exchange,
                admitter.admit(exchange.head(), exchange.route(), exchange.facts(), exchange.loop()),
                picture);
    }

    private void decided(Exchange exchange, Admission admission, Pinned picture) {
        if (!(admission instanceof Form)) { // its subject is known later
            trace(exchange, admission, picture);
        }
        switch (admission) {
            case Form form ->
                bodies.read(
                        exchange,
                        form.bytesMax(),
                        body -> onForm(exchange, form.then().apply(body), picture),
                        cause -> exchange.answer(pages.page(cause, exchange.head(), exchange.facts())));
            case Admitted admitted -> {
                exchange.onAdmitted(admitted.subject());
                Optional<Cause> throttled = exchange.route() instanceof Route.Published published
                        ? picture.throttles().refuses(exchange, published.application())
                        : Optional.empty();
                if (throttled.isPresent()) {
                    exchange.answer(pages.page(throttled.get(), exchange.head(), exchange.facts()));
                    return;
                }
                signOn(exchange, admitted, picture);
            }
            case Answered answered -> {
                exchange.onRefused(answered.subject());
                exchange.answer(answered.answer());
            }
            case Later later ->
                later.answer().addListener((FutureListener<Answer>) made -> exchange.answer(made.getNow()));
        }
    }

    private void onForm(Exchange exchange, Form.Read read, Pinned picture) {
        switch (read) {
            case Form.Told told -> exchange.answer(told.answer());
            case Form.Resumed resumed -> {
                exchange.become(resumed.head(), resumed.body());
                decided(exchange, resumed.admission(), picture);
            }
        }
    }

    private void signOn(Exchange exchange, Admitted admitted, Pinned picture) {
        switch (signOn.find(admitted, exchange.facts(), exchange.loop())) {
            case SignOnDesk.Finding.Now now -> forward(exchange, admitted, picture, now.outcome());
            case SignOnDesk.Finding.Later later ->
                later.outcome().addListener((FutureListener<SignOnDesk.Outcome>) found -> {
                    if (!exchange.isAnswering()) { // it may have been cut, or its client gone, meanwhile
                        forward(exchange, admitted, picture, found.getNow());
                    }
                });
        }
    }

    private void forward(Exchange exchange, Admitted admitted, Pinned picture, SignOnDesk.Outcome signedOn) {
        switch (signedOn) {
            case SignOnDesk.Outcome.Known known ->
                forwarder.forward(exchange, admitted, picture.translations(), known.fields());
            case SignOnDesk.Outcome.Refused refused ->
                exchange.answer(pages.page(refused.cause(), exchange.head(), exchange.facts()));
        }
    }

    private static Route route(Exchange exchange, Router router, Predicate<String> covered) {
        RequestHead head = exchange.head();
        return exchange.connection().plain()
                ? PlainPort.route(router, head)
                : router.route(head.authority(), head.target(), covered);
    }

    private void trace(Exchange exchange, Admission admission, Pinned picture) {
        List<Trace> traces = picture.snapshot().traces();
        if (!traces.isEmpty()) {
            tracer.look(exchange, traces, admission.subject());
        }
    }

    /// A connector that enrols reaches one door, and nobody's applications.
    private static Route allowed(Route route, Connection connection) {
        boolean connect = route instanceof Route.Own own && own.host() == OwnHost.CONNECT;
        return !connection.enrolling() || connect ? route : new Route.Nowhere();
    }

    private final class Arrivals implements Exchanges, Exchange.Observer {
        @Override
        public Exchange open(ChannelHandlerContext client, Connection connection, RequestHead head) {
            Pinned picture = pinned;
            Exchange exchange = exchange(client, connection, head, picture);
            flow(exchange, picture);
            return exchange;
        }

        @Override
        public Exchange refuse(
                ChannelHandlerContext client, Connection connection, RequestHead head, Cause cause, String why) {
            Exchange exchange = exchange(client, connection, head, pinned);
            LOG.debug("request refused: exchange={} reason={}", exchange.facts().exchangeId(), why);
            exchange.onRouted(new Route.Refused(why));
            exchange.answer(pages.page(cause, head, exchange.facts()));
            return exchange;
        }

        private Exchange exchange(
                ChannelHandlerContext client, Connection connection, RequestHead head, Pinned picture) {
            var facts = new ClientFacts(
                    ClientAddress.of(connection, head.fields()),
                    exchangeId(),
                    clock.instant(),
                    picture.snapshot(),
                    picture.verifier(),
                    publicPort);
            var exchange = new Exchange(client, connection, head, facts, this);
            open.entered(exchange);
            return exchange;
        }

        @Override
        public void onAnswering(Exchange exchange) {
            intake.left(exchange);
            tracer.onAnswering(exchange);
        }

        @Override
        public void onDone(Exchange exchange) {
            Gateway.this.onDone(exchange);
        }
    }

    private static String exchangeId() {
        var random = ThreadLocalRandom.current(); // names a request, guards nothing
        var hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }

    private void onDone(Exchange exchange) {
        open.left(exchange);
        metrics.onDone(exchange);
        tracer.onDone(exchange);
        String target = exchange.head().target();
        int query = target.indexOf('?');
        Optional<AppId> application = exchange.route() instanceof Route.Published published
                ? Optional.of(published.application().appId())
                : Optional.empty();
        events.access(new AccessEvent(
                exchange.facts().now(),
                exchange.facts().exchangeId(),
                exchange.facts().address(),
                exchange.head().method(),
                exchange.head().authority(),
                query < 0 ? target : target.substring(0, query),
                application,
                exchange.subject().map(Subject::user),
                exchange.connector(),
                exchange.outcome(),
                exchange.status(),
                exchange.cause(),
                exchange.requestBytes(),
                exchange.responseBytes(),
                exchange.stages()));
    }

    // ---- the picture of the world

    private void onSnapshot(Snapshot snapshot) {
        try {
            pinned = Pinned.of(snapshot, publicPort, Optional.of(pinned));
        } catch (RuntimeException e) {
            LOG.error("snapshot {} is not usable, the one before stays in force", snapshot.version(), e);
            return;
        }
        tunnels.revalidate();
        tunnels.onBackendsChanged();
        prober.onChange();
        open.recheck(this::whyNotGoOn);
    }

    /// Policy again, for an exchange that was admitted under an older snapshot. That the proof it came with has
    /// expired is no reason, as long as the session goes on: a new one would be had without a question.
    private Optional<Cause> whyNotGoOn(Exchange exchange) {
        // elsewhere nobody is signed in, or nothing is forwarded
        if (!(exchange.route() instanceof Route.Published published)) {
            return Optional.empty();
        }
        Pinned now = pinned;
        if (!(route(exchange, now.router(), host -> true) instanceof Route.Published still)
                || (exchange.connection().plain() && !PlainPort.mayStayPlain(still))
                || !still.application().appId().equals(published.application().appId())
                || still.application().inMaintenance()) {
            return Optional.of(Cause.REVOKED);
        }
        Decision decision = AccessPolicy.decide(
                still.application(),
                exchange.subject().map(Subject::ofSession),
                now.snapshot().revocations(),
                clock.instant());
        return switch (decision) {
            case Decision.Permit permit -> Optional.empty();
            case Decision.Challenge challenge -> Optional.of(ended(challenge.reason()));
            case Decision.Deny deny -> Optional.of(ended(deny.reason()));
        };
    }

    private static Cause ended(Decision.Reason reason) {
        return switch (reason) {
            case EXPIRED -> Cause.SESSION_EXPIRED;
            case NOT_ASSIGNED -> Cause.NOT_ASSIGNED;
            case NO_SESSION, REVOKED, WRONG_TENANT, APPLICATION_DISABLED -> Cause.REVOKED;
        };
    }

    /// Nothing changes when time passes, so open streams are looked at for that alone.
    private Optional<Cause> whyTooLate(Exchange exchange) {
        boolean late = exchange.subject().isPresent()
                && exchange.route() instanceof Route.Published
                && !clock.instant()
                        .isBefore(exchange.subject().get().ofSession().expires());
        return late ? Optional.of(Cause.SESSION_EXPIRED) : Optional.empty();
    }

    /// Tunnels of the application's group have acknowledged its backends. Local applications always are.
    public boolean isRouted(AppId appId) {
        PublishedApplication application = pinned.applications().get(appId);
        return application != null && isRouted(application);
    }

    /// Applications for which [#isRouted(AppId)] holds.
    public Set<AppId> routed() {
        return pinned.applications().values().stream()
                .filter(this::isRouted)
                .map(PublishedApplication::appId)
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean isRouted(PublishedApplication application) {
        return switch (application.upstream()) {
            case Upstream.Local local -> true;
            case Upstream.ConnectorGroup group ->
                application.places().stream()
                        .flatMap(place -> place.inside().stream())
                        .allMatch(inside -> isServed(group.group(), inside.backend()));
        };
    }

    private boolean isServed(ConnectorGroupId group, Backend backend) {
        return registry().all().stream()
                .anyMatch(t -> t.group().equals(group.value()) && t.isOpen() && t.serves(backend.id()));
    }

    /// Proves new processes of connectors through their tunnels.
    public Prover prover() {
        return new ProcessProver(registry(), () -> pinned.applications().values());
    }

    /// Some connector of the group has a tunnel up.
    public boolean isConnected(ConnectorGroupId group) {
        return registry().isConnected(group.value());
    }

    // ---- start and stop

    /// Binds; answers the address in force.
    ///
    /// @throws IllegalStateException naming the address when it cannot be bound
    public InetSocketAddress start() {
        var address =
                new InetSocketAddress(config.listen().host(), config.listen().port());
        ChannelFuture bound = listener.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.close(Duration.ZERO);
            throw new IllegalStateException(
                    "cannot listen on " + config.listen() + " (" + bound.cause().getMessage()
                            + "); stop what uses it or choose another address",
                    bound.cause());
        }
        listening = Optional.of(bound.channel());
        config.httpListen().ifPresent(this::startPlain);
        var local = (InetSocketAddress) bound.channel().localAddress();
        if (config.publicPort() == 0) {
            publicPort = local.getPort();
        }
        snapshots.onChange(this::onSnapshot);
        open.watch(LATENESS_MAX, this::whyTooLate);
        prober.start();
        reports.start();
        return local;
    }

    private void startPlain(GatewayConfig.HttpListen http) {
        var address =
                new InetSocketAddress(http.address().host(), http.address().port());
        ChannelFuture bound = listener.bindPlain(address).awaitUninterruptibly();
        if (bound.isSuccess()) {
            listeningPlain = Optional.of(bound.channel());
            LOG.info("http listens on {}", bound.channel().localAddress());
            return;
        }
        String problem = "cannot listen on " + http.address() + " for http ("
                + bound.cause().getMessage()
                + "); stop what uses it, or set 'http-listen' to another address or to off";
        if (http.required()) {
            listening.ifPresent(Channel::close);
            loops.close(Duration.ZERO);
            throw new IllegalStateException(problem, bound.cause());
        }
        LOG.warn("{}; nobody is redirected to https, and no certificate can be ordered by http-01", problem);
    }

    /// Where the port without TLS is; empty when it is off or could not be had.
    public Optional<InetSocketAddress> plainAddress() {
        return listeningPlain.map(channel -> (InetSocketAddress) channel.localAddress());
    }

    /// Accepts no more, lets exchanges finish for at most `grace`, then ends connections, tunnels, loops.
    ///
    /// @return done when every thread of the gateway has ended
    public CompletableFuture<Void> stop(Duration grace) {
        var stopped = new CompletableFuture<Void>();
        listening.ifPresent(Channel::close);
        listeningPlain.ifPresent(Channel::close);
        awaitQuiet(System.nanoTime() + grace.toNanos(), () -> {
            listener.closeConnections();
            tunnels.drain(Duration.ofMillis(500))
                    .addListener(
                            drained -> loops.close(Duration.ofSeconds(1)).addListener(ended -> stopped.complete(null)));
        });
        return stopped;
    }

    private void awaitQuiet(long untilNanos, Runnable then) {
        loops.all()
                .getFirst()
                .schedule(
                        () -> {
                            if (open.count() == 0 || System.nanoTime() - untilNanos >= 0) {
                                then.run();
                            } else {
                                awaitQuiet(untilNanos, then);
                            }
                        },
                        10,
                        TimeUnit.MILLISECONDS);
    }

    /// For questions about what goes through now.
    public PathProber prober() {
        return prober;
    }

    /// For dry runs of link translation, through what passes here.
    public LinkRecorder links() {
        return links;
    }

    /// Requests taken whose answer has not begun.
    public int waiting() {
        return intake.waiting();
    }

    /// Version of the snapshot in force, for health.
    public long snapshotVersion() {
        return pinned.snapshot().version();
    }
}
