package io.postern.run.cli;

import io.postern.domain.directory.AdminRole;
import io.postern.run.Fault;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `postern role`: who administers what.
@Command(
        name = "role",
        mixinStandardHelpOptions = true,
        description = "Administrator roles and who holds them.",
        subcommands = {RoleCommand.Listing.class, RoleCommand.Assign.class, RoleCommand.Remove.class})
public final class RoleCommand extends Topic {
    private static final String ASSIGNMENTS = "/roleManagement/directory/roleAssignments";

    RoleCommand() {}

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List who holds which role; with --abilities, what each role may do.")
    static final class Listing extends Topic.Action {
        @Option(names = "--abilities", description = "List the roles and their abilities.")
        private boolean abilities;

        @Override
        void run(Api api, Screen screen) {
            if (abilities) {
                abilities(api, screen);
                return;
            }
            List<JsonNode> held = api.list(ASSIGNMENTS);
            if (json()) {
                screen.json(held);
                return;
            }
            screen.table(
                    List.of("ROLE", "HOLDER", "HOLDER ID"),
                    held.stream()
                            .map(a -> List.of(
                                    a.path("roleDefinitionDisplayName").asString(""),
                                    a.path("principalDisplayName").asString(""),
                                    a.path("principalId").asString("")))
                            .sorted((a, b) -> String.join("\0", a).compareTo(String.join("\0", b)))
                            .toList(),
                    "Nobody administers this tenant; see 'postern role assign'.");
        }

        private void abilities(Api api, Screen screen) {
            List<JsonNode> roles = api.list("/directoryRoles");
            if (json()) {
                screen.json(roles);
                return;
            }
            screen.table(
                    List.of("ROLE", "MAY"),
                    AdminRole.inOrder().stream()
                            .map(role -> List.of(
                                    role.displayName(),
                                    role == AdminRole.GLOBAL_ADMINISTRATOR
                                            ? "everything"
                                            : role.actions().stream()
                                                    .map(a -> a.name()
                                                            .toLowerCase(Locale.ROOT)
                                                            .replace('_', '-'))
                                                    .collect(Collectors.joining(" "))))
                            .toList(),
                    "");
        }
    }

    @Command(name = "assign", mixinStandardHelpOptions = true, description = "Give a user or service principal a role.")
    static final class Assign extends Topic.Action {
        @Mixin
        private Holder holder = new Holder();

        @Override
        void run(Api api, Screen screen) {
            AdminRole role = holder.role();
            JsonNode made = api.post(
                    ASSIGNMENTS,
                    Api.object().put("principalId", holder.id(api)).put("roleDefinitionId", role.templateId()));
            if (json()) {
                screen.json(made);
            } else {
                screen.line(made.path("principalDisplayName").asString("") + " is " + role.displayName() + ".");
            }
        }
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Take a role back, at once.")
    static final class Remove extends Topic.Action {
        @Mixin
        private Holder holder = new Holder();

        @Override
        void run(Api api, Screen screen) {
            AdminRole role = holder.role();
            String id = holder.id(api) + "_" + role.templateId();
            api.delete(ASSIGNMENTS + "/" + id);
            if (json()) {
                screen.json(Api.object().put("deleted", id));
            } else {
                screen.line(holder.shown() + " is no longer " + role.displayName() + ".");
            }
        }
    }

    /// Who and which role, for giving and taking.
    static final class Holder {
        @Mixin
        private Name name = new Name();

        @Option(
                names = "--role",
                required = true,
                paramLabel = "ROLE",
                description = "Name or id of the role, such as 'Application Administrator'.")
        private String role = "";

        @Option(names = "--application", paramLabel = "APP", description = "The application, in place of a user.")
        private @Nullable String application;

        AdminRole role() {
            return AdminRole.inOrder().stream()
                    .filter(r -> r.displayName().equalsIgnoreCase(role)
                            || r.templateId().equalsIgnoreCase(role))
                    .findFirst()
                    .orElseThrow(
                            () -> new Fault("there is no role '" + role + "'; see 'postern role list --abilities'"));
        }

        String id(Api api) {
            var lookup = new Lookup(api);
            JsonNode found = application != null
                    ? lookup.servicePrincipal(lookup.application(application))
                    : lookup.user(name.required("user (or --application)"));
            return found.path("id").asString("");
        }

        String shown() {
            return application != null ? application : name.required("user");
        }
    }
}
