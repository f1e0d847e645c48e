package io.postern.run.service;

import io.postern.admin.logging.LogExport;
import io.postern.admin.notice.AlertHook;
import io.postern.admin.notice.Outbox;
import io.postern.store.StoreUnavailable;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How the sending of logs fares, one series for each receiver, and that of notices.
final class LogMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(LogMetrics.class);

    private LogMetrics() {}

    static void register(PrometheusRegistry registry, Outbox outbox) {
        CounterWithCallback.builder()
                .name("postern_mail_sent_total")
                .help("Notices that this node handed to the mail server.")
                .callback(counter -> counter.call((double) outbox.sent()))
                .register(registry);
        CounterWithCallback.builder()
                .name("postern_mail_failures_total")
                .help("Attempts to hand a notice to the mail server that failed.")
                .callback(counter -> counter.call((double) outbox.failures()))
                .register(registry);
    }

    static void register(PrometheusRegistry registry, AlertHook hook) {
        CounterWithCallback.builder()
                .name("postern_notice_webhook_sent_total")
                .help("Notices that this node sent to the webhook.")
                .callback(counter -> counter.call((double) hook.sent()))
                .register(registry);
        CounterWithCallback.builder()
                .name("postern_notice_webhook_failures_total")
                .help("Attempts to send a notice to the webhook that failed.")
                .callback(counter -> counter.call((double) hook.failures()))
                .register(registry);
    }

    static void register(PrometheusRegistry registry, List<LogExport> exports) {
        CounterWithCallback.builder()
                .name("postern_log_export_entries_total")
                .help("Log entries that this node sent.")
                .labelNames("receiver")
                .callback(counter -> exports.forEach(e -> counter.call((double) e.sent(), e.receiver())))
                .register(registry);
        CounterWithCallback.builder()
                .name("postern_log_export_failures_total")
                .help("Batches of log entries that a receiver did not take.")
                .labelNames("receiver")
                .callback(counter -> exports.forEach(e -> counter.call((double) e.failures(), e.receiver())))
                .register(registry);
        GaugeWithCallback.builder()
                .name("postern_log_export_backlog")
                .help("Log entries that a receiver has not got yet.")
                .labelNames("receiver")
                .callback(gauge -> exports.forEach(e -> {
                    try {
                        gauge.call((double) e.backlog(), e.receiver());
                    } catch (StoreUnavailable unavailable) {
                        LOG.warn("backlog of {} left out: {}", e.receiver(), unavailable.getMessage());
                    }
                }))
                .register(registry);
    }
}
