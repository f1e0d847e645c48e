package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.ApplicationPasswords;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.directory.Action;
import io.postern.store.ApplicationPassword;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Names and passwords of users and groups at an application (7.2, PWD-2). A password can be written and never
/// read.
final class ApplicationPasswordsResource {
    private final ApplicationPasswords passwords;

    ApplicationPasswordsResource(ApplicationPasswords passwords) {
        this.passwords = passwords;
    }

    List<Route> routes() {
        String one = "/servicePrincipals/{id}";
        return List.of(
                Route.get(Action.DIRECTORY_READ, one + "/passwordSingleSignOnCredentials", this::list)
                        .orOwner(),
                Route.change(
                                Action.APPLICATIONS_WRITE,
                                Verb.POST,
                                one + "/getPasswordSingleSignOnCredentials",
                                this::get)
                        .orOwner(),
                Route.change(
                                Action.APPLICATIONS_WRITE,
                                Verb.POST,
                                one + "/createPasswordSingleSignOnCredentials",
                                this::set)
                        .orOwner(),
                Route.change(
                                Action.APPLICATIONS_WRITE,
                                Verb.POST,
                                one + "/updatePasswordSingleSignOnCredentials",
                                this::set)
                        .orOwner(),
                Route.change(
                                Action.APPLICATIONS_WRITE,
                                Verb.POST,
                                one + "/deletePasswordSingleSignOnCredentials",
                                this::delete)
                        .orOwner());
    }

    private Reply list(Call call) {
        ObjectNode json = Shapes.object();
        ArrayNode values = json.putArray("value");
        expectDone(passwords.list(call.tenant(), id(call))).forEach(one -> values.add(shape(one)));
        return Reply.ok(json);
    }

    private Reply get(Call call) {
        return Reply.ok(shape(expectDone(passwords.find(call.tenant(), id(call), principal(call)))));
    }

    private Reply set(Call call) {
        ServicePrincipalId id = id(call);
        PasswordBody body = PasswordBody.read(call.raw().get());
        return Reply.ok(
                shape(expectDone(passwords.set(call.actor(), id, body.principal(), body.userName(), body.password()))));
    }

    private Reply delete(Call call) {
        expectDone(passwords.delete(call.actor(), id(call), principal(call)));
        return Reply.NO_CONTENT;
    }

    private static String principal(Call call) {
        JsonForm form = call.form();
        String principal = form.text("id")
                .value()
                .orElseThrow(() -> GraphFault.of(400, "id is missing; it is that of the user or group"));
        form.finish();
        return principal;
    }

    private static ServicePrincipalId id(Call call) {
        return call.id("id", "service principal", ServicePrincipalId::new);
    }

    private static ObjectNode shape(ApplicationPassword password) {
        ObjectNode json = Shapes.object()
                .put("id", password.whose().id())
                .put("principalType", password.whose() instanceof ApplicationPassword.Whose.OfUser ? "User" : "Group")
                .put("lastModifiedDateTime", password.changed().toString());
        ArrayNode credentials = json.putArray("credentials");
        credentials.addObject().put("fieldId", "user").put("type", "username").put("value", password.userName());
        credentials
                .addObject()
                .put("fieldId", "password")
                .put("type", "password")
                .putNull("value");
        return json;
    }
}
