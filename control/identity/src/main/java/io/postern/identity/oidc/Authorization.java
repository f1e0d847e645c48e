package io.postern.identity.oidc;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.AppId;
import io.postern.domain.ServiceAddress;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.protocol.Opaque;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.signin.Demand;
import io.postern.identity.signin.Errand;
import io.postern.identity.signin.Errands;
import io.postern.identity.signin.Protocol;
import io.postern.store.AuthorizationCodeStore;
import io.postern.store.SessionClientStore;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.web.ConsentPage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// OpenID Connect's authorization requests, from their reading to the code that ends them.
final class Authorization implements Protocol {
    /// RFC 6749 §4.1.2 recommends at most ten minutes; redemption takes seconds.
    static final Duration CODE_LIFETIME = Duration.ofMinutes(5);

    private static final String KIND = "oidc";

    private final Store store;
    private final RelyingParties parties;
    private final Consents consents;
    private final ConsentEndpoint consentPage;
    private final Pages pages;
    private final FaultWriter faults;
    private final Errands errands;
    private final ServiceAddress address;
    private final Clock clock;

    Authorization(
            Store store,
            RelyingParties parties,
            Consents consents,
            ConsentEndpoint consentPage,
            Pages pages,
            FaultWriter faults,
            Errands errands,
            ServiceAddress address,
            Clock clock) {
        this.store = store;
        this.parties = parties;
        this.consents = consents;
        this.consentPage = consentPage;
        this.pages = pages;
        this.faults = faults;
        this.errands = errands;
        this.address = address;
        this.clock = clock;
    }

    /// A request on its way through the sign-in pages.
    ///
    /// @param sealed for the form's hidden field
    record Pending(AuthorizationRequest request, String sealed) implements Errand {
        @Override
        public Tenant tenant() {
            return request.tenant();
        }

        @Override
        public AppId client() {
            return request.client().application().appId();
        }

        @Override
        public String clientName() {
            return request.client().application().displayName();
        }

        @Override
        public String loginHint() {
            return request.loginHint().orElse("");
        }

        @Override
        public List<String> formTargets() {
            return request.answer().formTargets();
        }

        @Override
        public Demand demand() {
            return new Demand(
                    request.prompt().contains("none"),
                    request.prompt().contains("login"),
                    request.prompt().contains("select_account"),
                    request.maxAge(),
                    Acr.needsMultiple(request.parameters()));
        }

        @Override
        public Optional<String> locales() {
            return request.parameters().one("ui_locales");
        }

