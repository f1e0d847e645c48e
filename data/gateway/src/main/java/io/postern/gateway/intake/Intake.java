package io.postern.gateway.intake;

import io.netty.channel.EventLoop;
import io.postern.domain.AppId;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.Route;
import io.postern.net.DirectMemory;
import io.postern.net.Loops;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes requests while they can be answered in good time and refuses the rest at once, before cookies are
/// opened and streams begun: a refusal costs a fraction of an answer, so what was taken is still served at
/// full rate while more comes than fits. Nothing that was taken is ever cut.
///
/// Thread-safe; an exchange is taken and let go on its own loop. Two counters per request, no lock.
public final class Intake {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final IntakeLimits limits;
    private final Loops loops;
    private final DirectMemory memory;
    private final List<Lateness> byLoop;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<AppId, AtomicInteger> byApplication = new ConcurrentHashMap<>();

    /// @param memory in which bodies lie; where three quarters are used, nothing new is taken
    public Intake(IntakeLimits limits, Loops loops, DirectMemory memory) {
        this.limits = limits;
        this.loops = loops;
        this.memory = memory;
        this.byLoop = loops.all().stream()
                .map(loop -> new Lateness(limits.lateMax().toNanos()))
                .toList();
        for (int i = 0; i < byLoop.size(); i++) {
            watch(loops.all().get(i), byLoop.get(i));
        }
    }

    private static void watch(EventLoop loop, Lateness lateness) {
        long due = System.nanoTime() + TICK_NANOS;
        loop.schedule(
                () -> {
                    lateness.onTick(Math.max(0, System.nanoTime() - due));
                    watch(loop, lateness);
                },
                TICK_NANOS,
                TimeUnit.NANOSECONDS);
    }

    /// Takes a routed exchange, or says why not. What was taken is to be given to [#left] once.
    public Optional<Refusal> take(Exchange exchange) {
        if (memory.pressure() == DirectMemory.Pressure.EXHAUSTED) {
            return Optional.of(Refusal.MEMORY);
        }
        if (byLoop.get(loops.indexOf(exchange.loop())).refusesNext()) {
            return Optional.of(Refusal.LATE);
        }
        if (waiting.incrementAndGet() > limits.waitingMax()) {
            waiting.decrementAndGet();
            return Optional.of(Refusal.PROCESS);
        }
        if (exchange.route() instanceof Route.Published published
                && of(published).incrementAndGet() > limits.waitingPerApplicationMax()) {
            of(published).decrementAndGet();
            waiting.decrementAndGet();
            return Optional.of(Refusal.APPLICATION);
        }
        exchange.onTaken();
        return Optional.empty();
    }

    /// The exchange waits no more. Nothing happens for one that was refused.
    public void left(Exchange exchange) {
        if (exchange.isTaken()) {
            waiting.decrementAndGet();
            if (exchange.route() instanceof Route.Published published) {
                of(published).decrementAndGet();
            }
        }
    }

    /// Applications keep their counter for the life of the process: a few bytes, and exchanges outlive snapshots.
    private AtomicInteger of(Route.Published route) {
        return byApplication.computeIfAbsent(route.application().appId(), id -> new AtomicInteger());
    }

    /// Requests taken and not answered yet.
    public int waiting() {
        return waiting.get();
    }

    /// Of the loop that runs latest, at its last tick.
    public double lateSeconds() {
        return byLoop.stream().mapToLong(Lateness::lateNanos).max().orElse(0) / 1e9;
    }
}
