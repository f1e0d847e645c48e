package io.postern.identity.oidc;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.AppId;
import io.postern.domain.ServiceAddress;
import io.postern.identity.journal.TokenId;
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
    record Pending(AuthorizationRequest asked, String sealed) implements ConsentEndpoint.Waiting {
        @Override
        public String loginHint() {
            return asked.loginHint().orElse("");
        }

        @Override
        public Demand demand() {
            return new Demand(
                    asked.prompt().contains("none"),
                    asked.prompt().contains("login"),
                    asked.prompt().contains("select_account"),
                    asked.maxAge(),
                    Acr.needsMultiple(asked.parameters()));
        }

        @Override
        public Optional<String> locales() {
            return asked.parameters().one("ui_locales");
        }

        @Override
        public String realmHint() {
            return asked.parameters()
                    .one("domain_hint")
                    .or(() -> asked.parameters().one("whr"))
                    .orElse("");
        }

        @Override
        public List<AppId> uses() {
            return Stream.concat(Stream.of(asked.client()), asked.scopes().resource().stream())
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

    /// Nobody can be asked, or this user's word does not suffice.
    @Override
    public Optional<Fault> objection(Errand errand, BrowserSessions.Current current) {
        AuthorizationRequest asked = ((Pending) errand).asked();
        if (toAsk(asked, current).isNothing()) {
            return Optional.empty();
        }
        if (errand.demand().silent()) {
            return Optional.of(Fault.consentNeeded(errand.clientName()));
        }
        boolean beyondHim =
                consents.missing(asked.client(), current.user(), asked.scopes()).administratorOnly()
                        && !consentPage.maySpeakForEverybody(current.user());
        return beyondHim ? Optional.of(Fault.adminConsentNeeded(errand.clientName())) : Optional.empty();
    }

    @Override
    public Optional<Fault> question(Errand errand, BrowserSessions.Current current) {
        return toAsk(((Pending) errand).asked(), current).isNothing()
                ? Optional.empty()
                : Optional.of(Fault.consentAsked());
    }

    private Consents.Missing toAsk(AuthorizationRequest asked, BrowserSessions.Current current) {
        return asked.prompt().contains("consent")
                ? consents.all(asked.client(), asked.scopes())
                : consents.missing(asked.client(), current.user(), asked.scopes());
    }

    /// Sends the code, once somebody allowed what the client wants.
    @Override
    public void complete(
            ServerRequest request, ServerResponse response, Errand errand, BrowserSessions.Current current) {
        AuthorizationRequest asked = ((Pending) errand).asked();
        Consents.Missing shown = toAsk(asked, current);
        if (shown.isNothing()) {
            sendCode(request, response, asked, current);
            return;
        }
        consentPage.ask(
                request,
                response,
                asked,
                current,
                shown,
                consentPage.maySpeakForEverybody(current.user()) ? ConsentPage.Mode.CHOICE : ConsentPage.Mode.USER,
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
        var bound = new CodeGrant(
                grant, asked.answer().redirectUri(), asked.nonce(), asked.challenge(), TokenId.of(request));
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
        AuthorizationRequest asked = ((Pending) errand).asked();
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
