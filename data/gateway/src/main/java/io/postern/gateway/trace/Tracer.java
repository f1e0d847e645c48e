package io.postern.gateway.trace;

import io.postern.domain.event.EventSink;
import io.postern.domain.policy.Subject;
import io.postern.domain.snapshot.Trace;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.exchange.Route;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Decides which exchanges are recorded, and hands on what was. One for all event loops; thread-safe.
public final class Tracer {
    /// Recordings at a time, some 16 MiB at most; what comes beyond is passed on as ever, and counted.
    static final int OPEN_MAX = 256;

    private final EventSink events;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger missed = new AtomicInteger();

    public Tracer(EventSink events) {
        this.events = events;
    }

    /// On the exchange's loop, once it is known who asks and before its head is changed.
    ///
    /// @param traces of the snapshot in force; nearly always none
    public void look(Exchange exchange, List<Trace> traces, Optional<Subject> who) {
        if (who.isEmpty() || !(exchange.route() instanceof Route.Published published)) {
            return;
        }
        for (Trace trace : traces) {
            if (trace.application().equals(published.application().appId())
                    && trace.user().equals(who.get().user())
                    && exchange.facts().now().isBefore(trace.ends())) {
                begin(exchange, trace);
                return;
            }
        }
    }

    private void begin(Exchange exchange, Trace trace) {
        if (open.incrementAndGet() > OPEN_MAX) {
            open.decrementAndGet();
            missed.incrementAndGet();
        } else {
            exchange.tap(new Recording(trace, exchange, missed.getAndSet(0)));
        }
    }

    /// The head of the answer is there: of a WebSocket that is what there is to tell.
    public void onAnswering(Exchange exchange) {
        if (exchange.head().webSocket()) {
            tell(exchange);
        }
    }

    public void onDone(Exchange exchange) {
        tell(exchange);
    }

    private void tell(Exchange exchange) {
        if (exchange.tap() instanceof Recording recording && !recording.isTold()) {
            open.decrementAndGet();
            events.traced(recording.tell(exchange));
        }
    }
}
