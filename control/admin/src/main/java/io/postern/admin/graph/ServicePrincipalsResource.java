package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.ApiTokens;
import io.postern.admin.service.Applications;
import io.postern.admin.service.Assignments;
import io.postern.admin.service.Edit;
import io.postern.admin.service.Owners;
import io.postern.admin.service.ServicePrincipals;
import io.postern.admin.service.Services;
import io.postern.admin.service.SignOns;
import io.postern.admin.service.Steps;
import io.postern.domain.AppId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.domain.signon.SamlSignOn;
import io.postern.store.ApiCredential;
import io.postern.store.Assignment;
import io.postern.store.SamlCertificate;
import io.postern.store.ServicePrincipal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// `servicePrincipals` with their assignments and API tokens.
final class ServicePrincipalsResource {
    private final ServicePrincipals principals;
    private final Applications applications;
    private final Assignments assignments;
    private final Steps steps;
    private final ApiTokens tokens;
    private final SignOns signOns;
    private final Owners owners;
    private final Shapes shapes;

    ServicePrincipalsResource(Services services, Shapes shapes) {
        this.principals = services.servicePrincipals();
        this.applications = services.applications();
        this.assignments = services.assignments();
        this.steps = services.steps();
        this.tokens = services.apiTokens();
        this.signOns = services.signOn().signOns();
        this.owners = services.owners();
        this.shapes = shapes;
    }

