package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.logging.Shown;
import io.postern.admin.service.Logs;
import io.postern.domain.directory.Action;
import io.postern.store.ChainCheck;
import io.postern.store.LogEntry;
import io.postern.store.LogField;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.web.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `auditLogs/signIns` and `auditLogs/directoryAudits`, and every user's own sign-ins.
final class LogsResource {
    private static final int TOP_DEFAULT = 100;
    private static final int TOP_MAX = 1_000; // 7.2
    private static final Set<String> OPTIONS = Set.of("$top", "$skiptoken", "$filter", "$orderby", "$select");
    private static final String SIGN_INS = "/auditLogs/signIns";
    private static final String AUDITS = "/auditLogs/directoryAudits";

    private static final Map<String, LogField> SIGN_IN_PROPERTIES = Map.ofEntries(
            Map.entry("id", LogField.ID),
            Map.entry("createdDateTime", LogField.HAPPENED),
            Map.entry("correlationId", LogField.CORRELATION),
            Map.entry("userId", LogField.USER_ID),
            Map.entry("userPrincipalName", LogField.USER_NAME),
            Map.entry("userDisplayName", LogField.USER_DISPLAY),
            Map.entry("servicePrincipalId", LogField.USER_ID),
            Map.entry("appId", LogField.APP_ID),
            Map.entry("appDisplayName", LogField.APP_NAME),
            Map.entry("resourceId", LogField.RESOURCE_ID),
            Map.entry("ipAddress", LogField.ADDRESS),
            Map.entry("clientAppUsed", LogField.CLIENT_APP),
            Map.entry("isInteractive", LogField.KIND),
            Map.entry("signInEventTypes", LogField.KIND),
            Map.entry("status/errorCode", LogField.CODE));
    private static final Map<String, LogField> AUDIT_PROPERTIES = Map.ofEntries(
            Map.entry("id", LogField.ID),
            Map.entry("activityDateTime", LogField.HAPPENED),
            Map.entry("correlationId", LogField.CORRELATION),
            Map.entry("activityDisplayName", LogField.ACTIVITY),
            Map.entry("category", LogField.CATEGORY),
            Map.entry("loggedByService", LogField.SERVICE),
            Map.entry("result", LogField.CODE),
            Map.entry("initiatedBy/user/id", LogField.USER_ID),
            Map.entry("initiatedBy/user/userPrincipalName", LogField.USER_NAME),
            Map.entry("initiatedBy/user/displayName", LogField.USER_DISPLAY),
            Map.entry("initiatedBy/app/servicePrincipalId", LogField.APP_ID),
            Map.entry("initiatedBy/app/displayName", LogField.APP_NAME),
            Map.entry("targetResources/id", LogField.TARGET_ID));

    private final Logs logs;

    LogsResource(Logs logs) {
        this.logs = logs;
    }

    List<Route> routes() {
        return List.of(
                new Route(
                        Verb.GET,
                        SIGN_INS + "/$verify",
                        Set.of(Action.LOGS_READ),
                        Set.of("$skiptoken"),
                        call -> verify(call, LogKind.SIGN_IN)),
                new Route(
                        Verb.GET,
                        AUDITS + "/$verify",
                        Set.of(Action.LOGS_READ),
                        Set.of("$skiptoken"),
                        call -> verify(call, LogKind.AUDIT)),
                new Route(
                        Verb.GET,
                        SIGN_INS,
                        Set.of(Action.LOGS_READ),
                        OPTIONS,
                        call -> page(call, LogKind.SIGN_IN, Optional.empty())),
                Route.get(Action.LOGS_READ, SIGN_INS + "/{id}", call -> one(call, LogKind.SIGN_IN)),
                new Route(
                        Verb.GET,
                        AUDITS,
                        Set.of(Action.LOGS_READ),
                        OPTIONS,
                        call -> page(call, LogKind.AUDIT, Optional.empty())),
                Route.get(Action.LOGS_READ, AUDITS + "/{id}", call -> one(call, LogKind.AUDIT)),
                new Route(Verb.GET, "/me/signIns", Set.of(Action.OWN), OPTIONS, this::own));
    }

