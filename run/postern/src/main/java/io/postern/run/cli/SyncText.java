package io.postern.run.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// How synchronisation stands, for people.
final class SyncText {
    private SyncText() {}

    static void source(JsonNode source, Screen screen) {
        screen.line("name          " + source.path("name").asString());
        screen.line("directory     " + source.path("directory").asString() + ", read by connectors of '"
                + source.path("connectorGroupName").asString("-") + "'");
        screen.line("enabled       " + (source.path("isEnabled").asBoolean() ? "yes" : "no"));
        screen.line("bases         " + texts(source.path("bases"), "the whole directory"));
        screen.line("excluded      " + texts(source.path("excluded"), "-"));
        screen.line("user filter   " + source.path("userFilter").asString("-"));
        screen.line("group filter  " + source.path("groupFilter").asString("-"));
        screen.line("members of    " + texts(source.path("membersOf"), "-")
                + (source.path("membersOf").isEmpty()
                        ? ""
                        : source.path("isNestedMembershipIncluded").asBoolean()
                                ? " (and of groups in it)"
                                : " (direct)"));
        source.path("mapping")
                .properties()
                .forEach(m -> screen.line(
                        "mapping       " + m.getKey() + " = " + m.getValue().asString()));
        screen.line("interval      " + source.path("intervalMinutes").asInt() + " minutes");
        screen.line("stops at      " + source.path("deletionsMax").asInt() + " deletions, or "
                + source.path("deletionsPercentMax").asInt() + " %");
        screen.line("soft match    " + (source.path("isSoftMatchEnabled").asBoolean() ? "on" : "off"));
        screen.line("passwords     " + passwords(source));
    }

    private static String passwords(JsonNode source) {
        if (!source.path("passwordCheck").asString("here").equals("onPremises")) {
            return "checked here";
        }
        String connectors = texts(source.at("/status/passwordConnectors"), "");
        return "checked on premises, " + source.path("passwordTriesMax").asInt() + " wrong ones pause a name for "
                + source.path("passwordPauseMinutes").asInt() + " minutes; "
                + (connectors.isEmpty() ? "no connector waits for them" : "connectors: " + connectors);
    }

    static void status(JsonNode source, List<JsonNode> cycles, List<JsonNode> errors, Screen screen) {
        JsonNode status = source.path("status");
        screen.line("source      " + source.path("name").asString()
                + (source.path("isEnabled").asBoolean() ? "" : " (disabled)"));
        screen.line("connector   "
                + status.path("activeConnector")
                        .asString("none has asked yet; is one of group '"
                                + source.path("connectorGroupName").asString("-") + "' configured to read '"
                                + source.path("directory").asString() + "'?"));
        screen.line("next cycle  " + time(status.path("nextCycleDateTime")));
        screen.line("objects     " + status.path("objects").asLong());
        if (status.path("waitingDeletions").asLong() > 0) {
            screen.line("to delete   " + status.path("waitingDeletions").asLong());
        }
        screen.line("");
        screen.table(
                List.of("CYCLE", "KIND", "STATE", "SECONDS", "WHAT"),
                cycles.stream()
                        .limit(10)
                        .map(c -> List.of(
                                time(c.path("startDateTime")),
                                c.path("kind").asString(),
                                c.path("state").asString(),
                                seconds(c),
                                counts(c)))
                        .toList(),
                "No cycle has begun yet.");
        JsonNode last = status.path("lastCycle");
        for (String kind : List.of("error", "warning")) {
            if (last.path(kind).isObject()) {
                screen.line("");
                screen.line(kind + " " + last.at("/" + kind + "/code").asString() + ": "
                        + last.at("/" + kind + "/message").asString());
                screen.line("remedy: " + last.at("/" + kind + "/remedy").asString("-"));
            }
        }
        if (!errors.isEmpty()) {
            screen.line("");
            screen.table(
                    List.of("OBJECT", "ERROR", "WHAT", "REMEDY"),
                    errors.stream()
                            .limit(20)
                            .map(e -> List.of(
                                    e.path("distinguishedName").asString(),
                                    e.path("code").asString(),
                                    e.path("message").asString(),
                                    e.path("remedy").asString()))
                            .toList(),
                    "");
            if (errors.size() > 20) {
                screen.line("... and " + (errors.size() - 20) + " more; see --json");
            }
        }
    }

    static String counts(JsonNode cycle) {
        var said = new ArrayList<String>();
        for (Map.Entry<String, JsonNode> count : cycle.path("counts").properties()) {
            String words = count.getKey().replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
            if (!words.endsWith("unchanged")) {
                said.add(count.getValue().asLong() + " " + words);
            }
        }
        return said.isEmpty() ? "no changes" : String.join(", ", said);
    }

    static String time(JsonNode time) {
        String text = time.asString("-");
        return text.length() > 19 ? text.substring(0, 19) + "Z" : text;
    }

    private static String seconds(JsonNode cycle) {
        if (cycle.path("endDateTime").isNull()) {
            return "-";
        }
        return Long.toString(Duration.between(
                        Instant.parse(cycle.path("startDateTime").asString()),
                        Instant.parse(cycle.path("endDateTime").asString()))
                .toSeconds());
    }

    private static String texts(JsonNode list, String empty) {
        return list.isEmpty()
                ? empty
                : StreamSupport.stream(list.spliterator(), false)
                        .map(JsonNode::asString)
                        .collect(Collectors.joining("; "));
    }
}
