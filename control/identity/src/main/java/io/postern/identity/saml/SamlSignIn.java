package io.postern.identity.saml;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.identity.journal.TokenId;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.signin.Errand;
import io.postern.identity.signin.Errands;
import io.postern.identity.signin.Protocol;
import io.postern.saml.Assertion;
import io.postern.saml.Header;
import io.postern.saml.PostBinding;
import io.postern.saml.Response;
import io.postern.saml.Status;
import io.postern.saml.xml.XmlSigner;
import io.postern.store.LogoutParticipantStore;
import io.postern.store.Tenant;
import io.postern.web.FormPostPage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Ends sign-ins of SAML: a signed response, posted by the user agent to a registered reply URL.
public final class SamlSignIn implements Protocol {
    static final String KIND = "saml";

    private final SamlRequests requests;
    private final SamlParties parties;
    private final Assertions assertions;
    private final Errands errands;
    private final Pages pages;
    private final FaultWriter faults;
    private final Refusals refusals;
    private final Clock clock;

    SamlSignIn(
            SamlRequests requests,
            SamlParties parties,
            Assertions assertions,
            Errands errands,
            Pages pages,
            FaultWriter faults,
            Refusals refusals,
            Clock clock) {
        this.requests = requests;
        this.parties = parties;
        this.assertions = assertions;
        this.errands = errands;
        this.pages = pages;
        this.faults = faults;
        this.refusals = refusals;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    SamlErrand sealed(ServerRequest request, SamlErrand errand) {
        return errand.sealed(errands.seal(request, errand.tenant().id(), KIND, errand.encoded()));
    }

    @Override
    public Optional<SamlErrand> reopen(ServerRequest request, ServerResponse response, Tenant tenant, String text) {
        Parameters said = Parameters.parse(text);
        Optional<SamlErrand> errand = requests.reopen(tenant, said).map(e -> sealed(request, e));
        if (errand.isEmpty()) {
            refusals.refuse(
                    request,
                    response,
                    parties.find(tenant, said.oneOrEmpty("app")),
                    SamlFaults.replyMismatch(said.oneOrEmpty("reply"), said.oneOrEmpty("app")));
        }
        return errand;
    }

    @Override
    public Optional<Fault> objection(Errand asked, BrowserSessions.Current current) {
        SamlErrand errand = (SamlErrand) asked;
        if (parties.signer(errand.party()).isEmpty()) {
            return Optional.of(SamlFaults.noSigningKey(errand.party().name()));
        }
        return Contexts.of(errand.contexts(), current.session().methods()).isPresent()
                ? Optional.empty()
                : Optional.of(SamlFaults.context(String.join(" ", errand.contexts())));
    }

    @Override
    public void complete(
            ServerRequest request, ServerResponse response, Errand asked, BrowserSessions.Current current) {
        SamlErrand errand = (SamlErrand) asked;
        SamlParty party = errand.party();
        XmlSigner signer = parties.signer(party).orElseThrow(() -> SamlFaults.unasked(party));
        String classRef = Contexts.of(errand.contexts(), current.session().methods())
                .orElseThrow(() -> SamlFaults.unasked(party));
        Assertion assertion = assertions.issue(
                new Assertions.Wanted(
                        party,
                        errand.entityId(),
                        errand.reply(),
                        errand.requestId(),
                        errand.format(),
                        errand.spNameQualifier(),
                        classRef,
                        LogoutParticipantStore.Protocol.SAML,
                        TokenId.of(request)),
                current);
        post(response, errand, signer, Status.SUCCESS, Optional.of(assertion));
    }

    /// To the service provider only where it asked for silence, or for something that this user cannot give: else the
    /// user reads it here, and nobody sends him in circles.
    @Override
    public void refuse(ServerRequest request, ServerResponse response, Errand asked, Fault fault) {
        if (asked.demand().silent() || fault.number() == SamlFaults.CONTEXT) {
            tell(request, response, (SamlErrand) asked, fault);
        } else {
            faults.page(request, response, fault);
        }
    }

    /// Tells the service provider, by a response that carries the fault.
    void tell(ServerRequest request, ServerResponse response, SamlErrand errand, Fault fault) {
        Optional<XmlSigner> signer = parties.signer(errand.party());
        if (signer.isEmpty()) {
            faults.page(request, response, fault);
            return;
        }
        String message = faults.parameters(request, fault).getOrDefault("error_description", fault.text());
        post(response, errand, signer.get(), SamlFaults.status(fault, message), Optional.empty());
    }

    private void post(
            ServerResponse response, SamlErrand errand, XmlSigner signer, Status status, Optional<Assertion> said) {
        SamlParty party = errand.party();
        var message = new Response(
                Header.of(clock.instant(), errand.reply(), parties.issuer(party)), errand.requestId(), status, said);
        var fields = new LinkedHashMap<String, String>();
        fields.put(
                "SAMLResponse",
                PostBinding.write(
                        message.write(signer, party.signed(), party.encryption().orElse(null))));
        errand.relayState().ifPresent(state -> fields.put("RelayState", state));
        pages.send(response, 200, FormPostPage.of(errand.reply(), fields, targets(errand.reply())));
    }

    /// Where the form may lead: browsers check every redirect that follows it, and the application may send its users
    /// on to any https address.
    static List<String> targets(String reply) {
        return reply.startsWith("https:") ? List.of("https:") : List.of("https:", "http:");
    }
}
