package io.postern.identity;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.Accounts;
import io.postern.account.Methods;
import io.postern.account.PasswordHash;
import io.postern.account.onpremises.PasswordDesk;
import io.postern.domain.AppId;
import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.claims.PairwiseIds;
import io.postern.identity.access.Access;
import io.postern.identity.edge.EdgeSignOn;
import io.postern.identity.factor.Passkeys;
import io.postern.identity.federation.LinkedAccounts;
import io.postern.identity.federation.UpstreamEndpoint;
import io.postern.identity.federation.UpstreamLogout;
import io.postern.identity.federation.Upstreams;
import io.postern.identity.journal.SignInJournal;
import io.postern.identity.key.SigningKeys;
import io.postern.identity.oidc.FrontChannelClients;
import io.postern.identity.oidc.OpenIdProvider;
import io.postern.identity.oidc.Tenants;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.protocol.Portals;
import io.postern.identity.protocol.TenantHandler;
import io.postern.identity.saml.SamlProvider;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.session.OwnSessions;
import io.postern.identity.signin.Errands;
import io.postern.identity.signin.Parts;
import io.postern.identity.signin.Protocol;
import io.postern.identity.signin.SecurityInfo;
import io.postern.identity.signin.SignIn;
import io.postern.identity.signin.SignInEndpoint;
import io.postern.identity.signin.SignOnTrial;
import io.postern.store.Store;
import io.postern.store.StoreUnavailable;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Csrf;
import io.postern.web.Languages;
import io.postern.web.Pages;
import io.postern.web.RequestFacts;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The identity provider: builds its parts and mounts its endpoints on the login host.
///
///     Identity identity = new Identity(store, ring, masterKey.sealer("signing-key"), methodSealer,
///             masterKey.sealer("saml-signing"), desktopSealer, masterKey.sealer("federation"), pairwise, hashes,
/// outside, address,
///             clock);
///     identity.mount(loginRouting);
///     identity.rotateKeys();     // at start and hourly
///     identity.purge();          // hourly
public final class Identity {
    private static final Logger LOG = LoggerFactory.getLogger(Identity.class);

    private final Store store;
    private final ServiceAddress address;
    private final Clock clock;
    private final Pages pages;
    private final FaultWriter faults;
    private final Tenants tenants;
    private final SigningKeys keys;
    private final SamlProvider.Endpoints saml;
    private final OpenIdProvider openId;
    private final SignIn signIn;
    private final SignInEndpoint forms;
    private final SecurityInfo.Endpoint securityInfo;
    private final SignOnTrial trial;
    private final OwnSessions ownSessions;
    private final FirstAdministrator firstAdministrator;
    private final InvitationEndpoint invitation;
    private final SignInJournal journal;
    private final UpstreamEndpoint upstream;
    private final UpstreamLogout upstreamLogout;
    private final LinkedAccounts linkedAccounts;
    private final EdgeSignOn edgeSignOn;

