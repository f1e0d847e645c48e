package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `postern app unassign`: the way back from `postern app assign`.
@Command(
        name = "unassign",
        mixinStandardHelpOptions = true,
        description =
                "Take an application away from users or groups: every assignment of theirs to it goes, and what is open"
                        + " by it ends at once.")
final class AppUnassignCommand extends Topic.Action implements Callable<Integer> {
    @Mixin
    private Name name = new Name();

    @Mixin
    private Principals principals = new Principals();

    @Option(names = "--role", paramLabel = "ROLE", description = "This app role only, by name or value (default: all).")
    private String role = "";

    @Override
    public Integer call() {
        principals.required();
        return super.call();
    }

    @Override
    void run(Api api, Screen screen) {
        var lookup = new Lookup(api);
        JsonNode registration = lookup.application(name.required("application"));
        JsonNode resource = lookup.servicePrincipal(registration);
        String application = resource.path("displayName").asString("");
        Optional<String> wanted = role.isEmpty() ? Optional.empty() : Optional.of(Lookup.appRole(registration, role));
        String path = "/servicePrincipals/" + resource.path("id").asString() + "/appRoleAssignedTo";
        List<JsonNode> named = principals.find(lookup);
        List<JsonNode> held = api.list(path);
        var doomed = new ArrayList<JsonNode>();
        for (JsonNode principal : named) {
            List<JsonNode> own =
                    held.stream().filter(a -> meant(a, principal, wanted)).toList();
            if (own.isEmpty()) {
                throw new Fault(
                        "'" + principal.path("displayName").asString("") + "' is not assigned to '" + application + "'"
                                + (role.isEmpty() ? "" : " in the role '" + role + "'") + "; see 'postern app show'");
            }
            doomed.addAll(own);
        }
        doomed.forEach(a -> api.delete(path + "/" + a.path("id").asString("")));
        if (json()) {
            screen.json(doomed);
            return;
        }
        for (JsonNode assignment : doomed) {
            screen.line("'" + assignment.path("principalDisplayName").asString("") + "' is no longer assigned to '"
                    + application + "' ("
                    + assignment.path("appRoleDisplayName").asString("") + ").");
        }
    }

    private static boolean meant(JsonNode assignment, JsonNode principal, Optional<String> roleId) {
        boolean his = assignment
                .path("principalId")
                .asString("")
                .equals(principal.path("id").asString());
        return his
                && roleId.map(id -> assignment.path("appRoleId").asString("").equals(id))
                        .orElse(true);
    }
}
