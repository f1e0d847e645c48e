package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.outbound.Couriers;
import io.postern.admin.outbound.DeliveryReport;
import io.postern.admin.service.Edit;
import io.postern.admin.service.OutboundDraft;
import io.postern.admin.service.OutboundJobs;
import io.postern.admin.service.OutboundJobs.Seen;
import io.postern.base.Secret;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.domain.outbound.OutboundSettings;
import io.postern.domain.outbound.OutboundSettings.Login;
import io.postern.domain.outbound.OutboundSettings.Match;
import io.postern.domain.outbound.OutboundSettings.Step;
import io.postern.store.OutboundJob;
import io.postern.store.OutboundStore;
import io.postern.store.OutboundStore.Kind;
import io.postern.web.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `servicePrincipals/{id}/synchronization`: users and groups provisioned to an application; one job for each, so
/// it has no id of its own. And `auditLogs/provisioning`, what was done.
final class OutboundResource {
    private static final String ONE = "/servicePrincipals/{id}/synchronization";
    private static final String LOG = "/auditLogs/provisioning";
    private static final int TOP_DEFAULT = 100;
    private static final int TOP_MAX = 1_000;
    private static final Pattern EQUAL = Pattern.compile("([A-Za-z/]+)\\s+eq\\s+'([^']{0,200})'");
    private static final List<String> FILTERS = List.of("servicePrincipal/id", "sourceIdentity/id", "status");

    private final OutboundJobs jobs;
    private final Couriers couriers;

    OutboundResource(OutboundJobs jobs, Couriers couriers) {
        this.jobs = jobs;
        this.couriers = couriers;
    }

    List<Route> routes() {
        Action write = Action.APPLICATIONS_WRITE;
        return List.of(
                Route.get(write, ONE, call -> Reply.ok(shape(expectDone(jobs.find(call.tenant(), id(call)))))),
                Route.change(write, Verb.PUT, ONE, this::set),
                Route.change(write, Verb.DELETE, ONE, this::remove),
                Route.change(write, Verb.POST, ONE + "/start", this::start),
                Route.change(write, Verb.POST, ONE + "/pause", this::pause),
                Route.change(write, Verb.POST, ONE + "/validateCredentials", this::test),
                Route.change(write, Verb.POST, ONE + "/provisionOnDemand", this::onDemand),
                new Route(
                        Verb.GET,
                        LOG,
                        Set.of(Action.LOGS_READ),
                        Set.of("$top", "$skiptoken", "$filter", "$select"),
                        this::log),
                Route.get(Action.LOGS_READ, LOG + "/{entryId}", this::entry));
    }

    private Reply set(Call call) {
        ServicePrincipalId id = id(call);
        JsonForm form = call.form();
        var draft = new OutboundDraft(
                form.text("targetUrl"),
                form.text("secret").map(Secret::of),
                client(form),
                form.parsed("matchAttribute", Match::parse),
                steps(form),
                form.flag("provisionGroups"),
                form.map("attributeMappings"),
                form.number("deletionThreshold"),
                form.number("deletionThresholdPercent"));
        form.finish();
        return Reply.ok(shape(expectDone(jobs.set(call.actor(), id, draft))));
    }

    private static Edit<OutboundDraft.Client> client(JsonForm form) {
        if (!form.has("clientCredentials")) {
            return Edit.none();
        }
        Optional<OutboundDraft.Client> client = form.objectOrNull("clientCredentials")
                .map(inner -> new OutboundDraft.Client(
                        inner.text("tokenUrl").or(""),
                        inner.text("clientId").or(""),
                        inner.text("scope").or("")));
        return new Edit<>(true, client);
    }

    private static Edit<List<Step>> steps(JsonForm form) {
        Edit<List<String>> texts = form.texts("targetObjectActions");
        try {
            return texts.map(all -> all.stream().map(Step::parse).toList());
        } catch (IllegalArgumentException e) {
            form.fault("targetObjectActions", String.valueOf(e.getMessage()));
            return Edit.none();
        }
    }

