package io.postern.identity.saml;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.signin.SignIn;
import io.postern.saml.AuthnRequest;
import io.postern.saml.PostBinding;
import io.postern.saml.RedirectBinding;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.XmlVerifier;
import io.postern.store.Tenant;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Bodies;
import io.postern.web.Parameters;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.w3c.dom.Element;

/// `/{tenant}/saml2`: sign-in requests by redirect and by POST, logout messages by redirect.
///
/// A posted request comes from another site, and with it browsers send no session cookie (SameSite=Lax): it is sealed
/// and comes again by a redirect, which brings the cookie.
public final class SamlEndpoint {
    private static final String POSTED = "posted";

    private final SamlParties parties;
    private final SamlRequests requests;
    private final SamlSignIn protocol;
    private final SingleLogout logout;
    private final SignIn signIn;
    private final Refusals refusals;
    private final FaultWriter faults;
    private final Sealer sealer;

    SamlEndpoint(
            SamlParties parties,
            SamlRequests requests,
            SamlSignIn protocol,
            SingleLogout logout,
            SignIn signIn,
            Refusals refusals,
            FaultWriter faults,
            KeyRing ring) {
        this.parties = parties;
        this.requests = requests;
        this.protocol = protocol;
        this.logout = logout;
        this.signIn = signIn;
        this.refusals = refusals;
        this.faults = faults;
        this.sealer = new Sealer(ring, "saml-posted");
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        try {
            if (request.prologue().method().equals(Method.GET)) {
                get(request, response, tenant);
            } else {
                post(request, response, tenant);
            }
        } catch (RefusedMessage e) {
            faults.page(request, response, SamlFaults.of(e));
        }
    }

    private void get(ServerRequest request, ServerResponse response, Tenant tenant) throws RefusedMessage {
        String query = request.query().rawValue();
        Parameters parameters = Parameters.parse(query);
        Optional<String> posted =
                parameters.one(POSTED).filter(_ -> !parameters.names().contains("SAMLRequest"));
        if (posted.isPresent()) {
            again(request, response, tenant, posted.get());
        } else if (parameters.names().contains("SAMLResponse")) {
            logout.answered(request, response, tenant, RedirectBinding.read(query, "SAMLResponse"));
        } else if (parameters.names().contains("SAMLRequest")) {
            var received = RedirectBinding.read(query, "SAMLRequest");
            if (received.root().getLocalName().equals("LogoutRequest")) {
                logout.asked(request, response, tenant, received);
            } else {
                signIn(request, response, tenant, received, parameters.oneOrEmpty("login_hint"));
            }
        } else {
            faults.page(request, response, SamlFaults.messageMissing());
        }
    }

    private void signIn(
            ServerRequest request,
            ServerResponse response,
            Tenant tenant,
            RedirectBinding.Received received,
            String loginHint)
            throws RefusedMessage {
        AuthnRequest asked = AuthnRequest.read(received.root());
        Optional<SamlParty> party = party(request, response, tenant, asked);
        if (party.isPresent()) {
            if (mustVerify(party.get(), received.isSigned())) {
                try {
                    received.verify(party.get().verifier());
                } catch (RefusedMessage e) {
                    refusals.note(request, party.get(), SamlFaults.of(e));
                    throw e;
                }
            }
            begin(request, response, requests.read(party.get(), asked, received.relayState(), loginHint));
        }
    }

    private void post(ServerRequest request, ServerResponse response, Tenant tenant) throws RefusedMessage {
        Parameters form = Bodies.form(request);
        if (!form.repeated().isEmpty()) {
            faults.page(request, response, Fault.repeated(form.repeated()));
            return;
        }
        Optional<String> field = form.one("SAMLRequest");
        if (field.isEmpty()) {
            faults.page(
                    request,
                    response,
                    form.one("SAMLResponse").isPresent() ? SamlFaults.notOnlyRedirect() : SamlFaults.messageMissing());
            return;
        }
        Element root = PostBinding.read(field.get());
        if (root.getLocalName().equals("LogoutRequest")) {
            faults.page(request, response, SamlFaults.notOnlyRedirect());
            return;
        }
        AuthnRequest asked = AuthnRequest.read(root);
        Optional<SamlParty> party = party(request, response, tenant, asked);
        if (party.isEmpty()) {
            return;
        }
        if (mustVerify(party.get(), XmlVerifier.isSigned(root))) {
            // from here on only what the signature covers counts, and it must be the same service provider's
            asked = AuthnRequest.read(verified(request, party.get(), root));
            if (!party.get().settings().identifiers().contains(asked.header().issuer())) {
                refusals.refuse(request, response, party.get(), appUnknown(tenant, asked));
                return;
            }
        }
        String hint = form.one("login_hint")
                .orElseGet(() -> Parameters.parse(request.query().rawValue()).oneOrEmpty("login_hint"));
        SamlRequests.Reading reading = requests.read(party.get(), asked, form.one("RelayState"), hint);
        if (reading instanceof SamlRequests.Reading.Read(SamlErrand errand)) {
            String sealed = sealer.seal(
                    errand.encoded().getBytes(StandardCharsets.UTF_8),
                    tenant.id().value());
            response.status(Status.SEE_OTHER_303)
                    .header(HeaderNames.LOCATION, "/" + tenant.name() + "/saml2?" + POSTED + "=" + sealed)
                    .send();
        } else {
            begin(request, response, reading);
        }
    }

    private void again(ServerRequest request, ServerResponse response, Tenant tenant, String posted) {
        Optional<String> text =
                sealer.open(posted, tenant.id().value()).map(plain -> new String(plain, StandardCharsets.UTF_8));
        if (text.isEmpty()) {
            faults.page(request, response, SamlFaults.messageMissing());
        } else {
            protocol.reopen(request, response, tenant, text.get())
                    .ifPresent(errand -> signIn.begin(request, response, protocol, errand));
        }
    }

    /// Begins the sign-in, or tells whoever must know why not.
    void begin(ServerRequest request, ServerResponse response, SamlRequests.Reading reading) {
        switch (reading) {
            case SamlRequests.Reading.Read(SamlErrand errand) ->
                signIn.begin(request, response, protocol, protocol.sealed(request, errand));
            case SamlRequests.Reading.Refused(SamlParty party, Fault fault) ->
                refusals.refuse(request, response, party, fault);
            case SamlRequests.Reading.RefusedTo(SamlErrand errand, Fault fault) -> {
                refusals.note(request, errand.party(), fault);
                protocol.tell(request, response, errand, fault);
            }
        }
    }

    private Element verified(ServerRequest request, SamlParty party, Element root) throws RefusedMessage {
        try {
            return party.verifier().verify(root).element();
        } catch (RefusedMessage e) {
            refusals.note(request, party, SamlFaults.of(e));
            throw e;
        }
    }

    /// A signature that can be verified is, also where none is required.
    private static boolean mustVerify(SamlParty party, boolean signed) {
        return party.settings().requests().required() || (signed && party.canVerify());
    }

    private Optional<SamlParty> party(
            ServerRequest request, ServerResponse response, Tenant tenant, AuthnRequest asked) {
        Optional<SamlParty> party =
                parties.findByIdentifier(tenant, asked.header().issuer());
        if (party.isEmpty()) {
            faults.page(request, response, appUnknown(tenant, asked));
        }
        return party;
    }

    private static Fault appUnknown(Tenant tenant, AuthnRequest asked) {
        return Fault.appUnknown(asked.header().issuer(), tenant.displayName());
    }
}
