package io.postern.connector.link;

import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import io.postern.base.HostPort;
import io.postern.net.Loops;
import io.postern.tunnel.Hello;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelRefusal;
import io.postern.tunnel.dial.DialledTunnel;
import io.postern.tunnel.dial.TunnelDialer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Keeps tunnels up: to every node of the service, one for each of its lanes, at least [#tunnelsMin]. Every
/// address of every name given is dialled, since each may be another node; two addresses of one node share its
/// tunnels. A tunnel that begins to drain is replaced at once, a lost one after a jittered wait, and while an
/// address fails only one try is under way there.
///
/// State is confined to one event loop; the public methods may be called from any thread.
public final class Link {
    private static final Logger LOG = LoggerFactory.getLogger("connector.link");

    /// In the Admin log (docs/operate/logs.md): the service trusts this connector no more, so enrol again.
    private static final int EVENT_TRUST_GONE = 1000;

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

    /// Another identity that no tunnel has used yet.
    ///
    /// @param before to be taken back when the service does not know the new one
    /// @param since of before
    private record Trying(SslContext before, int since, CompletableFuture<Void> used) {}

    /// A tunnel, the way by which it came, and the era in which it was dialled.
    private record Up(DialledTunnel tunnel, Endpoint by, int era) {
        boolean isServing() {
            return !tunnel.draining().isDone();
        }

        String node() {
            return tunnel.hello().node();
        }
    }

    private final EventLoop home;
    private final Loops loops;
    private final TunnelDialer dialer;
    private final List<HostPort> services;
    private final int tunnelsMin;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final Map<HostPort, List<InetSocketAddress>> addresses = new LinkedHashMap<>();
    private final Map<InetSocketAddress, Endpoint> endpoints = new LinkedHashMap<>();
    private final Map<String, Integer> lanesByNode = new HashMap<>();
    private final Set<Up> up = new LinkedHashSet<>();
    private final CompletableFuture<LinkStatus> ready = new CompletableFuture<>();
    private int lookingUp;
    private boolean isStaggering;
    private boolean isStopping;
    private SslContext tls;
    private int era;
    private int since; // tunnels of an earlier era serve only until their successors do
    private Optional<Trying> trying = Optional.empty();
    private Optional<CompletableFuture<LinkStatus>> anew = Optional.empty();
    private boolean saidConnected;
    private String problem = "";
    private String told = ""; // the problem that was warned of
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
        this.services = List.copyOf(services);
        this.tls = tls;
        this.tunnelsMin = tunnelsMin;
        this.random = random;
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
            era++;
            CompletableFuture<?>[] draining = up.stream()
                    .map(one -> {
                        var began = new CompletableFuture<Void>();
                        one.tunnel.drain(grace);
                        one.tunnel.draining().addListener(f -> began.complete(null));
                        return began;
                    })
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(draining)
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
            trying.ifPresent(other -> other.used.cancel(false));
            trying = Optional.of(new Trying(
                    trying.map(Trying::before).orElse(tls),
                    trying.map(Trying::since).orElse(since),
                    used));
            tls = identity;
            era++;
            since = era;
            endpoints.values().forEach(Endpoint::onWaited);
            fill();
        });
        return used;
    }

    private void onUsed() {
        trying.ifPresent(t -> t.used.complete(null));
        trying = Optional.empty();
    }

    private void takeBack(Trying refused, TunnelEnd why) {
        trying = Optional.empty();
        tls = refused.before;
        since = refused.since;
        era++;
        refused.used.completeExceptionally(new TunnelRefusal(why));
    }

    /// Tunnels of the old identity go when there are enough of the new one.
    private void retire() {
        if (trying.isEmpty()) {
            up.stream()
                    .filter(one -> one.isServing() && one.era < since && ready(one.node()) >= wanted(one.node()))
                    .forEach(one -> one.tunnel.drain(RENEWED_GRACE));
        }
    }

    private int ready(String node) {
        return (int) up.stream()
                .filter(one -> one.isServing() && one.era >= since && one.node().equals(node))
                .filter(one -> one.tunnel.ready().isDone())
                .count();
    }

    /// Dials no more, drains what is up and cuts what is left after `grace`.
    ///
    /// @return done when the last tunnel is gone
    public CompletableFuture<Void> stop(Duration grace) {
        var stopped = new CompletableFuture<Void>();
        home.execute(() -> {
            isStopping = true;
            CompletableFuture<?>[] all = up.stream()
                    .map(one -> {
                        var closed = new CompletableFuture<Void>();
                        one.tunnel.drain(grace).addListener(f -> closed.complete(null));
                        return closed;
                    })
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(all).thenAccept(stopped::complete);
        });
        return stopped;
    }

    // ---- where the service is

    private void lookUpAndAgain() {
        if (isStopping) {
            return;
        }
        lookUp();
        long wait = endpoints.isEmpty() ? LOOK_UP_FIRST_MILLIS : LOOK_UP_MILLIS;
        home.schedule(this::lookUpAndAgain, wait / 2 + random.nextLong(wait / 2), TimeUnit.MILLISECONDS);
    }

    private void lookUp() {
        if (lookingUp > 0) {
            return;
        }
        lookingUp = services.size();
        for (HostPort service : services) {
            dialer.resolve(service, home).addListener((Future<List<InetSocketAddress>> found) -> {
                lookingUp--;
                if (found.isSuccess()) {
                    addresses.put(service, found.getNow());
                } else if (!addresses.containsKey(service)) { // else what was known may still be right
                    tell(TunnelRefusal.end(found.cause()), service);
                }
                if (lookingUp == 0) {
                    onLookedUp();
                }
            });
        }
    }

    private void onLookedUp() {
        var current = new LinkedHashSet<InetSocketAddress>();
        addresses.forEach((service, found) -> found.forEach(address -> {
            current.add(address);
            endpoints.computeIfAbsent(address, a -> new Endpoint(service, a, random));
        }));
        endpoints.keySet().retainAll(current); // tunnels that came by them stay as long as they last
        onChange();
        fill();
    }

    /// Tunnels that did not survive are found at once and not by their keep-alive; the service may have moved.
    private void onWake(Duration slept) {
        if (isStopping) {
            return;
        }
        LOG.atInfo()
                .addKeyValue("seconds", slept.toSeconds())
                .log("this machine slept, or its clock was set; looking whether the tunnels still live");
        up.forEach(one -> one.tunnel.prove(PROOF_LIMIT));
        endpoints.values().forEach(endpoint -> {
            endpoint.onStable();
            endpoint.onWaited();
        });
        services.forEach(dialer::forget);
        lookUp();
        fill();
    }

    private void look(ConfigurationAge configuration) {
        Instant now = clock.instant();
        if (configuration.tick(now, status.tunnels() > 0) && !isStopping) {
            LOG.atWarn()
                    .addKeyValue("event", ConfigurationAge.EVENT)
                    .addKeyValue("service", text(services))
                    .addKeyValue("reason", problem)
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
        for (Endpoint endpoint : List.copyOf(endpoints.values())) {
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
                    .filter(node -> isBestWayTo(node, endpoint))
                    .mapToInt(node -> Math.max(0, wanted(node) - serving(node) - dialling(node)))
                    .sum();
        } else if (ready.isDone() || up.size() + dialling() > 0) {
            missing = 1 - endpoint.dialling(); // where does it lead to?
        } else {
            missing = tunnelsMin; // the very first: nothing is saved by waiting
        }
        if (trying.isPresent()) {
            return Math.min(missing, 1 - dialling()); // whether the service knows us, one tunnel tells
        }
        return endpoint.isFailing() ? Math.min(missing, 1 - endpoint.dialling()) : missing;
    }

    /// Several addresses of one node are not all dialled for it; but where the first fails the next one is.
    private boolean isBestWayTo(String node, Endpoint endpoint) {
        return endpoints.values().stream()
                .filter(other -> other.leadsTo(node))
                .filter(other -> !other.isFailing())
                .findFirst()
                .map(endpoint::equals)
                .orElse(true);
    }

    private int wanted(String node) {
        return Math.max(tunnelsMin, lanesByNode.getOrDefault(node, 0));
    }

    private int wanted() {
        return lanesByNode.isEmpty()
                ? tunnelsMin
                : lanesByNode.keySet().stream().mapToInt(this::wanted).sum();
    }

    /// Those that need no successor.
    private int serving(String node) {
        return (int) up.stream()
                .filter(one -> one.isServing() && one.era >= since && one.node().equals(node))
                .count();
    }

    private boolean isServed(String node) {
        return up.stream().anyMatch(one -> one.isServing() && one.node().equals(node));
    }

    private int serving() {
        return (int) up.stream().filter(Up::isServing).count();
    }

    private int dialling(String node) {
        return endpoints.values().stream()
                .filter(endpoint -> endpoint.leadsTo(node))
                .mapToInt(Endpoint::dialling)
                .sum();
    }

    private int dialling() {
        return endpoints.values().stream().mapToInt(Endpoint::dialling).sum();
    }

    /// Lanes are given by the service; a second tunnel on one lane is of use only where there are fewer
    /// lanes than tunnels wanted.
    private boolean isOneTooManyOnItsLane(DialledTunnel tunnel) {
        Hello hello = tunnel.hello();
        long there = up.stream()
                .filter(one -> one.isServing() && one.era >= since)
                .map(one -> one.tunnel.hello())
                .filter(other -> other.node().equals(hello.node()) && other.lane() == hello.lane())
                .count();
        return there >= Math.ceilDiv(wanted(hello.node()), hello.lanes());
    }

    // ---- dialling, and what comes of it

    private void dial(Endpoint endpoint) {
        endpoint.onDial();
        int begun = era;
        EventLoop loop = loops.all().get(Math.floorMod(nextLoop.getAndIncrement(), loops.count()));
        dialer.dial(loop, endpoint.service, endpoint.address, tls)
                .addListener((Future<DialledTunnel> dialled) -> home.execute(() -> {
                    endpoint.onDialled();
                    isStaggering = false;
                    if (dialled.isSuccess() && begun != era) {
                        dialled.getNow().drain(Duration.ZERO); // it may have said what is no longer true
                        fill();
                    } else if (dialled.isSuccess()) {
                        onOpened(dialled.getNow(), endpoint);
                    } else {
                        TunnelEnd end = TunnelRefusal.end(dialled.cause());
                        if (begun == era && end.cause() == TunnelEnd.Cause.UNKNOWN_CERTIFICATE) {
                            trying.ifPresent(t -> takeBack(t, end));
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
        lanesByNode.put(node, tunnel.hello().lanes());
        by.onNode(node);
        forgetNodesThatWent(by, node);
        boolean isSurplus = serving(node) >= wanted(node);
        if (isSurplus || isOneTooManyOnItsLane(tunnel)) {
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
        keep(new Up(tunnel, by, era));
        fill();
    }

    private void keep(Up opened) {
        DialledTunnel tunnel = opened.tunnel;
        up.add(opened);
        long openedNanos = System.nanoTime();
        tunnel.ready()
                .addListener(f -> home.execute(() -> {
                    if (opened.era >= since) {
                        onUsed();
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
                    onClosed(opened.by, end.getNow(), System.nanoTime() - openedNanos);
                }));
        home.schedule(
                () -> {
                    if (up.contains(opened)) {
                        opened.by.onStable();
                    }
                },
                STABLE_NANOS,
                TimeUnit.NANOSECONDS);
        LOG.atDebug()
                .addKeyValue("address", opened.by.address)
                .addKeyValue("node", opened.node())
                .addKeyValue("lane", tunnel.hello().lane())
                .log("tunnel opened");
        onChange();
    }

    /// A node that has no tunnel any more and whose address another one answers at: the service was restarted.
    private void forgetNodesThatWent(Endpoint by, String now) {
        for (String other : new ArrayList<>(by.nodes())) {
            if (!other.equals(now) && !isServed(other)) {
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
                    lookUp(); // the service may have moved
                    fill();
                },
                by.onFailed(end, serving() > 0).toMillis(),
                TimeUnit.MILLISECONDS);
        fill(); // perhaps another address leads to the same node
    }

    /// A warning when nothing works and nothing is being tried, once for each reason; else it can wait.
    private void tell(TunnelEnd end, HostPort service) {
        problem = end.toString();
        if (isStopping || serving() > 0) {
            return;
        }
        saidConnected = false;
        if (dialling() == 0 && !problem.equals(told)) {
            told = problem;
            LoggingEventBuilder line =
                    LOG.atWarn().addKeyValue("service", service).addKeyValue("reason", problem);
            if (end.cause() == TunnelEnd.Cause.UNKNOWN_CERTIFICATE) {
                line = line.addKeyValue("event", EVENT_TRUST_GONE);
            }
            line.log(remedy(end));
        }
    }

    private void onChange() {
        lanesByNode.keySet().removeIf(node -> !isServed(node) && !isKnown(node));
        int ready = (int) up.stream()
                .filter(one -> one.isServing() && one.tunnel.ready().isDone())
                .count();
        if (ready > 0 && !saidConnected) {
            saidConnected = true;
            told = "";
            LOG.atInfo()
                    .addKeyValue("service", text(services))
                    .addKeyValue("tunnels", wanted())
                    .log("connected to the service");
        }
        if (ready > 0 && ready >= wanted()) {
            problem = "";
        }
        int backends = up.stream()
                .mapToInt(one -> one.tunnel.backends().byId().size())
                .max()
                .orElse(0);
        status = new LinkStatus(ready, wanted(), backends, problem);
        if (status.isReady() && endpoints.values().stream().allMatch(Endpoint::isTried)) {
            this.ready.complete(status);
            anew.ifPresent(waiting -> waiting.complete(status));
        }
    }

    private boolean isKnown(String node) {
        return endpoints.values().stream().anyMatch(endpoint -> endpoint.leadsTo(node));
    }

    private static String text(List<HostPort> services) {
        return String.join(", ", services.stream().map(HostPort::toString).toList());
    }

    private static String remedy(TunnelEnd end) {
        return switch (end.cause()) {
            case RESOLVE -> "no tunnel: the service's name does not resolve; trying on";
            case CONNECT -> "no tunnel: the service cannot be reached; trying on";
            case PROXY -> "no tunnel: the proxy does not let this connector through; trying on";
            case TLS -> "no tunnel: the service or this connector is not who the other expects; trying on";
            case TLS_OPENED ->
                "no tunnel: TLS inspection is in the way, or this is another service; exempt the service's name from"
                        + " inspection; trying on";
            case CLOCK ->
                "no tunnel: this machine's clock is off, or the service's certificate was not renewed; set the clock"
                        + " (NTP); trying on";
            case NO_TUNNELS -> "no tunnel: what answers is not a Postern service; trying on";
            case UNKNOWN_CERTIFICATE, IDENTITY_GONE ->
                "no tunnel: the service does not know this connector any more; if it was deleted, or removed after ten"
                        + " days without a tunnel, start it again with a new token in --token-file; trying on";
            case DISABLED ->
                "no tunnel: an administrator has disabled this connector; 'postern connector enable' lets it back;"
                        + " trying on";
            case VERSION -> "no tunnel: the service speaks another protocol version; update the older one; trying on";
            case DRAINED, PEER_DRAINED, STOPPED, LOST, DEAD, PROTOCOL, HELLO_TIMEOUT ->
                "no tunnel: the connection to the service ended; trying on";
        };
    }
}
