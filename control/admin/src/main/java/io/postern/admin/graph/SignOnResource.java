package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.outside.DocumentFetcher;
import io.postern.admin.outside.FetchFault;
import io.postern.admin.service.Edit;
import io.postern.admin.service.SignOnServices;
import io.postern.admin.service.SignOns;
import io.postern.admin.service.SigningCertificates;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.UserId;
import io.postern.domain.claims.NameIdFormat;
import io.postern.domain.claims.TokenKind;
import io.postern.domain.directory.Action;
import io.postern.store.SamlCertificate;
import io.postern.store.ServicePrincipal;
import io.postern.web.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.node.ObjectNode;

/// `servicePrincipals/{id}/signOn` and what belongs to it: claims, signing certificates, metadata, test (7.2, 3.4.3).
final class SignOnResource {
    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> DOCUMENT = new TypeReference<>() {};

    private final SignOnServices services;
    private final DocumentFetcher fetcher;
    private final Function<ServicePrincipal, String> userAccessUrl;

    /// @param userAccessUrl where a user opens the application (4.1)
    SignOnResource(SignOnServices services, DocumentFetcher fetcher, Function<ServicePrincipal, String> userAccessUrl) {
        this.services = services;
        this.fetcher = fetcher;
        this.userAccessUrl = userAccessUrl;
    }

