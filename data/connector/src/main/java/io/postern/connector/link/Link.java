package io.postern.connector.link;

import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import io.postern.base.HostPort;
import io.postern.connector.link.UpTunnels.Up;
import io.postern.net.Loops;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelRefusal;
import io.postern.tunnel.dial.DialledTunnel;
import io.postern.tunnel.dial.TunnelDialer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps tunnels up: to every node of the service, one for each of its lanes, at least [#tunnelsMin]. Every
/// address of every name given is dialled, since each may be another node; two addresses of one node share its
/// tunnels. A tunnel that begins to drain is replaced at once, a lost one after a jittered wait, and while an
/// address fails only one try is under way there.
///
/// State is confined to one event loop; the public methods may be called from any thread.
public final class Link {
    private static final Logger LOG = LoggerFactory.getLogger("connector.link");

    /// For streams that found their way to a tunnel before we saw that it is one too many.
    private static final Duration SURPLUS_GRACE = Duration.ofMinutes(1);

    /// A tunnel that ends sooner after its start counts as a failure, or two ends that disagree would
    /// dial in a circle.
    private static final long STABLE_NANOS = Duration.ofSeconds(5).toNanos();

    /// How often in a row a tunnel that ended where none is wanted is exchanged for another throw of the dice.
    private static final int REDIALS_MAX = 8;

    /// Between the first tries at two addresses, unless the one before is decided: most second addresses are
    /// the first node's own, by the other version of IP.
    private static final long STAGGER_MILLIS = 250;

    private static final long WAKE_TICK_MILLIS = 1_000;

    /// How long the service may take to show that a tunnel has survived this machine's sleep.
    private static final Duration PROOF_LIMIT = Duration.ofSeconds(2);

    /// How often names are looked up, half of it by chance: so long a new node may go unnoticed.
    private static final long LOOK_UP_MILLIS = Duration.ofSeconds(30).toMillis();

    /// The same while no name has been found.
    private static final long LOOK_UP_FIRST_MILLIS = 1_000;

    /// What runs on in tunnels of an identity that has been renewed: nothing urges its end.
    private static final Duration RENEWED_GRACE = Duration.ofHours(1);

    /// After a tunnel is ready here, until its gateway sends exchanges through it for sure.
    private static final long SUCCESSION_MILLIS = 1_000;

    private final EventLoop home;
    private final Loops loops;
    private final TunnelDialer dialer;
    private final int tunnelsMin;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final Identities identities;
    private final UpTunnels up;
    private final ServiceAddresses addresses;
    private final LinkNews news = new LinkNews();
    private final CompletableFuture<LinkStatus> ready = new CompletableFuture<>();
    private boolean isStaggering;
    private boolean isStopping;
    private Optional<CompletableFuture<LinkStatus>> anew = Optional.empty();
    private volatile LinkStatus status;

    /// @param services names or addresses of the service, each with its port
    /// @param tunnelsMin dialled to each node even when it has fewer lanes
    public Link(
            Loops loops,
            TunnelDialer dialer,
            List<HostPort> services,
            SslContext tls,
            int tunnelsMin,
            RandomGenerator random) {
        this(loops, dialer, services, tls, tunnelsMin, random, InstantSource.system());
    }

    /// @param clock the wall clock, which goes on while the machine sleeps
    Link(
            Loops loops,
            TunnelDialer dialer,
            List<HostPort> services,
            SslContext tls,
            int tunnelsMin,
            RandomGenerator random,
            InstantSource clock) {
        this.clock = clock;
        this.home = loops.all().getFirst();
        this.loops = loops;
        this.dialer = dialer;
        this.random = random;
        this.tunnelsMin = tunnelsMin;
        this.identities = new Identities(tls);
        this.up = new UpTunnels(tunnelsMin, identities);
        this.addresses = new ServiceAddresses(services, dialer, home, random, new Found());
        this.status = new LinkStatus(0, tunnelsMin, 0, "");
    }

    public void start() {
        home.execute(this::lookUpAndAgain);
        var wake = new WakeWatch(clock.millis(), System.nanoTime());
        var configuration = new ConfigurationAge(clock.instant());
        home.scheduleWithFixedDelay(
                () -> {
                    wake.tick(clock.millis(), System.nanoTime()).ifPresent(this::onWake);
                    look(configuration);
                },
                WAKE_TICK_MILLIS,
                WAKE_TICK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /// Done when every node that could be reached had all its tunnels for the first time.
    public CompletableFuture<LinkStatus> ready() {
        return ready.copy();
    }

    public LinkStatus status() {
        return status;
    }

    /// Dials every tunnel anew and drains those that are up, since what the connector says of itself has changed.
    ///
    /// @param grace for the exchanges in the old ones
    /// @return done when all tunnels are up again, none of them an old one
    public CompletableFuture<LinkStatus> redial(Duration grace) {
        var done = new CompletableFuture<LinkStatus>();
        home.execute(() -> {
            identities.beginEra();
            up.beginDrain(grace)
                    .thenRun(() -> home.execute(() -> {
                        anew = Optional.of(done);
                        onChange();
                        fill();
                    }));
        });
        return done;
    }

    /// Dials with another identity from now on. Tunnels that are up serve on until one of the new identity does,
    /// and are then replaced; nothing is lost.
    ///
    /// @return done when a tunnel of the new identity serves; fails with a [TunnelRefusal] when the service
    ///     does not know it: then everything is as before
    public CompletableFuture<Void> become(SslContext identity) {
        var used = new CompletableFuture<Void>();
        home.execute(() -> {
            identities.become(identity, used);
            addresses.all().forEach(Endpoint::onWaited);
            fill();
        });
        return used;
    }

    /// Tunnels of the old identity go when there are enough of the new one.
    private void retire() {
        if (!identities.isTrying()) {
            up.retire(RENEWED_GRACE);
        }
    }

    /// Dials no more, drains what is up and cuts what is left after `grace`.
    ///
    /// @return done when the last tunnel is gone
    public CompletableFuture<Void> stop(Duration grace) {
        var stopped = new CompletableFuture<Void>();
        home.execute(() -> {
            isStopping = true;
            up.drain(grace).thenAccept(stopped::complete);
        });
        return stopped;
    }

    // ---- where the service is

    private void lookUpAndAgain() {
        if (isStopping) {
            return;
        }
        addresses.lookUp();
        long wait = addresses.isEmpty() ? LOOK_UP_FIRST_MILLIS : LOOK_UP_MILLIS;
        home.schedule(this::lookUpAndAgain, wait / 2 + random.nextLong(wait / 2), TimeUnit.MILLISECONDS);
    }

    private final class Found implements ServiceAddresses.Listener {
        @Override
        public void onLookedUp() {
            onChange();
            fill();
        }

        @Override
        public void onUnresolved(HostPort service, TunnelEnd why) {
            tell(why, service);
        }
    }

    /// Tunnels that did not survive are found at once and not by their keep-alive; the service may have moved.
    private void onWake(Duration slept) {
        if (isStopping) {
            return;
        }
        LOG.atInfo()
                .addKeyValue("seconds", slept.toSeconds())
                .log("this machine slept, or its clock was set; looking whether the tunnels still live");
        up.prove(PROOF_LIMIT);
        addresses.all().forEach(endpoint -> {
            endpoint.onStable();
            endpoint.onWaited();
        });
        addresses.lookUpAfresh();
        fill();
    }

    private void look(ConfigurationAge configuration) {
        Instant now = clock.instant();
        if (configuration.tick(now, status.tunnels() > 0) && !isStopping) {
            LOG.atWarn()
                    .addKeyValue("event", ConfigurationAge.EVENT)
                    .addKeyValue("service", addresses)
                    .addKeyValue("reason", news.problem())
                    .log(
                            "the configuration has not been checked for {} min, since no tunnel is up; what was"
                                    + " published or changed meanwhile is not served here; trying on",
                            configuration.at(now).toMinutes());
        }
    }

    // ---- how many tunnels there should be

    private void fill() {
        if (isStopping) {
            return;
        }
        boolean scouting = false;
        for (Endpoint endpoint : addresses.all()) {
            if (endpoint.isWaiting()) {
                continue;
            }
            int missing = missing(endpoint);
            if (endpoint.nodes().isEmpty() && missing > 0) {
                if (scouting || isStaggering) {
                    continue; // its turn comes with the next result, or the next tick
                }
                scouting = true;
            }
            for (int i = 0; i < missing; i++) {
                dial(endpoint);
            }
        }
        if (scouting) {
            stagger();
        }
    }

    private void stagger() {
        isStaggering = true;
        home.schedule(
                () -> {
                    isStaggering = false;
                    fill();
                },
                STAGGER_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private int missing(Endpoint endpoint) {
        int missing;
        if (!endpoint.nodes().isEmpty()) {
            missing = endpoint.nodes().stream()
                    .filter(node -> addresses.isBestWayTo(node, endpoint))
                    .mapToInt(node -> Math.max(0, up.wanted(node) - up.serving(node) - addresses.dialling(node)))
                    .sum();
        } else if (ready.isDone() || !up.isEmpty() || addresses.dialling() > 0) {
            missing = 1 - endpoint.dialling(); // where does it lead to?
        } else {
            missing = tunnelsMin; // the very first: nothing is saved by waiting
        }
        if (identities.isTrying()) {
            return Math.min(missing, 1 - addresses.dialling()); // whether the service knows us, one tunnel tells
        }
        return endpoint.isFailing() ? Math.min(missing, 1 - endpoint.dialling()) : missing;
    }

    // ---- dialling, and what comes of it

    private void dial(Endpoint endpoint) {
        endpoint.onDial();
        int begun = identities.era();
        EventLoop loop = loops.all().get(Math.floorMod(nextLoop.getAndIncrement(), loops.count()));
        dialer.dial(loop, endpoint.service, endpoint.address, identities.tls())
                .addListener((Future<DialledTunnel> dialled) -> home.execute(() -> {
                    endpoint.onDialled();
                    isStaggering = false;
                    if (dialled.isSuccess() && begun != identities.era()) {
                        dialled.getNow().drain(Duration.ZERO); // it may have said what is no longer true
                        fill();
                    } else if (dialled.isSuccess()) {
                        onOpened(dialled.getNow(), endpoint);
                    } else {
                        TunnelEnd end = TunnelRefusal.end(dialled.cause());
                        if (begun == identities.era() && end.cause() == TunnelEnd.Cause.UNKNOWN_CERTIFICATE) {
                            identities.onUnknown(end);
                        }
                        onFailed(endpoint, end);
                    }
                }));
    }

    private void onOpened(DialledTunnel tunnel, Endpoint by) {
        if (isStopping) {
            tunnel.drain(Duration.ZERO);
            return;
        }
        String node = tunnel.hello().node();
        up.onLanes(node, tunnel.hello().lanes());
        by.onNode(node);
        forgetNodesThatWent(by, node);
        boolean isSurplus = up.serving(node) >= up.wanted(node);
        if (isSurplus || up.isOneTooManyOnItsLane(tunnel)) {
            boolean another = missing(by) > 0;
            if (!another || by.redial(REDIALS_MAX)) {
                tunnel.drain(SURPLUS_GRACE);
                onChange();
                fill();
                return;
            }
            if (isSurplus) { // the way there is not ours to choose
                tunnel.drain(SURPLUS_GRACE);
                onFailed(by, new TunnelEnd(TunnelEnd.Cause.DRAINED, by.address + " leads to node " + node + " only"));
                return;
            }
        }
        by.onUseful();
        keep(new Up(tunnel, by, identities.era()));
        fill();
    }

    private void keep(Up opened) {
        DialledTunnel tunnel = opened.tunnel();
        up.add(opened);
        long openedNanos = System.nanoTime();
        tunnel.ready()
                .addListener(f -> home.execute(() -> {
                    if (identities.isOfTheDay(opened.era())) {
                        identities.onUsed();
                    }
                    onChange();
                    fill();
                    home.schedule(this::retire, SUCCESSION_MILLIS, TimeUnit.MILLISECONDS);
                }));
        tunnel.draining()
                .addListener(f -> home.execute(() -> {
                    onChange();
                    fill();
                }));
        tunnel.closed()
                .addListener((Future<TunnelEnd> end) -> home.execute(() -> {
                    up.remove(opened);
                    onClosed(opened.by(), end.getNow(), System.nanoTime() - openedNanos);
                }));
        home.schedule(
                () -> {
                    if (up.contains(opened)) {
                        opened.by().onStable();
                    }
                },
                STABLE_NANOS,
                TimeUnit.NANOSECONDS);
        LOG.atDebug()
                .addKeyValue("address", opened.by().address)
                .addKeyValue("node", opened.node())
                .addKeyValue("lane", tunnel.hello().lane())
                .log("tunnel opened");
        onChange();
    }

    /// A node that has no tunnel any more and whose address another one answers at: the service was restarted.
    private void forgetNodesThatWent(Endpoint by, String now) {
        for (String other : new ArrayList<>(by.nodes())) {
            if (!other.equals(now) && !up.isServed(other)) {
                by.forget(other);
            }
        }
    }

    private void onClosed(Endpoint by, TunnelEnd end, long livedNanos) {
        LOG.atDebug()
                .addKeyValue("address", by.address)
                .addKeyValue("reason", end)
                .log("tunnel closed");
        boolean isClean = switch (end.cause()) {
            case DRAINED -> true; // our own wish
            case PEER_DRAINED, STOPPED -> livedNanos >= STABLE_NANOS;
            default -> false;
        };
        if (isStopping || isClean) {
            onChange();
            fill();
        } else {
            onFailed(by, end);
        }
    }

    private void onFailed(Endpoint by, TunnelEnd end) {
        tell(end, by.service);
        onChange();
        if (isStopping || by.isWaiting()) {
            return;
        }
        home.schedule(
                () -> {
                    by.onWaited();
                    addresses.lookUp(); // the service may have moved
                    fill();
                },
                by.onFailed(end, up.isServing()).toMillis(),
                TimeUnit.MILLISECONDS);
        fill(); // perhaps another address leads to the same node
    }

    /// A warning when nothing works and nothing is being tried; else it can wait.
    private void tell(TunnelEnd end, HostPort service) {
        news.onFailed(end);
        if (!isStopping && !up.isServing()) {
            news.onDown(end, service, addresses.dialling() > 0);
        }
    }

    private void onChange() {
        up.forget(addresses::leadTo);
        int ready = up.ready();
        if (ready > 0) {
            news.onUp(ready, up.wanted(), addresses);
        }
        status = new LinkStatus(ready, up.wanted(), up.backends(), news.problem());
        if (status.isReady() && addresses.areTried()) {
            this.ready.complete(status);
            anew.ifPresent(waiting -> waiting.complete(status));
        }
    }
}
