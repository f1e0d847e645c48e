package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.CertificateOrders;
import io.postern.domain.directory.Action;
import io.postern.store.CertificateOrder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// `certificateOrders`: standing orders at the ACME server. Carried out in the background; read them to see how they
/// go.
final class CertificateOrdersResource {
    private final CertificateOrders orders;

    CertificateOrdersResource(CertificateOrders orders) {
        this.orders = orders;
    }

    List<Route> routes() {
        return List.of(
                Route.list(Action.PROXY_READ, "/certificateOrders", this::list),
                Route.change(Action.PROXY_WRITE, Verb.POST, "/certificateOrders", this::create),
                Route.get(Action.PROXY_READ, "/certificateOrders/{id}", this::get),
                Route.change(Action.PROXY_WRITE, Verb.DELETE, "/certificateOrders/{id}", this::delete));
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                orders.list(call.tenant()),
                order -> order.created() + "\0" + order.id(),
                Map.of("state", order -> order.state().name().toLowerCase(Locale.ROOT)),
                CertificateOrdersResource::shape);
    }

    private Reply get(Call call) {
        return Reply.ok(shape(expectDone(orders.find(call.tenant(), call.text("id")))));
    }

    private Reply create(Call call) {
        JsonForm form = call.form();
        List<String> hosts = form.texts("hosts").or(List.of());
        form.finish();
        return Reply.created(shape(expectDone(orders.order(call.actor(), hosts))));
    }

    private Reply delete(Call call) {
        expectDone(orders.cancel(call.actor(), call.text("id")));
        return Reply.NO_CONTENT;
    }

    private static ObjectNode shape(CertificateOrder order) {
        ObjectNode json = Shapes.object().put("id", order.id());
        Shapes.texts(json.putArray("hosts"), order.hosts());
        json.put("state", order.state().name().toLowerCase(Locale.ROOT))
                .put("problem", order.problem())
                .put("dueDateTime", order.due().toString())
                .put("createdDateTime", order.created().toString());
        order.certificate().ifPresentOrElse(id -> json.put("certificateId", id), () -> json.putNull("certificateId"));
        return json;
    }
}
