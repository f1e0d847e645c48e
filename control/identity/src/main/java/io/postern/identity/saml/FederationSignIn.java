package io.postern.identity.saml;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.ServiceAddress;
import io.postern.identity.journal.TokenId;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.signin.Errand;
import io.postern.identity.signin.Errands;
import io.postern.identity.signin.Protocol;
import io.postern.saml.Assertion;
import io.postern.saml.wsfed.TokenResponse;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.XmlSigner;
import io.postern.store.LogoutParticipantStore;
import io.postern.store.Tenant;
import io.postern.web.FormPostPage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Ends sign-ins of WS-Federation: a signed token, posted by the user agent. The protocol has no way to tell an
/// application of a refusal, so all of them are pages.
public final class FederationSignIn implements Protocol {
    static final String KIND = "wsfed";

    private final SamlParties parties;
    private final Assertions assertions;
    private final Errands errands;
    private final ServiceAddress address;
    private final Pages pages;
    private final FaultWriter faults;
    private final Refusals refusals;

    FederationSignIn(
            SamlParties parties,
            Assertions assertions,
            Errands errands,
            ServiceAddress address,
            Pages pages,
            FaultWriter faults,
            Refusals refusals) {
        this.parties = parties;
        this.assertions = assertions;
        this.errands = errands;
        this.address = address;
        this.pages = pages;
        this.faults = faults;
        this.refusals = refusals;
    }

    @Override
    public String kind() {
        return KIND;
    }

    FederationErrand sealed(ServerRequest request, FederationErrand errand) {
        return errand.sealed(errands.seal(request, errand.tenant().id(), KIND, errand.encoded()));
    }

    @Override
    public Optional<FederationErrand> reopen(
            ServerRequest request, ServerResponse response, Tenant tenant, String text) {
        Parameters said = Parameters.parse(text);
        Optional<FederationErrand> errand = parties.find(tenant, said.oneOrEmpty("app"))
                .map(party -> FederationErrand.decoded(party, said))
                .filter(e -> e.party().reply(e.reply(), address).isPresent())
                .map(e -> sealed(request, e));
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
        SamlParty party = ((FederationErrand) asked).party();
        return parties.signer(party).isPresent()
                ? Optional.empty()
                : Optional.of(SamlFaults.noSigningKey(party.name()));
    }

    @Override
    public void complete(
            ServerRequest request, ServerResponse response, Errand asked, BrowserSessions.Current current) {
        FederationErrand errand = (FederationErrand) asked;
        XmlSigner signer = parties.signer(errand.party()).orElseThrow(() -> SamlFaults.unasked(errand.party()));
        Assertion assertion = assertions.issue(
                new Assertions.Wanted(
                        errand.party(),
                        errand.realm(),
                        errand.reply(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Contexts.of(List.of(), current.session().methods()).orElseThrow(),
                        LogoutParticipantStore.Protocol.WS_FEDERATION,
                        TokenId.of(request)),
                current);
        var fields = new LinkedHashMap<String, String>();
        fields.put("wa", FederationEndpoint.SIGN_IN);
        fields.put("wresult", Markup.write(TokenResponse.write(assertion, errand.realm(), errand.tokenType(), signer)));
        errand.context().ifPresent(context -> fields.put("wctx", context));
        pages.send(response, 200, FormPostPage.of(errand.reply(), fields, SamlSignIn.targets(errand.reply())));
    }

    @Override
    public void refuse(ServerRequest request, ServerResponse response, Errand errand, Fault fault) {
        faults.page(request, response, fault);
    }
}
