package io.postern.run.connector;

import io.postern.base.HostPort;
import io.postern.run.connector.Finding.Verdict;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Findings for a person, line by line as they come, or as one JSON object at the end. Colours only where a
/// terminal is.
final class FindingsScreen {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int STEP_WIDTH = 15;

    private final PrintStream out;
    private final boolean json;
    private final Ansi ansi;

    /// @param ansi whether there may be colours
    FindingsScreen(PrintStream out, boolean json, Ansi ansi) {
        this.out = out;
        this.json = json;
        this.ansi = ansi;
    }

    void begin(HostPort service) {
        begin("Checking the way from this machine to", "https://" + service);
    }

    /// @param subject of the check
    void begin(String what, String subject) {
        if (!json) {
            out.println(what + " " + paint("bold", subject));
            out.println();
        }
    }

    void show(Finding finding) {
        if (json) {
            return;
        }
        Verdict verdict = finding.verdict();
        String colour = switch (verdict) {
            case OK -> "green";
            case WARNING -> "yellow";
            case FAILED -> "bold,red";
            case SKIPPED -> "faint";
        };
        String step = finding.step()
                + " ".repeat(Math.max(1, STEP_WIDTH - finding.step().length()));
        out.println("  " + paint(colour, verdict.sign()) + " " + step + finding.what() + time(finding));
        if (!finding.remedy().isEmpty()) {
            out.println(" ".repeat(4 + STEP_WIDTH) + paint("cyan", "→ " + finding.remedy()));
        }
        out.flush();
    }

    void end(HostPort service, List<Finding> findings) {
        end(json(service, findings), findings);
    }

    /// @param all everything, for programs
    void end(ObjectNode all, List<Finding> findings) {
        if (json) {
            out.println(JSON.writeValueAsString(all));
            return;
        }
        long failed = count(findings, Verdict.FAILED);
        long warnings = count(findings, Verdict.WARNING);
        out.println();
        String warned = warnings == 0 ? "" : ", " + warnings + (warnings == 1 ? " warning" : " warnings");
        out.println(
                failed == 0
                        ? paint("bold,green", "Nothing failed") + warned + "."
                        : paint("bold,red", failed + " failed") + warned + ".");
    }

    static ObjectNode json(HostPort service, List<Finding> findings) {
        return json(JSON.createObjectNode().put("service", "https://" + service), findings);
    }

    /// @param all what the check was about; the findings are added
    static ObjectNode json(ObjectNode all, List<Finding> findings) {
        all.put("version", ProgramVersion.TEXT).put("ok", count(findings, Verdict.FAILED) == 0);
        ArrayNode list = all.putArray("findings");
        for (Finding finding : findings) {
            ObjectNode one = list.addObject()
                    .put("step", finding.step())
                    .put("verdict", finding.verdict().word())
                    .put("what", finding.what())
                    .put("millis", Math.round(finding.took().toNanos() / 1e5) / 10.0);
            if (!finding.remedy().isEmpty()) {
                one.put("remedy", finding.remedy());
            }
        }
        return all;
    }

    /// No markup of picocli's: what backends and proxies say stands in the text.
    private String paint(String colour, String text) {
        return ansi.enabled() ? ansi.string("@|" + colour + " " + text.replace("|@", "") + "|@") : text;
    }

    private static long count(List<Finding> findings, Verdict verdict) {
        return findings.stream().filter(f -> f.verdict() == verdict).count();
    }

    private static String time(Finding finding) {
        if (finding.took().isZero()) {
            return "";
        }
        double millis = finding.took().toNanos() / 1e6;
        return millis >= 1_000
                ? String.format(Locale.ROOT, "  %.1f s", millis / 1_000)
                : String.format(Locale.ROOT, "  %.0f ms", Math.max(1, millis));
    }
}
