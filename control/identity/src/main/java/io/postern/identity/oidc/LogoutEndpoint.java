package io.postern.identity.oidc;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.ServiceAddress;
import io.postern.domain.publish.Application;
import io.postern.identity.key.SigningKeys;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.protocol.Portals;
import io.postern.identity.saml.SingleLogout;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.session.UpstreamSignOut;
import io.postern.store.SessionStore;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.token.JwtVerifier;
import io.postern.token.SignOutProof;
import io.postern.web.Bodies;
import io.postern.web.Csrf;
import io.postern.web.MessagePage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.SignOutPage;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// `/{tenant}/oauth2/v2.0/logout` (OpenID Connect RP-Initiated Logout): ends the session here, and through
/// the revocations of the snapshot at every application.
///
/// Whoever shows no ID token of this very session, nor the gateway's word that a page of a published application asked
/// in it, makes us ask the user first (RP-Initiated Logout §2): signing people out is no right of any page on the web,
/// nor of one on a host of ours, where published applications live.
final class LogoutEndpoint {
    private static final String FORM = "sign-out";

    private final Store store;
    private final SigningKeys keys;
    private final RelyingParties parties;
    private final BrowserSessions sessions;
    private final SingleLogout saml;
    private final UpstreamSignOut upstream;
    private final Pages pages;
    private final FaultWriter faults;
    private final Csrf csrf;
    private final ServiceAddress address;
    private final Portals portals;
    private final SignOutProof proofs;
    private final Clock clock;

    LogoutEndpoint(
            Store store,
            SigningKeys keys,
            RelyingParties parties,
            BrowserSessions sessions,
            SingleLogout saml,
            UpstreamSignOut upstream,
            Pages pages,
            FaultWriter faults,
            Csrf csrf,
            ServiceAddress address,
            Portals portals,
            SignOutProof proofs,
            Clock clock) {
        this.store = store;
        this.keys = keys;
        this.parties = parties;
        this.sessions = sessions;
        this.saml = saml;
        this.upstream = upstream;
        this.pages = pages;
        this.faults = faults;
        this.csrf = csrf;
        this.address = address;
        this.portals = portals;
        this.proofs = proofs;
        this.clock = clock;
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        boolean post = !request.prologue().method().equals(Method.GET);
        Parameters parameters =
                post ? Bodies.form(request) : Parameters.parse(request.query().rawValue());
        if (!parameters.repeated().isEmpty()) {
            faults.page(request, response, Fault.repeated(parameters.repeated()));
            return;
        }
        Optional<JwtVerifier.Result.Valid> hint =
                parameters.one("id_token_hint").flatMap(token -> idToken(tenant, token));
        if (parameters.one("id_token_hint").isPresent() && hint.isEmpty()) {
            faults.page(request, response, Fault.malformed("id_token_hint is no ID token of this organisation."));
            return;
        }
        Optional<String> back =
                parameters.one("post_logout_redirect_uri").filter(uri -> isRegistered(tenant, hint, parameters, uri));
        Optional<BrowserSessions.Current> current = sessions.current(request, tenant.id());
        boolean confirmed = post && csrf.accepts(request, FORM, parameters);
        boolean known =
                current.isPresent() && knows(current.get().session().id().value(), hint, parameters);
        if (current.isPresent() && !confirmed && !known) {
            pages.send(
                    response,
                    200,
                    new SignOutPage(
                            "/" + tenant.name() + "/oauth2/v2.0/logout",
                            csrf.token(request, response, FORM),
                            back.orElse(""),
                            parameters.oneOrEmpty("state"),
                            parameters.oneOrEmpty("client_id"),
                            back.map(uri -> List.of("https:")).orElse(List.of())));
            return;
        }
        Optional<SessionStore.Row> ended = sessions.end(request, response);
        Optional<String> at = back.map(uri -> withState(uri, parameters.one("state")));
        Optional<String> target = ended.flatMap(session -> upstream.leave(response, tenant, session, at))
                .or(() -> at);
        if (ended.isPresent() && saml.begin(request, response, tenant, ended.get(), target)) {
            return;
        }
        if (target.isPresent()) {
            response.status(Status.SEE_OTHER_303)
                    .header(HeaderNames.LOCATION, target.get())
                    .send();
        } else {
            pages.send(response, 200, signedOut(tenant));
        }
    }

    /// Who shows an ID token of this very session has the user's trust already, and so has the application from which
    /// the gateway sent him.
    private boolean knows(String session, Optional<JwtVerifier.Result.Valid> hint, Parameters parameters) {
        return hint.filter(token -> token.text("sid").equals(session)).isPresent()
                || parameters
                        .one(SignOutProof.PARAMETER)
                        .filter(proof -> proofs.holds(proof, session, clock.instant()))
                        .isPresent();
    }

    /// An ID token that we issued, be it old. Access tokens and logout tokens have the same signature.
    private Optional<JwtVerifier.Result.Valid> idToken(Tenant tenant, String token) {
        return keys.verifier(tenant.id()).verifySignature(token) instanceof JwtVerifier.Result.Valid valid
                        && List.of("scp", "idtyp", "events").stream().noneMatch(valid.claims()::containsKey)
                ? Optional.of(valid)
                : Optional.empty();
    }

    private MessagePage signedOut(Tenant tenant) {
        return MessagePage.done(
                pages.texts().of("signedOut.heading"),
                pages.texts().of("signedOut.text"),
                Optional.of(new MessagePage.Link(pages.texts().of("signedOut.link"), portals.of(tenant))));
    }

    /// Exactly a redirect URI of the application that the request names, or of any of the tenant when it names none,
    /// or our own portal.
    private boolean isRegistered(
            Tenant tenant, Optional<JwtVerifier.Result.Valid> hint, Parameters parameters, String uri) {
        if (uri.equals(portals.of(tenant))) {
            return true;
        }
        Optional<String> client = hint.flatMap(LogoutEndpoint::audience).or(() -> parameters.one("client_id"));
        if (client.isPresent()) {
            return parties.find(tenant, client.get())
                    .filter(party -> party.isRegistered(uri, address))
                    .isPresent();
        }
        return store.read(s -> s.applications().list(tenant.id())).stream()
                        .map(Application::redirectUris)
                        .flatMap(List::stream)
                        .map(address::follow)
                        .anyMatch(uri::equals)
                || saml.isReply(tenant, uri);
    }

    private static Optional<String> audience(JwtVerifier.Result.Valid token) {
        return token.claims().get("aud") instanceof List<?> all && all.size() == 1
                ? Optional.of(String.valueOf(all.getFirst()))
                : Optional.empty();
    }

    private static String withState(String uri, Optional<String> state) {
        return state.map(s -> uri + (uri.indexOf('?') < 0 ? "?" : "&") + "state=" + Parameters.encode(s))
                .orElse(uri);
    }
}
