package io.postern.run.connector;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.util.NetUtil;
import io.postern.base.EnrollmentToken;
import io.postern.base.HostPort;
import io.postern.connector.ConnectorSettings;
import io.postern.connector.enroll.Identity;
import io.postern.net.DeafListener;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.PeerNotBelieved;
import io.postern.net.PinnedAuthority;
import io.postern.net.TlsContexts;
import io.postern.net.WindowBudget;
import io.postern.net.dial.DialFault;
import io.postern.net.dial.Dialler;
import io.postern.net.dial.HttpProxy;
import io.postern.net.dial.ProxyChoice;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.HelloAnswer;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelProtocol;
import io.postern.tunnel.TunnelRefusal;
import io.postern.tunnel.dial.DialSettings;
import io.postern.tunnel.dial.DialledTunnel;
import io.postern.tunnel.dial.TunnelDialer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.TrustManager;

/// Walks the way of a connector step by step, by the connector's own code, and says at each step how it went:
/// name, proxy, TCP, TLS, clock, registration, tunnel, backends. Changes nothing: no token is spent, and the
/// tunnel is one on trial, which takes no user's exchange. Runs on the thread of a command and waits.
final class Preflight {
    private static final Duration STEP = Duration.ofSeconds(10);

    /// Certificates renew themselves long before; less than this is left only where that fails.
    private static final Duration SHORT_LIFE = Duration.ofDays(30);

    /// Date is exact to a second, and the answer was on its way.
    private static final Duration CLOCK_SLACK = Duration.ofSeconds(30);

    /// In the same folder: the new identity takes the place of the old one ([Registration]).
    private static final String REGISTER_AGAIN =
            "register again: mint a token with 'postern connector token' and start with the same --data and"
                    + " --token-file FILE";

    private final ConnectorSettings settings;
    private final HostPort service;
    private final Optional<Identity> identity;
    private final Optional<EnrollmentToken> token;
    private final Loops loops;
    private final LocalNames names = new LocalNames();
    private final Dialler dialler;
    private final Consumer<Finding> sink;

    /// @param sink told each finding as it is made
    Preflight(
            ConnectorSettings settings,
            HostPort service,
            Optional<Identity> identity,
            Optional<EnrollmentToken> token,
            Loops loops,
            Consumer<Finding> sink) {
        this.settings = settings;
        this.service = service;
        this.identity = identity;
        this.token = token;
        this.loops = loops;
        this.dialler = new Dialler(loops, names, settings.proxy());
        this.sink = sink;
    }

    void run() throws InterruptedException {
        warmUp();
        boolean reached = name() && connection();
        boolean believed = reached && tls();
        boolean registered = registration();
        if (!registered) {
            return;
        }
        if (believed) {
            tunnel();
        } else {
            sink.accept(Finding.skipped("tunnel", "the service was not reached, so it could not be asked"));
        }
    }

    /// Loads what dialling and TLS need, so that times are those of the network and not of this process's start.
    private void warmUp() throws InterruptedException {
        TlsContexts.client(new SeenChain(), TunnelProtocol.ENROLL_ALPN);
        try {
            var nobody = new HostPort("127.0.0.1", 1);
            Waiting.on(new Dialler(loops, names, ProxyChoice.none()).dial(loops.next(), nobody, STEP), STEP)
                    .close();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return; // refused, as it should be
        }
    }

    // ---- the way to the service

    private Optional<HttpProxy> proxy() {
        return settings.proxy().towards(service.host(), service.port());
    }

    private boolean name() throws InterruptedException {
        String host = proxy().map(p -> p.address().host()).orElse(service.host());
        String whose = proxy().isPresent() ? "proxy " : "";
        long begun = System.nanoTime();
        try {
            List<InetAddress> found = Waiting.on(dialler.resolve(host, loops.next()), STEP);
            sink.accept(Finding.ok(
                    "name",
                    whose + host + " is "
                            + String.join(
                                    ", ",
                                    found.stream().map(NetUtil::toAddressString).toList()),
                    since(begun)));
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            sink.accept(Finding.failed(
                    "name",
                    whose + host + " does not resolve",
                    since(begun),
                    proxy().isPresent()
                            ? "correct the proxy's address in "
                                    + settings.proxy().origin()
                            : "check --service and this machine's DNS; where only a proxy leads out, give it with"
                                    + " --proxy or 'proxy' in the configuration"));
            return false;
        }
    }

