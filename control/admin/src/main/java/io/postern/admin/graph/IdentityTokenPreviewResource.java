package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Edit;
import io.postern.admin.service.IdentityTokenPreview;
import io.postern.admin.service.SignOnServices;
import io.postern.domain.ObjectId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.web.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// `POST /applications/{id}/onPremisesPublishing/previewIdentityToken`: what the token for the backend
/// would say of a user; none is made.
final class IdentityTokenPreviewResource {
    private final SignOnServices services;

    IdentityTokenPreviewResource(SignOnServices services) {
        this.services = services;
    }

    List<Route> routes() {
        return List.of(Route.change(
                Action.PROXY_WRITE,
                Verb.POST,
                "/applications/{id}/onPremisesPublishing/previewIdentityToken",
                this::preview));
    }

    private Reply preview(Call call) {
        JsonForm form = call.form();
        Edit<String> user = form.text("user");
        if (user.value().isEmpty()) {
            form.fault("user", "user is missing; give the id or sign-in name of the one whom the backend is told of");
        }
        form.finish();
        call.require(Action.DIRECTORY_READ); // it tells of the user
        UserId who = expectDone(services.signOns().user(call.tenant(), user.or("")));
        return Reply.ok(shape(expectDone(
                services.tokenPreview().of(call.tenant(), call.id("id", "application", ObjectId::new), who))));
    }

    private static ObjectNode shape(IdentityTokenPreview.Preview preview) {
        ObjectNode json = Shapes.object()
                .put("userPrincipalName", preview.user().userPrincipalName())
                .put("headerName", preview.header().name());
        json.set("claims", Json.MAPPER.valueToTree(preview.claims()));
        return json;
    }
}
