package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.CertificateUpload;
import io.postern.admin.service.Certificates;
import io.postern.admin.service.Edit;
import io.postern.base.Secret;
import io.postern.domain.directory.Action;
import io.postern.store.StoredCertificate;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// `certificates` of custom domains: upload, metadata (DOM-9), removal. Keys go in and never come out.
final class CertificatesResource {
    private final Certificates certificates;

    CertificatesResource(Certificates certificates) {
        this.certificates = certificates;
    }

    List<Route> routes() {
        return List.of(
                Route.list(Action.PROXY_READ, "/certificates", this::list),
                Route.change(Action.PROXY_WRITE, Verb.POST, "/certificates", this::upload),
                Route.get(Action.PROXY_READ, "/certificates/{id}", this::get),
                Route.change(Action.PROXY_WRITE, Verb.DELETE, "/certificates/{id}", this::delete));
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                certificates.list(call.tenant()),
                seen -> seen.certificate().expires() + "\0" + seen.certificate().id(),
                Map.of("thumbprint", seen -> seen.certificate().thumbprint()),
                CertificatesResource::shape);
    }

    private Reply get(Call call) {
        return Reply.ok(shape(expectDone(certificates.find(call.tenant(), call.text("id")))));
    }

    private Reply upload(Call call) {
        JsonForm form = call.form();
        Edit<String> pfx = form.text("pfx");
        Edit<String> password = form.text("password");
        Edit<String> chain = form.text("chain");
        Edit<String> key = form.text("key");
        if (pfx.given() == chain.given() || (chain.given() && (!key.given() || password.given()))) {
            form.fault("pfx", "send either pfx (base64) and password, or chain and key (both PEM)");
        }
        form.finish();
        CertificateUpload upload = pfx.given()
                ? new CertificateUpload.Pfx(Secret.of(pfx.or("")), Secret.of(password.or("")))
                : new CertificateUpload.Pem(chain.or(""), Secret.of(key.or("")));
        return Reply.created(shape(expectDone(certificates.upload(call.actor(), upload))));
    }

    private Reply delete(Call call) {
        expectDone(certificates.remove(call.actor(), call.text("id")));
        return Reply.NO_CONTENT;
    }

    private static ObjectNode shape(Certificates.Seen seen) {
        StoredCertificate certificate = seen.certificate();
        ObjectNode json = Shapes.object().put("id", certificate.id());
        Shapes.texts(json.putArray("hosts"), certificate.hosts());
        json.put("thumbprint", certificate.thumbprint())
                .put("subjectName", certificate.subject())
                .put("issuerName", certificate.issuer())
                .put("issueDate", certificate.issued().toString())
                .put("expiryDate", certificate.expires().toString())
                .put("source", certificate.ordered() ? "ordered" : "uploaded")
                .put("createdDateTime", certificate.created().toString());
        Shapes.texts(json.putArray("applications"), seen.applications());
        Shapes.texts(json.putArray("warnings"), seen.warnings());
        return json;
    }
}
