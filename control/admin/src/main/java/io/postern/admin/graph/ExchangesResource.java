package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.service.ExchangeLookup;
import io.postern.base.Outcome;
import io.postern.domain.directory.Action;
import io.postern.domain.event.AccessEvent;
import io.postern.domain.event.Cause;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What became of an exchange that failed, by the id of its error page.
final class ExchangesResource {
    private final ExchangeLookup exchanges;

    ExchangesResource(ExchangeLookup exchanges) {
        this.exchanges = exchanges;
    }

    List<Route> routes() {
        return List.of(Route.get(
                Action.PROXY_READ, "/onPremisesPublishingProfiles/applicationProxy/exchanges/{id}", this::exchange));
    }

    private Reply exchange(Call call) {
        String id = call.text("id");
        Outcome<ExchangeLookup.Told> found = exchanges.find(call.tenant(), id);
        if (found instanceof Outcome.NotFound<ExchangeLookup.Told>) {
            throw GraphFault.of(
                    404,
                    "node '" + exchanges.node() + "' knows no failed exchange '" + id
                            + "'; a node keeps those of its own, the newest of one day, until it restarts: ask the"
                            + " other nodes, or look for the id in the access logs");
        }
        return Reply.ok(shape(expectDone(found)));
    }

    private ObjectNode shape(ExchangeLookup.Told told) {
        AccessEvent event = told.event();
        ObjectNode json = Shapes.object()
                .put("id", event.exchange())
                .put("node", exchanges.node())
                .put("dateTime", event.time().toString())
                .put("method", event.method())
                .put("host", event.host())
                .put("path", event.path())
                .put("clientAddress", event.clientAddress());
        told.application()
                .ifPresentOrElse(
                        a -> json.putObject("application")
                                .put("id", a.id().value())
                                .put("appId", a.appId().value())
                                .put("displayName", a.displayName()),
                        () -> json.putNull("application"));
        event.user()
                .ifPresentOrElse(
                        id -> json.putObject("user")
                                .put("id", id.value())
                                .put(
                                        "userPrincipalName",
                                        told.user()
                                                .map(u -> u.userPrincipalName())
                                                .orElse("(deleted)")),
                        () -> json.putNull("user"));
        event.connector()
                .ifPresentOrElse(
                        id -> json.putObject("connector")
                                .put("id", id.value())
                                .put(
                                        "machineName",
                                        told.connector()
                                                .map(c -> c.machineName())
                                                .orElse("(deleted)")),
                        () -> json.putNull("connector"));
        json.put("outcome", event.outcome()).put("status", event.status());
        json.put("reason", event.cause().map(Cause::reason).orElse("backend_status"));
        json.put(
                "meaning",
                event.cause().map(Cause::meaning).orElse("the application itself answered with a fault of its own"));
        json.put("remedy", event.cause().map(Cause::remedy).orElse("see the application's own log at this time"));
        json.put("requestBytes", event.requestBytes()).put("responseBytes", event.responseBytes());
        json.putObject("micros")
                .put("admitted", event.micros().admitted())
                .put("forwarded", event.micros().forwarded())
                .put("firstByte", event.micros().firstByte())
                .put("done", event.micros().done());
        return json;
    }
}
