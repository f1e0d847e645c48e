package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Assignments;
import io.postern.admin.service.Edit;
import io.postern.admin.service.Reviews;
import io.postern.domain.directory.Action;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `assignmentReviews`: which assignments are unused or end soon, and whether they stay (ours).
final class ReviewsResource {
    private static final String PATH = "/assignmentReviews";
    private static final String UNUSED = "unusedDays";
    private static final String ENDING = "endingDays";

    private final Reviews reviews;
    private final Shapes shapes;

    ReviewsResource(Reviews reviews, Shapes shapes) {
        this.reviews = reviews;
        this.shapes = shapes;
    }

    List<Route> routes() {
        return List.of(
                Route.list(Action.DIRECTORY_READ, PATH, this::list).with(UNUSED).with(ENDING),
                Route.change(Action.ASSIGNMENTS_WRITE, Verb.POST, PATH + "/{id}/decide", this::decide));
    }

    private Reply list(Call call) {
        var question = new Reviews.Question(days(call, UNUSED), days(call, ENDING));
        return Paging.page(
                call,
                reviews.list(call.tenant(), question),
                a -> a.resourceName() + "\0" + a.principalName() + "\0"
                        + a.assignment().id(),
                Map.of(
                        "resourceDisplayName",
                        Assignments.Named::resourceName,
                        "principalDisplayName",
                        Assignments.Named::principalName,
                        "principalId",
                        a -> a.assignment().principal()),
                shapes::assignment);
    }

    private Reply decide(Call call) {
        JsonForm form = call.form();
        Edit<String> decision = form.text("decision");
        Edit<String> reason = form.text("reason");
        if (!List.of("keep", "remove").contains(decision.or(""))) {
            form.fault("decision", "decision must be keep or remove");
        }
        if (reason.value().isEmpty()) {
            form.fault("reason", "reason is missing; say why it stays or goes");
        }
        form.finish();
        return Reply.ok(shapes.assignment(expectDone(
                reviews.decide(call.actor(), call.text("id"), decision.or("").equals("keep"), reason.or("")))));
    }

    private static Optional<Duration> days(Call call, String option) {
        return call.query().one(option).map(text -> {
            if (!text.matches("[0-9]{1,4}")) {
                throw GraphFault.invalid(option, option + " '" + text + "' must be a number of days, 0 to 9999");
            }
            return Duration.ofDays(Integer.parseInt(text));
        });
    }
}
