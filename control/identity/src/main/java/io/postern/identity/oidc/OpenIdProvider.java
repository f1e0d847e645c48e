package io.postern.identity.oidc;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.ServiceAddress;
import io.postern.domain.claims.PairwiseIds;
import io.postern.identity.access.Access;
import io.postern.identity.journal.SignInJournal;
import io.postern.identity.key.SigningKeys;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.protocol.Portals;
import io.postern.identity.protocol.TenantHandler;
import io.postern.identity.saml.SingleLogout;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.session.UpstreamSignOut;
import io.postern.identity.signin.Errands;
import io.postern.identity.signin.Protocol;
import io.postern.identity.signin.Rehearsal;
import io.postern.identity.signin.SignIn;
import io.postern.store.Store;
import io.postern.token.KeyRing;
import io.postern.token.SignOutProof;
import io.postern.web.Csrf;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/// The OpenID Provider: builds its parts and mounts its endpoints.
public final class OpenIdProvider {
    /// What all rooms of the identity provider share.
    public record Parts(
            Store store,
            BrowserSessions sessions,
            Access access,
            SigningKeys keys,
            KeyRing ring,
            PairwiseIds pairwise,
            Errands errands,
            Pages pages,
            FaultWriter faults,
            SignInJournal journal,
            Csrf csrf,
            ServiceAddress address,
            Clock clock,
            SingleLogout saml,
            UpstreamSignOut upstream) {}

    private final Authorization authorization;
    private final AdminConsent adminConsent;
    private final DeviceSignIn deviceSignIn;
    private final DeviceAuthorization deviceAuthorization;
    private final TokenEndpoint token;
    private final TokenStateEndpoints tokenStates;
    private final UserInfoEndpoint userInfo;
    private final LogoutEndpoint logout;
    private final BackChannel channel;
    private final DiscoveryEndpoint discovery;
    private final Rehearsal rehearsal;
    private final BackendTokens backendTokens;

    public OpenIdProvider(Parts p) {
        var parties = new RelyingParties(p.store());
        var consents = new Consents(p.store(), p.clock());
        var permission = new Permission(p.store(), p.access(), consents, p.clock());
        var liveness = new Liveness(p.store(), p.sessions(), p.clock());
        var claims = new UserClaims(p.store(), p.pairwise(), p.address());
        var tokens = new Tokens(p.keys(), claims, p.address(), p.clock());
        var userTokens = new UserTokens(tokens);
        backendTokens = new BackendTokens(p.store(), p.sessions(), parties, permission, tokens, p.address(), p.clock());
        var refreshTokens = new RefreshTokens(p.store(), p.ring(), p.clock());
        var clients = new ClientAuthentication(p.store(), parties, p.ring(), p.address(), p.clock());
        var consentPage = new ConsentEndpoint(
                p.store(), consents, p.sessions(), p.pages(), p.faults(), p.journal(), p.csrf(), p.ring());
        authorization = new Authorization(
                p.store(), parties, consents, consentPage, p.pages(), p.faults(), p.errands(), p.address(), p.clock());
        var portals = new Portals(p.store(), p.address());
        adminConsent = new AdminConsent(
                parties, consents, consentPage, p.pages(), p.faults(), p.errands(), p.address(), portals);
        deviceSignIn = new DeviceSignIn(
                p.store(),
                parties,
                consents,
                consentPage,
                p.sessions(),
                p.errands(),
                p.pages(),
                p.faults(),
                p.csrf(),
                p.ring(),
                p.address(),
                p.clock());
        var endings = new Endings(p.journal(), p.store(), parties, p.address());
        deviceAuthorization =
                new DeviceAuthorization(p.store(), clients, parties, endings, p.faults(), p.address(), p.clock());
        var code = new CodeRedemption(
                p.store(), p.sessions(), permission, parties, refreshTokens, userTokens, p.address(), p.clock());
        var refresh = new RefreshRedemption(refreshTokens, permission, parties, userTokens, p.address());
        var device = new DeviceRedemption(
                p.store(), p.sessions(), permission, parties, refreshTokens, userTokens, p.address(), p.clock());
        var behalf = new OnBehalfOf(p.keys(), liveness, permission, parties, userTokens, p.address(), p.clock());
        var appOnly = new ClientCredentialsGrant(p.store(), parties, claims, tokens, p.address(), p.clock());
        token = new TokenEndpoint(
                clients,
                Map.of(
                        "authorization_code",
                        code::redeem,
                        "refresh_token",
                        refresh::redeem,
                        "client_credentials",
                        appOnly::redeem,
                        DeviceRedemption.GRANT,
                        device::redeem,
                        "device_code",
                        device::redeem, // as MSAL for Java calls it
                        OnBehalfOf.JWT_BEARER,
                        behalf::bearer,
                        OnBehalfOf.TOKEN_EXCHANGE,
                        behalf::exchange),
                endings,
                p.faults());
        tokenStates =
                new TokenStateEndpoints(clients, refreshTokens, p.keys(), liveness, p.store(), p.faults(), p.clock());
        userInfo = new UserInfoEndpoint(p.keys(), liveness, p.faults(), p.clock());
        channel = new BackChannel(p.store(), parties, tokens, p.address(), p.clock());
        logout = new LogoutEndpoint(
                p.store(),
                p.keys(),
                parties,
                p.sessions(),
                p.saml(),
                p.upstream(),
                p.pages(),
                p.faults(),
                p.csrf(),
                p.address(),
                portals,
                new SignOutProof(p.ring()),
                p.clock());
        rehearsal = new IdTokenRehearsal(parties, tokens, p.address());
        discovery = new DiscoveryEndpoint(p.keys(), p.address());
    }

