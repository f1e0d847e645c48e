package io.postern.run.cli;

import io.postern.run.Fault;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern update`: when connectors may be updated, how that stands, and an update at once.
@Command(
        name = "update",
        mixinStandardHelpOptions = true,
        description = "Updates of connectors: policy, status, start (docs/operate/updates.md).",
        subcommands = {UpdateCommand.Policy.class, UpdateCommand.Status.class, UpdateCommand.Start.class})
public final class UpdateCommand extends Topic {
    private static final String CONFIGURATION = "hybridAgentUpdaterConfiguration";

    UpdateCommand() {}

    @Command(
            name = "policy",
            mixinStandardHelpOptions = true,
            description = "Show when connectors may be updated by themselves; with options, change it. The first that"
                    + " applies decides: --override, --defer-until, --window; without any of them an update is due at"
                    + " once.")
    static final class Policy extends Topic.Action {
        private static final Pattern WINDOW = Pattern.compile("(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)");

        @Option(names = "--override", paramLabel = "on|off", description = "on: update at once, whatever else is set.")
        private @Nullable String override;

        @Option(
                names = "--defer-until",
                paramLabel = "TIME|none",
                description = "Not before, for example 2026-12-24T00:00:00Z.")
        private @Nullable String deferUntil;

        @Option(
                names = "--window",
                paramLabel = "HH:MM-HH:MM|none",
                description = "Only at this time of day, UTC; over midnight where the end is the smaller.")
        private @Nullable String window;

        @Override
        void run(Api api, Screen screen) {
            ObjectNode wanted = Api.object();
            if (override != null) {
                if (!override.equals("on") && !override.equals("off")) {
                    throw new Fault("--override is '" + override + "' but must be on or off");
                }
                wanted.put("allowUpdateConfigurationOverride", override.equals("on"));
            }
            if (deferUntil != null) {
                wanted.put("deferUpdateDateTime", deferUntil.equals("none") ? null : deferUntil);
            }
            if (window != null) {
                putWindow(wanted, window);
            }
            if (!wanted.isEmpty()) {
                ObjectNode body = Api.object();
                body.set(CONFIGURATION, wanted);
                api.patch(Api.PROXY, body);
            }
            show(api.get(Api.PROXY).path(CONFIGURATION), screen);
        }

        private static void putWindow(ObjectNode wanted, String window) {
            if (window.equals("none")) {
                wanted.putNull("updateWindow");
                return;
            }
            Matcher times = WINDOW.matcher(window);
            if (!times.matches()) {
                throw new Fault("--window is '" + window + "' but must be like 22:00-04:00 (UTC), or none");
            }
            wanted.putObject("updateWindow")
                    .put("updateWindowStartTime", times.group(1) + ":00")
                    .put("updateWindowEndTime", times.group(2) + ":00");
        }

        private void show(JsonNode policy, Screen screen) {
            if (json()) {
                screen.json(policy);
                return;
            }
            JsonNode hours = policy.path("updateWindow");
            screen.line("override     "
                    + (policy.path("allowUpdateConfigurationOverride").asBoolean(false) ? "on" : "off"));
            screen.line("defer until  " + policy.path("deferUpdateDateTime").asString("-"));
            screen.line("window       "
                    + (hours.isObject()
                            ? hours.path("updateWindowStartTime").asString() + " to "
                                    + hours.path("updateWindowEndTime").asString() + " UTC"
                            : "-"));
        }
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Show how the updates of connectors stand.")
    static final class Status extends Topic.Action {
        @Override
        void run(Api api, Screen screen) {
            List<JsonNode> updates = api.list(Api.PROXY + "/connectorUpdates");
            if (json()) {
                screen.json(updates);
                return;
            }
            screen.table(
                    List.of("MACHINE", "STATE", "RUNNING", "OFFERED", "SINCE", "WHY"),
                    updates.stream()
                            .map(u -> List.of(
                                    u.path("machineName").asString(""),
                                    u.path("state").asString(""),
                                    u.path("runningVersion").asString(""),
                                    u.path("offeredVersion").asString("-"),
                                    u.path("sinceDateTime").asString(""),
                                    (u.path("isRequested").asBoolean(false) ? "requested; " : "")
                                            + u.path("reason").asString("")))
                            .toList(),
                    "No connector has an updater that was heard of; see docs/operate/updates.md.");
        }
    }

    @Command(
            name = "start",
            mixinStandardHelpOptions = true,
            description = "Update a connector, or those of a group one after the other, whatever the policy says.")
    static final class Start extends Topic.Action {
        @Mixin
        private Name name = new Name();

        @Option(names = "--group", paramLabel = "NAME", description = "Every connector of a group that has an update.")
        private @Nullable String group;

        @Override
        void run(Api api, Screen screen) {
            var lookup = new Lookup(api);
            List<JsonNode> connectors = group == null
                    ? List.of(lookup.connector(name.required("connector")))
                    : ofGroup(api, lookup.connectorGroup(group).path("id").asString());
            for (JsonNode connector : connectors) {
                api.post(Api.PROXY + "/connectors/" + connector.path("id").asString() + "/update", Api.object());
            }
            if (json()) {
                screen.json(connectors.stream()
                        .map(c -> (JsonNode)
                                Api.object().put("requested", c.path("id").asString()))
                        .toList());
                return;
            }
            screen.line(
                    connectors.isEmpty()
                            ? "No connector of the group has an update to take."
                            : "Requested for " + connectors.size() + " connector(s), at "
                                    + Instant.now().toString().substring(0, 19)
                                    + "Z; each begins at its updater's next question.");
            screen.line("Next: postern update status");
        }

        private static List<JsonNode> ofGroup(Api api, String groupId) {
            List<String> members = api.list(Api.PROXY + "/connectorGroups/" + groupId + "/members").stream()
                    .map(c -> c.path("id").asString())
                    .toList();
            return api.list(Api.PROXY + "/connectorUpdates").stream()
                    .filter(u -> members.contains(u.path("id").asString())
                            && Optional.ofNullable(u.path("offeredVersion").stringValue(null))
                                    .isPresent())
                    .toList();
        }
    }
}