        @Override
        public List<AppId> uses() {
            return Stream.concat(Stream.of(request.client()), request.scopes().resource().stream())
                    .map(party -> party.application().appId())
                    .distinct()
                    .toList();
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    /// Reads a request, or answers why it cannot be served; then the result is empty.
    Optional<AuthorizationRequest> read(
            ServerRequest request, ServerResponse response, Tenant tenant, Parameters parameters) {
        return switch (AuthorizationRequest.read(tenant, parameters, parties, address)) {
            case AuthorizationRequest.Reading.Read(AuthorizationRequest read) -> Optional.of(read);
            case AuthorizationRequest.Reading.Refused(Fault fault) -> {
                faults.page(request, response, fault);
                yield Optional.empty();
            }
            case AuthorizationRequest.Reading.RefusedTo(AnswerAddress answer, Fault fault) -> {
                refuse(request, response, tenant, answer, fault);
                yield Optional.empty();
            }
        };
    }

    Pending pending(ServerRequest request, AuthorizationRequest asked) {
        return new Pending(
                asked,
                errands.seal(
                        request, asked.tenant().id(), KIND, asked.parameters().encoded()));
    }

    @Override
    public Optional<Pending> reopen(ServerRequest request, ServerResponse response, Tenant tenant, String text) {
        return read(request, response, tenant, Parameters.parse(text)).map(asked -> pending(request, asked));
    }

    /// Sends the code, once somebody allowed what the client wants.
    @Override
    public void complete(
            ServerRequest request, ServerResponse response, Errand errand, BrowserSessions.Current current) {
        AuthorizationRequest asked = ((Pending) errand).request();
        Consents.Missing missing = consents.missing(asked.client(), current.user(), asked.scopes());
        boolean again = asked.prompt().contains("consent");
        Consents.Missing shown = again ? consents.all(asked.client(), asked.scopes()) : missing;
        if (shown.isNothing()) {
            sendCode(request, response, asked, current);
            return;
        }
        String name = asked.client().application().displayName();
        if (errand.demand().silent()) {
            refuse(request, response, asked.tenant(), asked.answer(), Fault.consentNeeded(name));
            return;
        }
        boolean speaker = consentPage.maySpeakForEverybody(current.user());
        if (missing.administratorOnly() && !speaker) {
            faults.page(request, response, Fault.adminConsentNeeded(name));
            return;
        }
        consentPage.ask(
                request,
                response,
                asked,
                current,
                shown,
                speaker ? ConsentPage.Mode.CHOICE : ConsentPage.Mode.USER,
                asked.parameters().encoded());
    }

    /// `POST /{tenant}/consent`.
    void consent(ServerRequest request, ServerResponse response, Tenant tenant) {
        consentPage.handle(request, response, tenant, new ConsentEndpoint.Continuation<AuthorizationRequest>() {
            @Override
            public Optional<AuthorizationRequest> reopen(ServerRequest q, ServerResponse r, Tenant of, String text) {
                return read(q, r, of, Parameters.parse(text));
            }

            @Override
            public void allowed(
                    ServerRequest q, ServerResponse r, AuthorizationRequest asked, BrowserSessions.Current by) {
                sendCode(q, r, asked, by);
            }

            @Override
            public void declined(ServerRequest q, ServerResponse r, AuthorizationRequest asked) {
                refuse(q, r, asked.tenant(), asked.answer(), Fault.consentDeclined());
            }
        });
    }

    private void sendCode(
            ServerRequest request,
            ServerResponse response,
            AuthorizationRequest asked,
            BrowserSessions.Current current) {
        String code = Opaque.random();
        var grant = new UserGrant(
                asked.tenant().id(),
                asked.client().appId(),
                current.user().id(),
                current.session().id(),
                current.session().authenticated(),
                current.session().methods(),
                current.session().mfa(),
                asked.scopes().granted(),
                asked.scopes().audience());
        var bound = new CodeGrant(grant, asked.answer().redirectUri(), asked.nonce(), asked.challenge());
        store.write(s -> {
            s.authorizationCodes()
                    .insert(new AuthorizationCodeStore.Row(
                            Opaque.hash(code), bound.toJson(), clock.instant().plus(CODE_LIFETIME)));
            s.sessionClients()
                    .add(new SessionClientStore.Row(
                            grant.tenant(),
                            grant.session(),
                            grant.appId(),
                            grant.user(),
                            0,
                            clock.instant(),
                            current.session().expires().plus(BackChannel.GIVES_UP)));
            return code;
        });
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("code", code);
        asked.answer()
                .send(pages, request, response, address.issuer(asked.tenant().id()), parameters);
    }

    /// To the client only where it asked for silence: else the user reads it here, and nobody sends him in circles.
    @Override
    public void refuse(ServerRequest request, ServerResponse response, Errand errand, Fault fault) {
        AuthorizationRequest asked = ((Pending) errand).request();
        if (errand.demand().silent()) {
            refuse(request, response, asked.tenant(), asked.answer(), fault);
        } else {
            faults.page(request, response, fault);
        }
    }

    private void refuse(
            ServerRequest request, ServerResponse response, Tenant tenant, AnswerAddress answer, Fault fault) {
        answer.send(pages, request, response, address.issuer(tenant.id()), faults.parameters(request, fault));
    }
}
