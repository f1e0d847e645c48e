package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Health;
import io.postern.admin.service.PathHealth;
import io.postern.domain.ConnectorId;
import io.postern.domain.ObjectId;
import io.postern.domain.directory.Action;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Health of applications and of connectors' ways to them.
final class HealthResource {
    private static final String PROFILE = "/onPremisesPublishingProfiles/applicationProxy";
    private static final String PUBLISHING = "/applications/{id}/onPremisesPublishing";

    private final Health health;
    private final HealthShapes shapes;

    HealthResource(Health health, InstantSource clock) {
        this.health = health;
        this.shapes = new HealthShapes(health.node(), clock);
    }

    List<Route> routes() {
        return List.of(
                Route.list(Action.PROXY_READ, PROFILE + "/applicationHealth", this::all),
                Route.get(Action.PROXY_READ, PUBLISHING + "/health", this::application),
                Route.change(Action.PROXY_WRITE, Verb.POST, PUBLISHING + "/probe", this::probe),
                Route.list(Action.PROXY_READ, PROFILE + "/connectors/{id}/applicationHealth", this::connector));
    }

    private Reply all(Call call) {
        return Paging.page(
                call,
                health.applications(call.tenant()),
                h -> h.application().displayName() + "\0" + h.application().id(),
                Map.of("applicationDisplayName", h -> h.application().displayName()),
                shapes::application);
    }

    private Reply application(Call call) {
        return Reply.ok(shapes.application(expectDone(health.application(call.tenant(), applicationId(call)))));
    }

    /// Changes nothing, but makes connectors send requests: no GET.
    private Reply probe(Call call) {
        ObjectId id = applicationId(call);
        call.form().finish();
        return Reply.ok(shapes.application(expectDone(health.probe(call.tenant(), id))));
    }

    private Reply connector(Call call) {
        ConnectorId id = call.id("id", "connector", ConnectorId::new);
        return Paging.<PathHealth>page(
                call,
                expectDone(health.connector(call.tenant(), id)),
                p -> p.application().displayName() + "\0" + p.application().id(),
                Map.of("applicationDisplayName", p -> p.application().displayName()),
                shapes::path);
    }

    private static ObjectId applicationId(Call call) {
        return call.id("id", "application", ObjectId::new);
    }
}
