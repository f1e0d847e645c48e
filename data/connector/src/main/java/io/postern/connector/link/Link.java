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
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps tunnels up: one for each lane of the service, at least [#tunnelsMin]. A tunnel that begins to
/// drain is replaced at once, a lost one after a jittered wait, and while nothing works only one try is
/// under way.
///
/// State is confined to one event loop; the public methods may be called from any thread.
public final class Link {
    private static final Logger LOG = LoggerFactory.getLogger("connector.link");

    private static final Duration FIRST_WAIT = Duration.ofMillis(500);

    /// Short, so that a service that comes back after an hour is used again within seconds; jitter keeps
    /// even thousands of connectors from being a burden.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /// A tunnel that ends sooner after its start counts as a failure, or two ends that disagree would
    /// dial in a circle.
    private static final long STABLE_NANOS = Duration.ofSeconds(5).toNanos();

    /// How often in a row a tunnel on a lane that has one is exchanged for another throw of the dice.
    private static final int REDIALS_MAX = 8;

    private final EventLoop home;
    private final Loops loops;
    private final TunnelDialer dialer;
    private final HostPort service;
    private final SslContext tls;
    private final int tunnelsMin;
    private final Backoff backoff;
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final Set<DialledTunnel> up = new LinkedHashSet<>();
    private final CompletableFuture<LinkStatus> ready = new CompletableFuture<>();
    private int dialling;
    private int wanted;
    private int redials;
    private boolean isWaiting;
    private boolean isStopping;
    private boolean saidConnected;
    private String problem = "";
    private volatile LinkStatus status;

    /// @param tunnelsMin dialled even when the service has fewer lanes
    public Link(
            Loops loops,
            TunnelDialer dialer,
            HostPort service,
            SslContext tls,
            int tunnelsMin,
            RandomGenerator random) {
        this.home = loops.all().getFirst();
        this.loops = loops;
        this.dialer = dialer;
        this.service = service;
        this.tls = tls;
        this.tunnelsMin = tunnelsMin;
        this.wanted = tunnelsMin;
        this.backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT, random);
        this.status = new LinkStatus(0, tunnelsMin, 0, "");
    }

    public void start() {
        home.execute(this::fill);
    }

    /// Done when all lanes had a tunnel for the first time.
    public CompletableFuture<LinkStatus> ready() {
        return ready.copy();
    }

    public LinkStatus status() {
        return status;
    }

    /// Dials no more, drains what is up and cuts what is left after `grace`.
    ///
    /// @return done when the last tunnel is gone
    public CompletableFuture<Void> stop(Duration grace) {
        var stopped = new CompletableFuture<Void>();
        home.execute(() -> {
            isStopping = true;
            CompletableFuture<?>[] all = up.stream()
                    .map(tunnel -> {
                        var closed = new CompletableFuture<Void>();
                        tunnel.drain(grace).addListener(f -> closed.complete(null));
                        return closed;
                    })
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(all).thenAccept(stopped::complete);
        });
        return stopped;
    }

    private void fill() {
        if (isStopping || isWaiting) {
            return;
        }
        int missing = wanted - serving() - dialling;
        if (backoff.isFailing()) {
            missing = Math.min(missing, 1 - dialling); // one scout is enough
        }
        for (int i = 0; i < missing; i++) {
            dial();
        }
    }

    private void dial() {
        dialling++;
        EventLoop loop = loops.all().get(Math.floorMod(nextLoop.getAndIncrement(), loops.count()));
        dialer.dial(loop, service, tls)
                .addListener((Future<DialledTunnel> dialled) -> home.execute(() -> {
                    dialling--;
                    if (dialled.isSuccess()) {
                        onOpened(dialled.getNow());
                    } else {
                        onFailed(
                                dialled.cause() instanceof TunnelRefusal refusal
                                        ? refusal.end()
                                        : new TunnelEnd(TunnelEnd.Cause.LOST, String.valueOf(dialled.cause())));
                    }
                }));
    }

    private void onOpened(DialledTunnel tunnel) {
        if (isStopping) {
            tunnel.drain(Duration.ZERO);
            return;
        }
        wanted = Math.max(tunnelsMin, tunnel.hello().lanes());
        if (isOneTooManyOnItsLane(tunnel) && redials < REDIALS_MAX) {
            redials++;
            tunnel.drain(Duration.ZERO);
            fill();
            return;
        }
        redials = 0;
        up.add(tunnel);
        long openedNanos = System.nanoTime();
        tunnel.ready().addListener(f -> home.execute(this::onChange));
        tunnel.draining()
                .addListener(f -> home.execute(() -> {
                    onChange();
                    fill();
                }));
        tunnel.closed()
                .addListener((Future<TunnelEnd> end) -> home.execute(() -> {
                    up.remove(tunnel);
                    onClosed(end.getNow(), System.nanoTime() - openedNanos);
                }));
        home.schedule(
                () -> {
                    if (up.contains(tunnel)) {
                        backoff.reset();
                    }
                },
                STABLE_NANOS,
                TimeUnit.NANOSECONDS);
        LOG.atDebug()
                .addKeyValue("lane", tunnel.hello().lane())
                .addKeyValue("node", tunnel.hello().node())
                .log("tunnel opened");
        onChange();
        fill();
    }

    private void onClosed(TunnelEnd end, long livedNanos) {
        LOG.atDebug().addKeyValue("reason", end).log("tunnel closed");
        boolean isClean = switch (end.cause()) {
            case DRAINED, PEER_DRAINED, STOPPED -> true;
            default -> false;
        };
        if (isStopping || (isClean && livedNanos >= STABLE_NANOS)) {
            onChange();
            fill();
        } else {
            onFailed(end);
        }
    }

    private void onFailed(TunnelEnd end) {
        String now = end.toString();
        if (!isStopping && serving() == 0 && (saidConnected || problem.isEmpty() || !problem.equals(now))) {
            LOG.atWarn()
                    .addKeyValue("service", service)
                    .addKeyValue("reason", now)
                    .log(remedy(end));
            saidConnected = false;
        }
        problem = now;
        onChange();
        if (isStopping || isWaiting) {
            return;
        }
        isWaiting = true;
        home.schedule(
                () -> {
                    isWaiting = false;
                    fill();
                },
                backoff.next().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void onChange() {
        int ready = (int) up.stream()
                .filter(Link::isServing)
                .filter(t -> t.ready().isDone())
                .count();
        if (ready > 0) {
            problem = "";
            if (!saidConnected) {
                saidConnected = true;
                LOG.atInfo()
                        .addKeyValue("service", service)
                        .addKeyValue("tunnels", wanted)
                        .log("connected to the service");
            }
        }
        int backends =
                up.stream().mapToInt(t -> t.backends().byId().size()).max().orElse(0);
        status = new LinkStatus(ready, wanted, backends, problem);
        if (status.isReady()) {
            this.ready.complete(status);
        }
    }

    /// Lanes are given by the service; a second tunnel on one lane is of use only where there are fewer
    /// lanes than tunnels wanted.
    private boolean isOneTooManyOnItsLane(DialledTunnel tunnel) {
        Hello hello = tunnel.hello();
        long there = up.stream()
                .filter(Link::isServing)
                .map(DialledTunnel::hello)
                .filter(other -> other.node().equals(hello.node()) && other.lane() == hello.lane())
                .count();
        return there >= Math.ceilDiv(wanted, hello.lanes());
    }

    private int serving() {
        return (int) up.stream().filter(Link::isServing).count();
    }

    private static boolean isServing(DialledTunnel tunnel) {
        return !tunnel.draining().isDone();
    }

    private static String remedy(TunnelEnd end) {
        return switch (end.cause()) {
            case RESOLVE -> "no tunnel: the service's name does not resolve; trying on";
            case CONNECT -> "no tunnel: the service cannot be reached; trying on";
            case TLS ->
                "no tunnel: the service or this connector is not who the other expects, or TLS inspection is in the"
                        + " way; trying on";
            case NO_TUNNELS -> "no tunnel: what answers is not a Postern service; trying on";
            case UNKNOWN_CERTIFICATE, IDENTITY_GONE ->
                "no tunnel: the service does not know this connector any more; if it was deleted, enrol again with a"
                        + " new token and an empty data folder; trying on";
            case VERSION -> "no tunnel: the service speaks another protocol version; update the older one; trying on";
            case DRAINED, PEER_DRAINED, STOPPED, LOST, DEAD, PROTOCOL, HELLO_TIMEOUT ->
                "no tunnel: the connection to the service ended; trying on";
        };
    }
}
