package io.postern.connector.serve;

import io.netty.channel.Channel;
import io.postern.tunnel.ConnectorStatus;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.stream.IntStream;

/// What the connector counts about its exchanges. No label grows with users, paths or hosts.
public final class ServeMetrics {
    private final CounterDataPoint[] exchangesByClass; // looked up once, they are counted with every answer
    final Counter failures;
    final Counter retries;
    final Gauge openStreams;
    final Gauge openWebSockets;
    final Gauge idleConnections;
    final Gauge waitingForBackends;
    final Counter requestBytes;
    final Counter responseBytes;
    final Counter dials;
    final Histogram firstByteSeconds;
    private final Gauge connections;
    private final Gauge shared;
    final Histogram queueWaitSeconds;

    public ServeMetrics(PrometheusRegistry registry) {
        Counter exchanges = Counter.builder()
                .name("connector_exchanges_total")
                .help("Answers that backends gave, by class of status")
                .labelNames("status_class")
                .register(registry);
        exchangesByClass = IntStream.rangeClosed(1, 5)
                .mapToObj(i -> exchanges.labelValues(i + "xx"))
                .toArray(CounterDataPoint[]::new);
        failures = Counter.builder()
                .name("connector_failures_total")
                .help("Streams that the connector answered itself, by reason")
                .labelNames("reason")
                .register(registry);
        retries = Counter.builder()
                .name("connector_retries_total")
                .help("Requests sent again because a kept connection had ended")
                .register(registry);
        openStreams = Gauge.builder()
                .name("connector_open_streams")
                .help("Streams being served, open WebSockets aside")
                .register(registry);
        openWebSockets = Gauge.builder()
                .name("connector_open_websockets")
                .help("WebSockets open")
                .register(registry);
        idleConnections = Gauge.builder()
                .name("connector_backend_idle_connections")
                .help("Connections to backends kept for the next request")
                .register(registry);
        waitingForBackends = Gauge.builder()
                .name("connector_waiting_for_backends")
                .help("Requests that wait until a connection to their backend comes free")
                .register(registry);
        requestBytes = Counter.builder()
                .name("connector_request_bytes_total")
                .help("Bytes of requests' bodies and of WebSockets, towards backends")
                .withoutExemplars()
                .register(registry);
        responseBytes = Counter.builder()
                .name("connector_response_bytes_total")
                .help("Bytes of answers' bodies and of WebSockets, from backends")
                .withoutExemplars()
                .register(registry);
        dials = Counter.builder()
                .name("connector_backend_dials_total")
                .help("Connections opened to backends, by result")
                .labelNames("result")
                .register(registry);
        firstByteSeconds = Histogram.builder()
                .name("connector_first_byte_seconds")
                .help("From the request's head to the head of the backend's answer")
                .classicUpperBounds(0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 85, 180)
                .classicOnly()
                .register(registry);
        connections = Gauge.builder()
                .name("connector_backend_connections")
                .help("Connections to backends open, WebSockets and unused ones among them")
                .register(registry);
        shared = Gauge.builder()
                .name("connector_backend_http2_connections")
                .help("Those of them that speak HTTP/2, each for many requests at once")
                .register(registry);
        queueWaitSeconds = Histogram.builder()
                .name("connector_backend_queue_wait_seconds")
                .help("From the request's head until a connection, or the right to dial one, was its own")
                .classicUpperBounds(0.0005, 0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5)
                .classicOnly()
                .register(registry);
    }

    /// @param status of three digits, as the codec has seen to; 600 and above count as 5xx (RFC 9110 section 15)
    void onAnswer(int status) {
        exchangesByClass[Math.clamp(status / 100, 1, 5) - 1].inc();
    }

    /// A connection to a backend is open.
    void countConnection(Channel channel) {
        count(connections, channel);
    }

    /// It speaks HTTP/2.
    void countShared(Channel channel) {
        count(shared, channel);
    }

    private static void count(Gauge gauge, Channel channel) {
        gauge.inc();
        channel.closeFuture().addListener(gone -> gauge.dec());
    }

    /// What is going on now, for the service's question; any thread.
    public ConnectorStatus.Work work() {
        return new ConnectorStatus.Work(
                now(openStreams), now(openWebSockets), now(waitingForBackends), (long) requestBytes.get(), (long)
                        responseBytes.get());
    }

    /// Read while others count, it may show a leaving before its coming.
    private static int now(Gauge gauge) {
        return (int) Math.max(0, gauge.get());
    }
}
