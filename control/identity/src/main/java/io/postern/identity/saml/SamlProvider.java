package io.postern.identity.saml;

import io.postern.domain.ServiceAddress;
import io.postern.domain.claims.PairwiseIds;
import io.postern.identity.journal.SignInJournal;
import io.postern.identity.journal.SignInProtocol;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.protocol.FrontChannel;
import io.postern.identity.protocol.Portals;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.signin.Errands;
import io.postern.identity.signin.Protocol;
import io.postern.identity.signin.Rehearsal;
import io.postern.identity.signin.SignIn;
import io.postern.store.Store;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Csrf;
import io.postern.web.Pages;
import java.time.Clock;
import java.util.List;

/// Builds the parts of the SAML identity provider: first the protocols, which the sign-in must know, then with the
/// sign-in the endpoints.
public final class SamlProvider {
    private final SamlParties parties;
    private final SamlRequests requests;
    private final Refusals samlRefusals;
    private final Refusals federationRefusals;
    private final SamlSignIn saml;
    private final FederationSignIn federation;
    private final Rehearsal rehearsal;
    private final SingleLogout logout;
    private final SignedOutEndpoint signedOut;
    private final ServiceAddress address;
    private final FaultWriter faults;
    private final KeyRing ring;

    /// What the login host answers.
    public record Endpoints(
            SamlEndpoint saml,
            SamlStart start,
            MetadataEndpoint metadata,
            FederationEndpoint federation,
            SignedOutEndpoint signedOut) {}

    /// @param keySealer of the master key, for the private keys of signing certificates
    /// @param frontChannel clients of OpenID Connect that are told in the browser too
    /// @param pairwise names users to applications that ask for a persistent identifier
    public SamlProvider(
            Store store,
            KeyRing ring,
            Sealer keySealer,
            PairwiseIds pairwise,
            BrowserSessions sessions,
            FrontChannel frontChannel,
            SignInJournal journal,
            Errands errands,
            Pages pages,
            FaultWriter faults,
            Csrf csrf,
            ServiceAddress address,
            Clock clock) {
        this.address = address;
        this.faults = faults;
        this.ring = ring;
        parties = new SamlParties(store, keySealer, address, clock);
        requests = new SamlRequests(parties, address, clock);
        var assertions = new Assertions(store, parties, pairwise, address, clock);
        rehearsal = new SamlRehearsal(parties, assertions, address);
        samlRefusals = new Refusals(journal, faults, SignInProtocol.SAML);
        federationRefusals = new Refusals(journal, faults, SignInProtocol.WS_FEDERATION);
        saml = new SamlSignIn(requests, parties, assertions, errands, pages, faults, samlRefusals, clock);
        federation = new FederationSignIn(parties, assertions, errands, address, pages, faults, federationRefusals);
        var rounds = new LogoutRounds(ring);
        var messages = new LogoutMessages(parties, clock);
        logout = new SingleLogout(store, parties, messages, sessions, rounds, frontChannel, pages, faults, csrf);
        signedOut = new SignedOutEndpoint(store, parties, messages, rounds, pages, new Portals(store, address));
    }

    public List<Protocol> protocols() {
        return List.of(saml, federation);
    }

    /// For the test action.
    public Rehearsal rehearsal() {
        return rehearsal;
    }

    public SingleLogout logout() {
        return logout;
    }

    public Endpoints endpoints(SignIn signIn) {
        var endpoint = new SamlEndpoint(parties, requests, saml, logout, signIn, samlRefusals, faults, ring);
        return new Endpoints(
                endpoint,
                new SamlStart(parties, requests, endpoint, faults),
                new MetadataEndpoint(parties, faults),
                new FederationEndpoint(parties, federation, signIn, address, faults, federationRefusals),
                signedOut);
    }
}
