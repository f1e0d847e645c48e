package io.postern.connector.kerberos;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/// What is counted about tickets (CNT-1). No label grows with users or services.
public final class KerberosMetrics {
    final Counter asked;
    final Counter logins;
    final Counter failures;
    final Gauge cached;
    final Gauge waiting;
    final Histogram exchangeSeconds;
    final Histogram waitSeconds;

    public KerberosMetrics(PrometheusRegistry registry) {
        asked = Counter.builder()
                .name("connector_kerberos_tickets_total")
                .help("Questions for a user's ticket: 'cached', 'exchanged' with a KDC, 'joined' to a question under"
                        + " way, 'stale' because no KDC answered, 'refused' again for a moment")
                .labelNames("how")
                .register(registry);
        logins = Counter.builder()
                .name("connector_kerberos_logins_total")
                .help("Sign-ins of the connector's own account")
                .labelNames("result")
                .register(registry);
        failures = Counter.builder()
                .name("connector_kerberos_failures_total")
                .help("Tickets that were not got, by reason")
                .labelNames("reason")
                .register(registry);
        cached = Gauge.builder()
                .name("connector_kerberos_cached_tickets")
                .help("Tickets that are kept")
                .register(registry);
        waiting = Gauge.builder()
                .name("connector_kerberos_waiting")
                .help("Users that wait for an exchange with a KDC to begin")
                .register(registry);
        exchangeSeconds = Histogram.builder()
                .name("connector_kerberos_exchange_seconds")
                .help("Look-up and exchanges with the KDC for one ticket")
                .classicUpperBounds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
                .classicOnly()
                .register(registry);
        waitSeconds = Histogram.builder()
                .name("connector_kerberos_wait_seconds")
                .help("Wait until an exchange began")
                .classicUpperBounds(0.0005, 0.005, 0.025, 0.1, 0.5, 1, 2.5)
                .classicOnly()
                .register(registry);
    }
}
