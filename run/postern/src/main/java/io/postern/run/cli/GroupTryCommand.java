package io.postern.run.cli;

import io.postern.run.Fault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern group try`: what a rule would do, without doing it.
@Command(
        name = "try",
        mixinStandardHelpOptions = true,
        description = "Try the rule of a dynamic group, or another one: who would join and leave, or what it says of"
                + " one user and why. Nothing is changed.")
final class GroupTryCommand extends Topic.Action {
    @Parameters(
            arity = "0..1",
            paramLabel = "GROUP",
            description = "The group's name or id; without one, everybody whom the rule finds joins.")
    private @Nullable String group;

    @Option(names = "--rule", paramLabel = "RULE", description = "A rule (default: the one that the group has).")
    private @Nullable String rule;

    @Option(names = "--user", paramLabel = "USER", description = "Only this user, part by part.")
    private @Nullable String user;

    @Override
    void run(Api api, Screen screen) {
        if (group == null && rule == null) {
            throw new Fault("what is to be tried? Give a GROUP, --rule RULE, or both");
        }
        var lookup = new Lookup(api);
        String id = group == null ? "" : lookup.securityGroup(group).path("id").asString("");
        if (user != null) {
            one(api, screen, lookup.user(user), id);
        } else {
            all(api, screen, id);
        }
    }

    private void one(Api api, Screen screen, JsonNode who, String id) {
        ObjectNode body = Api.object().put("memberId", who.path("id").asString(""));
        JsonNode answer = rule == null
                ? api.post("/groups/" + id + "/evaluateDynamicMembership", body)
                : api.post("/groups/evaluateDynamicMembership", body.put("membershipRule", rule));
        if (json()) {
            screen.json(answer);
            return;
        }
        boolean found = answer.path("membershipRuleEvaluationResult").asBoolean();
        screen.line(who.path("userPrincipalName").asString("") + (found ? " is a member:" : " is no member:"));
        var rows = new ArrayList<List<String>>();
        rows(answer.path("membershipRuleEvaluationDetails"), "", rows);
        screen.table(List.of("HOLDS", "PART", "THE USER HAS"), rows, "");
    }

    private static void rows(JsonNode part, String indent, List<List<String>> rows) {
        rows.add(List.of(
                part.path("expressionResult").asBoolean() ? "yes" : "no",
                indent + part.path("expression").asString(""),
                part.path("propertyToEvaluate").path("propertyValue").asString("")));
        part.path("expressionEvaluationDetails").forEach(inner -> rows(inner, indent + "  ", rows));
    }

    private void all(Api api, Screen screen, String id) {
        ObjectNode body = Api.object();
        if (rule != null) {
            body.put("membershipRule", rule);
        }
        if (!id.isEmpty()) {
            body.put("groupId", id);
        }
        JsonNode answer = api.post("/groups/previewMembershipRule", body);
        if (json()) {
            screen.json(answer);
            return;
        }
        int joins = answer.path("joinCount").asInt();
        int leaves = answer.path("leaveCount").asInt();
        screen.line(joins + " would join, " + leaves + " would leave, "
                + answer.path("stayCount").asInt() + " would stay.");
        var rows = new ArrayList<List<String>>();
        add(rows, "joins", answer.path("joining"));
        add(rows, "leaves", answer.path("leaving"));
        if (!rows.isEmpty()) {
            screen.table(List.of("", "USER", "NAME"), rows, "");
        }
        int left = joins + leaves - rows.size();
        if (left > 0) {
            screen.line("And " + left + " more.");
        }
    }

    private static void add(List<List<String>> rows, String what, JsonNode users) {
        users.forEach(user -> rows.add(List.of(
                what,
                user.path("userPrincipalName").asString(""),
                user.path("displayName").asString(""))));
    }
}
