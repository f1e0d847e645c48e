package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Domains;
import io.postern.admin.service.Edit;
import io.postern.admin.service.NameCheck;
import io.postern.domain.directory.Action;
import io.postern.store.Domain;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// `domains`: names of the tenant's own and their proofs (DOM-4).
final class DomainsResource {
    private static final int TTL_SECONDS = 3600;

    private final Domains domains;
    private final NameCheck names;

    DomainsResource(Domains domains, NameCheck names) {
        this.domains = domains;
        this.names = names;
    }

    List<Route> routes() {
        String one = "/domains/{name}";
        return List.of(
                Route.list(Action.DIRECTORY_READ, "/domains", this::list),
                Route.change(Action.DOMAINS_WRITE, Verb.POST, "/domains", this::create),
                Route.get(Action.DIRECTORY_READ, one, call -> Reply.ok(shape(find(call)))),
                Route.change(Action.DOMAINS_WRITE, Verb.PATCH, one, this::patch),
                Route.change(Action.DOMAINS_WRITE, Verb.DELETE, one, this::delete),
                Route.change(Action.DOMAINS_WRITE, Verb.POST, one + "/verify", this::verify),
                Route.get(Action.DIRECTORY_READ, one + "/verificationDnsRecords", this::records),
                Route.get(Action.DIRECTORY_READ, one + "/serviceConfigurationRecords", this::aliases));
    }

    private Reply list(Call call) {
        return Paging.page(
                call, domains.list(call.tenant()), Domain::name, Map.of("id", Domain::name), DomainsResource::shape);
    }

    private Reply create(Call call) {
        JsonForm form = call.form();
        Edit<String> name = form.text("id");
        if (name.value().isEmpty()) {
            form.fault("id", "id is missing; it is the domain's name, such as contoso.com");
        }
        Edit<Boolean> automatic = form.flag("isCertificateOrdered");
        form.finish();
        return Reply.created(shape(expectDone(domains.add(call.actor(), name.or(""), automatic.or(false)))));
    }

    private Reply patch(Call call) {
        JsonForm form = call.form();
        Edit<Boolean> automatic = form.flag("isCertificateOrdered");
        form.finish();
        expectDone(domains.change(call.actor(), call.text("name"), automatic));
        return Reply.NO_CONTENT;
    }

    private Reply delete(Call call) {
        expectDone(domains.remove(call.actor(), call.text("name")));
        return Reply.NO_CONTENT;
    }

    private Reply verify(Call call) {
        return Reply.ok(shape(expectDone(domains.verify(call.actor(), call.text("name")))));
    }

    private Reply records(Call call) {
        Domain domain = find(call);
        ObjectNode body = Shapes.object();
        body.putArray("value")
                .addObject()
                .put("@odata.type", "#microsoft.graph.domainDnsTxtRecord")
                .put("recordType", "Txt")
                .put("label", Domains.proofName(domain))
                .put("text", domain.proof())
                .put("ttl", TTL_SECONDS)
                .put("isOptional", false);
        return Reply.ok(body);
    }

    /// The CNAMEs to create (DOM-10): of what is published under it, and `*` for whatever will be.
    private Reply aliases(Call call) {
        Domain domain = find(call);
        String target = names.target(call.tenant());
        List<String> published = names.published(domain);
        ObjectNode body = Shapes.object();
        var value = body.putArray("value");
        for (String label : published.isEmpty() ? List.of("*." + domain.name()) : published) {
            value.addObject()
                    .put("@odata.type", "#microsoft.graph.domainDnsCnameRecord")
                    .put("recordType", "CName")
                    .put("label", label)
                    .put("canonicalName", target)
                    .put("ttl", TTL_SECONDS)
                    .put("isOptional", published.isEmpty());
        }
        return Reply.ok(body);
    }

    private Domain find(Call call) {
        return expectDone(domains.find(call.tenant(), call.text("name")));
    }

    private static ObjectNode shape(Domain domain) {
        ObjectNode json = Shapes.object()
                .put("id", domain.name())
                .put("isVerified", domain.verified().isPresent())
                .put("isCertificateOrdered", domain.automatic())
                .put("createdDateTime", domain.created().toString());
        domain.verified()
                .ifPresentOrElse(
                        when -> json.put("verifiedDateTime", when.toString()), () -> json.putNull("verifiedDateTime"));
        return json;
    }
}
