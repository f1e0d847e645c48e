package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.outside.DocumentFetcher;
import io.postern.admin.outside.FetchFault;
import io.postern.admin.service.Edit;
import io.postern.admin.service.IdentityProviderDraft;
import io.postern.admin.service.IdentityProviders;
import io.postern.base.Secret;
import io.postern.domain.GroupId;
import io.postern.domain.IdentityProviderId;
import io.postern.domain.directory.Action;
import io.postern.domain.federation.ClaimMap;
import io.postern.domain.federation.GroupRule;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.IdentityProvider.Newcomers;
import io.postern.domain.federation.Upstream;
import io.postern.domain.federation.Upstream.ClientProof;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `identity/identityProviders`: upstream identity providers (4.1). `@odata.type` tells OpenID Connect from SAML.
final class IdentityProvidersResource {
    private static final String OIDC = "#microsoft.graph.oidcIdentityProvider";
    private static final String SAML = "#microsoft.graph.samlOrWsFedExternalDomainFederation";

    private final IdentityProviders providers;
    private final DocumentFetcher fetcher;
    private final UpstreamCheck test;
    private final String login;

    /// @param login origin of the host to which users come back
    IdentityProvidersResource(IdentityProviders providers, DocumentFetcher fetcher, String login) {
        this.providers = providers;
        this.fetcher = fetcher;
        this.test = new UpstreamCheck(fetcher);
        this.login = login;
    }

