package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Edit;
import io.postern.admin.service.Traces;
import io.postern.domain.ObjectId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.store.TraceRun;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Recordings of one user's exchanges with one application.
final class TracesResource {
    private static final String TRACES = ConnectorsResource.PROFILE + "/traces";

    private final Traces traces;
    private final InstantSource clock;

    TracesResource(Traces traces, InstantSource clock) {
        this.traces = traces;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(
                Route.list(Action.PROXY_READ, TRACES, this::list),
                Route.change(Action.PROXY_WRITE, Verb.POST, TRACES, this::start),
                Route.get(Action.PROXY_READ, TRACES + "/{id}", this::one),
                Route.change(Action.PROXY_WRITE, Verb.DELETE, TRACES + "/{id}", this::delete),
                Route.change(Action.PROXY_WRITE, Verb.POST, TRACES + "/{id}/end", this::end),
                Route.change(Action.PROXY_WRITE, Verb.POST, TRACES + "/{id}/read", this::read));
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                traces.list(call.tenant()),
                run -> run.started() + "\0" + run.trace().id(),
                Map.of("applicationDisplayName", TraceRun::applicationName),
                this::shape);
    }

    private Reply start(Call call) {
        JsonForm form = call.form();
        Edit<ObjectId> application = form.parsed("applicationId", ObjectId::new);
        Edit<UserId> user = form.parsed("userId", UserId::new);
        Edit<Duration> duration = form.parsed("duration", TracesResource::duration);
        if (application.value().isEmpty() || user.value().isEmpty()) {
            form.fault("applicationId", "applicationId and userId are both needed");
        }
        form.finish();
        return Reply.created(shape(expectDone(traces.start(
                call.actor(),
                application.value().orElseThrow(),
                user.value().orElseThrow(),
                duration.or(Duration.ofMinutes(5))))));
    }

    private Reply one(Call call) {
        return Reply.ok(shape(expectDone(traces.find(call.tenant(), call.text("id")))));
    }

    private Reply end(Call call) {
        String id = call.text("id");
        call.form().finish();
        return Reply.ok(shape(expectDone(traces.end(call.actor(), id))));
    }

    /// Leaves an entry in the audit log: no GET.
    private Reply read(Call call) {
        String id = call.text("id");
        call.form().finish();
        return Reply.ok(expectDone(traces.read(call.actor(), id)));
    }

    private Reply delete(Call call) {
        expectDone(traces.delete(call.actor(), call.text("id")));
        return Reply.NO_CONTENT;
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is no duration such as PT5M", e);
        }
    }

    private ObjectNode shape(TraceRun run) {
        boolean running = clock.instant().isBefore(run.trace().ends());
        ObjectNode json = Shapes.object()
                .put("id", run.trace().id())
                .put("status", running ? "running" : "ended")
                .put("applicationId", run.application().value())
                .put("applicationDisplayName", run.applicationName())
                .put("userId", run.trace().user().value())
                .put("userPrincipalName", run.userName())
                .put("startedBy", run.startedBy())
                .put("startDateTime", run.started().toString())
                .put("endDateTime", run.trace().ends().toString());
        return json.put("exchanges", run.exchanges()).put("missedExchanges", run.missed());
    }
}
