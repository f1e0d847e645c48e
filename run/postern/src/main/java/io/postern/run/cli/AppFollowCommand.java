package io.postern.run.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `postern app follow`: an application whose assignments are those of another one.
@Command(
        name = "follow",
        mixinStandardHelpOptions = true,
        description = "Keep who may use an application in step with another one, or let it go alone again; without an"
                + " option, show it.")
final class AppFollowCommand extends Topic.Action {
    @Mixin
    private Name name = new Name();

    @Option(names = "--leader", paramLabel = "APP", description = "Whose users, groups, roles and dates it takes over.")
    private @Nullable String leader;

    @Option(names = "--alone", description = "It keeps what it has, and changes alone from now on.")
    private boolean alone;

    @Override
    void run(Api api, Screen screen) {
        var lookup = new Lookup(api);
        JsonNode principal = lookup.servicePrincipal(lookup.application(name.required("application")));
        String path = "/servicePrincipals/" + principal.path("id").asString() + "/assignmentsInStepWith";
        if (leader != null) {
            JsonNode other = lookup.servicePrincipal(lookup.application(leader));
            api.put(path, Api.object().put("leaderId", other.path("id").asString()));
        } else if (alone) {
            api.delete(path);
        }
        JsonNode step = api.get(path);
        if (json()) {
            screen.json(step);
            return;
        }
        String called = principal.path("displayName").asString();
        if (step.path("leader").isObject()) {
            screen.line("'" + called + "' is kept in step with '"
                    + step.at("/leader/displayName").asString() + "'.");
        } else if (step.path("followers").isEmpty()) {
            screen.line("'" + called + "' changes alone.");
        }
        step.path("followers")
                .forEach(one -> screen.line(
                        "'" + one.path("displayName").asString() + "' is kept in step with '" + called + "'."));
    }
}