    private Reply remove(Call call) {
        expectDone(jobs.remove(call.actor(), id(call)));
        return Reply.NO_CONTENT;
    }

    private Reply start(Call call) {
        ServicePrincipalId id = id(call);
        JsonForm form = call.form();
        boolean anew = form.flag("resetScope").or(false);
        Optional<Integer> removals = form.number("allowedRemovals").value();
        form.finish();
        return Reply.ok(shape(expectDone(jobs.start(call.actor(), id, anew, removals))));
    }

    private Reply pause(Call call) {
        return Reply.ok(shape(expectDone(jobs.pause(call.actor(), id(call)))));
    }

    private Reply test(Call call) {
        String fault = expectDone(couriers.test(call.tenant(), id(call)));
        ObjectNode json = Json.MAPPER.createObjectNode().put("succeeded", fault.isEmpty());
        return Reply.ok(fault.isEmpty() ? json.putNull("message") : json.put("message", fault));
    }

    private Reply onDemand(Call call) {
        ServicePrincipalId id = id(call);
        JsonForm form = call.form();
        Edit<UserId> user = form.parsed("userId", UserId::new);
        if (!form.has("userId")) {
            form.fault("userId", "userId is missing; give the id of the user to provision");
        }
        form.finish();
        DeliveryReport report =
                expectDone(couriers.bring(call.actor(), id, user.value().orElseThrow()));
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("status", report.result())
                .put("provisioningAction", report.action())
                .put("sourceName", report.name())
                .put("targetId", report.remote());
        if (!report.remedy().isEmpty()) {
            json.put("recommendedAction", report.remedy());
        }
        ArrayNode steps = json.putArray("provisioningSteps");
        report.steps()
                .forEach(s -> steps.addObject()
                        .put("name", s.name())
                        .put("status", s.result())
                        .put("description", s.description()));
        ArrayNode modified = json.putArray("modifiedProperties");
        report.modified()
                .forEach(m -> modified.addObject()
                        .put("displayName", m.attribute())
                        .put("oldValue", m.before())
                        .put("newValue", m.after()));
        return Reply.ok(json);
    }

    private Reply log(Call call) {
        int top = call.query().one("$top").map(OutboundResource::top).orElse(TOP_DEFAULT);
        Filter filter = call.query().one("$filter").map(Filter::parse).orElse(Filter.NONE);
        var query = new OutboundStore.Query(
                filter.of("servicePrincipal/id").map(ServicePrincipalId::new),
                filter.of("sourceIdentity/id"),
                filter.of("status"),
                call.query().one("$skiptoken").map(OutboundResource::place),
                top + 1);
        List<OutboundStore.Entry> found = jobs.log(call.tenant(), query);
        ObjectNode body = Json.MAPPER.createObjectNode();
        ArrayNode value = body.putArray("value");
        found.stream().limit(top).map(e -> Json.MAPPER.readTree(e.text())).forEach(value::add);
        if (found.size() > top) {
            OutboundStore.Entry last = found.get(top - 1);
            String others = call.query().without(Set.of("$skiptoken")).encoded();
            body.put(
                    "@odata.nextLink",
                    call.link() + "?" + others + (others.isEmpty() ? "" : "&") + "$skiptoken=" + last.happened() + "_"
                            + last.id());
        }
        return Reply.ok(body);
    }

    private Reply entry(Call call) {
        return Reply.ok((ObjectNode) Json.MAPPER.readTree(
                expectDone(jobs.logged(call.tenant(), call.text("entryId"))).text()));
    }

    /// Equalities joined by `and`, on three properties.
    private record Filter(Map<String, String> values) {
        static final Filter NONE = new Filter(Map.of());

