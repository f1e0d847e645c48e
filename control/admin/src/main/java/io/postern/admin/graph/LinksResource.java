package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Edit;
import io.postern.admin.service.LinkReports;
import io.postern.domain.ObjectId;
import io.postern.domain.directory.Action;
import io.postern.domain.links.LinkFinding;
import io.postern.domain.links.LinkReport;
import io.postern.domain.links.SeenAnswer;
import io.postern.domain.links.SeenLink;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Dry runs of link translation.
final class LinksResource {
    private static final String PATH = "/applications/{id}/onPremisesPublishing/linkReport";
    private static final Duration DEFAULT = Duration.ofMinutes(5);

    private final LinkReports reports;
    private final InstantSource clock;

    LinksResource(LinkReports reports, InstantSource clock) {
        this.reports = reports;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.get(Action.PROXY_READ, PATH, this::find),
                Route.change(Action.PROXY_WRITE, Verb.POST, PATH, this::start),
                Route.change(Action.PROXY_WRITE, Verb.DELETE, PATH, this::forget));
    }

    private Reply find(Call call) {
        return Reply.ok(shape(expectDone(reports.find(call.tenant(), id(call)))));
    }

    private Reply start(Call call) {
        ObjectId id = id(call);
        JsonForm form = call.form();
        Edit<Duration> length = form.parsed("duration", LinksResource::length);
        form.finish();
        return Reply.ok(shape(expectDone(reports.start(call.actor(), id, length.or(DEFAULT)))));
    }

    private Reply forget(Call call) {
        expectDone(reports.forget(call.actor(), id(call)));
        return Reply.NO_CONTENT;
    }

    private static Duration length(String text) {
        String complaint = "duration '" + text + "' must be ISO 8601 between PT10S and PT1H, such as PT5M";
        try {
            Duration length = Duration.parse(text);
            if (length.compareTo(LinkReports.LENGTH_MIN) < 0 || length.compareTo(LinkReports.LENGTH_MAX) > 0) {
                throw new IllegalArgumentException(complaint);
            }
            return length;
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(complaint, e);
        }
    }

    private static ObjectId id(Call call) {
        return call.id("id", "application", ObjectId::new);
    }

    private ObjectNode shape(LinkReports.OfApplication of) {
        LinkReport report = of.report();
        boolean translates = of.application()
                .publishing()
                .filter(p -> p.settings().links().enabled())
                .isPresent();
        ObjectNode json = Shapes.object()
                .put("applicationId", of.application().id().value())
                .put("applicationDisplayName", of.application().displayName())
                .put("node", reports.node())
                .put("isTranslateLinksInBodyEnabled", translates)
                .put("state", state(report));
        put(json, "startDateTime", report.since());
        put(json, "endDateTime", report.until());
        json.put("answerCount", report.answers()).put("isComplete", report.complete());
        var links = json.putArray("links");
        report.links().forEach(link -> links.add(shape(link)));
        var passed = json.putArray("answersNotRead");
        report.passed().forEach(answer -> passed.add(shape(answer)));
        return json;
    }

    private String state(LinkReport report) {
        return report.until()
                .map(until -> clock.instant().isBefore(until) ? "recording" : "ended")
                .orElse("none");
    }

    private static ObjectNode shape(SeenLink link) {
        ObjectNode json = Shapes.object().put("url", link.url()).put("place", link.place());
        tell(json, link.finding());
        link.becomes().ifPresentOrElse(url -> json.put("externalUrl", url), () -> json.putNull("externalUrl"));
        json.put("count", link.count());
        Shapes.texts(json.putArray("pages"), link.pages());
        return json;
    }

    private static ObjectNode shape(SeenAnswer answer) {
        ObjectNode json = Shapes.object();
        tell(json, answer.finding());
        json.put("detail", answer.detail()).put("count", answer.count());
        Shapes.texts(json.putArray("pages"), answer.pages());
        return json;
    }

    private static void tell(ObjectNode json, LinkFinding finding) {
        json.put("finding", finding.wireName())
                .put("meaning", finding.meaning())
                .put("remedy", finding.remedy());
    }

    private static void put(ObjectNode json, String name, Optional<Instant> time) {
        time.ifPresentOrElse(t -> json.put(name, t.toString()), () -> json.putNull(name));
    }
}
