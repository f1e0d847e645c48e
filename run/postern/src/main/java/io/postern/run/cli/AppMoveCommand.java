package io.postern.run.cli;

import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app move`.
@Command(
        name = "move",
        mixinStandardHelpOptions = true,
        description = "Publish an application through the connectors of another group.")
final class AppMoveCommand extends MoveCommand {
    @Override
    Move find(Lookup lookup, Name wanted) {
        JsonNode application = lookup.application(wanted.required("application"));
        return new Move(application, "Moved '" + application.path("displayName").asString("") + "' to connector group");
    }

    @Override
    void refer(Api api, String id, ObjectNode reference) {
        api.put("/applications/" + id + "/connectorGroup/$ref", reference);
    }
}
