package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Clients;
import io.postern.admin.service.Edit;
import io.postern.admin.service.Grants;
import io.postern.domain.ObjectId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.store.ClientCredential;
import io.postern.store.PermissionGrant;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// Secrets and certificates of applications, and consent (`oauth2PermissionGrants`).
final class ClientsResource {
    private final Clients clients;
    private final Grants grants;

    ClientsResource(Clients clients, Grants grants) {
        this.clients = clients;
        this.grants = grants;
    }

    List<Route> routes() {
        String one = "/applications/{id}/";
        return List.of(
                Route.change(Action.APPLICATIONS_WRITE, Verb.POST, one + "addPassword", this::addPassword)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.POST, one + "removePassword", this::removePassword)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.POST, one + "addKey", this::addKey)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.POST, one + "removeKey", this::removeKey)
                        .orOwner(),
                Route.list(Action.DIRECTORY_READ, "/oauth2PermissionGrants", this::grants),
                Route.change(Action.CONSENT_WRITE, Verb.POST, "/oauth2PermissionGrants", this::grant),
                Route.change(Action.CONSENT_WRITE, Verb.DELETE, "/oauth2PermissionGrants/{grantId}", this::ungrant),
                Route.list(Action.OWN, "/me/oauth2PermissionGrants", this::ownGrants),
                Route.change(Action.OWN, Verb.DELETE, "/me/oauth2PermissionGrants/{grantId}", this::ungrantOwn));
    }

    private Reply addPassword(Call call) {
        JsonForm form = call.form();
        Optional<JsonForm> credential = form.object("passwordCredential");
        String name = credential.map(c -> c.text("displayName").or("")).orElse("");
        Optional<Instant> starts =
                credential.flatMap(c -> c.parsed("startDateTime", Times::parse).value());
        Optional<Instant> ends =
                credential.flatMap(c -> c.parsed("endDateTime", Times::parse).value());
        form.finish();
        Clients.Issued issued = expectDone(clients.addSecret(call.actor(), id(call), name, starts, ends));
        ObjectNode body = ClientShape.secret(issued.credential());
        return Reply.created(body.put("secretText", issued.secret().reveal()));
    }

    private Reply removePassword(Call call) {
        return remove(call, ClientCredential.Kind.SECRET);
    }

    private Reply addKey(Call call) {
        JsonForm form = call.form();
        Optional<JsonForm> credential = form.object("keyCredential");
        if (credential.isEmpty()) {
            form.fault("keyCredential", "keyCredential is missing; give { \"key\": certificate }");
        }
        String name = credential.map(c -> c.text("displayName").or("")).orElse("");
        String key = credential.map(c -> c.text("key").or("")).orElse("");
        credential.ifPresent(c -> {
            c.unchecked("type");
            c.unchecked("usage");
        });
        form.finish();
        return Reply.created(
                ClientShape.certificate(expectDone(clients.addCertificate(call.actor(), id(call), name, key))));
    }

    private Reply removeKey(Call call) {
        return remove(call, ClientCredential.Kind.CERTIFICATE);
    }

    private Reply remove(Call call, ClientCredential.Kind kind) {
        JsonForm form = call.form();
        Edit<String> key = form.text("keyId");
        if (key.value().isEmpty()) {
            form.fault("keyId", "keyId is missing");
        }
        form.finish();
        expectDone(clients.removeCredential(call.actor(), id(call), kind, key.or("")));
        return Reply.NO_CONTENT;
    }

    private Reply grants(Call call) {
        return page(call, grants.list(call.tenant()));
    }

    private Reply ownGrants(Call call) {
        return page(call, grants.ofUser(call.tenant(), self(call)));
    }

    private static Reply page(Call call, List<PermissionGrant> grants) {
        return Paging.page(
                call,
                grants,
                g -> g.created() + "\0" + g.id(),
                Map.of(
                        "clientId",
                        (PermissionGrant g) -> g.client().value(),
                        "principalId",
                        (PermissionGrant g) -> g.principal().map(UserId::value).orElse(""),
                        "resourceId",
                        PermissionGrant::resource),
                ClientsResource::shape);
    }

    private Reply grant(Call call) {
        JsonForm form = call.form();
        Edit<ServicePrincipalId> client = form.parsed("clientId", ServicePrincipalId::new);
        String type = form.text("consentType").or("");
        Edit<UserId> principal = form.parsed("principalId", UserId::new);
        Edit<String> resource = form.text("resourceId");
        Edit<String> scope = form.text("scope");
        if (!client.given() || !resource.given() || !scope.given()) {
            form.fault(
                    "clientId",
                    "clientId, resourceId (an appId, or the id of its service principal) and scope are needed");
        }
        if (!type.equals("AllPrincipals") && !type.equals("Principal")) {
            form.fault("consentType", "consentType must be AllPrincipals or Principal");
        } else if (type.equals("Principal") != principal.value().isPresent()) {
            form.fault("principalId", "principalId belongs to consentType Principal, and to it alone");
        }
        form.finish();
        Set<String> scopes = new TreeSet<>(Arrays.asList(scope.or("").strip().split(" +")));
        return Reply.created(shape(expectDone(
                grants.add(call.actor(), client.value().orElseThrow(), principal.value(), resource.or(""), scopes))));
    }

    private Reply ungrant(Call call) {
        expectDone(grants.remove(call.actor(), call.text("grantId"), Optional.empty()));
        return Reply.NO_CONTENT;
    }

    private Reply ungrantOwn(Call call) {
        expectDone(grants.remove(call.actor(), call.text("grantId"), Optional.of(self(call))));
        return Reply.NO_CONTENT;
    }

    private static UserId self(Call call) {
        return new UserId(call.actor().principal());
    }

    private static ObjectNode shape(PermissionGrant grant) {
        ObjectNode json = Shapes.object()
                .put("id", grant.id())
                .put("clientId", grant.client().value())
                .put("consentType", grant.principal().isPresent() ? "Principal" : "AllPrincipals")
                .put("resourceId", grant.resource())
                .put("scope", String.join(" ", new TreeSet<>(grant.scopes())));
        grant.principal()
                .ifPresentOrElse(user -> json.put("principalId", user.value()), () -> json.putNull("principalId"));
        return json;
    }

    private static ObjectId id(Call call) {
        return call.id("id", "application", ObjectId::new);
    }
}
