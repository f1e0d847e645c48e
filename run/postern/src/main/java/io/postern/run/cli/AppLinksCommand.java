package io.postern.run.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `postern app links`: the dry run of link translation.
@Command(
        name = "links",
        mixinStandardHelpOptions = true,
        description = "Show which links in an application's pages lead inside, and what becomes of them. Start a"
                + " recording with --for, open the pages in a browser, then read it without --for. Works whether"
                + " links are translated or not; a recording changes no page.")
final class AppLinksCommand extends Topic.Action {
    @Mixin
    private Name name = new Name();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "Record for so long, from 10s to 1h, such as 5m; the former recording is dropped.")
    private @Nullable String length;

    @Option(names = "--forget", description = "End the recording and drop it.")
    private boolean forget;

    @Override
    void run(Api api, Screen screen) {
        JsonNode application = new Lookup(api).application(name.required("application"));
        String called = application.path("displayName").asString("");
        String path = "/applications/" + application.path("id").asString() + "/onPremisesPublishing/linkReport";
        if (forget) {
            api.delete(path);
            if (!json()) {
                screen.line("What was recorded of the links of '" + called + "' is forgotten.");
            }
            return;
        }
        JsonNode report = length == null
                ? api.get(path)
                : api.post(path, Api.object().put("duration", AppSetCommand.iso(length)));
        if (json()) {
            screen.json(report);
        } else if (length != null) {
            screen.line("The links in pages of '" + called + "' are recorded until "
                    + report.path("endDateTime").asString("") + ", on node "
                    + report.path("node").asString("") + ".");
            screen.line("Next: open its pages in a browser (reload with the cache emptied), then: postern app links '"
                    + called + "'");
        } else {
            show(report, called, screen);
        }
    }

    private static void show(JsonNode report, String called, Screen screen) {
        boolean translates = report.path("isTranslateLinksInBodyEnabled").asBoolean(false);
        screen.line("Translation  "
                + (translates ? "on" : "off: EXTERNAL URL is what links would become (isTranslateLinksInBodyEnabled)"));
        switch (report.path("state").asString("")) {
            case "recording" ->
                screen.line(
                        "Recording    runs until " + report.path("endDateTime").asString(""));
            case "ended" ->
                screen.line("Recording    from " + report.path("startDateTime").asString("") + " to "
                        + report.path("endDateTime").asString(""));
            default -> screen.line("Recording    none; start one with: postern app links '" + called + "' --for 5m");
        }
        screen.line("Looked at    " + report.path("answerCount").asString("0") + " answers, on node "
                + report.path("node").asString(""));
        if (!report.path("isComplete").asBoolean(true)) {
            screen.line("             there were more different links than are kept");
        }
        links(report.path("links"), screen);
        answers(report.path("answersNotRead"), screen);
    }

    private static void links(JsonNode links, Screen screen) {
        if (links.isEmpty()) {
            return;
        }
        var rows = new ArrayList<List<String>>();
        for (JsonNode link : links) {
            rows.add(List.of(
                    link.path("url").asString(""),
                    link.path("place").asString(""),
                    link.path("count").asString(""),
                    link.path("finding").asString(""),
                    link.path("externalUrl").asString("-"),
                    pages(link)));
        }
        screen.line("");
        screen.table(List.of("LINK INSIDE", "PLACE", "SEEN", "FINDING", "EXTERNAL URL", "ON PAGES"), rows, "");
        remedies("the link: ", links, screen);
    }

    private static void answers(JsonNode answers, Screen screen) {
        if (answers.isEmpty()) {
            return;
        }
        var rows = new ArrayList<List<String>>();
        for (JsonNode answer : answers) {
            rows.add(List.of(
                    answer.path("finding").asString(""),
                    answer.path("detail").asString(""),
                    answer.path("count").asString(""),
                    pages(answer)));
        }
        screen.line("");
        screen.table(List.of("ANSWERS NOT READ", "DETAIL", "SEEN", "PAGES"), rows, "");
        remedies("the answer: ", answers, screen);
    }

    private static String pages(JsonNode of) {
        var pages = new ArrayList<String>();
        of.path("pages").forEach(page -> pages.add(page.asString("")));
        return String.join(" ", pages);
    }

    private static void remedies(String about, JsonNode findings, Screen screen) {
        var lines = new LinkedHashSet<String>();
        for (JsonNode finding : findings) {
            if (!finding.path("finding").asString("").equals("translated")) {
                lines.add("  " + finding.path("finding").asString("") + ": " + about
                        + finding.path("meaning").asString("") + "; "
                        + finding.path("remedy").asString("") + ".");
            }
        }
        if (!lines.isEmpty()) {
            screen.line("");
            lines.forEach(screen::line);
        }
    }
}