    List<Route> routes() {
        String one = "/servicePrincipals/{id}";
        String certificates = one + "/tokenSigningCertificates";
        return List.of(
                Route.get(Action.DIRECTORY_READ, one + "/signOn", this::get).orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.PATCH, one + "/signOn", this::patch)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.POST, one + "/signOn/importMetadata", this::importMetadata)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.POST, one + "/signOn/test", this::test)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.POST, one + "/signOn/preview", this::preview)
                        .orOwner(),
                Route.get(Action.DIRECTORY_READ, one + "/claimsPolicy", this::claims)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.PUT, one + "/claimsPolicy", this::putClaims)
                        .orOwner(),
                Route.change(
                                Action.APPLICATIONS_WRITE,
                                Verb.POST,
                                one + "/addTokenSigningCertificate",
                                this::addCertificate)
                        .orOwner(),
                Route.list(Action.DIRECTORY_READ, certificates, this::listCertificates)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.POST, certificates + "/{keyId}/activate", this::activate)
                        .orOwner(),
                Route.change(Action.APPLICATIONS_WRITE, Verb.DELETE, certificates + "/{keyId}", this::deleteCertificate)
                        .orOwner());
    }

    private Reply get(Call call) {
        return Reply.ok(whole(expectDone(services.signOns().find(call.tenant(), id(call)))));
    }

    private Reply patch(Call call) {
        SignOns.Seen seen = expectDone(services.signOns()
                .patch(call.actor(), id(call), document(call.json().get())));
        return call.wantsResult() ? Reply.ok(whole(seen)) : Reply.NO_CONTENT;
    }

    private Reply claims(Call call) {
        return Reply.ok(SignOnShape.claims(expectDone(services.signOns().find(call.tenant(), id(call)))
                .signOn()
                .claims()));
    }

    /// In place of what was there: what the body leaves out is the default again.
    private Reply putClaims(Call call) {
        SignOns.Seen seen = expectDone(services.signOns()
                .replaceClaims(call.actor(), id(call), document(call.json().get())));
        return call.wantsResult() ? Reply.ok(SignOnShape.claims(seen.signOn().claims())) : Reply.NO_CONTENT;
    }

    private Reply importMetadata(Call call) {
        ServicePrincipalId id = id(call);
        JsonForm form = call.form();
        Edit<String> text = form.text("metadata");
        Edit<String> url = form.text("metadataUrl");
        if (text.value().isPresent() == url.value().isPresent()) {
            form.fault("metadata", "give metadata (the XML) or metadataUrl, one of them");
        }
        form.finish();
        expectDone(services.signOns().find(call.tenant(), id)); // before anybody is asked outside
        byte[] file = text.value()
                .map(xml -> xml.getBytes(StandardCharsets.UTF_8))
                .orElseGet(() -> fetch(url.value().orElseThrow()));
        return Reply.ok(SignOnShape.imported(
                expectDone(services.metadata().run(call.actor(), id, file)),
                userAccessUrl.apply(
                        expectDone(services.signOns().find(call.tenant(), id)).principal())));
    }

    private byte[] fetch(String url) {
        try {
            return fetcher.fetch(url);
        } catch (FetchFault e) {
            throw GraphFault.invalid("metadataUrl", String.valueOf(e.getMessage()));
        }
    }

    private Reply test(Call call) {
        JsonForm form = call.form();
        Edit<String> user = form.text("user");
        form.finish();
        if (user.given()) {
            call.require(Action.DIRECTORY_READ); // the report tells of the user: an owner may know nothing of him
        }
        Optional<UserId> who =
                user.value().map(name -> expectDone(services.signOns().user(call.tenant(), name)));
        return Reply.ok(SignOnShape.report(expectDone(services.test().run(call.tenant(), id(call), who))));
    }

    private Reply preview(Call call) {
        JsonForm form = call.form();
        Edit<String> user = form.text("user");
        if (user.value().isEmpty()) {
            form.fault("user", "user is missing; give the id or sign-in name of a user");
        }
        Edit<NameIdFormat> format = form.parsed("nameIdFormat", SignOnResource::format);
        Edit<TokenKind> token = form.parsed("token", SignOnResource::token);
        Edit<ObjectNode> draft = form.tree("claimsPolicy");
        form.finish();
        call.require(Action.DIRECTORY_READ); // as with the test
        UserId who = expectDone(services.signOns().user(call.tenant(), user.or("")));
        return Reply.ok(SignOnShape.preview(expectDone(services.signOns()
                .preview(
                        call.tenant(),
                        id(call),
                        who,
                        format.value(),
                        token.or(TokenKind.SAML),
                        draft.value().map(SignOnResource::document)))));
    }

    private static NameIdFormat format(String urn) {
        return NameIdFormat.ofUrn(urn)
                .filter(NameIdFormat::mayBeRequested)
                .orElseThrow(() -> new IllegalArgumentException("'" + urn
                        + "' is no NameID format that may be asked for; use persistent, emailAddress, unspecified or"
                        + " transient, as a URN"));
    }

    private static TokenKind token(String text) {
        return switch (text) {
            case "saml" -> TokenKind.SAML;
            case "jwt" -> TokenKind.JWT;
            default -> throw new IllegalArgumentException("'" + text + "' is no kind of token; use saml or jwt");
        };
    }

    private Reply addCertificate(Call call) {
        JsonForm form = call.form();
        Edit<String> name = form.text("displayName");
        Edit<Instant> ends = form.parsed("endDateTime", Times::parse);
        form.finish();
        SamlCertificate added = expectDone(services.certificates()
                .add(
                        call.actor(),
                        id(call),
                        new SigningCertificates.Wanted(
                                name.or(SigningCertificates.Wanted.DEFAULT.displayName()), ends.value())));
        return Reply.ok(SignOnShape.certificate(added));
    }

    private Reply listCertificates(Call call) {
        return Paging.page(
                call,
                expectDone(services.certificates().list(call.tenant(), id(call))),
                certificate -> certificate.expires() + "\0" + certificate.keyId(),
                Map.of("thumbprint", SamlCertificate::thumbprint),
                SignOnShape::certificate);
    }

    private Reply activate(Call call) {
        return Reply.ok(SignOnShape.certificate(
                expectDone(services.certificates().activate(call.actor(), id(call), call.text("keyId")))));
    }

    private Reply deleteCertificate(Call call) {
        expectDone(services.certificates().delete(call.actor(), id(call), call.text("keyId")));
        return Reply.NO_CONTENT;
    }

    private ObjectNode whole(SignOns.Seen seen) {
        return SignOnShape.whole(seen, userAccessUrl.apply(seen.principal()));
    }

    static Map<String, @Nullable Object> document(ObjectNode json) {
        return Json.MAPPER.convertValue(json, DOCUMENT);
    }

    private static ServicePrincipalId id(Call call) {
        return call.id("id", "service principal", ServicePrincipalId::new);
    }
}
