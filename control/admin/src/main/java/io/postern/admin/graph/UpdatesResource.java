package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Connectors;
import io.postern.admin.service.Edit;
import io.postern.admin.service.Services;
import io.postern.admin.service.Updates;
import io.postern.domain.ConnectorId;
import io.postern.domain.directory.Action;
import io.postern.domain.update.UpdatePolicy;
import io.postern.domain.update.UpdatePolicy.Window;
import io.postern.store.ConnectorUpdate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The profile `onPremisesPublishingProfiles/applicationProxy` itself, with its `hybridAgentUpdaterConfiguration`, and
/// how the updates of its connectors stand.
final class UpdatesResource {
    private static final String CONFIGURATION = "hybridAgentUpdaterConfiguration";

    private final Connectors connectors;
    private final Updates updates;

    UpdatesResource(Services services) {
        this.connectors = services.connectors();
        this.updates = services.updates();
    }

    List<Route> routes() {
        return List.of(
                Route.get(Action.PROXY_READ, ConnectorsResource.PROFILE, this::profile),
                Route.change(Action.CONNECTORS_WRITE, Verb.PATCH, ConnectorsResource.PROFILE, this::patch),
                Route.list(Action.PROXY_READ, ConnectorsResource.PROFILE + "/connectorUpdates", this::list),
                Route.change(
                        Action.CONNECTORS_WRITE,
                        Verb.POST,
                        ConnectorsResource.PROFILE + "/connectors/{id}/update",
                        this::request));
    }

    /// APP-5, REG-2: enabled from the first connector on.
    private Reply profile(Call call) {
        ObjectNode json = Shapes.object()
                .put("id", "applicationProxy")
                .put("isEnabled", !connectors.list(call.tenant()).isEmpty());
        json.set(CONFIGURATION, shape(updates.policy(call.tenant())));
        return Reply.ok(json);
    }

    private Reply patch(Call call) {
        JsonForm form = call.form();
        JsonForm wanted = form.object(CONFIGURATION).orElse(null);
        if (wanted == null) {
            form.fault(CONFIGURATION, CONFIGURATION + " is missing");
            form.finish();
            throw new IllegalStateException("a form with a fault does not finish");
        }
        Edit<Boolean> override = wanted.flag("allowUpdateConfigurationOverride");
        Edit<String> deferText = wanted.clearable("deferUpdateDateTime");
        Edit<Instant> defer = deferText.map(text -> instant(wanted, text));
        Edit<Window> window = window(wanted);
        form.finish();
        expectDone(updates.setPolicy(
                call.actor(),
                old -> new UpdatePolicy(
                        override.or(old.override()), defer.orKeep(old.deferUntil()), window.orKeep(old.window()))));
        return Reply.NO_CONTENT;
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                updates.list(call.tenant()),
                seen -> seen.machineName() + "\0" + seen.update().connector(),
                Map.of("machineName", Updates.Seen::machineName),
                UpdatesResource::shape);
    }

    private Reply request(Call call) {
        expectDone(updates.request(call.actor(), call.id("id", "connector", ConnectorId::new)));
        return Reply.NO_CONTENT;
    }

    private static Edit<Window> window(JsonForm configuration) {
        if (configuration.has("updateWindow") && configuration.isNull("updateWindow")) {
            return new Edit<>(true, Optional.empty());
        }
        Optional<JsonForm> form = configuration.object("updateWindow");
        if (form.isEmpty()) {
            return Edit.none();
        }
        Edit<LocalTime> start = form.get().parsed("updateWindowStartTime", UpdatesResource::time);
        Edit<LocalTime> end = form.get().parsed("updateWindowEndTime", UpdatesResource::time);
        if (start.value().isEmpty() || end.value().isEmpty()) {
            form.get()
                    .fault("updateWindowStartTime", "updateWindow needs updateWindowStartTime and updateWindowEndTime");
            return Edit.none();
        }
        try {
            return Edit.to(new Window(start.value().get(), end.value().get()));
        } catch (IllegalArgumentException e) {
            form.get().fault("updateWindowEndTime", String.valueOf(e.getMessage()));
            return Edit.none();
        }
    }

    /// `22:00:00` as in Graph's TimeOfDay, also with a fraction of zeros, or `22:00`.
    private static LocalTime time(String text) {
        try {
            return LocalTime.parse(text).withNano(0);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is no time of day such as 22:00:00 (UTC)", e);
        }
    }

    private static Instant instant(JsonForm form, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            form.fault("deferUpdateDateTime", "'" + text + "' is no time such as 2026-12-24T00:00:00Z");
            return Instant.EPOCH;
        }
    }

    private static ObjectNode shape(UpdatePolicy policy) {
        ObjectNode json = Shapes.object().put("allowUpdateConfigurationOverride", policy.override());
        json.put(
                "deferUpdateDateTime",
                policy.deferUntil().map(Instant::toString).orElse(null));
        if (policy.window().isPresent()) {
            json.putObject("updateWindow")
                    .put("updateWindowStartTime", text(policy.window().get().start()))
                    .put("updateWindowEndTime", text(policy.window().get().end()));
        } else {
            json.putNull("updateWindow");
        }
        return json;
    }

    private static String text(LocalTime time) {
        return time.format(java.time.format.DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT));
    }

    private static ObjectNode shape(Updates.Seen seen) {
        ConnectorUpdate update = seen.update();
        ObjectNode json = Shapes.object()
                .put("id", update.connector().value())
                .put("machineName", seen.machineName())
                .put("state", state(update.state()))
                .put("runningVersion", update.running())
                .put("offeredVersion", update.offered().orElse(null))
                .put("failedVersion", update.failed().orElse(null))
                .put("isRequested", seen.requested())
                .put("reason", update.reason())
                .put("sinceDateTime", update.since().toString());
        json.put("lastAskedDateTime", update.asked().map(Instant::toString).orElse(null));
        return json;
    }

    private static String state(ConnectorUpdate.State state) {
        return switch (state) {
            case CURRENT -> "current";
            case WAITING -> "waiting";
            case UPDATING -> "updating";
            case ROLLED_BACK -> "rolledBack";
            case FAULT -> "fault";
        };
    }
}
