package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.UserLinks;
import io.postern.admin.service.UserLinks.Link;
import io.postern.admin.service.Users;
import io.postern.domain.IdentityProviderId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// `users/{id}/identities`: who a user is at upstream identity providers, shaped as Graph's objectIdentity.
final class UserLinksResource {
    private final UserLinks links;
    private final Users users;

    UserLinksResource(UserLinks links, Users users) {
        this.links = links;
        this.users = users;
    }

    List<Route> routes() {
        String all = "/users/{id}/identities";
        return List.of(
                Route.list(Action.DIRECTORY_READ, all, this::list),
                Route.change(Action.SYNC_WRITE, Verb.DELETE, all + "/{provider}", this::remove));
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                expectDone(links.of(call.tenant(), user(call))),
                link -> link.provider().id().value(),
                Map.of("identityProvider", link -> link.provider().displayName()),
                UserLinksResource::shape);
    }

    private Reply remove(Call call) {
        expectDone(links.remove(
                call.actor(), user(call), call.id("provider", "identity provider", IdentityProviderId::new)));
        return Reply.NO_CONTENT;
    }

    private UserId user(Call call) {
        return expectDone(users.find(call.tenant(), call.text("id"))).id();
    }

    private static ObjectNode shape(Link link) {
        return Shapes.object()
                .put("id", link.provider().id().value())
                .put("signInType", "federated")
                .put("issuer", link.provider().upstream().issuer())
                .put("issuerAssignedId", link.row().subject())
                .put("identityProvider", link.provider().displayName())
                .put("origin", link.row().origin().name().toLowerCase(Locale.ROOT))
                .put("createdDateTime", link.row().linked().toString())
                .put("lastSignInDateTime", link.row().lastUsed().toString());
    }
}
