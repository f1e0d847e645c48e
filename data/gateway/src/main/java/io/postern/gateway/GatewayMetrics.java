package io.postern.gateway;

import io.postern.domain.links.LinkFinding;
import io.postern.gateway.exchange.Exchange;
import io.postern.gateway.intake.Refusal;
import io.postern.net.DirectMemory;
import io.postern.net.WindowBudget;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/// What the gateway counts. Labels come from enums and status codes, never from requests, so their
/// number is bounded. Thread-safe.
final class GatewayMetrics {
    private final Counter exchanges;
    private final Histogram duration;
    private final Histogram firstByte;
    private final Counter received;
    private final Counter sent;
    private final Counter tunnelsClosed;
    private final Counter refused;
    private final Counter connectionsRefused;
    private final Counter retries;
    private final Counter untranslated;

    GatewayMetrics(PrometheusRegistry registry) {
        exchanges = Counter.builder()
                .name("exchanges_total")
                .help("Exchanges that are over, by outcome and status class")
                .labelNames("outcome", "status")
                .withoutExemplars()
                .register(registry);
        duration = Histogram.builder()
                .name("exchange_duration_seconds")
                .help("From the request head to the last byte of the answer")
                .unit(Unit.SECONDS)
                .classicUpperBounds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)
                .classicOnly()
                .withoutExemplars()
                .register(registry);
        firstByte = Histogram.builder()
                .name("exchange_first_byte_seconds")
                .help("From the request head to the head of the answer")
                .unit(Unit.SECONDS)
                .classicUpperBounds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)
                .classicOnly()
                .withoutExemplars()
                .register(registry);
        received = Counter.builder()
                .name("exchange_request_bytes_total")
                .help("Bytes of request bodies")
                .unit(Unit.BYTES)
                .withoutExemplars()
                .register(registry);
        sent = Counter.builder()
                .name("exchange_response_bytes_total")
                .help("Bytes of response bodies")
                .unit(Unit.BYTES)
                .withoutExemplars()
                .register(registry);
        refused = Counter.builder()
                .name("requests_refused_total")
                .help("Requests answered with 503 because too many wait or the event loop runs late, by reason")
                .labelNames("reason")
                .withoutExemplars()
                .register(registry);
        retries = Counter.builder()
                .name("exchange_retries_total")
                .help("Attempts beyond the first, by what the one before came to")
                .labelNames("reason")
                .withoutExemplars()
                .register(registry);
        untranslated = Counter.builder()
                .name("answers_untranslated_total")
                .help("Pages that passed with their links untranslated though translation is on, by reason")
                .labelNames("reason")
                .withoutExemplars()
                .register(registry);
        connectionsRefused = Counter.builder()
                .name("edge_connections_refused_total")
                .help("Connections closed before they could ask for anything, by the limit that was reached")
                .labelNames("limit")
                .withoutExemplars()
                .register(registry);
        tunnelsClosed = Counter.builder()
                .name("tunnels_closed_total")
                .help("Tunnels that ended or never began, by cause")
                .labelNames("cause")
                .withoutExemplars()
                .register(registry);
    }

    void onConnectionRefused(String reason) {
        connectionsRefused.labelValues(reason).inc();
    }

    void onUntranslated(LinkFinding why) {
        untranslated.labelValues(why.wireName()).inc();
    }

    void onRefused(Refusal why) {
        refused.labelValues(why.label()).inc();
    }

    void onDone(Exchange exchange) {
        int status = exchange.status();
        exchanges
                .labelValues(exchange.outcome(), status == 0 ? "none" : status / 100 + "xx")
                .inc();
        duration.observe(exchange.elapsedNanos() / 1e9);
        long first = exchange.stages().firstByte();
        if (first >= 0) {
            firstByte.observe(first / (double) TimeUnit.SECONDS.toMicros(1));
        }
        if (exchange.retries() > 0) {
            retries.labelValues(exchange.retriedFor()).inc(exchange.retries());
        }
        received.inc(exchange.requestBytes());
        sent.inc(exchange.responseBytes());
    }

    void onTunnelClosed(String cause) {
        tunnelsClosed.labelValues(cause).inc();
    }

    static void gauge(PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    /// What received bytes may take and do take (docs/architecture/flow-control.md).
    static void memory(PrometheusRegistry registry, WindowBudget budget) {
        DirectMemory memory = budget.memory();
        GaugeWithCallback.builder()
                .name("window_promised_bytes")
                .help("Bytes beyond their start windows that streams have been promised")
                .unit(Unit.BYTES)
                .callback(callback -> callback.call((double) budget.bytesUsed()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("window_budget_bytes")
                .help("Bytes that may be promised to all streams together")
                .unit(Unit.BYTES)
                .callback(callback -> callback.call((double) budget.bytesMax()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("window_claimants")
                .help("Streams that have grown or would like to; the budget is shared by so many")
                .callback(callback -> callback.call(budget.claimants()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("direct_memory_used_bytes")
                .help("Memory that the buffers of all connections take")
                .unit(Unit.BYTES)
                .callback(callback -> callback.call((double) memory.bytesUsed()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("direct_memory_pressure")
                .help("0 easy, 1 tight: small windows, 2 full: stalled streams are ended, 3 exhausted: nothing new")
                .callback(callback -> callback.call(memory.pressure().level()))
                .register(registry);
        CounterWithCallback.builder()
                .name("stalled_streams_ended_total")
                .help("Streams ended because nobody read them while memory was short")
                .callback(callback -> callback.call((double) memory.streamsEnded()))
                .register(registry);
    }
}
