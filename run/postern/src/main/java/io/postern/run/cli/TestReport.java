package io.postern.run.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a test of an application found, in order.
final class TestReport {
    enum Level {
        OK,
        WARNING,
        FAULT
    }

    /// @param check what was looked at
    /// @param remedy empty when nothing has to be done
    record Finding(Level level, String check, String text, String remedy) {}

    private final String application;
    private final String url;
    private final Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final List<Finding> findings = new ArrayList<>();

    TestReport(String application, String url) {
        this.application = application;
        this.url = url;
    }

    void ok(String check, String text) {
        findings.add(new Finding(Level.OK, check, text, ""));
    }

    void warning(String check, String text, String remedy) {
        findings.add(new Finding(Level.WARNING, check, text, remedy));
    }

    void fault(String check, String text, String remedy) {
        findings.add(new Finding(Level.FAULT, check, text, remedy));
    }

    boolean isBroken() {
        return count(Level.FAULT) > 0;
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("Test of '" + application + "' at " + url + ", " + time);
        lines.add("");
        for (Finding finding : findings) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-8s %-12s %s",
                    finding.level().name().toLowerCase(Locale.ROOT),
                    finding.check(),
                    finding.text()));
            if (!finding.remedy().isEmpty()) {
                lines.add(" ".repeat(22) + "-> " + finding.remedy());
            }
        }
        lines.add("");
        lines.add(count(Level.FAULT) + " faults, " + count(Level.WARNING) + " warnings, " + count(Level.OK) + " well");
        return lines;
    }

    JsonNode json() {
        ObjectNode json = Api.object()
                .put("application", application)
                .put("externalUrl", url)
                .put("testedDateTime", time.toString())
                .put("broken", isBroken());
        var array = json.putArray("findings");
        for (Finding finding : findings) {
            array.addObject()
                    .put("level", finding.level().name().toLowerCase(Locale.ROOT))
                    .put("check", finding.check())
                    .put("text", finding.text())
                    .put("remedy", finding.remedy());
        }
        return json;
    }

    private long count(Level level) {
        return findings.stream().filter(f -> f.level() == level).count();
    }
}
