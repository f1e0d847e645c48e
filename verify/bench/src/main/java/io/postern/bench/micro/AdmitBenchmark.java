package io.postern.bench.micro;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.PreAuthentication;
import io.postern.domain.SessionId;
import io.postern.domain.policy.Subject;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.admit.Admission;
import io.postern.gateway.admit.AdmitEntry;
import io.postern.gateway.admit.Admitter;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.RequestHead;
import io.postern.gateway.exchange.Route;
import io.postern.gateway.page.ErrorPages;
import io.postern.gateway.route.Router;
import io.postern.token.KeyRing;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// The decision about one request to an application with pre-authentication.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AdmitBenchmark {
    private static final Duration SESSION = Duration.ofHours(1);

    private final World world = World.of(1, PreAuthentication.POSTERN);
    private final PublishedApplication application = world.applications().getFirst();
    private final KeyRing ring = KeyRing.generate();
    private final EventLoop loop = new EmbeddedChannel().eventLoop();
    private final Admitter admitter = new Admitter(
            ring,
            (on, door, method, path, fields, body) -> {
                throw new IllegalStateException("nothing here asks the control plane: " + path);
            },
            new ErrorPages());

    private final RequestHead withCookie = head(Heads.script("cookie", "theme=dark; " + cookie() + "; lang=en"));
    private final RequestHead withoutCookie = head(Heads.script("cookie", "theme=dark; lang=en"));
    private final RequestHead page = head(Heads.page());
    private final Route route =
            new Router(world.snapshot()).route(withCookie.authority(), withCookie.target(), host -> true);
    private final ClientFacts now = world.client(World.NOW);
    private final ClientFacts later = world.client(World.NOW.plus(SESSION));

    /// A cookie that this loop has opened before.
    @Benchmark
    public Admission knownCookie() {
        return admitter.admit(withCookie, route, now, loop);
    }

    /// The same cookie after its end: a script is told 401.
    @Benchmark
    public Admission expiredCookie() {
        return admitter.admit(withCookie, route, later, loop);
    }

    /// A script without a session: 401.
    @Benchmark
    public Admission noCookie() {
        return admitter.admit(withoutCookie, route, now, loop);
    }

    /// A browser without a session: sent to sign in, with a sealed state.
    @Benchmark
    public Admission pageWithoutCookie() {
        return admitter.admit(page, route, now, loop);
    }

    private String cookie() {
        Instant authenticated = World.NOW.minus(SESSION);
        var subject = new Subject(
                World.TENANT,
                world.user(),
                "b.simon@contoso.example",
                Optional.of(SessionId.random()),
                authenticated,
                World.NOW.plus(SESSION).minusSeconds(1));
        return AdmitEntry.sessionCookie(ring, subject, application.appId());
    }

    private static RequestHead head(Http2Headers fields) {
        return new RequestHead("GET", World.host(0), "/orders/2026/summary.json?page=3", fields, false, false);
    }
}
