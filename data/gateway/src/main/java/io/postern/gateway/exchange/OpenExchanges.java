package io.postern.gateway.exchange;

import io.netty.channel.EventLoop;
import io.postern.domain.event.Cause;
import io.postern.net.Loops;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// The exchanges that are on their way, one set per loop, so that a change of the snapshot can end those
/// that would not be admitted any more, above all long ones: a WebSocket of a user that was just revoked.
/// Entered and left on the exchange's loop; the rest from any thread.
public final class OpenExchanges {
    private final Loops loops;
    private final List<Set<Exchange>> byLoop;
    private final AtomicInteger count = new AtomicInteger();

    public OpenExchanges(Loops loops) {
        this.loops = loops;
        this.byLoop = loops.all().stream().map(loop -> emptySet()).toList();
    }

    private static Set<Exchange> emptySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    public void entered(Exchange exchange) {
        if (of(exchange.loop()).add(exchange)) {
            count.incrementAndGet();
        }
    }

    public void left(Exchange exchange) {
        if (of(exchange.loop()).remove(exchange)) {
            count.decrementAndGet();
        }
    }

    public int count() {
        return count.get();
    }

    /// Cuts every exchange that `mayGoOn` refuses; it is asked on each exchange's own loop.
    public void recheck(Predicate<Exchange> mayGoOn) {
        for (EventLoop loop : loops.all()) {
            loop.execute(() -> {
                for (Exchange exchange : List.copyOf(of(loop))) {
                    if (!mayGoOn.test(exchange)) {
                        exchange.cut(Cause.REVOKED);
                    }
                }
            });
        }
    }

    private Set<Exchange> of(EventLoop loop) {
        assert loop.inEventLoop();
        return byLoop.get(loops.indexOf(loop));
    }
}
