package io.postern.connector.serve;

import io.netty.channel.EventLoop;
import io.postern.net.FrameListener;
import io.postern.net.FrameStream;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.net.WindowBudget;
import io.postern.net.dial.Dialler;
import io.postern.tunnel.dial.DialledTunnel;
import io.postern.tunnel.dial.StreamServer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What serves the streams of all tunnels: one pool of backend connections for each event loop, made with
/// the first stream there.
public final class Serving implements StreamServer {
    /// What a user agent has, after the grace period, to take a farewell and answer it.
    public static final Duration FAREWELL = Duration.ofSeconds(1);

    private final ServeSettings settings;
    private final ServeMetrics metrics;
    private final BackendDialler dialler;
    private final WindowBudget budget;
    private final BackendShares shares;
    private final SignOns signOns;
    private final Map<EventLoop, BackendPool> pools = new ConcurrentHashMap<>();
    private final Set<Endless> endless = ConcurrentHashMap.newKeySet();
    private volatile boolean isGraceOver;

    /// @param contexts TLS towards backends
    /// @param signOns ways to sign users in at backends
    /// @param budget of this process's windows; where its memory is exhausted, requests are refused as busy
    public Serving(
            ServeSettings settings,
            Loops loops,
            LocalNames names,
            BackendContexts contexts,
            SignOns signOns,
            ServeMetrics metrics,
            WindowBudget budget) {
        var ways = new Dialler(loops, names, settings.proxies());
        this.settings = settings;
        this.budget = budget;
        this.shares = new BackendShares(settings);
        this.signOns = signOns;
        this.metrics = metrics;
        this.dialler = new BackendDialler(ways, names, settings, contexts, metrics);
    }

    @Override
    public FrameListener serve(DialledTunnel tunnel, FrameStream stream) {
        return new StreamExchange(this, tunnel, stream, pool(tunnel.eventLoop()));
    }

    /// Ends what has no end of its own: WebSockets with 1012, streams of events with the proper end of a body. Any
    /// thread, once.
    public void sayFarewell() {
        isGraceOver = true;
        endless.forEach(one -> one.eventLoop().execute(one::onGraceOver));
    }

    void add(Endless one) {
        endless.add(one);
        if (isGraceOver) { // it began while the others were told
            one.eventLoop().execute(one::onGraceOver);
        }
    }

    void remove(Endless one) {
        endless.remove(one);
    }

    /// Closes the connections that are kept for later. Any thread.
    public void close() {
        pools.forEach((loop, pool) -> loop.execute(pool::close));
    }

    BackendDialler dialler() {
        return dialler;
    }

    SignOns signOns() {
        return signOns;
    }

    ServeMetrics metrics() {
        return metrics;
    }

    private BackendPool pool(EventLoop loop) {
        return pools.computeIfAbsent(loop, l -> new BackendPool(l, settings, metrics, shares, dialler, budget));
    }
}