    private boolean connection() throws InterruptedException {
        String step = proxy().isPresent() ? "proxy" : "connection";
        long begun = System.nanoTime();
        try {
            Channel channel = dial();
            String by = channel.remoteAddress() instanceof InetSocketAddress at
                    ? new HostPort(at.getAddress().getHostAddress(), at.getPort()).toString()
                    : "";
            Duration took = since(begun);
            channel.close();
            sink.accept(Finding.ok(
                    step,
                    proxy().map(p -> p + " (" + settings.proxy().origin() + ") lets CONNECT to " + service + " through"
                                    + (p.credentials().isPresent() ? ", signed in with Basic" : ""))
                            .orElse("TCP to " + by),
                    took));
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            boolean isProxys = e instanceof DialFault fault && fault.kind() == DialFault.Kind.PROXY;
            sink.accept(Finding.failed(
                    step,
                    isProxys ? text(e) : "no connection to " + service + " (" + text(e) + ")",
                    since(begun),
                    isProxys
                            ? "the proxy is named in " + settings.proxy().origin()
                            : "let this machine out to " + service
                                    + " (TCP), or give a proxy with --proxy; check that the" + " service is running"));
            return false;
        }
    }

    private Channel dial() throws Exception {
        return Waiting.on(dialler.dial(loops.next(), service, STEP), STEP.multipliedBy(2));
    }

    // ---- who answers, and what time it is there

    private boolean tls() throws InterruptedException {
        var seen = new SeenChain();
        Optional<TrustManager> pinned = identity.map(i -> PinnedAuthority.of(i.authority()))
                .or(() -> token.map(t -> PinnedAuthority.ofFingerprint(t.caFingerprint())));
        long begun = System.nanoTime();
        try {
            EnrolDoor door = EnrolDoor.open(dial(), service, pinned.orElse(seen));
            Duration took = since(begun);
            if (!door.isPostern()) {
                sink.accept(Finding.failed(
                        "TLS",
                        service + " speaks TLS and is no Postern service" + presented(seen),
                        took,
                        "check --service; it is connect.BASE-DOMAIN of the service"));
                return false;
            }
            if (pinned.isPresent()) {
                sink.accept(Finding.ok(
                        "TLS",
                        "the service is the one that "
                                + (identity.isPresent() ? "registered this connector" : "made the token"),
                        took));
            } else {
                sink.accept(Finding.warning(
                        "TLS",
                        "a Postern service answers" + presented(seen) + "; whether it is yours was not checked",
                        took,
                        "give --token-file or --data, which name the authority to expect"));
            }
            clock(door, false);
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            refused(e, since(begun));
            return false;
        }
    }

    private void refused(Exception why, Duration took) throws InterruptedException {
        Optional<PeerNotBelieved> told = PeerNotBelieved.in(why);
        if (told.isEmpty()) {
            boolean isPlain = why instanceof NotSslRecordException || why.getCause() instanceof NotSslRecordException;
            sink.accept(Finding.failed(
                    "TLS",
                    isPlain ? "what answers at " + service + " does not speak TLS" : "no handshake (" + text(why) + ")",
                    took,
                    isPlain
                            ? "check --service, and that no sign-in page of this network answers instead"
                            : "TLS 1.3 must pass unopened: exempt " + service.host() + " from TLS inspection"));
            return;
        }
        sink.accept(Finding.failed(
                "TLS",
                text(told.get()),
                took,
                switch (told.get().kind()) {
                    case FOREIGN ->
                        "exempt " + service.host()
                                + " from TLS inspection, pass TCP through at a load balancer, or correct"
                                + " --service";
                    case NOT_NOW ->
                        "set this machine's clock (NTP), or look why the service's certificate was not renewed";
                    case MISFIT -> "correct --service: it is connect.BASE-DOMAIN of the service";
                }));
        if (told.get().kind() == PeerNotBelieved.Kind.NOT_NOW) {
            try {
                clock(EnrolDoor.open(dial(), service, new SeenChain()), true);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                sink.accept(Finding.skipped("clock", "the service's time is not known (" + text(e) + ")"));
            }
        }
    }

