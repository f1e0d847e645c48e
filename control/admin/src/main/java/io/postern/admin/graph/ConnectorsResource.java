package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.ConnectorGroups;
import io.postern.admin.service.ConnectorTokens;
import io.postern.admin.service.Connectors;
import io.postern.admin.service.Edit;
import io.postern.admin.service.Services;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.directory.Action;
import io.postern.domain.publish.Application;
import io.postern.store.ConnectorGroup;
import io.postern.store.EnrollmentTokenStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `onPremisesPublishingProfiles/applicationProxy`: connectors, their groups, and tokens for new ones.
final class ConnectorsResource {
    static final String PROFILE = "/onPremisesPublishingProfiles/applicationProxy";

    private final Connectors connectors;
    private final ConnectorTokens tokens;
    private final ConnectorGroups groups;
    private final Shapes shapes;

    ConnectorsResource(Services services, Shapes shapes) {
        this.connectors = services.connectors();
        this.tokens = services.connectorTokens();
        this.groups = services.connectorGroups();
        this.shapes = shapes;
    }

    List<Route> routes() {
        String connector = PROFILE + "/connectors/{id}";
        String group = PROFILE + "/connectorGroups/{id}";
        return List.of(
                Route.list(Action.PROXY_READ, PROFILE + "/connectors", this::list),
                Route.get(Action.PROXY_READ, connector, this::get),
                Route.change(Action.CONNECTORS_WRITE, Verb.PATCH, connector, this::patch),
                Route.change(Action.CONNECTORS_WRITE, Verb.DELETE, connector, this::delete),
                Route.list(Action.PROXY_READ, connector + "/memberOf", this::groupOf),
                Route.change(Action.CONNECTORS_WRITE, Verb.POST, connector + "/memberOf/$ref", this::move),
                Route.list(Action.PROXY_READ, PROFILE + "/connectorGroups", this::listGroups),
                Route.change(Action.CONNECTORS_WRITE, Verb.POST, PROFILE + "/connectorGroups", this::createGroup),
                Route.get(Action.PROXY_READ, group, this::getGroup),
                Route.change(Action.CONNECTORS_WRITE, Verb.PATCH, group, this::patchGroup),
                Route.change(Action.CONNECTORS_WRITE, Verb.DELETE, group, this::deleteGroup),
                Route.list(Action.PROXY_READ, group + "/members", this::members),
                Route.list(Action.PROXY_READ, group + "/applications", this::applications),
                Route.list(Action.PROXY_READ, PROFILE + "/connectorTokens", this::listTokens),
                Route.change(Action.CONNECTORS_WRITE, Verb.POST, PROFILE + "/connectorTokens", this::mintToken),
                Route.change(
                        Action.CONNECTORS_WRITE, Verb.DELETE, PROFILE + "/connectorTokens/{id}", this::revokeToken));
    }

    private Reply list(Call call) {
        return page(call, connectors.list(call.tenant()));
    }

    private Reply page(Call call, List<Connectors.Seen> rows) {
        return Paging.page(
                call,
                rows,
                c -> c.connector().machineName() + "\0" + c.connector().id(),
                Map.of("machineName", c -> c.connector().machineName()),
                shapes::connector);
    }

    private Reply get(Call call) {
        return Reply.ok(shapes.connector(expectDone(connectors.find(call.tenant(), connectorId(call)))));
    }

    private Reply patch(Call call) {
        ConnectorId id = connectorId(call);
        JsonForm form = call.form();
        Edit<Boolean> enabled = form.flag("accountEnabled");
        form.finish();
        if (enabled.given()) {
            expectDone(connectors.enable(call.actor(), id, enabled.or(true)));
        } else {
            expectDone(connectors.find(call.tenant(), id));
        }
        return Reply.NO_CONTENT;
    }

    private Reply delete(Call call) {
        expectDone(connectors.delete(call.actor(), connectorId(call)));
        return Reply.NO_CONTENT;
    }

    private Reply groupOf(Call call) {
        return pageGroups(call, List.of(expectDone(connectors.groupOf(call.tenant(), connectorId(call)))));
    }

    private Reply move(Call call) {
        ConnectorId id = connectorId(call);
        ConnectorGroupId group = References.read(call.form(), References.CONNECTOR_GROUPS, ConnectorGroupId::new);
        expectDone(connectors.move(call.actor(), id, group));
        return Reply.NO_CONTENT;
    }

    private Reply listGroups(Call call) {
        return pageGroups(call, groups.list(call.tenant()));
    }

    private Reply pageGroups(Call call, List<ConnectorGroup> rows) {
        return Paging.page(
                call,
                rows,
                g -> g.name() + "\0" + g.id(),
                Map.of("name", ConnectorGroup::name),
                shapes::connectorGroup);
    }

    private Reply createGroup(Call call) {
        JsonForm form = call.form();
        Edit<String> name = form.text("name");
        if (name.value().isEmpty()) {
            form.fault("name", "name is missing");
        }
        Edit<String> region = form.clearable("region");
        form.finish();
        return Reply.created(
                shapes.connectorGroup(expectDone(groups.create(call.actor(), name.or(""), region.value()))));
    }

    private Reply getGroup(Call call) {
        return Reply.ok(shapes.connectorGroup(expectDone(groups.find(call.tenant(), groupId(call)))));
    }

    private Reply patchGroup(Call call) {
        ConnectorGroupId id = groupId(call);
        JsonForm form = call.form();
        Edit<String> name = form.text("name");
        Edit<String> region = form.clearable("region");
        form.finish();
        expectDone(groups.patch(call.actor(), id, name, region));
        return Reply.NO_CONTENT;
    }

    private Reply deleteGroup(Call call) {
        expectDone(groups.delete(call.actor(), groupId(call)));
        return Reply.NO_CONTENT;
    }

    private Reply members(Call call) {
        return page(call, expectDone(connectors.inGroup(call.tenant(), groupId(call))));
    }

    private Reply applications(Call call) {
        return Paging.page(
                call,
                expectDone(groups.applications(call.tenant(), groupId(call))),
                a -> a.displayName() + "\0" + a.id(),
                Map.of("displayName", Application::displayName),
                shapes::application);
    }

    private Reply mintToken(Call call) {
        JsonForm form = call.form();
        Optional<ConnectorGroupId> group = form.object("connectorGroup")
                .flatMap(g -> g.parsed("id", ConnectorGroupId::new).value());
        form.finish();
        ConnectorTokens.Ticket ticket = expectDone(tokens.mint(call.actor(), group));
        return Reply.created(Shapes.object()
                .put("id", ticket.id())
                .put("token", ticket.token().reveal())
                .put("expires", ticket.expires().toString()));
    }

    private Reply listTokens(Call call) {
        Instant now = tokens.now();
        return Paging.page(
                call,
                tokens.list(call.tenant()),
                t -> t.created() + "\0" + t.id(),
                Map.of("id", EnrollmentTokenStore.Row::id),
                token -> shapes.connectorToken(token, now));
    }

    private Reply revokeToken(Call call) {
        expectDone(tokens.revoke(call.actor(), call.text("id")));
        return Reply.NO_CONTENT;
    }

    private static ConnectorId connectorId(Call call) {
        return call.id("id", "connector", ConnectorId::new);
    }

    private static ConnectorGroupId groupId(Call call) {
        return call.id("id", "connector group", ConnectorGroupId::new);
    }
}
