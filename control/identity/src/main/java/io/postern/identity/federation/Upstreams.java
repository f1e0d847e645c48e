package io.postern.identity.federation;

import io.postern.account.Federation;
import io.postern.domain.ServiceAddress;
import io.postern.identity.key.SigningKeys;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.protocol.Portals;
import io.postern.identity.saml.SingleLogout;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.session.UpstreamSignOut;
import io.postern.identity.signin.HomeRealms;
import io.postern.identity.signin.SignIn;
import io.postern.store.Store;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Csrf;
import io.postern.web.Pages;
import java.time.Clock;
import javax.net.ssl.SSLContext;

/// Federation, wired: first what the sign-in needs, then, with the sign-in, what browsers come back to.
public final class Upstreams {
    private final Store store;
    private final BrowserSessions sessions;
    private final Pages pages;
    private final FaultWriter faults;
    private final Portals portals;
    private final Clock clock;
    private final OidcUpstream oidc;
    private final SamlUpstream saml;
    private final Departures departures;
    private final Realms realms;
    private final SignOuts signOuts;
    private final SamlLogout samlLogout;

    /// @param secrets of the master key, for our secrets at upstreams
    /// @param samlKeySealer of the master key, for the keys of our SAML side
    /// @param tls whose certificates are trusted
    /// @param internal private addresses may be asked for any tenant
    public Upstreams(
            Store store,
            BrowserSessions sessions,
            SigningKeys keys,
            KeyRing ring,
            Sealer secrets,
            Sealer samlKeySealer,
            SSLContext tls,
            boolean internal,
            Pages pages,
            FaultWriter faults,
            ServiceAddress address,
            Clock clock) {
        this.store = store;
        this.sessions = sessions;
        this.pages = pages;
        this.faults = faults;
        this.portals = new Portals(store, address);
        this.clock = clock;
        var client = new UpstreamClient(store, address, tls, internal);
        var documents = new UpstreamDocuments(store, client, clock);
        var addresses = new Addresses(address);
        oidc = new OidcUpstream(documents, client, keys, secrets, addresses, clock);
        saml = new SamlUpstream(documents, store, samlKeySealer, addresses, clock);
        departures = new Departures(ring, store, clock);
        realms = new Realms(store, sessions, oidc, saml, departures, clock);
        signOuts = new SignOuts(store, ring, oidc, saml);
        samlLogout = new SamlLogout(documents, saml, addresses, clock);
    }

    public HomeRealms realms() {
        return realms;
    }

    public UpstreamSignOut signOut() {
        return signOuts;
    }

    public LinkedAccounts linkedAccounts(Csrf csrf) {
        return new LinkedAccounts(store, realms, new Federation(store, clock), sessions, pages, faults, csrf, clock);
    }

    public UpstreamEndpoint endpoint(SignIn signIn) {
        return new UpstreamEndpoint(
                realms,
                departures,
                oidc,
                saml,
                signOuts,
                new Federation(store, clock),
                sessions,
                signIn,
                pages,
                faults,
                clock);
    }

    /// @param applications are told in the browser
    public UpstreamLogout logout(SingleLogout applications) {
        return new UpstreamLogout(
                realms,
                oidc,
                samlLogout,
                new EndedThere(store, clock),
                signOuts,
                applications,
                sessions,
                pages,
                faults,
                portals);
    }
}
