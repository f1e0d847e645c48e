package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.ClaimsMappings;
import io.postern.admin.service.Edit;
import io.postern.domain.ClaimsMappingPolicyId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.claims.ClaimsFault;
import io.postern.domain.directory.Action;
import io.postern.domain.signon.MappingDocument;
import io.postern.store.ClaimsMappingPolicy;
import io.postern.store.ServicePrincipal;
import io.postern.web.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

/// `policies/claimsMappingPolicies`, and by which of them a service principal goes (7.2).
final class ClaimsMappingsResource {
    private static final int DEFINITION_MAX = 65_536;

    private final ClaimsMappings policies;
    private final Shapes shapes;

    ClaimsMappingsResource(ClaimsMappings policies, Shapes shapes) {
        this.policies = policies;
        this.shapes = shapes;
    }

    List<Route> routes() {
        String all = "/policies/claimsMappingPolicies";
        String one = all + "/{id}";
        String used = "/servicePrincipals/{id}/claimsMappingPolicies";
        return List.of(
                Route.list(Action.DIRECTORY_READ, all, this::list),
                Route.change(Action.APPLICATIONS_WRITE, Verb.POST, all, this::create),
                Route.get(Action.DIRECTORY_READ, one, this::get),
                Route.change(Action.APPLICATIONS_WRITE, Verb.PATCH, one, this::patch),
                Route.change(Action.APPLICATIONS_WRITE, Verb.DELETE, one, this::delete),
                Route.list(Action.DIRECTORY_READ, one + "/appliesTo", this::appliesTo),
                Route.list(Action.DIRECTORY_READ, used, this::used).orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.POST, used + "/$ref", this::assign)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.DELETE, used + "/{policyId}/$ref", this::unassign)
                        .orOwner());
    }

    private Reply list(Call call) {
        return page(call, policies.list(call.tenant()));
    }

    private Reply used(Call call) {
        return page(call, expectDone(policies.of(call.tenant(), principal(call))));
    }

    private static Reply page(Call call, List<ClaimsMappingPolicy> rows) {
        return Paging.page(
                call,
                rows,
                policy -> policy.id().value(),
                Map.of("displayName", ClaimsMappingPolicy::displayName),
                ClaimsMappingsResource::shape);
    }

    private Reply appliesTo(Call call) {
        return Paging.page(
                call,
                expectDone(policies.appliesTo(call.tenant(), policy(call, "id"))),
                principal -> principal.id().value(),
                Map.of("displayName", ServicePrincipal::displayName),
                shapes::servicePrincipal);
    }

    private Reply get(Call call) {
        return Reply.ok(shape(expectDone(policies.find(call.tenant(), policy(call, "id")))));
    }

    private Reply create(Call call) {
        JsonForm form = call.form();
        for (String name : List.of("displayName", "definition")) {
            if (!form.has(name)) {
                form.fault(name, name + " is missing");
            }
        }
        return Reply.created(shape(expectDone(policies.create(call.actor(), draft(form)))));
    }

    private Reply patch(Call call) {
        ClaimsMappingPolicy changed = expectDone(policies.patch(call.actor(), policy(call, "id"), draft(call.form())));
        return call.wantsResult() ? Reply.ok(shape(changed)) : Reply.NO_CONTENT;
    }

    private static ClaimsMappings.Draft draft(JsonForm form) {
        Edit<String> name = form.text("displayName");
        Edit<List<String>> definition = form.texts("definition");
        form.only("isOrganizationDefault", BooleanNode.FALSE);
        if (definition.value().filter(texts -> texts.size() != 1).isPresent()) {
            form.fault("definition", "definition must be a list of one text, which is JSON");
        }
        form.finish();
        Edit<String> json = definition.map(List::getFirst);
        json.value().ifPresent(ClaimsMappingsResource::check);
        return new ClaimsMappings.Draft(name, json);
    }

    /// Nothing is kept that could not be gone by.
    private static void check(String json) {
        if (json.length() > DEFINITION_MAX) {
            throw fault("it has " + json.length() + " characters; " + DEFINITION_MAX + " are possible");
        }
        try {
            if (!(Json.MAPPER.readTree(json) instanceof ObjectNode object)) {
                throw fault("it must be a JSON object, {\"ClaimsMappingPolicy\":{...}}");
            }
            MappingDocument.read(SignOnResource.document(object));
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            throw fault("it is not valid JSON at line " + at.getLineNr() + ", column " + at.getColumnNr() + ": "
                    + e.getOriginalMessage());
        } catch (ClaimsFault e) {
            throw fault(e.field() + ": " + e.getMessage());
        }
    }

    private static GraphFault fault(String what) {
        return GraphFault.invalid("definition", "definition[0]: " + what);
    }

    private Reply delete(Call call) {
        expectDone(policies.delete(call.actor(), policy(call, "id")));
        return Reply.NO_CONTENT;
    }

    private Reply assign(Call call) {
        ServicePrincipalId principal = principal(call);
        ClaimsMappingPolicyId policy =
                References.read(call.form(), References.CLAIMS_POLICIES, ClaimsMappingPolicyId::new);
        expectDone(policies.assign(call.actor(), principal, policy));
        return Reply.NO_CONTENT;
    }

    private Reply unassign(Call call) {
        expectDone(policies.unassign(call.actor(), principal(call), policy(call, "policyId")));
        return Reply.NO_CONTENT;
    }

    private static ObjectNode shape(ClaimsMappingPolicy policy) {
        ObjectNode json = Shapes.object()
                .put("id", policy.id().value())
                .put("displayName", policy.displayName())
                .put("isOrganizationDefault", false);
        json.putArray("definition").add(policy.definition());
        return json;
    }

    private static ServicePrincipalId principal(Call call) {
        return call.id("id", "service principal", ServicePrincipalId::new);
    }

    private static ClaimsMappingPolicyId policy(Call call, String name) {
        return call.id(name, "claims policy", ClaimsMappingPolicyId::new);
    }
}