    /// @param ring the ring that the gateway has too (edge credentials are derived from it)
    /// @param signingKeySealer of the master key, for private keys in the database
    /// @param methodSealer of the master key, for what users prove themselves with
    /// @param samlKeySealer of the master key, for the keys that sign assertions
    /// @param desktopSealer of the master key, for keytabs
    /// @param federationSealer of the master key, for our secrets at upstream identity providers
    /// @param pairwise names users to applications that ask for a persistent identifier
    /// @param desk where passwords are checked that are not kept here
    /// @param hashes shared with admin, so that both keep within one bound
    public Identity(
            Store store,
            KeyRing ring,
            Sealer signingKeySealer,
            Sealer methodSealer,
            Sealer samlKeySealer,
            Sealer desktopSealer,
            Sealer federationSealer,
            PairwiseIds pairwise,
            PasswordHash hashes,
            PasswordDesk desk,
            OutsideAccess outside,
            ServiceAddress address,
            Clock clock) {
        this.store = store;
        this.address = address;
        this.clock = clock;
        pages = new Pages(ring, clock);
        faults = new FaultWriter(pages, clock);
        tenants = new Tenants(store);
        keys = new SigningKeys(store, signingKeySealer, address, clock);
        var csrf = new Csrf(ring, clock);
        var sessions = new BrowserSessions(store, clock);
        var accounts = new Accounts(store, hashes, clock);
        var errands = new Errands(ring);
        journal = new SignInJournal(store, clock);
        var samlProvider = new SamlProvider(
                store,
                ring,
                samlKeySealer,
                pairwise,
                sessions,
                new FrontChannelClients(store, address),
                journal,
                errands,
                pages,
                faults,
                csrf,
                address,
                clock);
        var upstreams = new Upstreams(
                store,
                sessions,
                keys,
                ring,
                federationSealer,
                samlKeySealer,
                outside.tls(),
                outside.internal(),
                pages,
                faults,
                address,
                clock);
        var access = new Access(store);
        openId = new OpenIdProvider(new OpenIdProvider.Parts(
                store,
                sessions,
                access,
                keys,
                ring,
                pairwise,
                errands,
                pages,
                faults,
                journal,
                csrf,
                address,
                clock,
                samlProvider.logout(),
                upstreams.signOut()));
        var parts = new Parts(
                store,
                accounts,
                new Methods(store, hashes, clock),
                hashes,
                desk,
                new Passkeys(address),
                sessions,
                access,
                pages,
                faults,
                journal,
                csrf,
                ring,
                methodSealer,
                clock);
        var securityInfo = new SecurityInfo(parts, errands, new Portals(store, address));
        var protocols = new ArrayList<Protocol>(openId.protocols());
        protocols.add(securityInfo);
        protocols.addAll(samlProvider.protocols());
        trial = new SignOnTrial(parts, errands, List.of(samlProvider.rehearsal(), openId.rehearsal()), address);
        protocols.add(trial);
        signIn = new SignIn(parts, desktopSealer, errands, protocols, upstreams.realms());
        upstream = upstreams.endpoint(signIn);
        upstreamLogout = upstreams.logout(samlProvider.logout());
        linkedAccounts = upstreams.linkedAccounts(csrf);
        saml = samlProvider.endpoints(signIn);
        forms = new SignInEndpoint(parts, signIn);
        this.securityInfo = securityInfo.new Endpoint(signIn, forms.passwords());
        edgeSignOn = new EdgeSignOn(store, ring, pairwise, openId.backendTokens(), clock);
        var portals = new Portals(store, address);
        ownSessions = new OwnSessions(store, sessions, pages, csrf, portals, clock);
        invitation = new InvitationEndpoint(store, accounts, pages, csrf, portals, clock);
        firstAdministrator = new FirstAdministrator(store, accounts, pages, csrf, ring, address, clock);
    }

    /// Adds everything that the login host answers.
    public void mount(HttpRouting.Builder login) {
        pages.mount(login);
        login.error(StoreUnavailable.class, this::storeUnavailable);
        firstAdministrator.mount(login);
        login.get("/", (request, response) -> toPortal(response));
        openId.mount(
                login,
                new TenantHandler.Routes() {
                    @Override
                    public Handler page(TenantHandler handler) {
                        return ofTenant(handler);
                    }

                    @Override
                    public Handler json(TenantHandler handler) {
                        return ofTenantInJson(handler);
                    }
                },
                signIn);
        login.get("/{tenant}/security-info", ofTenant(securityInfo::show));
        login.post("/{tenant}/security-info", ofTenant(securityInfo::change));
        login.get("/{tenant}/security-info/add", ofTenant(securityInfo::show));
        login.post("/{tenant}/security-info/add", ofTenant(securityInfo::add));
        login.get("/{tenant}/saml2", ofTenant(saml.saml()::handle));
        login.post("/{tenant}/saml2", ofTenant(saml.saml()::handle));
        login.get("/{tenant}/saml2/start", ofTenant(saml.start()::handle));
        login.get("/{tenant}/signed-out", ofTenant(saml.signedOut()::handle));
        login.get("/{tenant}/signed-out/onward", ofTenant(saml.signedOut()::onward));
        login.get("/{tenant}/wsfed", ofTenant(saml.federation()::handle));
        login.get("/{tenant}/federationmetadata/2007-06/federationmetadata.xml", ofTenant(saml.metadata()::handle));
        login.get(
                "/{tenant}/sign-on-test",
                ofTenant((request, response, tenant) -> trial.handle(request, response, tenant, signIn)));
        login.post("/{tenant}/edge/sign-on", ofTenantInJson(edgeSignOn::handle));
        login.get("/{tenant}/sessions", ofTenant(ownSessions::show));
        login.post("/{tenant}/sessions", ofTenant(ownSessions::end));
        login.get("/{tenant}/invitation", ofTenant(invitation::show));
        login.post("/{tenant}/invitation", ofTenant(invitation::accept));
        login.get("/{tenant}/linked-accounts", ofTenant(linkedAccounts::show));
        login.post("/{tenant}/linked-accounts", ofTenant(linkedAccounts::change));
        login.get("/{tenant}/federation/{provider}/callback", ofTenant(upstream::callback));
        login.post("/{tenant}/federation/{provider}/acs", ofTenant(upstream::consume));
        login.get("/{tenant}/federation/{provider}/metadata", ofTenant(upstream::metadata));
        login.get("/{tenant}/federation/{provider}/signed-out", ofTenant(upstreamLogout::signedOut));
        login.post("/{tenant}/federation/{provider}/signed-out", ofTenant(upstreamLogout::posted));
        login.get("/{tenant}/federation/{provider}/front-channel-logout", ofTenant(upstreamLogout::frontChannel));
        login.post("/{tenant}/federation/{provider}/back-channel-logout", ofTenantInJson(upstreamLogout::backChannel));
        login.post("/{tenant}/login", ofTenant(forms::login));
        login.post("/{tenant}/account", ofTenant(forms::account));
        login.post("/{tenant}/passkey", ofTenant(forms::passkey));
        login.post("/{tenant}/mfa", ofTenant(forms::secondFactor));
        login.post("/{tenant}/register", ofTenant(forms::register));
        login.post("/{tenant}/codes", ofTenant(forms::codes));
        login.post("/{tenant}/password", ofTenant(forms::newPassword));
        login.post("/{tenant}/stay", ofTenant(forms::stay));
        for (String form : List.of("login", "account", "passkey", "mfa", "register", "codes", "password", "stay")) {
            // somebody reloads or bookmarks the address of a form: there is nothing to go on with
            login.get("/{tenant}/" + form, (request, response) -> toPortal(response));
        }
    }

