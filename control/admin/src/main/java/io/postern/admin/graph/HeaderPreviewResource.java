package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Edit;
import io.postern.admin.service.HeaderPreview;
import io.postern.admin.service.HeaderPreview.Told;
import io.postern.admin.service.SignOnServices;
import io.postern.domain.ObjectId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.domain.publish.BackendSignOn.Headers;
import io.postern.domain.publish.SignOnHeader.Said;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST /applications/{id}/onPremisesPublishing/previewHeaders`: what the backend would be told of a user, by the
/// headers that are set or by others that are tried out.
final class HeaderPreviewResource {
    private final SignOnServices services;

    HeaderPreviewResource(SignOnServices services) {
        this.services = services;
    }

    List<Route> routes() {
        return List.of(Route.change(
                Action.PROXY_WRITE,
                Verb.POST,
                "/applications/{id}/onPremisesPublishing/previewHeaders",
                this::preview));
    }

    private Reply preview(Call call) {
        JsonForm form = call.form();
        Edit<String> user = form.text("user");
        if (user.value().isEmpty()) {
            form.fault("user", "user is missing; give the id or sign-in name of the one whom the backend is told of");
        }
        Optional<Headers> draft = SingleSignOnForm.headers(form);
        form.finish();
        call.require(Action.DIRECTORY_READ); // it tells of the user
        UserId who = expectDone(services.signOns().user(call.tenant(), user.or("")));
        return Reply.ok(shape(expectDone(
                services.headerPreview().of(call.tenant(), call.id("id", "application", ObjectId::new), who, draft))));
    }

    private static ObjectNode shape(HeaderPreview.Preview preview) {
        ObjectNode json = Shapes.object()
                .put("result", preview.failed() ? "failed" : "ready")
                .put("userPrincipalName", preview.user().userPrincipalName());
        ArrayNode headers = json.putArray("headers");
        for (Told told : preview.said()) {
            ObjectNode one = headers.addObject()
                    .put("name", told.header().name())
                    .put("path", told.header().path())
                    .put("result", told.failed() ? "failed" : "passed");
            switch (told.said()) {
                case Said.Value(String text) -> one.put("value", text);
                case Said.Nothing() ->
                    one.putNull("value")
                            .put(
                                    "detail",
                                    told.failed()
                                            ? "the user has nothing for it, and it is required"
                                            : "the user has nothing for it, so it is not sent");
                case Said.Unfit(String why) -> one.putNull("value").put("detail", why);
            }
        }
        return json;
    }
}
