package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app access-requests`: whether users may ask for an application, and who decides. `postern group
/// access-requests` is [OfGroup].
@Command(
        name = "access-requests",
        mixinStandardHelpOptions = true,
        description = "Let users ask for an application in My Apps, and say who decides.",
        subcommands = {
            AccessRequestsCommand.On.class,
            AccessRequestsCommand.Off.class,
            AccessRequestsCommand.Show.class,
            AccessRequestsCommand.Listing.class
        })
final class AccessRequestsCommand extends Topic {
    /// Who decides, and for how long.
    static final class Terms {
        @Option(
                names = "--approver",
                paramLabel = "USER",
                description = "User principal name of who decides; up to ten times, any one of them decides (default:"
                        + " those who own the application or the group).")
        private List<String> approvers = new ArrayList<>();

        @Option(names = "--without-approval", description = "Who asks is let in at once.")
        private boolean free;

        @Option(names = "--days", paramLabel = "N", description = "Access ends after so many days (default: it stays).")
        private @Nullable Integer days;

        ObjectNode body(Lookup lookup) {
            if (free && !approvers.isEmpty()) {
                throw new Fault("--approver and --without-approval exclude each other; give one of them");
            }
            ObjectNode body = Api.object().put("isApprovalRequired", !free);
            if (days != null) {
                body.put("durationInDays", days.intValue());
            }
            ArrayNode ids = body.putArray("approverIds");
            approvers.forEach(name -> ids.add(lookup.user(name).path("id").asString("")));
            return body;
        }
    }

    private static String settings(Lookup lookup, String application) {
        return "/servicePrincipals/"
                + lookup.servicePrincipal(lookup.application(application))
                        .path("id")
                        .asString("")
                + "/accessRequestSettings";
    }

    private static String settingsOfGroup(Lookup lookup, String group) {
        return "/groups/" + lookup.securityGroup(group).path("id").asString("") + "/accessRequestSettings";
    }

    private static void show(Screen screen, boolean json, String name, JsonNode settings) {
        if (json) {
            screen.json(settings);
        } else if (!settings.path("isEnabled").asBoolean(false)) {
            screen.line("Users cannot ask for '" + name + "'.");
        } else {
            String who = settings.path("isApprovalRequired").asBoolean(true)
                    ? "one of these must agree: "
                            + StreamSupport.stream(settings.path("approvers").spliterator(), false)
                                    .map(approver ->
                                            approver.path("userPrincipalName").asString(""))
                                    .collect(Collectors.joining(", "))
                    : "nobody has to agree";
            int days = settings.path("durationInDays").asInt(0);
            screen.line("Users can ask for '" + name + "'; " + who + ". They become members of group '"
                    + settings.path("groupDisplayName").asString("") + "'"
                    + (days > 0 ? " for " + days + " day(s)." : "."));
        }
    }

    @Command(name = "on", mixinStandardHelpOptions = true, description = "Let users ask, or change who decides.")
    static final class On extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Mixin
        private Terms terms = new Terms();

        @Option(
                names = "--group",
                paramLabel = "GROUP",
                description = "Group whose members askers become (default: one that is made for the application).")
        private String group = "";

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                description = "App role of that group (default: Default Access).")
        private String role = "";

        @Override
        void run(Api api, Screen screen) {
            String application = name.required("application");
            var lookup = new Lookup(api);
            ObjectNode body = terms.body(lookup);
            if (!group.isEmpty()) {
                body.put("groupId", lookup.securityGroup(group).path("id").asString(""));
            }
            body.put("appRoleId", Lookup.appRole(lookup.application(application), role));
            String settings = settings(lookup, application);
            api.put(settings, body);
            show(screen, json(), application, api.get(settings));
        }
    }

    @Command(
            name = "off",
            mixinStandardHelpOptions = true,
            description = "Let nobody ask any more; who has access keeps it.")
    static final class Off extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            String application = name.required("application");
            String settings = settings(new Lookup(api), application);
            api.delete(settings);
            show(screen, json(), application, api.get(settings));
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show whether users may ask, and who decides.")
    static final class Show extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Override
        void run(Api api, Screen screen) {
            String application = name.required("application");
            show(screen, json(), application, api.get(settings(new Lookup(api), application)));
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List who asked for what, newest first.")
    static final class Listing extends Topic.Action {
        @Option(names = "--pending", description = "Only those that wait for an answer.")
        private boolean pending;

        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> requests = api.list(
                            "/accessRequests" + (pending ? "?$filter=" + Api.encode("status eq 'pending'") : ""))
                    .reversed();
            if (json()) {
                screen.json(requests);
                return;
            }
            screen.table(
                    List.of("ASKED", "WHO", "FOR", "STATUS", "BY", "ENDS", "REASON"),
                    requests.stream()
                            .map(request -> List.of(
                                    day(request, "createdDateTime"),
                                    request.path("userPrincipalName").asString(""),
                                    request.path("targetDisplayName").asString(""),
                                    request.path("status").asString(""),
                                    request.path("decidedBy").asString("-"),
                                    day(request, "endDateTime"),
                                    request.path("reason").asString("-")))
                            .toList(),
                    "Nobody asked for anything.");
        }

        private static String day(JsonNode request, String name) {
            String time = request.path(name).asString("");
            return time.length() < 10 ? "-" : time.substring(0, 10);
        }
    }

    /// The same about joining a group.
    @Command(
            name = "access-requests",
            mixinStandardHelpOptions = true,
            description = "Let users ask to join a security group in My Apps, and say who decides.",
            subcommands = {OfGroup.On.class, OfGroup.Off.class, OfGroup.Show.class})
    static final class OfGroup extends Topic {
        @Command(name = "on", mixinStandardHelpOptions = true, description = "Let users ask, or change who decides.")
        static final class On extends Topic.Action {
            @Mixin
            private Name name = new Name();

            @Mixin
            private Terms terms = new Terms();

            @Override
            void run(Api api, Screen screen) {
                String group = name.required("group");
                var lookup = new Lookup(api);
                String settings = settingsOfGroup(lookup, group);
                api.put(settings, terms.body(lookup));
                AccessRequestsCommand.show(screen, json(), group, api.get(settings));
            }
        }

        @Command(
                name = "off",
                mixinStandardHelpOptions = true,
                description = "Let nobody ask any more; members stay members.")
        static final class Off extends Topic.Action {
            @Mixin
            private Name name = new Name();

            @Override
            void run(Api api, Screen screen) {
                String group = name.required("group");
                String settings = settingsOfGroup(new Lookup(api), group);
                api.delete(settings);
                AccessRequestsCommand.show(screen, json(), group, api.get(settings));
            }
        }

        @Command(
                name = "show",
                mixinStandardHelpOptions = true,
                description = "Show whether users may ask, and who decides.")
        static final class Show extends Topic.Action {
            @Mixin
            private Name name = new Name();

            @Override
            void run(Api api, Screen screen) {
                String group = name.required("group");
                AccessRequestsCommand.show(screen, json(), group, api.get(settingsOfGroup(new Lookup(api), group)));
            }
        }
    }
}