    private Reply own(Call call) {
        return page(
                call,
                LogKind.SIGN_IN,
                Optional.of(
                        LogQuery.Condition.equal(LogField.USER_ID, call.actor().principal())));
    }

    private Reply one(Call call, LogKind log) {
        return Reply.ok(Shown.of(expectDone(logs.entry(call.tenant(), log, call.text("id")))));
    }

    /// @param forced holds whatever the caller asks for
    private Reply page(Call call, LogKind log, Optional<LogQuery.Condition> forced) {
        var filter = new LogFilter(log == LogKind.SIGN_IN ? SIGN_IN_PROPERTIES : AUDIT_PROPERTIES);
        var conditions = new ArrayList<LogQuery.Condition>(forced.stream().toList());
        call.query().one("$filter").map(filter::read).ifPresent(conditions::addAll);
        int top = call.query().one("$top").map(LogsResource::top).orElse(TOP_DEFAULT);
        boolean newestFirst = newestFirst(call, log);
        OptionalLong after = after(call);
        List<LogEntry> found = logs.find(call.tenant(), log, new LogQuery(conditions, after, newestFirst, top + 1));
        ObjectNode body = Json.MAPPER.createObjectNode();
        ArrayNode value = body.putArray("value");
        found.stream().limit(top).map(Shown::of).forEach(value::add);
        if (found.size() > top) {
            String query = call.query().without(Set.of("$skiptoken")).encoded();
            body.put(
                    "@odata.nextLink",
                    call.link() + "?" + query + (query.isEmpty() ? "" : "&") + "$skiptoken="
                            + found.get(top - 1).number());
        }
        return Reply.ok(body);
    }

    /// Some thousand entries with each call; `@odata.nextLink` as long as there are more.
    private Reply verify(Call call, LogKind log) {
        Optional<ChainCheck> after = call.query().one("$skiptoken").map(LogsResource::reached);
        Logs.Checked checked = logs.check(call.tenant(), log, after);
        ObjectNode body = Json.MAPPER
                .createObjectNode()
                .put("tenantId", call.tenant().value())
                .put("firstNumber", checked.chain().cutNumber() + 1)
                .put("checkedTo", checked.number())
                .put("hash", checked.hash())
                .put("lastNumber", checked.chain().number())
                .put("intact", checked.problem().isEmpty());
        checked.problem()
                .ifPresent(
                        p -> body.putObject("problem").put("number", p.number()).put("message", p.text()));
        if (!checked.done()) {
            body.put("@odata.nextLink", call.link() + "?$skiptoken=" + checked.number() + ":" + checked.hash());
        }
        return Reply.ok(body);
    }

    private static ChainCheck reached(String token) {
        if (!token.matches("[0-9]{1,18}:[0-9a-f]{64}")) {
            throw GraphFault.invalid("$skiptoken", "$skiptoken is not one that this service gave out");
        }
        int colon = token.indexOf(':');
        return new ChainCheck(Long.parseLong(token.substring(0, colon)), token.substring(colon + 1));
    }

    private static boolean newestFirst(Call call, LogKind log) {
        String time = log == LogKind.SIGN_IN ? "createdDateTime" : "activityDateTime";
        String order = call.query().one("$orderby").orElse(time + " desc").strip();
        if (order.equals(time + " desc")) {
            return true;
        }
        if (order.equals(time) || order.equals(time + " asc")) {
            return false;
        }
        throw GraphFault.invalid(
                "$orderby", "$orderby '" + order + "' is not supported; use '" + time + " desc' or '" + time + " asc'");
    }

    private static OptionalLong after(Call call) {
        Optional<String> token = call.query().one("$skiptoken");
        if (token.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!token.get().matches("[0-9]{1,18}")) {
            throw GraphFault.invalid("$skiptoken", "$skiptoken is not one that this service gave out");
        }
        return OptionalLong.of(Long.parseLong(token.get()));
    }

    private static int top(String text) {
        if (!text.matches("[1-9][0-9]{0,3}") || Integer.parseInt(text) > TOP_MAX) {
            throw GraphFault.invalid("$top", "$top '" + text + "' must be a number from 1 to " + TOP_MAX);
        }
        return Integer.parseInt(text);
    }
}