    private void clock(EnrolDoor door, boolean matters) throws InterruptedException {
        long begun = System.nanoTime();
        try {
            Instant there = door.time();
            Duration took = since(begun);
            Duration apart = Duration.between(there, Instant.now());
            String words = PeerNotBelieved.words(apart.abs());
            if (apart.abs().compareTo(CLOCK_SLACK) < 0) {
                sink.accept(Finding.ok("clock", "this machine and the service agree", took));
            } else {
                String what = "this machine's clock is " + words + (apart.isNegative() ? " behind" : " ahead of")
                        + " the service's";
                String remedy = "set this machine's clock (NTP), or the service's, whichever is wrong";
                sink.accept(
                        matters
                                ? Finding.failed("clock", what, took, remedy)
                                : Finding.warning("clock", what, took, remedy));
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            sink.accept(Finding.skipped("clock", "the service's time is not known (" + text(e) + ")"));
        } finally {
            door.close();
        }
    }

    private static String presented(SeenChain seen) {
        return seen.leaf()
                .map(leaf -> ", with the certificate '" + leaf.getSubjectX500Principal() + "' issued by '"
                        + leaf.getIssuerX500Principal() + "'")
                .orElse("");
    }

    // ---- who we are

    /// @return whether it is worth while to ask the service about it
    private boolean registration() {
        if (identity.isEmpty()) {
            sink.accept(Finding.skipped(
                    "registration",
                    token.isPresent()
                            ? "not registered yet; the token is well formed and is spent by the first start"
                            : "not registered yet; 'postern connector token' mints a token for the first start"));
            return false;
        }
        X509Certificate certificate = identity.get().certificate();
        Instant until = certificate.getNotAfter().toInstant();
        String who = "connector " + identity.get().connectorId() + " of '"
                + identity.get().tenant() + "', group '" + identity.get().group() + "', certificate valid until "
                + until.truncatedTo(ChronoUnit.SECONDS);
        Duration left = Duration.between(Instant.now(), until);
        if (left.isNegative()) {
            sink.accept(Finding.failed("registration", who + ", which is over", Duration.ZERO, REGISTER_AGAIN));
            sink.accept(Finding.skipped("tunnel", "the service takes none with a certificate that is over"));
            return false;
        } else if (left.compareTo(SHORT_LIFE) < 0) {
            sink.accept(Finding.warning(
                    "registration",
                    who,
                    Duration.ZERO,
                    "the connector renews it by itself while it runs; look in its log why it has not"));
        } else {
            sink.accept(Finding.ok("registration", who, Duration.ZERO));
        }
        return true;
    }

    private void tunnel() throws InterruptedException {
        Identity known = identity.orElseThrow();
        SslContext tls = TlsContexts.mutualClient(
                known.key(), known.certificates(), PinnedAuthority.of(known.authority()), TunnelProtocol.ALPN);
        var self = new HelloAnswer(
                TunnelProtocol.VERSION,
                ProgramVersion.TEXT,
                "pre-flight",
                System.getProperty("os.name", "unknown"),
                Instant.now(),
                Optional.of("pre-flight"),
                true);
        var dialer = new TunnelDialer(
                DialSettings.DEFAULT,
                dialler,
                WindowBudget.ofProcess(),
                () -> self,
                (tunnel, stream) -> declined(stream));
        long begun = System.nanoTime();
        DialledTunnel tunnel;
        try {
            tunnel = Waiting.on(dialer.dial(loops.next(), service, tls), STEP.multipliedBy(2));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            TunnelEnd end = TunnelRefusal.end(e);
            sink.accept(Finding.failed(
                    "tunnel",
                    "the service takes no tunnel (" + end + ")",
                    since(begun),
                    switch (end.cause()) {
                        case UNKNOWN_CERTIFICATE, IDENTITY_GONE ->
                            "it does not know this connector any more, since it was deleted, or had no tunnel for ten"
                                    + " days; "
                                    + REGISTER_AGAIN;
                        case DISABLED -> "an administrator has disabled it; 'postern connector enable' lets it back";
                        case VERSION -> "update the older one of service and connector";
                        case NO_TUNNELS -> "check --service";
                        default -> "look at the service's log";
                    }));
            return;
        }
        try {
            Waiting.on(tunnel.ready(), STEP);
            List<BackendSettings> backends = tunnel.backends().byId().values().stream()
                    .sorted(Comparator.comparing(BackendSettings::host).thenComparingInt(BackendSettings::port))
                    .toList();
            sink.accept(Finding.ok(
                    "tunnel",
                    "the service knows this connector; node " + tunnel.hello().node() + ", version "
                            + tunnel.hello().serviceVersion() + ", "
                            + tunnel.hello().lanes() + " lanes, "
                            + backends.size() + (backends.size() == 1 ? " backend" : " backends"),
                    since(begun)));
            new BackendFindings(settings, loops, names, sink).look(backends);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            sink.accept(Finding.failed(
                    "tunnel", "the service sent no backends (" + text(e) + ")", since(begun), "look at its log"));
        } finally {
            tunnel.close(TunnelEnd.of(TunnelEnd.Cause.STOPPED));
        }
    }

    /// Nobody's exchange comes by a tunnel on trial; one that does is not taken, and may go elsewhere.
    private static FrameListener declined(FrameStream stream) {
        stream.reset(Http2Error.REFUSED_STREAM);
        return DeafListener.INSTANCE;
    }

    static Duration since(long begunNanos) {
        return Duration.ofNanos(System.nanoTime() - begunNanos);
    }

    static String text(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