        static Filter parse(String text) {
            var values = new TreeMap<String, String>();
            for (String part : text.strip().split("\\s+and\\s+", -1)) {
                var match = EQUAL.matcher(part);
                if (!match.matches() || !FILTERS.contains(match.group(1))) {
                    throw GraphFault.invalid(
                            "$filter",
                            "$filter '" + text + "' is not supported; use property eq 'value', joined by and, with "
                                    + FILTERS);
                }
                values.put(match.group(1), match.group(2));
            }
            if (values.containsKey("servicePrincipal/id") && !isId(values.get("servicePrincipal/id"))) {
                throw GraphFault.invalid("$filter", "servicePrincipal/id must be the id of a service principal");
            }
            return new Filter(values);
        }

        private static boolean isId(String text) {
            return text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        }

        Optional<String> of(String name) {
            return Optional.ofNullable(values.get(name));
        }
    }

    private static OutboundStore.Place place(String token) {
        int line = token.indexOf('_');
        try {
            Instant happened = Instant.parse(token.substring(0, Math.max(0, line)));
            return new OutboundStore.Place(happened, token.substring(line + 1));
        } catch (DateTimeException e) {
            throw GraphFault.invalid("$skiptoken", "$skiptoken is not one that this service gave out");
        }
    }

    private static int top(String text) {
        if (!text.matches("[1-9][0-9]{0,3}") || Integer.parseInt(text) > TOP_MAX) {
            throw GraphFault.invalid("$top", "$top '" + text + "' must be a number from 1 to " + TOP_MAX);
        }
        return Integer.parseInt(text);
    }

    private static ObjectNode shape(Seen seen) {
        OutboundJob job = seen.job();
        OutboundSettings settings = job.settings();
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("servicePrincipalId", job.resource().value());
        json.put("displayName", seen.application());
        json.put("targetUrl", settings.target());
        if (settings.login() instanceof Login.ClientCredentials(String url, String client, String scope)) {
            json.putObject("clientCredentials")
                    .put("tokenUrl", url)
                    .put("clientId", client)
                    .put("scope", scope);
        } else {
            json.putNull("clientCredentials");
        }
        json.put("matchAttribute", settings.match().attribute());
        settings.steps().stream().sorted().map(Step::text).forEach(json.putArray("targetObjectActions")::add);
        json.put("provisionGroups", settings.groups());
        ObjectNode mapping = json.putObject("attributeMappings");
        settings.mapping().forEach(mapping::put);
        json.put("deletionThreshold", settings.deletions().count());
        json.put("deletionThresholdPercent", settings.deletions().percent());
        json.set("status", status(seen));
        return json;
    }

    private static ObjectNode status(Seen seen) {
        OutboundJob job = seen.job();
        OutboundJob.State state = job.state();
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("code", code(job));
        json.put("users", seen.users());
        json.put("groups", seen.groups());
        json.put("waiting", seen.waiting());
        json.put("heldRemovals", state.held());
        json.put("failures", state.failures());
        Shapes.put(json, "message", state.fault());
        Shapes.put(json, "pausedUntil", state.paused().map(Instant::toString));
        Shapes.put(json, "quarantinedSince", state.quarantined().map(Instant::toString));
        Shapes.put(json, "lastCheckDateTime", state.lastCheck().map(Instant::toString));
        Shapes.put(json, "lastSuccessDateTime", state.lastSuccess().map(Instant::toString));
        ArrayNode errors = json.putArray("errors");
        seen.faults()
                .forEach(fault -> errors.addObject()
                        .put("id", fault.subject())
                        .put("displayName", fault.name())
                        .put("identityType", fault.kind() == Kind.USER ? "User" : "Group")
                        .put("message", fault.message())
                        .put("nextAttemptDateTime", fault.again().toString()));
        return json;
    }

    private static String code(OutboundJob job) {
        if (!job.enabled()) {
            return "Paused";
        }
        if (job.state().quarantined().isPresent()) {
            return "Quarantine";
        }
        return job.state().lastCheck().isPresent() ? "Active" : "NotRun";
    }

    private static ServicePrincipalId id(Call call) {
        return call.id("id", "service principal", ServicePrincipalId::new);
    }
}
