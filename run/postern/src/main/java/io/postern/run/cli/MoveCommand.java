package io.postern.run.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts one thing into another connector group.
abstract class MoveCommand extends Topic.Action {
    @Mixin
    private Name name = new Name();

    @Option(
            names = {"--group", "--to"},
            required = true,
            paramLabel = "GROUP",
            description = "Connector group, by name or id.")
    private String group = "";

    /// @param moved what is moved, with its `id`
    /// @param told of a move that is done, up to the new group's name
    record Move(JsonNode moved, String told) {}

    /// Finds what is meant by the name that was typed.
    abstract Move find(Lookup lookup, Name wanted);

    /// @param reference to the new group
    abstract void refer(Api api, String id, ObjectNode reference);

    @Override
    final void run(Api api, Screen screen) {
        var lookup = new Lookup(api);
        Move move = find(lookup, name);
        JsonNode target = lookup.connectorGroup(group);
        String id = move.moved().path("id").asString();
        ObjectNode reference = Api.object();
        reference.put(
                "@odata.id", Api.PROXY + "/connectorGroups/" + target.path("id").asString());
        refer(api, id, reference);
        if (json()) {
            screen.json(Api.object()
                    .put("id", id)
                    .put("connectorGroup", target.path("id").asString()));
        } else {
            screen.line(move.told() + " '" + target.path("name").asString("") + "'.");
        }
    }
}
