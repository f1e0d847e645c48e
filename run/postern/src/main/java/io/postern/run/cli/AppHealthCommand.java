package io.postern.run.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `postern app health`: which application is reached through which connector.
@Command(
        name = "health",
        mixinStandardHelpOptions = true,
        description = "Show whether applications are reached through each connector of their group, as the last probe"
                + " found. A verdict that is too old shows as unknown.")
final class AppHealthCommand extends Topic.Action {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Only this application, by name or id.")
    private @Nullable String name;

    @Option(names = "--probe", description = "Probe now, and show what that finds; some seconds.")
    private boolean probe;

    @Override
    void run(Api api, Screen screen) {
        List<JsonNode> health = read(api);
        if (json()) {
            screen.json(health);
            return;
        }
        var rows = new ArrayList<List<String>>();
        for (JsonNode application : health) {
            String called = application.path("applicationDisplayName").asString("");
            application.path("paths").forEach(path -> rows.add(HealthText.row(called, path)));
            if (application.path("paths").isEmpty()) {
                rows.add(List.of(called, "-", "no-connector", "-", "-", "-"));
            }
        }
        screen.table(
                List.of("APPLICATION", "CONNECTOR", "VERDICT", "STATUS", "LATENCY", "AGE"),
                rows,
                "No application is published yet; publish one with 'postern app publish'.");
        HealthText.remedies(health).forEach(screen::line);
    }

    private List<JsonNode> read(Api api) {
        if (name == null && !probe) {
            return api.list(Api.PROXY + "/applicationHealth");
        }
        var lookup = new Lookup(api);
        List<JsonNode> applications = name != null
                ? List.of(lookup.application(name))
                : api.list("/applications").stream()
                        .filter(a -> a.path("onPremisesPublishing").has("externalUrl"))
                        .toList();
        return applications.stream()
                .map(a -> "/applications/" + a.path("id").asString() + "/onPremisesPublishing")
                .map(path -> probe ? api.post(path + "/probe", Api.object()) : api.get(path + "/health"))
                .toList();
    }
}
