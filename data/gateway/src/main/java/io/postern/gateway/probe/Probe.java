package io.postern.gateway.probe;

import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import io.postern.domain.health.Probed;
import io.postern.domain.health.Verdict;
import io.postern.tunnel.Tunnel;
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
            send(tunnels.next(), ProbeStream.HEAD);
        } else {
            finish(otherwise);
        }
    }

    private void send(Tunnel tunnel, AsciiString method) {
        sentNanos = System.nanoTime();
        ProbeStream.send(tunnel, question, method, exchange, settings)
                .addListener((Future<Finding> found) -> onFound(tunnel, method, found.getNow()));
    }

    private void onFound(Tunnel tunnel, AsciiString method, Finding finding) {
        if (finding.elsewhere()) {
            nextTunnel(finding);
        } else if (finding.isWorthAGet() && method.equals(ProbeStream.HEAD)) {
            send(tunnel, ProbeStream.GET);
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
