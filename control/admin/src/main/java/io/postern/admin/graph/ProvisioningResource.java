package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Edit;
import io.postern.admin.service.ProvisioningClients;
import io.postern.admin.service.ProvisioningClients.Held;
import io.postern.admin.service.ProvisioningClients.Issued;
import io.postern.domain.ProvisioningClientId;
import io.postern.domain.directory.Action;
import io.postern.store.ProvisioningStore.Client;
import io.postern.store.ProvisioningStore.Token;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `provisioningClients`: programs that may use SCIM, and their tokens.
final class ProvisioningResource {
    private static final String ALL = "/provisioningClients";

    private final ProvisioningClients clients;

    ProvisioningResource(ProvisioningClients clients) {
        this.clients = clients;
    }

    List<Route> routes() {
        String one = ALL + "/{id}";
        return List.of(
                Route.list(Action.SYNC_WRITE, ALL, this::list),
                Route.change(Action.SYNC_WRITE, Verb.POST, ALL, this::add),
                Route.get(
                        Action.SYNC_WRITE,
                        one,
                        call -> Reply.ok(shape(expectDone(clients.find(call.tenant(), id(call)))))),
                Route.change(Action.SYNC_WRITE, Verb.DELETE, one, this::remove),
                Route.change(Action.SYNC_WRITE, Verb.POST, one + "/tokens", this::addToken),
                Route.change(Action.SYNC_WRITE, Verb.DELETE, one + "/tokens/{tokenId}", this::revokeToken));
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                clients.list(call.tenant()),
                held -> held.client().displayName() + "\0" + held.client().id(),
                Map.of("displayName", held -> held.client().displayName()),
                ProvisioningResource::shape);
    }

    private Reply add(Call call) {
        JsonForm form = call.form();
        Edit<String> name = form.text("displayName");
        if (name.value().isEmpty()) {
            form.fault("displayName", "displayName is missing");
        }
        Edit<Instant> expires = form.parsed("expirationDateTime", Times::parse);
        form.finish();
        Issued issued = expectDone(clients.add(call.actor(), name.or(""), expires.value()));
        ObjectNode body = shape(new Held(issued.client(), List.of(issued.token())));
        return Reply.created(body.put("secretText", issued.secret().reveal()));
    }

    private Reply addToken(Call call) {
        ProvisioningClientId id = id(call);
        JsonForm form = call.form();
        Edit<Instant> expires = form.parsed("expirationDateTime", Times::parse);
        form.finish();
        Issued issued = expectDone(clients.addToken(call.actor(), id, expires.value()));
        return Reply.created(
                shape(issued.token()).put("secretText", issued.secret().reveal()));
    }

    private Reply remove(Call call) {
        expectDone(clients.remove(call.actor(), id(call)));
        return Reply.NO_CONTENT;
    }

    private Reply revokeToken(Call call) {
        expectDone(clients.revokeToken(call.actor(), id(call), call.text("tokenId")));
        return Reply.NO_CONTENT;
    }

    private static ObjectNode shape(Held held) {
        Client client = held.client();
        ObjectNode json = Shapes.object()
                .put("id", client.id().value())
                .put("displayName", client.displayName())
                .put("createdDateTime", client.created().toString());
        ArrayNode tokens = json.putArray("tokens");
        held.tokens().stream().map(ProvisioningResource::shape).forEach(tokens::add);
        return json;
    }

    private static ObjectNode shape(Token token) {
        ObjectNode json = Shapes.object()
                .put("id", token.id())
                .put("createdDateTime", token.created().toString());
        Optional<Instant> expires = token.expires();
        expires.ifPresentOrElse(
                time -> json.put("expirationDateTime", time.toString()), () -> json.putNull("expirationDateTime"));
        return json;
    }

    private static ProvisioningClientId id(Call call) {
        return call.id("id", "provisioning client", ProvisioningClientId::new);
    }
}
