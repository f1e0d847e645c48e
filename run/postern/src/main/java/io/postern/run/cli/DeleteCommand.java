package io.postern.run.cli;

import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Deletes one thing for good.
abstract class DeleteCommand extends Topic.Action {
    @Mixin
    private Name name = new Name();

    /// @param path of the thing in the API
    /// @param shown its kind and name, for people
    record Doomed(String path, String id, String shown) {}

    /// Finds what is meant by the name that was typed.
    abstract Doomed find(Api api, Name wanted);

    @Override
    final void run(Api api, Screen screen) {
        Doomed doomed = find(api, name);
        JsonNode left = api.delete(doomed.path()).path("warnings");
        if (json()) {
            ObjectNode answer = Api.object().put("deleted", doomed.id());
            if (!left.isEmpty()) {
                answer.set("warnings", left);
            }
            screen.json(answer);
        } else {
            screen.line("Deleted " + doomed.shown() + ".");
            left.forEach(warning -> screen.line("Warning: " + warning.asString("")));
        }
    }
}
