package io.postern.run.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app move`.
@Command(
        name = "move",
        mixinStandardHelpOptions = true,
        description = "Publish an application through the connectors of another group.")
final class AppMoveCommand extends Topic.Action {
    @Mixin
    private Name name = new Name();

    @Option(
            names = {"--group", "--to"},
            required = true,
            paramLabel = "GROUP",
            description = "Connector group, by name or id.")
    private String group = "";

    @Override
    void run(Api api, Screen screen) {
        var lookup = new Lookup(api);
        JsonNode application = lookup.application(name.required("application"));
        JsonNode target = lookup.connectorGroup(group);
        String id = application.path("id").asString();
        ObjectNode reference = Api.object();
        reference.put(
                "@odata.id", Api.PROXY + "/connectorGroups/" + target.path("id").asString());
        api.put("/applications/" + id + "/connectorGroup/$ref", reference);
        if (json()) {
            screen.json(Api.object()
                    .put("id", id)
                    .put("connectorGroup", target.path("id").asString()));
        } else {
            screen.line("Moved '" + application.path("displayName").asString("") + "' to connector group '"
                    + target.path("name").asString("") + "'.");
        }
    }
}