    /// For the sign-in, which knows them by their kind.
    public List<Protocol> protocols() {
        return List.of(authorization, adminConsent, deviceSignIn);
    }

    /// For backends behind the gateway.
    public BackendTokens backendTokens() {
        return backendTokens;
    }

    /// For the test action.
    public Rehearsal rehearsal() {
        return rehearsal;
    }

    /// Tells clients of sessions that ended. Call it every few seconds.
    public void tellClients() {
        channel.work();
    }

    /// Adds the endpoints. `signIn` must know [#protocols].
    public void mount(HttpRouting.Builder login, TenantHandler.Routes routes, SignIn signIn) {
        var authorize = new AuthorizeEndpoint(authorization, signIn);
        String oauth = "/{tenant}/oauth2/v2.0/";
        login.get(oauth + "authorize", routes.page(authorize::handle));
        login.post(oauth + "authorize", routes.page(authorize::handle));
        login.post("/{tenant}/consent", routes.page(authorization::consent));
        login.get(
                "/{tenant}/v2.0/adminconsent",
                routes.page((request, response, tenant) -> adminConsent
                        .pending(
                                request,
                                response,
                                tenant,
                                Parameters.parse(request.query().rawValue()))
                        .ifPresent(pending -> signIn.begin(request, response, adminConsent, pending))));
        login.post("/{tenant}/adminconsent", routes.page(adminConsent::handle));
        login.get("/device", deviceSignIn::ask);
        login.post("/device", (request, response) -> deviceSignIn.typed(request, response, signIn));
        login.post("/{tenant}/device", routes.page(deviceSignIn::confirmed));
        login.post(oauth + "token", routes.json(token::handle));
        login.post(oauth + "devicecode", routes.json(deviceAuthorization::handle));
        login.post(oauth + "introspect", routes.json(tokenStates::introspect));
        login.post(oauth + "revoke", routes.json(tokenStates::revoke));
        login.get(oauth + "userinfo", routes.json(userInfo::handle));
        login.post(oauth + "userinfo", routes.json(userInfo::handle));
        login.get(oauth + "logout", routes.page(logout::handle));
        login.post(oauth + "logout", routes.page(logout::handle));
        for (String open : List.of("token", "devicecode", "userinfo")) {
            login.options(oauth + open, (request, response) -> preflight(response));
        }
        login.get(
                "/{tenant}/v2.0/.well-known/openid-configuration",
                routes.json(
                        (request, response, tenant) -> discovery.configuration(response, tenant, token.grantTypes())));
        login.get(
                "/{tenant}/discovery/v2.0/keys",
                routes.json((request, response, tenant) -> discovery.keys(response, tenant)));
    }

    private static void preflight(ServerResponse response) {
        response.status(Status.NO_CONTENT_204)
                .header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .header(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST")
                .header(
                        HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                        "authorization, content-type, client-request-id, x-client-sku, x-client-ver, x-client-os,"
                                + " x-client-cpu, x-client-current-telemetry, x-client-last-telemetry,"
                                + " x-ms-lib-capability, x-app-name, x-app-ver")
                .header(HeaderNames.ACCESS_CONTROL_MAX_AGE, "86400")
                .send();
    }
}
