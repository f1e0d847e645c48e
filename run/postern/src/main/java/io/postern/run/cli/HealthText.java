package io.postern.run.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// Health in words: rows of tables, and what to do about what is not well.
final class HealthText {
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;
    private static final double MEBIBYTE = 1 << 20;

    private HealthText() {}

    /// Verdict, status, latency and age after `first` and the machine's name.
    static List<String> row(String first, JsonNode path) {
        JsonNode probe = path.path("lastProbe");
        boolean counts =
                path.path("verdict").asString("").equals(probe.path("verdict").asString("-"));
        return List.of(
                first,
                path.path("machineName").asString(""),
                path.path("verdict").asString(""),
                counts && probe.hasNonNull("httpStatus")
                        ? probe.path("httpStatus").asString()
                        : "-",
                counts && probe.has("latencyInMilliseconds")
                        ? probe.path("latencyInMilliseconds").asString() + " ms"
                        : "-",
                probe.has("ageInSeconds") ? age(probe.path("ageInSeconds").asLong()) : "-");
    }

    /// A paragraph for each path that is not well, and for each warning once, since applications share groups.
    static List<String> remedies(List<JsonNode> applications) {
        var lines = new ArrayList<String>();
        var warnings = new LinkedHashSet<String>();
        for (JsonNode application : applications) {
            application.path("paths").forEach(path -> lines.addAll(remedy(path)));
            application.path("warnings").forEach(warning -> warnings.add(warning.asString("")));
        }
        for (String warning : warnings) {
            lines.add("");
            lines.add("warning: " + warning);
        }
        return lines;
    }

    /// Nothing where nothing has to be done.
    static List<String> remedy(JsonNode path) {
        String remedy = path.path("remedy").asString("");
        if (remedy.isEmpty()) {
            return List.of();
        }
        return List.of(
                "",
                path.path("applicationDisplayName").asString("") + " through "
                        + path.path("machineName").asString("") + ": " + verdict(path),
                "  " + remedy);
    }

    /// The verdict, and what is behind it.
    static String verdict(JsonNode path) {
        String detail = path.path("detail").asString("");
        return path.path("verdict").asString("") + (detail.isEmpty() ? "" : " (" + detail + ")");
    }

    static String age(long seconds) {
        if (seconds < 2 * MINUTE) {
            return seconds + " s";
        }
        return seconds < 2 * HOUR
                ? seconds / MINUTE + " min"
                : seconds < 2 * DAY ? seconds / HOUR + " h" : seconds / DAY + " d";
    }

    static String percent(JsonNode value) {
        return value.isNumber() ? String.format(Locale.ROOT, "%.1f %%", value.asDouble()) : "-";
    }

    static String mebibytes(JsonNode value) {
        return value.isNumber() ? String.format(Locale.ROOT, "%.0f MiB", value.asDouble() / MEBIBYTE) : "-";
    }

    static String number(JsonNode value) {
        return value.isNumber() ? value.asString() : "-";
    }
}
