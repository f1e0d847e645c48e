package io.postern.gateway.exchange;

import io.netty.channel.EventLoop;
import io.postern.domain.event.Cause;
import io.postern.net.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

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

    /// Ends every exchange for which `why` has an answer; it is asked on each exchange's own loop.
    public void recheck(Function<Exchange, Optional<Cause>> why) {
        for (EventLoop loop : loops.all()) {
            loop.execute(() -> end(loop, why));
        }
    }

    /// As [#recheck], again and again until the loops end.
    public void watch(Duration period, Function<Exchange, Optional<Cause>> why) {
        for (EventLoop loop : loops.all()) {
            loop.scheduleAtFixedRate(() -> end(loop, why), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void end(EventLoop loop, Function<Exchange, Optional<Cause>> why) {
        var ending = new ArrayList<Exchange>();
        var causes = new ArrayList<Cause>();
        for (Exchange exchange : of(loop)) {
            Optional<Cause> cause = why.apply(exchange);
            if (cause.isPresent()) {
                ending.add(exchange);
                causes.add(cause.get());
            }
        }
        for (int i = 0; i < ending.size(); i++) {
            ending.get(i).withdraw(causes.get(i));
        }
    }

    private Set<Exchange> of(EventLoop loop) {
        assert loop.inEventLoop();
        return byLoop.get(loops.indexOf(loop));
    }
}
