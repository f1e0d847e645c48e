package io.postern.run.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// The users and groups that a command is about: one of either at least.
final class Principals {
    @Option(
            names = {"--user", "-u"},
            paramLabel = "USER",
            description = "User principal name or id; may be repeated.")
    private List<String> users = new ArrayList<>();

    @Option(
            names = {"--group", "-g"},
            paramLabel = "GROUP",
            description = "Security group; may be repeated.")
    private List<String> groups = new ArrayList<>();

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /// Before anybody is asked.
    ///
    /// @throws ParameterException when nobody is named
    void required() {
        if (users.isEmpty() && groups.isEmpty() && command != null) {
            throw new ParameterException(command.commandLine(), "say who: --user USER or --group GROUP");
        }
    }

    List<JsonNode> find(Lookup lookup) {
        var found = new ArrayList<JsonNode>();
        users.forEach(user -> found.add(lookup.user(user)));
        groups.forEach(group -> found.add(lookup.securityGroup(group)));
        return found;
    }
}
