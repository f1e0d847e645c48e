package io.postern.identity.oidc;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.AppId;
import io.postern.domain.ServiceAddress;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.protocol.Portals;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.signin.Demand;
import io.postern.identity.signin.Errand;
import io.postern.identity.signin.Errands;
import io.postern.identity.signin.Protocol;
import io.postern.store.Tenant;
import io.postern.web.ConsentPage;
import io.postern.web.MessagePage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// `/{tenant}/v2.0/adminconsent`: an administrator allows a client, for every user, what its registration or `scope`
/// asks for. Answers with `admin_consent=True` at the redirect URI, or on a page where the link gave none.
final class AdminConsent implements Protocol {
    private static final String KIND = "admin-consent";

    private final RelyingParties parties;
    private final Consents consents;
    private final ConsentEndpoint consentPage;
    private final Pages pages;
    private final FaultWriter faults;
    private final Errands errands;
    private final ServiceAddress address;
    private final Portals portals;

    AdminConsent(
            RelyingParties parties,
            Consents consents,
            ConsentEndpoint consentPage,
            Pages pages,
            FaultWriter faults,
            Errands errands,
            ServiceAddress address,
            Portals portals) {
        this.parties = parties;
        this.consents = consents;
        this.consentPage = consentPage;
        this.pages = pages;
        this.faults = faults;
        this.errands = errands;
        this.address = address;
        this.portals = portals;
    }

    /// @param answer of an empty redirect URI: our own page
    record Asked(Tenant tenant, RelyingParty client, Scopes scopes, AnswerAddress answer, Parameters parameters)
            implements ConsentEndpoint.Asks {}

    record Pending(Asked asked, String sealed) implements ConsentEndpoint.Waiting {
        @Override
        public String loginHint() {
            return "";
        }

        @Override
        public Demand demand() {
            return Demand.NOTHING;
        }

        /// Who administers an application need not use it.
        @Override
        public List<AppId> uses() {
            return List.of();
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    /// The request, or empty when it was refused on a page.
    Optional<Pending> pending(ServerRequest request, ServerResponse response, Tenant tenant, Parameters parameters) {
        return read(request, response, tenant, parameters)
                .map(asked -> new Pending(asked, errands.seal(request, tenant.id(), KIND, parameters.encoded())));
    }

    private Optional<Asked> read(ServerRequest request, ServerResponse response, Tenant tenant, Parameters parameters) {
        Optional<Fault> fault = Optional.empty();
        String clientId = parameters.oneOrEmpty("client_id");
        Optional<RelyingParty> client = parties.find(tenant, clientId);
        String redirectUri = parameters.oneOrEmpty("redirect_uri");
        if (!parameters.repeated().isEmpty()) {
            fault = Optional.of(Fault.repeated(parameters.repeated()));
        } else if (client.isEmpty()) {
            fault = Optional.of(clientId.isEmpty() ? Fault.missing("client_id") : parties.whyNot(tenant, clientId));
        } else if (!redirectUri.isEmpty()
                && client.get().redirectKind(redirectUri, address).isEmpty()) {
            fault = Optional.of(Fault.redirectMismatch(redirectUri, clientId));
        }
        if (fault.isEmpty()) {
            switch (Scopes.read(scope(client.orElseThrow(), parameters), tenant, client.get(), parties, address)) {
                case Scopes.Reading.Refused(Fault refused) -> fault = Optional.of(refused);
                case Scopes.Reading.Read(Scopes scopes) -> {
                    var answer = new AnswerAddress(redirectUri, ResponseMode.QUERY, parameters.one("state"));
                    return Optional.of(new Asked(tenant, client.get(), scopes, answer, parameters));
                }
            }
        }
        faults.page(request, response, fault.orElseThrow());
        return Optional.empty();
    }

    /// What the link asks for, or else what the registration declares for its first resource, and to stay signed in.
    private static String scope(RelyingParty client, Parameters parameters) {
        return parameters
                .one("scope")
                .orElseGet(() -> client.settings().requiredAccess().stream()
                                .findFirst()
                                .map(access -> "api://" + access.resourceAppId() + "/" + Scopes.ALL + " ")
                                .orElse("")
                        + Scopes.OFFLINE);
    }

    @Override
    public Optional<Pending> reopen(ServerRequest request, ServerResponse response, Tenant tenant, String text) {
        return pending(request, response, tenant, Parameters.parse(text));
    }

    @Override
    public Optional<Fault> objection(Errand errand, BrowserSessions.Current current) {
        return consentPage.maySpeakForEverybody(current.user())
                ? Optional.empty()
                : Optional.of(Fault.adminConsentNeeded(errand.clientName()));
    }

    @Override
    public Optional<Fault> question(Errand errand, BrowserSessions.Current current) {
        return Optional.of(Fault.consentAsked());
    }

    @Override
    public void complete(
            ServerRequest request, ServerResponse response, Errand errand, BrowserSessions.Current current) {
        Asked asked = ((Pending) errand).asked();
        consentPage.ask(
                request,
                response,
                asked,
                current,
                consents.all(asked.client(), asked.scopes()),
                ConsentPage.Mode.EVERYBODY,
                asked.parameters().encoded());
    }

    @Override
    public void refuse(ServerRequest request, ServerResponse response, Errand errand, Fault fault) {
        faults.page(request, response, fault);
    }

    /// `POST /{tenant}/adminconsent`: the page's form.
    void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        consentPage.handle(request, response, tenant, new ConsentEndpoint.Continuation<Asked>() {
            @Override
            public Optional<Asked> reopen(ServerRequest q, ServerResponse r, Tenant of, String text) {
                return read(q, r, of, Parameters.parse(text));
            }

            @Override
            public void allowed(ServerRequest q, ServerResponse r, Asked asked, BrowserSessions.Current by) {
                var parameters = new LinkedHashMap<String, String>();
                parameters.put("admin_consent", "True");
                parameters.put("tenant", asked.tenant().id().value());
                parameters.put("scope", String.join(" ", asked.scopes().granted()));
                answer(q, r, asked, parameters, "consent.done.heading", "consent.done.text");
            }

            @Override
            public void declined(ServerRequest q, ServerResponse r, Asked asked) {
                answer(
                        q,
                        r,
                        asked,
                        new LinkedHashMap<>(faults.parameters(q, Fault.consentDeclined())),
                        "device.declined.heading",
                        "consent.declined.text");
            }
        });
    }

    private void answer(
            ServerRequest request,
            ServerResponse response,
            Asked asked,
            SequencedMap<String, String> parameters,
            String heading,
            String text) {
        if (asked.answer().redirectUri().isEmpty()) {
            String name = asked.client().application().displayName();
            pages.send(
                    response,
                    200,
                    MessagePage.done(
                            pages.texts().of(heading),
                            pages.texts().of(text, name),
                            Optional.of(new MessagePage.Link(
                                    pages.texts().of("signedOut.link"), portals.of(asked.tenant())))));
            return;
        }
        asked.answer()
                .send(pages, request, response, address.issuer(asked.tenant().id()), parameters);
    }
}
