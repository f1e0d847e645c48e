package io.postern.admin.graph;

import io.postern.admin.service.Connectors;
import io.postern.admin.service.Health;
import io.postern.admin.service.HealthBook;
import io.postern.admin.service.PathHealth;
import io.postern.domain.health.HostReport;
import io.postern.domain.health.Probed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/// What health looks like in JSON (docs/api.md "Objects"): ages are told beside times, so that nobody has to
/// compare clocks.
final class HealthShapes {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double HUNDRED = 100.0;

    private final String node;
    private final InstantSource clock;

    /// @param node of the service, whose view this is
    HealthShapes(String node, InstantSource clock) {
        this.node = node;
        this.clock = clock;
    }

    ObjectNode application(Health.OfApplication health) {
        ObjectNode json = Shapes.object()
                .put("applicationId", health.application().id().value())
                .put("applicationDisplayName", health.application().displayName())
                .put("node", node);
        json.putObject("connectorGroup")
                .put("id", health.group().id().value())
                .put("name", health.group().name());
        Shapes.texts(json.putArray("warnings"), health.warnings());
        var paths = json.putArray("paths");
        health.paths().stream().map(this::path).forEach(paths::add);
        return json;
    }

    ObjectNode path(PathHealth path) {
        ObjectNode json = Shapes.object()
                .put("applicationId", path.application().id().value())
                .put("applicationDisplayName", path.application().displayName())
                .put("connectorId", path.connector().id().value())
                .put("machineName", path.connector().machineName())
                .put("node", node)
                .put("verdict", path.verdict().wireName())
                .put("detail", path.detail())
                .put("remedy", path.remedy());
        path.probed().ifPresentOrElse(probed -> json.set("lastProbe", probe(probed)), () -> json.putNull("lastProbe"));
        return json;
    }

    private ObjectNode probe(Probed probed) {
        ObjectNode json = Shapes.object()
                .put("verdict", probed.verdict().wireName())
                .put("probedDateTime", probed.time().toString())
                .put("ageInSeconds", age(probed.time()))
                .put("intervalInSeconds", probed.interval().toSeconds())
                .put("latencyInMilliseconds", millis(probed.latency()))
                .put("exchangeId", probed.exchange());
        probed.status().ifPresentOrElse(status -> json.put("httpStatus", status), () -> json.putNull("httpStatus"));
        probed.connect()
                .ifPresentOrElse(
                        connect -> json.put("connectInMilliseconds", millis(connect)),
                        () -> json.putNull("connectInMilliseconds"));
        return json;
    }

    /// The living part of a connector.
    void addTo(ObjectNode json, Connectors.Seen seen) {
        json.putObject("connectorGroup")
                .put("id", seen.group().id().value())
                .put("name", seen.group().name());
        Optional<Instant> since = seen.state().since();
        since.ifPresentOrElse(
                time -> json.put("statusSinceDateTime", time.toString()), () -> json.putNull("statusSinceDateTime"));
        json.put("node", node);
        json.put("tunnelCount", seen.load().map(load -> load.tunnels()).orElse(0));
        json.put("streamCount", seen.load().map(load -> load.streams()).orElse(0));
        seen.word().ifPresentOrElse(word -> json.set("report", report(word)), () -> json.putNull("report"));
    }

    private ObjectNode report(HealthBook.Word word) {
        HostReport report = word.report();
        ObjectNode json = Shapes.object()
                .put("receivedDateTime", word.received().toString())
                .put("ageInSeconds", age(word.received()))
                .put("processors", report.processors());
        put(json, "machineCpuPercent", scaled(report.machineBusy()));
        put(json, "processCpuPercent", scaled(report.processBusy()));
        put(json, "memoryBytes", report.memoryBytes());
        put(json, "memoryAvailableBytes", report.memoryAvailableBytes());
        put(json, "processMemoryBytes", report.residentBytes());
        put(json, "openFiles", report.openFiles());
        put(json, "openFilesMax", report.openFilesMax());
        return json.put("exchanges", report.exchanges())
                .put("webSockets", report.webSockets())
                .put("waiting", report.waiting())
                .put("requestBytes", report.requestBytes())
                .put("responseBytes", report.responseBytes());
    }

    private long age(Instant time) {
        return Math.max(0, Duration.between(time, clock.instant()).toSeconds());
    }

    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / NANOS_PER_MILLI * HUNDRED) / HUNDRED;
    }

    private static OptionalDouble scaled(OptionalDouble share) {
        return share.isPresent()
                ? OptionalDouble.of(Math.round(share.getAsDouble() * HUNDRED * HUNDRED) / HUNDRED)
                : share;
    }

    private static void put(ObjectNode json, String name, OptionalLong value) {
        value.ifPresentOrElse(known -> json.put(name, known), () -> json.putNull(name));
    }

    private static void put(ObjectNode json, String name, OptionalDouble value) {
        value.ifPresentOrElse(known -> json.put(name, known), () -> json.putNull(name));
    }
}
