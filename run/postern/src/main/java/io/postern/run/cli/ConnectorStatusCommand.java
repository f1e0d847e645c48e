package io.postern.run.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern connector status`: what is known of connectors now.
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show how connectors are; of one, also the applications that it reaches and does not reach.")
final class ConnectorStatusCommand extends Topic.Action {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Only this connector, by machine name or id.")
    private @Nullable String name;

    @Override
    void run(Api api, Screen screen) {
        if (name == null) {
            all(api, screen);
        } else {
            one(api, screen, new Lookup(api).connector(name));
        }
    }

    private void all(Api api, Screen screen) {
        List<JsonNode> connectors = api.list(Api.PROXY + "/connectors");
        if (json()) {
            screen.json(connectors);
            return;
        }
        screen.table(
                List.of(
                        "MACHINE", "STATUS", "FOR", "GROUP", "ADDRESS", "VERSION", "TUNNELS", "RUNNING", "CPU",
                        "MEMORY", "FILES"),
                connectors.stream().map(ConnectorStatusCommand::row).toList(),
                "No connector yet; mint a token with 'postern connector token'.");
    }

    private static List<String> row(JsonNode connector) {
        JsonNode report = connector.path("report");
        return List.of(
                connector.path("machineName").asString(""),
                connector.path("status").asString(""),
                duration(connector),
                connector.path("connectorGroup").path("name").asString(""),
                connector.path("externalIp").asString("-"),
                connector.path("version").asString(""),
                connector.path("tunnelCount").asString("0"),
                connector.path("streamCount").asString("0"),
                HealthText.percent(report.path("processCpuPercent")),
                HealthText.mebibytes(report.path("processMemoryBytes")),
                HealthText.number(report.path("openFiles")));
    }

    private void one(Api api, Screen screen, JsonNode connector) {
        List<JsonNode> paths =
                api.list(Api.PROXY + "/connectors/" + connector.path("id").asString() + "/applicationHealth");
        if (json()) {
            ObjectNode both = Api.object();
            both.set("connector", connector);
            paths.forEach(both.putArray("applicationHealth")::add);
            screen.json(both);
            return;
        }
        facts(connector, screen);
        screen.line("");
        screen.table(
                List.of("APPLICATION", "CONNECTOR", "VERDICT", "STATUS", "LATENCY", "AGE"),
                paths.stream()
                        .map(p ->
                                HealthText.row(p.path("applicationDisplayName").asString(""), p))
                        .toList(),
                "No application is published through its group.");
        paths.forEach(path -> HealthText.remedy(path).forEach(screen::line));
    }

    private static void facts(JsonNode connector, Screen screen) {
        screen.line("Machine    " + connector.path("machineName").asString(""));
        screen.line("Id         " + connector.path("id").asString(""));
        screen.line("Status     " + connector.path("status").asString("") + " for " + duration(connector));
        screen.line(
                "Group      " + connector.path("connectorGroup").path("name").asString(""));
        screen.line("Address    " + connector.path("externalIp").asString("-"));
        screen.line("Version    " + connector.path("version").asString(""));
        screen.line("Tunnels    " + connector.path("tunnelCount").asString("0") + ", streams in them "
                + connector.path("streamCount").asString("0"));
        JsonNode report = connector.path("report");
        if (!report.isObject()) {
            screen.line("Machine's own word: none");
            return;
        }
        screen.line("Work       " + report.path("exchanges").asString("0") + " exchanges, "
                + report.path("webSockets").asString("0") + " WebSockets, "
                + report.path("waiting").asString("0") + " waiting for a backend; "
                + HealthText.mebibytes(report.path("requestBytes")) + " to backends, "
                + HealthText.mebibytes(report.path("responseBytes")) + " from them");
        screen.line("CPU        " + HealthText.percent(report.path("processCpuPercent")) + " of a core, machine "
                + HealthText.percent(report.path("machineCpuPercent")) + " of "
                + report.path("processors").asString("?") + " cores");
        screen.line("Memory     " + HealthText.mebibytes(report.path("processMemoryBytes")) + ", machine has "
                + HealthText.mebibytes(report.path("memoryAvailableBytes")) + " of "
                + HealthText.mebibytes(report.path("memoryBytes")) + " free");
        screen.line("Files      " + HealthText.number(report.path("openFiles")) + " of "
                + HealthText.number(report.path("openFilesMax")));
        screen.line("As of      " + HealthText.age(report.path("ageInSeconds").asLong()) + " ago");
    }

    private static String duration(JsonNode connector) {
        String since = connector.path("statusSinceDateTime").asString("");
        return since.isEmpty()
                ? "-"
                : HealthText.age(Math.max(
                        0, Duration.between(Instant.parse(since), Instant.now()).toSeconds()));
    }
}
