package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Edit;
import io.postern.admin.service.MembershipTrial;
import io.postern.domain.GroupId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.domain.membership.Evaluation;
import io.postern.store.User;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Rules of dynamic groups on trial: `evaluateDynamicMembership` as in Graph, for one user, and
/// `previewMembershipRule`,
/// which is ours, for everybody. Nothing is changed, so whoever reads the directory may.
final class GroupTrialResource {
    private final MembershipTrial trial;

    GroupTrialResource(MembershipTrial trial) {
        this.trial = trial;
    }

    List<Route> routes() {
        return List.of(
                Route.change(
                        Action.DIRECTORY_READ, Verb.POST, "/groups/evaluateDynamicMembership", this::evaluateGiven),
                Route.change(
                        Action.DIRECTORY_READ,
                        Verb.POST,
                        "/groups/{id}/evaluateDynamicMembership",
                        this::evaluateSaved),
                Route.change(Action.DIRECTORY_READ, Verb.POST, "/groups/previewMembershipRule", this::preview));
    }

    private Reply evaluateGiven(Call call) {
        JsonForm form = call.form();
        Optional<UserId> member = member(form);
        Edit<String> rule = form.text("membershipRule");
        if (!rule.given()) {
            form.fault("membershipRule", "membershipRule is missing");
        }
        form.finish();
        return evaluated(expectDone(trial.ofUser(call.tenant(), rule.or(""), member.orElseThrow())));
    }

    private Reply evaluateSaved(Call call) {
        GroupId group = call.id("id", "group", GroupId::new);
        JsonForm form = call.form();
        Optional<UserId> member = member(form);
        form.finish();
        return evaluated(expectDone(trial.ofUser(call.tenant(), group, member.orElseThrow())));
    }

    private static Optional<UserId> member(JsonForm form) {
        return id(form, "memberId", UserId::new, true);
    }

    private static <T> Optional<T> id(JsonForm form, String name, Function<String, T> parse, boolean needed) {
        Edit<String> given = form.text(name);
        if (needed && !given.given()) {
            form.fault(name, name + " is missing");
        }
        try {
            return given.value().map(parse);
        } catch (IllegalArgumentException e) {
            form.fault(name, name + " '" + given.or("") + "' is no id");
            return Optional.empty();
        }
    }

    private static Reply evaluated(Evaluation evaluation) {
        ObjectNode json = Shapes.object()
                .put("membershipRule", evaluation.expression())
                .put("membershipRuleEvaluationResult", evaluation.result());
        json.set("membershipRuleEvaluationDetails", details(evaluation));
        return Reply.ok(json);
    }

    private static ObjectNode details(Evaluation evaluation) {
        ObjectNode json =
                Shapes.object().put("expression", evaluation.expression()).put("expressionResult", evaluation.result());
        if (evaluation.parts().isEmpty()) {
            json.putObject("propertyToEvaluate")
                    .put("propertyName", evaluation.expression().split("[\\s(]", 2)[0])
                    .put("propertyValue", String.join(", ", evaluation.values()));
        }
        ArrayNode parts = json.putArray("expressionEvaluationDetails");
        evaluation.parts().forEach(part -> parts.add(details(part)));
        return json;
    }

    private Reply preview(Call call) {
        JsonForm form = call.form();
        Optional<GroupId> group = id(form, "groupId", GroupId::new, false);
        Edit<String> rule = form.text("membershipRule");
        form.finish();
        MembershipTrial.Outlook outlook = expectDone(trial.ofAll(call.tenant(), group, rule.value()));
        ObjectNode json = Shapes.object()
                .put("joinCount", outlook.joins())
                .put("leaveCount", outlook.leaves())
                .put("stayCount", outlook.stays());
        people(json.putArray("joining"), outlook.joining());
        people(json.putArray("leaving"), outlook.leaving());
        return Reply.ok(json);
    }

    private static void people(ArrayNode into, List<User> users) {
        users.forEach(user -> into.addObject()
                .put("id", user.id().value())
                .put("userPrincipalName", user.userPrincipalName())
                .put("displayName", user.displayName()));
    }
}
