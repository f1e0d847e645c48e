package io.postern.run.service;

import io.postern.admin.service.Connectors;
import io.postern.admin.service.HealthBook;
import io.postern.admin.service.PathHealth;
import io.postern.admin.service.Services;
import io.postern.domain.health.HostReport;
import io.postern.domain.health.PathProber;
import io.postern.domain.health.Verdict;
import io.postern.store.StoreUnavailable;
import io.postern.store.StoredCertificate;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Health as metrics (docs/operate/health.md). Their labels are bounded by what is configured: one series for each
/// connector × application and for each connector. Made at each scrape, so that a verdict that has grown too old
/// shows as unknown without anybody doing anything.
final class HealthMetrics implements MultiCollector {
    private static final Logger LOG = LoggerFactory.getLogger(HealthMetrics.class);

    private final Services services;

    private HealthMetrics(Services services) {
        this.services = services;
    }

    static void register(PrometheusRegistry registry, Services services) {
        registry.register(new HealthMetrics(services));
    }

    @Override
    public MetricSnapshots collect() {
        var gauges = new Gauges();
        try {
            Instant now = Instant.now();
            services.health().everything().forEach(path -> add(gauges, path, now));
            services.connectors().listAll().forEach(seen -> add(gauges, seen, now));
            services.certificates().listAll().forEach(certificate -> add(gauges, certificate, now));
        } catch (StoreUnavailable e) {
            LOG.warn("metrics of health left out, the database cannot be read: {}", e.getMessage());
            return MetricSnapshots.of();
        }
        return gauges.snapshots();
    }

    private static void add(Gauges gauges, PathHealth path, Instant now) {
        Labels labels = Labels.of(
                "application", path.application().displayName(),
                "application_id", path.application().id().value(),
                "connector", path.connector().machineName(),
                "connector_id", path.connector().id().value());
        gauges.add(
                "application_path_up",
                "1 while the application was reached through the connector lately, 0 while not or not known",
                labels,
                path.verdict() == Verdict.OK ? 1 : 0);
        gauges.add(
                "application_path_verdict",
                "1 for the verdict that counts now",
                labels.add("verdict", path.verdict().wireName()),
                1);
        path.probed().ifPresent(probed -> {
            gauges.add(
                    "application_path_latency_seconds",
                    "From request to head of the answer in the last probe, dialling included",
                    labels,
                    seconds(probed.latency()));
            gauges.add(
                    "application_path_probe_age_seconds",
                    "Time since the last probe",
                    labels,
                    seconds(Duration.between(probed.time(), now)));
        });
    }

    private static void add(Gauges gauges, StoredCertificate certificate, Instant now) {
        gauges.add(
                "certificate_remaining_seconds",
                "Time until a custom domain's certificate expires; below 0 it has",
                Labels.of("hosts", String.join(",", certificate.hosts()), "thumbprint", certificate.thumbprint()),
                seconds(Duration.between(now, certificate.expires())));
    }

    private static void add(Gauges gauges, Connectors.Seen seen, Instant now) {
        Labels labels = Labels.of(
                "connector", seen.connector().machineName(),
                "connector_id", seen.connector().id().value(),
                "group", seen.group().name());
        gauges.add("fleet_connector_active", "1 while it has a tunnel", labels, seen.active() ? 1 : 0);
        gauges.add(
                "fleet_connector_tunnels",
                "Tunnels to this node",
                labels,
                seen.load().map(PathProber.Load::tunnels).orElse(0));
        gauges.add(
                "fleet_connector_streams",
                "Streams open in them",
                labels,
                seen.load().map(PathProber.Load::streams).orElse(0));
        seen.word().ifPresent(word -> add(gauges, labels, word, now));
    }

    private static void add(Gauges gauges, Labels labels, HealthBook.Word word, Instant now) {
        HostReport report = word.report();
        gauges.add(
                "fleet_connector_report_age_seconds",
                "Time since the connector said how it is",
                labels,
                seconds(Duration.between(word.received(), now)));
        gauges.add(
                "fleet_connector_machine_busy",
                "Part of its machine's processors in use",
                labels,
                report.machineBusy());
        gauges.add("fleet_connector_process_busy", "Processors that it takes itself", labels, report.processBusy());
        gauges.add("fleet_connector_memory_bytes", "Memory of its machine", labels, report.memoryBytes());
        gauges.add(
                "fleet_connector_memory_available_bytes",
                "Memory of its machine that is free to use",
                labels,
                report.memoryAvailableBytes());
        gauges.add("fleet_connector_resident_bytes", "Memory that it takes itself", labels, report.residentBytes());
        gauges.add("fleet_connector_open_files", "Files that it has open", labels, report.openFiles());
        gauges.add("fleet_connector_open_files_max", "Files that it may open", labels, report.openFilesMax());
        gauges.add("fleet_connector_exchanges", "Exchanges it serves, WebSockets aside", labels, report.exchanges());
        gauges.add("fleet_connector_websockets", "WebSockets it holds", labels, report.webSockets());
        gauges.add(
                "fleet_connector_waiting", "Requests that wait for a backend's connection", labels, report.waiting());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /// Gathers data points by metric.
    private static final class Gauges {
        private final Map<String, GaugeSnapshot.Builder> byName = new LinkedHashMap<>();

        void add(String name, String help, Labels labels, OptionalDouble value) {
            value.ifPresent(known -> add(name, help, labels, known));
        }

        void add(String name, String help, Labels labels, OptionalLong value) {
            value.ifPresent(known -> add(name, help, labels, (double) known));
        }

        void add(String name, String help, Labels labels, double value) {
            byName.computeIfAbsent(name, n -> GaugeSnapshot.builder().name(n).help(help))
                    .dataPoint(GaugeDataPointSnapshot.builder()
                            .labels(labels)
                            .value(value)
                            .build());
        }

        MetricSnapshots snapshots() {
            MetricSnapshots.Builder all = MetricSnapshots.builder();
            byName.values().forEach(gauge -> all.metricSnapshot(gauge.build()));
            return all.build();
        }
    }
}
