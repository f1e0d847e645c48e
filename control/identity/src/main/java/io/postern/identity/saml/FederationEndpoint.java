package io.postern.identity.saml;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.ServiceAddress;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.signin.SignIn;
import io.postern.saml.SamlNames;
import io.postern.saml.wsfed.TokenResponse.TokenType;
import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Limits;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SafeXml;
import io.postern.store.Tenant;
import io.postern.web.Parameters;
import java.time.Duration;
import java.util.Optional;

/// `/{tenant}/wsfed`: WS-Federation 1.2 passive requestor, for applications that know no SAML 2.0 protocol.
public final class FederationEndpoint {
    static final String SIGN_IN = "wsignin1.0";
    private static final String SIGN_OUT = "wsignout1.0";
    static final String CLEAN_UP = "wsignoutcleanup1.0";

    private final SamlParties parties;
    private final FederationSignIn protocol;
    private final SignIn signIn;
    private final ServiceAddress address;
    private final FaultWriter faults;
    private final Refusals refusals;

    FederationEndpoint(
            SamlParties parties,
            FederationSignIn protocol,
            SignIn signIn,
            ServiceAddress address,
            FaultWriter faults,
            Refusals refusals) {
        this.parties = parties;
        this.protocol = protocol;
        this.signIn = signIn;
        this.address = address;
        this.faults = faults;
        this.refusals = refusals;
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters asked = Parameters.parse(request.query().rawValue());
        if (!asked.repeated().isEmpty()) {
            faults.page(request, response, Fault.repeated(asked.repeated()));
            return;
        }
        switch (asked.oneOrEmpty("wa")) {
            case SIGN_IN -> signIn(request, response, tenant, asked);
            // the session ends where every sign-out is confirmed and told to others
            case SIGN_OUT, CLEAN_UP ->
                response.status(Status.FOUND_302)
                        .header(HeaderNames.LOCATION, SingleLogout.signedOut(tenant) + back(asked))
                        .send();
            case "" -> faults.page(request, response, Fault.missing("wa"));
            default ->
                faults.page(
                        request,
                        response,
                        Fault.malformed("The action '" + asked.oneOrEmpty("wa")
                                + "' is not supported: use wsignin1.0 or wsignout1.0."));
        }
    }

    private void signIn(ServerRequest request, ServerResponse response, Tenant tenant, Parameters asked) {
        Optional<String> realm = asked.one("wtrealm");
        if (realm.isEmpty()) {
            faults.page(request, response, Fault.missing("wtrealm"));
            return;
        }
        Optional<SamlParty> party = parties.findByIdentifier(tenant, realm.get());
        if (party.isEmpty()) {
            faults.page(request, response, Fault.appUnknown(realm.get(), tenant.displayName()));
            return;
        }
        Optional<String> reply = asked.one("wreply").isPresent()
                ? asked.one("wreply").flatMap(url -> party.get().reply(url, address))
                : party.get().defaultReply(address);
        if (reply.isEmpty()) {
            refusals.refuse(
                    request,
                    response,
                    party.get(),
                    SamlFaults.replyMismatch(
                            asked.oneOrEmpty("wreply"), party.get().appId().value()));
            return;
        }
        if (party.get().settings().requests().required()) {
            // WS-Federation cannot sign requests: whoever demands signatures does not mean it
            refusals.refuse(
                    request,
                    response,
                    party.get(),
                    SamlFaults.mustBeginThere(party.get().name()));
            return;
        }
        var errand = new FederationErrand(
                party.get(),
                realm.get(),
                reply.get(),
                asked.one("wctx"),
                asked.one("wfresh")
                        .filter(m -> m.matches("[0-9]{1,6}"))
                        .map(m -> Duration.ofMinutes(Long.parseLong(m))),
                tokenType(asked.oneOrEmpty("wreq")),
                asked.one("login_hint").or(() -> asked.one("username")).orElse(""),
                asked.oneOrEmpty("whr"),
                "");
        if (errand.encoded().length() > SamlRequests.WAITING_MAX) {
            refusals.refuse(request, response, party.get(), SamlFaults.tooLong());
        } else {
            signIn.begin(request, response, protocol, protocol.sealed(request, errand));
        }
    }

    /// SAML 1.1 is what the old ones expect; `wreq` may ask for 2.0.
    private static TokenType tokenType(String wreq) {
        if (wreq.isEmpty()) {
            return TokenType.SAML_1_1;
        }
        try {
            boolean newer = Elements.descendants(SafeXml.parse(wreq, Limits.MESSAGE)).stream()
                    .filter(element -> element.getLocalName().equals("TokenType"))
                    .map(element -> element.getTextContent().strip())
                    .anyMatch(type -> type.equals(SamlNames.ASSERTION) || type.endsWith("#SAMLV2.0"));
            return newer ? TokenType.SAML_2_0 : TokenType.SAML_1_1;
        } catch (RefusedMessage e) {
            return TokenType.SAML_1_1; // nothing that we must understand
        }
    }

    /// The logout checks whether the address is registered.
    private static String back(Parameters asked) {
        return asked.one("wreply")
                .map(url -> "?post_logout_redirect_uri=" + Parameters.encode(url))
                .orElse("");
    }
}