    List<Route> routes() {
        String all = "/identity/identityProviders";
        String one = all + "/{id}";
        return List.of(
                Route.list(Action.DIRECTORY_READ, all, this::list),
                Route.change(Action.SYNC_WRITE, Verb.POST, all, this::create),
                Route.get(Action.DIRECTORY_READ, one, call -> Reply.ok(shape(find(call)))),
                Route.change(Action.SYNC_WRITE, Verb.PATCH, one, this::patch),
                Route.change(Action.SYNC_WRITE, Verb.DELETE, one, this::delete),
                Route.change(Action.SYNC_WRITE, Verb.POST, one + "/test", this::test));
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                providers.list(call.tenant()),
                seen -> seen.provider().id().value(),
                Map.of("displayName", seen -> seen.provider().displayName()),
                this::shape);
    }

    private Reply create(Call call) {
        JsonForm form = call.form();
        Edit<String> type = form.text("@odata.type");
        boolean oidc = type.value().filter(OIDC::equals).isPresent();
        if (!oidc && type.value().filter(SAML::equals).isEmpty()) {
            form.fault("@odata.type", "@odata.type must be " + OIDC + " or " + SAML);
        }
        IdentityProviderDraft draft = draft(form, oidc);
        return Reply.created(shape(expectDone(
                oidc ? providers.createOidc(call.actor(), draft) : providers.createSaml(call.actor(), draft))));
    }

    private Reply patch(Call call) {
        boolean oidc = find(call).provider().upstream() instanceof Upstream.Oidc;
        JsonForm form = call.form();
        form.unchecked("@odata.type");
        IdentityProviders.Seen changed = expectDone(providers.patch(call.actor(), id(call), draft(form, oidc)));
        return call.wantsResult() ? Reply.ok(shape(changed)) : Reply.NO_CONTENT;
    }

    private Reply delete(Call call) {
        expectDone(providers.delete(call.actor(), id(call)));
        return Reply.NO_CONTENT;
    }

    /// Asks the provider what it says of itself; nobody signs in, nothing changes.
    private Reply test(Call call) {
        IdentityProviders.Seen seen = find(call);
        return Reply.ok(UpstreamCheck.shape(test.run(
                seen.provider(),
                providers.metadata(call.tenant(), seen.provider().id()))));
    }

    private IdentityProviderDraft draft(JsonForm form, boolean oidc) {
        Edit<String> name = form.text("displayName");
        Edit<Boolean> enabled = form.flag("isEnabled");
        Edit<Boolean> shown = form.flag("isShownOnSignInPage");
        Edit<List<String>> domains = form.texts("domains");
        Edit<String> hint = form.clearable("domainHint");
        Edit<Newcomers> newcomers = form.parsed("newcomers", IdentityProvidersResource::newcomers);
        Edit<Boolean> trustsMfa = form.flag("trustsMultiFactor");
        Edit<Boolean> signsOut = form.flag("isSignedOutUpstream");
        Edit<Map<String, String>> claims = claims(form);
        Edit<List<GroupRule>> groups = groups(form);
        var settings = oidc ? oidc(form) : noOidc();
        var saml = oidc ? noSaml() : saml(form);
        form.finish();
        if (saml.metadataUrl().value().isPresent()) {
            saml = new IdentityProviderDraft.Saml(
                    Edit.to(fetch(saml.metadataUrl().or(""))), saml.metadataUrl(), saml.signsRequests());
        }
        return new IdentityProviderDraft(
                name, enabled, shown, domains, hint, newcomers, trustsMfa, signsOut, claims, groups, settings, saml);
    }

    private static IdentityProviderDraft.Oidc oidc(JsonForm form) {
        return new IdentityProviderDraft.Oidc(
                form.text("issuer"),
                form.text("clientId"),
                form.text("clientSecret").map(Secret::of),
                form.parsed("clientAuthentication", IdentityProvidersResource::proof),
                form.text("scope").map(text -> List.of(text.strip().split(" +"))));
    }

    private static IdentityProviderDraft.Saml saml(JsonForm form) {
        Edit<String> metadata = form.text("metadata");
        Edit<String> url = form.clearable("metadataExchangeUri");
        if (metadata.given() && url.value().isPresent()) {
            form.fault("metadata", "give metadata (the XML) or metadataExchangeUri, one of them");
        }
        return new IdentityProviderDraft.Saml(
                metadata.map(text -> text.getBytes(StandardCharsets.UTF_8)), url, form.flag("isRequestSigned"));
    }

    private static IdentityProviderDraft.Oidc noOidc() {
        return new IdentityProviderDraft.Oidc(Edit.none(), Edit.none(), Edit.none(), Edit.none(), Edit.none());
    }

    private static IdentityProviderDraft.Saml noSaml() {
        return new IdentityProviderDraft.Saml(Edit.none(), Edit.none(), Edit.none());
    }

    private static Edit<Map<String, String>> claims(JsonForm form) {
        Edit<Map<String, String>> claims = form.map("inboundClaimMapping");
        try {
            claims.value().ifPresent(ClaimMap::new);
        } catch (IllegalArgumentException e) {
            form.fault("inboundClaimMapping", String.valueOf(e.getMessage()));
        }
        return claims;
    }

    private static Edit<List<GroupRule>> groups(JsonForm form) {
        Edit<List<JsonForm>> rules = form.objects("groupMapping");
        var read = new ArrayList<GroupRule>();
        for (JsonForm rule : rules.or(List.of())) {
            Edit<String> value = rule.text("value");
            Edit<GroupId> group = rule.parsed("groupId", GroupId::new);
            if (value.value().filter(text -> !text.isBlank()).isEmpty()
                    || group.value().isEmpty()) {
                rule.fault("value", "a rule needs value, as the provider calls the group, and groupId");
            } else {
                read.add(new GroupRule(value.or(""), group.value().get()));
            }
        }
        return rules.map(ignored -> List.copyOf(read));
    }

    private static Newcomers newcomers(String text) {
        return Newcomers.of(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "newcomers '" + text + "' is unknown; use none, guests or members"));
    }

    private static ClientProof proof(String text) {
        return ClientProof.of(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "clientAuthentication '" + text + "' is unknown; use clientSecret or privateKeyJwt"));
    }

    private byte[] fetch(String url) {
        try {
            return fetcher.fetch(url);
        } catch (FetchFault e) {
            throw GraphFault.invalid("metadataExchangeUri", String.valueOf(e.getMessage()));
        }
    }

    private ObjectNode shape(IdentityProviders.Seen seen) {
        IdentityProvider provider = seen.provider();
        boolean oidc = provider.upstream() instanceof Upstream.Oidc;
        ObjectNode json = Shapes.object()
                .put("@odata.type", oidc ? OIDC : SAML)
                .put("id", provider.id().value())
                .put("displayName", provider.displayName())
                .put("identityProviderType", oidc ? "OpenIdConnect" : "Saml")
                .put("isEnabled", provider.enabled())
                .put("isShownOnSignInPage", provider.shown());
        provider.domains().forEach(json.putArray("domains")::add);
        provider.hint().ifPresentOrElse(hint -> json.put("domainHint", hint), () -> json.putNull("domainHint"));
        json.put("newcomers", provider.newcomers().text())
                .put("trustsMultiFactor", provider.trustsMfa())
                .put("isSignedOutUpstream", provider.signsOut());
        String own = login + "/" + provider.tenant() + "/federation/" + provider.id();
        switch (provider.upstream()) {
            case Upstream.Oidc settings ->
                json.put("issuer", settings.issuer())
                        .put("clientId", settings.clientId())
                        .put("clientAuthentication", settings.proof().text())
                        .put("isClientSecretSet", seen.secretSet())
                        .put("scope", String.join(" ", settings.scopes()))
                        .put("redirectUri", own + "/callback")
                        .put("postLogoutRedirectUri", own + "/signed-out")
                        .put("backChannelLogoutUri", own + "/back-channel-logout")
                        .put("frontChannelLogoutUri", own + "/front-channel-logout")
                        .put("jwksUri", login + "/" + provider.tenant() + "/discovery/v2.0/keys");
            case Upstream.Saml settings -> {
                json.put("issuerUri", settings.issuer()).put("isRequestSigned", settings.signsRequests());
                Optional<String> url = settings.metadataUrl();
                url.ifPresentOrElse(
                        text -> json.put("metadataExchangeUri", text), () -> json.putNull("metadataExchangeUri"));
                json.putObject("serviceProvider")
                        .put("entityId", own)
                        .put("replyUrl", own + "/acs")
                        .put("logoutUrl", own + "/signed-out")
                        .put("metadataUrl", own + "/metadata");
            }
        }
        ObjectNode claims = json.putObject("inboundClaimMapping");
        provider.claims().claims().forEach(claims::put);
        var groups = json.putArray("groupMapping");
        provider.groups()
                .forEach(rule -> groups.addObject()
                        .put("value", rule.value())
                        .put("groupId", rule.group().value()));
        return json.put("linkedUsers", seen.linked())
                .put("createdDateTime", seen.created().toString());
    }

    private IdentityProviders.Seen find(Call call) {
        return expectDone(providers.find(call.tenant(), id(call)));
    }

    private static IdentityProviderId id(Call call) {
        return call.id("id", "identity provider", IdentityProviderId::new);
    }
}
