package io.postern.identity.oidc;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.domain.publish.Application;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.saml.SingleLogout;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.SessionStore;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.web.Bodies;
import io.postern.web.Csrf;
import io.postern.web.MessagePage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.SignOutPage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/{tenant}/oauth2/v2.0/logout` (OpenID Connect RP-Initiated Logout): ends the session here, and through
/// the revocations of the snapshot at every application.
///
/// A request that the browser says comes from another site asks the user first: signing people out is no
/// right of any page on the web.
public final class LogoutEndpoint {
    private static final String FORM = "sign-out";

    private final Store store;
    private final BrowserSessions sessions;
    private final SingleLogout saml;
    private final Pages pages;
    private final FaultWriter faults;
    private final Csrf csrf;
    private final ServiceAddress address;

    public LogoutEndpoint(
            Store store,
            BrowserSessions sessions,
            SingleLogout saml,
            Pages pages,
            FaultWriter faults,
            Csrf csrf,
            ServiceAddress address) {
        this.store = store;
        this.sessions = sessions;
        this.saml = saml;
        this.pages = pages;
        this.faults = faults;
        this.csrf = csrf;
        this.address = address;
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        boolean post = !request.prologue().method().equals(Method.GET);
        Parameters parameters =
                post ? Bodies.form(request) : Parameters.parse(request.query().rawValue());
        if (!parameters.repeated().isEmpty()) {
            faults.page(request, response, Fault.repeated(parameters.repeated()));
            return;
        }
        Optional<String> back = parameters.one("post_logout_redirect_uri").filter(uri -> isRegistered(tenant, uri));
        Optional<BrowserSessions.Current> current = sessions.current(request, tenant.id());
        boolean confirmed = post && csrf.accepts(request, FORM, parameters);
        if (current.isPresent() && !confirmed && (post || isCrossSite(request))) {
            pages.send(
                    response,
                    200,
                    new SignOutPage(
                            "/" + tenant.name() + "/oauth2/v2.0/logout",
                            csrf.token(request, response, FORM),
                            back.orElse(""),
                            parameters.oneOrEmpty("state"),
                            formTargets(tenant, current.get(), back)));
            return;
        }
        Optional<SessionStore.Row> ended = sessions.end(request, response);
        if (ended.isPresent() && saml.begin(request, response, tenant, ended.get(), afterSaml(tenant, parameters))) {
            return;
        }
        back.ifPresentOrElse(
                uri -> response.status(Status.SEE_OTHER_303)
                        .header(HeaderNames.LOCATION, withState(uri, parameters.one("state")))
                        .send(),
                () -> pages.send(response, 200, signedOut()));
    }

    /// The form's answer may lead to service providers and to the application that asked.
    private List<String> formTargets(Tenant tenant, BrowserSessions.Current current, Optional<String> back) {
        if (saml.concerns(tenant, current.session())) {
            return List.of("https:", "http:");
        }
        return back.map(uri -> List.of("https:")).orElse(List.of());
    }

    /// Here again, when the service providers have been told: without a session, it only leads back.
    private static String afterSaml(Tenant tenant, Parameters parameters) {
        return "/" + tenant.name() + "/oauth2/v2.0/logout?"
                + parameters.without(Set.of("csrf")).encoded();
    }

    private MessagePage signedOut() {
        return MessagePage.done(
                pages.texts().of("signedOut.heading"),
                pages.texts().of("signedOut.text"),
                Optional.of(new MessagePage.Link(
                        pages.texts().of("signedOut.link"), address.origin(OwnHost.MYAPPS) + "/")));
    }

    /// Exactly a redirect URI of an application of the tenant, or our own portal.
    private boolean isRegistered(Tenant tenant, String uri) {
        return uri.equals(address.origin(OwnHost.MYAPPS) + "/")
                || store.read(s -> s.applications().list(tenant.id())).stream()
                        .map(Application::redirectUris)
                        .flatMap(List::stream)
                        .map(address::follow)
                        .anyMatch(uri::equals)
                || saml.isReply(tenant, uri);
    }

    private static boolean isCrossSite(ServerRequest request) {
        return request.headers()
                .first(HeaderNames.create("sec-fetch-site"))
                .filter("cross-site"::equals)
                .isPresent();
    }

    private static String withState(String uri, Optional<String> state) {
        return state.map(s -> uri + (uri.indexOf('?') < 0 ? "?" : "&") + "state=" + Parameters.encode(s))
                .orElse(uri);
    }
}