    /// For the service that starts with an empty store.
    public FirstAdministrator firstAdministrator() {
        return firstAdministrator;
    }

    /// The first signing key of a tenant that is being added.
    ///
    /// @return writes it within a transaction
    public Consumer<Stores> firstKey(TenantId tenant) {
        return keys.firstOf(tenant);
    }

    /// What the identity token of an application's backend would say of a user; none is signed.
    ///
    /// @param audience empty: the application's id
    public Optional<Map<String, Object>> identityClaims(
            TenantId tenant, AppId application, UserId user, Optional<String> audience) {
        return openId.backendTokens().preview(tenant, application, user, audience);
    }

    /// Makes missing and due signing keys. Call it at start and hourly.
    public void rotateKeys() {
        keys.rotateIfDue(clock.instant());
    }

    /// Tells applications of sessions that ended since. Call it every few seconds; on several nodes it does no
    /// harm.
    public void tellClients() {
        openId.tellClients();
    }

    /// Tells the sign-in log of entries about nobody that it did not take in minutes that are over. Call it
    /// every few seconds.
    public void tellLeftOut() {
        journal.tellLeftOut();
    }

    /// The same, and of the minute that is not over. Call it before the process ends.
    public void tellRest() {
        journal.tellRest();
    }

    /// Entries about nobody that the sign-in log did not take since the start.
    public long leftOut() {
        return journal.leftOut();
    }

    /// Removes what expired. Call it hourly; nothing depends on it but the size of the database.
    public void purge() {
        var now = clock.instant();
        int removed = store.write(s -> s.purge(now));
        LOG.debug("purged rows={}", removed);
    }

    private Handler ofTenant(TenantHandler handler) {
        return (request, response) -> {
            Optional<Tenant> tenant = tenants.find(segment(request));
            if (tenant.isPresent()) {
                Languages.ofTenant(
                        () -> store.read(s -> s.tenants().settings(tenant.get().id()))
                                .language(),
                        () -> handler.handle(request, response, tenant.get()));
            } else {
                faults.page(request, response, Fault.tenantUnknown(segment(request)));
            }
        };
    }

    private Handler ofTenantInJson(TenantHandler handler) {
        return (request, response) -> {
            Optional<Tenant> tenant = tenants.find(segment(request));
            if (tenant.isPresent()) {
                handler.handle(request, response, tenant.get());
            } else {
                faults.json(request, response, Fault.tenantUnknown(segment(request)));
            }
        };
    }

    private static String segment(ServerRequest request) {
        return request.path().pathParameters().get("tenant");
    }

    private void toPortal(ServerResponse response) {
        response.status(Status.FOUND_302)
                .header(HeaderNames.LOCATION, address.origin(OwnHost.MYAPPS) + "/")
                .send();
    }

    private void storeUnavailable(ServerRequest request, ServerResponse response, StoreUnavailable fault) {
        LOG.error("database unavailable exchange={}", RequestFacts.of(request).exchange(), fault);
        response.header(HeaderNames.RETRY_AFTER, "5");
        pages.send(
                response,
                503,
                pages.fault(
                        request,
                        pages.texts().of("fault.ours.heading"),
                        pages.texts().of("fault.ours.text"),
                        ""));
    }
}