    List<Route> routes() {
        String one = "/servicePrincipals/{id}";
        return List.of(
                Route.list(Action.DIRECTORY_READ, "/servicePrincipals", this::list),
                Route.change(Action.APPLICATIONS_WRITE, Verb.POST, "/servicePrincipals", this::create)
                        .or(Action.APPLICATIONS_CREATE),
                Route.get(Action.DIRECTORY_READ, one, this::get).orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.PATCH, one, this::patch)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.DELETE, one, this::delete)
                        .orOwner(),
                Route.list(Action.DIRECTORY_READ, one + "/appRoleAssignedTo", this::assigned)
                        .orOwner(),
                Route.change(Action.ASSIGNMENTS_WRITE, Verb.POST, one + "/appRoleAssignedTo", this::assign)
                        .orOwner(),
                Route.change(
                                Action.ASSIGNMENTS_WRITE,
                                Verb.PATCH,
                                one + "/appRoleAssignedTo/{assignmentId}",
                                this::changeAssignment)
                        .orOwner(),
                Route.change(
                                Action.ASSIGNMENTS_WRITE,
                                Verb.DELETE,
                                one + "/appRoleAssignedTo/{assignmentId}",
                                this::unassign)
                        .orOwner(),
                Route.get(Action.DIRECTORY_READ, one + "/assignmentsInStepWith", this::step)
                        .orOwner(),
                Route.change(Action.ASSIGNMENTS_WRITE, Verb.PUT, one + "/assignmentsInStepWith", this::follow),
                Route.change(Action.ASSIGNMENTS_WRITE, Verb.DELETE, one + "/assignmentsInStepWith", this::goAlone),
                Route.list(Action.DIRECTORY_READ, one + "/apiTokens", this::tokens),
                Route.change(Action.APPLICATIONS_WRITE, Verb.POST, one + "/apiTokens", this::issueToken),
                Route.change(Action.APPLICATIONS_WRITE, Verb.DELETE, one + "/apiTokens/{tokenId}", this::revokeToken));
    }

    private Reply list(Call call) {
        Map<AppId, SamlSignOn> known = signOns.ofAll(call.tenant());
        return Paging.page(
                call,
                principals.list(call.tenant()),
                p -> p.displayName() + "\0" + p.id(),
                Map.of(
                        "displayName",
                        ServicePrincipal::displayName,
                        "appId",
                        p -> p.appId().value()),
                p -> SignOnShape.ofPrincipal(
                        shapes.servicePrincipal(p),
                        known.getOrDefault(p.appId(), SamlSignOn.of(p.tenant(), p.appId()))));
    }

    private Reply create(Call call) {
        JsonForm form = call.form();
        Edit<AppId> appId = form.parsed("appId", AppId::new);
        if (!appId.given() && !form.has("appId")) {
            form.fault("appId", "appId is missing");
        }
        ServicePrincipals.Patch settings = settings(form);
        form.finish();
        AppId application = appId.value().orElseThrow();
        if (!call.caller().may(Action.APPLICATIONS_WRITE) && !isOwner(call, application)) {
            throw GraphFault.mayNot(call.actor().name(), Set.of(Action.APPLICATIONS_WRITE), Optional.of("application"));
        }
        return Reply.created(
                shapes.servicePrincipal(expectDone(principals.create(call.actor(), application, settings))));
    }

    private boolean isOwner(Call call, AppId application) {
        return call.caller().person()
                && owners.owns(call.tenant(), new UserId(call.actor().principal()), application);
    }

    private Reply get(Call call) {
        SignOns.Seen seen = expectDone(signOns.find(call.tenant(), id(call)));
        ObjectNode json = SignOnShape.ofPrincipal(shapes.servicePrincipal(seen.principal()), seen.signOn());
        Shapes.put(json, "preferredTokenSigningKeyThumbprint", seen.inForce().map(SamlCertificate::thumbprint));
        Shapes.put(
                json,
                "notes",
                applications.notes(call.tenant(), seen.application().id()));
        return Reply.ok(json);
    }

    private Reply patch(Call call) {
        ServicePrincipalId id = id(call);
        JsonForm form = call.form();
        ServicePrincipals.Patch settings = settings(form);
        Edit<String> notes = form.clearable("notes");
        Edit<String> certificate = form.text("preferredTokenSigningKeyThumbprint");
        Map<String, @Nullable Object> signOn = signOn(form);
        form.finish();
        if (signOn.isEmpty() && !notes.given() && !certificate.given()) {
            expectDone(principals.patch(call.actor(), id, settings));
        } else {
            expectDone(signOns.patch(call.actor(), id, settings, notes, signOn, certificate.value()));
        }
        return Reply.NO_CONTENT;
    }

    /// The original's names of what stands in the sign-on's document (7.2).
    private static Map<String, @Nullable Object> signOn(JsonForm form) {
        var patch = new LinkedHashMap<String, @Nullable Object>();
        for (String name : List.of("preferredSingleSignOnMode", "loginUrl", "logoutUrl")) {
            Edit<String> text = form.clearable(name);
            if (text.given()) {
                patch.put(name, text.value().orElse(null));
            }
        }
        form.object("samlSingleSignOnSettings")
                .map(saml -> saml.clearable("relayState"))
                .ifPresent(state -> {
                    if (state.given()) {
                        patch.put("relayState", state.value().orElse(null));
                    }
                });
        form.texts("notificationEmailAddresses")
                .value()
                .ifPresent(addresses -> patch.put("notificationEmailAddresses", addresses));
        return patch;
    }

    private static ServicePrincipals.Patch settings(JsonForm form) {
        return new ServicePrincipals.Patch(
                form.flag("accountEnabled"), form.flag("appRoleAssignmentRequired"), form.texts("tags"));
    }

    private Reply delete(Call call) {
        expectDone(applications.deleteOf(call.actor(), id(call)));
        return Reply.NO_CONTENT;
    }

    private Reply assigned(Call call) {
        return Paging.page(
                call,
                expectDone(assignments.ofResource(call.tenant(), id(call))),
                a -> a.principalName() + "\0" + a.assignment().id(),
                Map.of("principalDisplayName", Assignments.Named::principalName),
                shapes::assignment);
    }

    private Reply assign(Call call) {
        ServicePrincipalId resource = id(call);
        JsonForm form = call.form();
        Edit<String> principal = form.text("principalId");
        if (principal.value().isEmpty()) {
            form.fault("principalId", "principalId is missing; give the id of a user or a group");
        }
        // the path alone says what is assigned to; a body that differs is a mistake or a trick
        if (!form.text("resourceId").or(resource.value()).equalsIgnoreCase(resource.value())) {
            form.fault("resourceId", "resourceId must be the service principal named in the path, or be left out");
        }
        var wanted = new Assignments.Wanted(
                principal.or(""),
                form.text("appRoleId").or(Assignment.DEFAULT_ACCESS).toLowerCase(Locale.ROOT),
                form.parsed("startDateTime", Times::parse).value(),
                form.parsed("endDateTime", Times::parse).value(),
                form.clearable("reason").value());
        form.finish();
        return Reply.created(shapes.assignment(expectDone(assignments.assign(call.actor(), resource, wanted))));
    }

    private Reply changeAssignment(Call call) {
        ServicePrincipalId resource = id(call);
        JsonForm form = call.form();
        var patch =
                new Assignments.Patch(date(form, "startDateTime"), date(form, "endDateTime"), form.clearable("reason"));
        form.finish();
        expectDone(assignments.patch(call.actor(), resource, call.text("assignmentId"), patch));
        return Reply.NO_CONTENT;
    }

    /// A time that null clears.
    private static Edit<Instant> date(JsonForm form, String name) {
        return form.has(name) && form.isNull(name)
                ? new Edit<>(true, Optional.empty())
                : form.parsed(name, Times::parse);
    }

    private Reply unassign(Call call) {
        expectDone(assignments.remove(call.actor(), id(call), call.text("assignmentId")));
        return Reply.NO_CONTENT;
    }

    /// Whom it follows, and who follows it (STEP-1).
    private Reply step(Call call) {
        ServicePrincipal principal = expectDone(principals.find(call.tenant(), id(call)));
        ObjectNode body = Shapes.object();
        steps.leaderOf(call.tenant(), principal.id())
                .ifPresentOrElse(leader -> body.set("leader", named(leader)), () -> body.putNull("leader"));
        var followers = body.putArray("followers");
        steps.followersOf(call.tenant(), principal.id()).forEach(one -> followers.add(named(one)));
        return Reply.ok(body);
    }

    private static ObjectNode named(ServicePrincipal principal) {
        return Shapes.object().put("id", principal.id().value()).put("displayName", principal.displayName());
    }

    private Reply follow(Call call) {
        ServicePrincipalId id = id(call);
        JsonForm form = call.form();
        Edit<ServicePrincipalId> leader = form.parsed("leaderId", ServicePrincipalId::new);
        if (leader.value().isEmpty() && !form.has("leaderId")) {
            form.fault("leaderId", "leaderId is missing; give the id of the service principal to follow");
        }
        form.finish();
        expectDone(steps.set(call.actor(), id, leader.value()));
        return Reply.NO_CONTENT;
    }

    private Reply goAlone(Call call) {
        expectDone(steps.set(call.actor(), id(call), Optional.empty()));
        return Reply.NO_CONTENT;
    }

    private Reply tokens(Call call) {
        return Paging.page(
                call,
                expectDone(tokens.list(call.tenant(), id(call))),
                c -> c.displayName() + "\0" + c.id(),
                Map.of("displayName", ApiCredential::displayName),
                shapes::apiToken);
    }

    private Reply issueToken(Call call) {
        ServicePrincipalId id = id(call);
        JsonForm form = call.form();
        Edit<String> name = form.text("displayName");
        if (name.value().isEmpty()) {
            form.fault("displayName", "displayName is missing; say what the token is for");
        }
        Edit<Instant> expires = form.parsed("expirationDateTime", Times::parse);
        form.finish();
        ApiTokens.Issued issued = expectDone(tokens.issue(call.actor(), id, name.or(""), expires.value()));
        ObjectNode body = shapes.apiToken(issued.credential());
        return Reply.created(body.put("token", issued.token().reveal()));
    }

    private Reply revokeToken(Call call) {
        expectDone(tokens.revoke(call.actor(), id(call), call.text("tokenId")));
        return Reply.NO_CONTENT;
    }

    private static ServicePrincipalId id(Call call) {
        return call.id("id", "service principal", ServicePrincipalId::new);
    }
}
