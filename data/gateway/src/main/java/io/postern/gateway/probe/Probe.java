package io.postern.gateway.probe;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import io.postern.domain.health.Probed;
import io.postern.domain.health.Verdict;
import io.postern.tunnel.Tunnel;
import io.postern.tunnel.TunnelProtocol;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/// One probe of one path: by `HEAD`, and by `GET` where `HEAD` may be what the backend dislikes; on a second
/// tunnel of the same connector where the first was at fault. Runs on the loops of these tunnels, one after
/// the other.
final class Probe {
    private static final int TUNNELS_MAX = 3;
    private static final AsciiString HEAD = AsciiString.cached("HEAD");
    private static final AsciiString GET = AsciiString.cached("GET");
    private static final AsciiString USER_AGENT = AsciiString.cached("Postern-Probe/1");
    private static final AsciiString ANYTHING = AsciiString.cached("*/*");

    private final Question question;
    private final Iterator<Tunnel> tunnels;
    private final ProbeSettings settings;
    private final Duration interval;
    private final InstantSource clock;
    private final Consumer<Probed> done;
    private final String exchange = exchangeId();
    private long sentNanos = System.nanoTime();

    /// @param tunnels of the connector, in the order in which to try them
    /// @param interval to the next probe, for whoever reads the verdict
    /// @param done told once, on some loop
    Probe(
            Question question,
            List<Tunnel> tunnels,
            ProbeSettings settings,
            Duration interval,
            InstantSource clock,
            Consumer<Probed> done) {
        this.question = question;
        this.tunnels = tunnels.stream().limit(TUNNELS_MAX).iterator();
        this.settings = settings;
        this.interval = interval;
        this.clock = clock;
        this.done = done;
    }

    void start() {
        nextTunnel(Finding.tunnel(Verdict.NO_TUNNEL, "the connector has no tunnel"));
    }

    /// @param otherwise the result when there is no tunnel (left)
    private void nextTunnel(Finding otherwise) {
        if (tunnels.hasNext()) {
            send(tunnels.next(), HEAD);
        } else {
            finish(otherwise);
        }
    }

    private void send(Tunnel tunnel, AsciiString method) {
        sentNanos = System.nanoTime();
        HeadExchange.send(tunnel, head(method), settings.limit().plus(settings.allowance()))
                .addListener((Future<HeadExchange.Ending> ended) ->
                        onFound(tunnel, method, Finding.of(tunnel, ended.getNow())));
    }

    /// Says nothing of any user.
    private Http2Headers head(AsciiString method) {
        return new DefaultHttp2Headers(false, 9)
                .method(method)
                .scheme(question.scheme())
                .authority(question.authority())
                .path(question.target().path())
                .set(HttpHeaderNames.USER_AGENT, USER_AGENT)
                .set(HttpHeaderNames.ACCEPT, ANYTHING)
                .set(TunnelProtocol.BACKEND, question.target().backend())
                .set(TunnelProtocol.EXCHANGE, exchange)
                .setLong(TunnelProtocol.PROBE, settings.limit().toMillis());
    }

    private void onFound(Tunnel tunnel, AsciiString method, Finding finding) {
        if (finding.elsewhere()) {
            nextTunnel(finding);
        } else if (finding.isWorthAGet() && method.equals(HEAD)) {
            send(tunnel, GET);
        } else {
            finish(finding);
        }
    }

    private void finish(Finding finding) {
        done.accept(new Probed(
                question.path(),
                question.target(),
                clock.instant(),
                interval,
                finding.verdict(),
                finding.status(),
                Duration.ofNanos(System.nanoTime() - sentNanos),
                finding.connect(),
                finding.detail(),
                exchange));
    }

    private static String exchangeId() {
        var random = ThreadLocalRandom.current(); // names a request, guards nothing
        var hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }
}
