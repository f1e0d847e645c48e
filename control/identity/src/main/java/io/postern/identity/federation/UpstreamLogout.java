package io.postern.identity.federation;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.Upstream;
import io.postern.identity.federation.EndedThere.Named;
import io.postern.identity.federation.UpstreamFault.Kind;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.protocol.Portals;
import io.postern.identity.saml.SingleLogout;
import io.postern.identity.session.BrowserSessions;
import io.postern.saml.LogoutRequest;
import io.postern.saml.NameId;
import io.postern.saml.PostBinding;
import io.postern.saml.RedirectBinding;
import io.postern.saml.xml.RefusedMessage;
import io.postern.store.IdentityProviderStore.Row;
import io.postern.store.SessionStore;
import io.postern.store.Tenant;
import io.postern.token.UpstreamLogoutToken;
import io.postern.web.Bodies;
import io.postern.web.MessagePage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sign-out that began at an upstream (FED-4), and the way back from one that began here.
public final class UpstreamLogout {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamLogout.class);

    private final Realms realms;
    private final OidcUpstream oidc;
    private final SamlLogout saml;
    private final EndedThere endings;
    private final SignOuts signOuts;
    private final SingleLogout applications;
    private final BrowserSessions sessions;
    private final Pages pages;
    private final FaultWriter faults;
    private final Portals portals;

    UpstreamLogout(
            Realms realms,
            OidcUpstream oidc,
            SamlLogout saml,
            EndedThere endings,
            SignOuts signOuts,
            SingleLogout applications,
            BrowserSessions sessions,
            Pages pages,
            FaultWriter faults,
            Portals portals) {
        this.realms = realms;
        this.oidc = oidc;
        this.saml = saml;
        this.endings = endings;
        this.signOuts = signOuts;
        this.applications = applications;
        this.sessions = sessions;
        this.pages = pages;
        this.faults = faults;
        this.portals = portals;
    }

    /// `POST .../back-channel-logout`: a provider's logout token (OpenID Connect Back-Channel Logout §2.5). It
    /// is told that the token holds, not whether anybody was signed in.
    public void backChannel(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters brought = Bodies.form(request);
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Optional<Row> row = realms.enabled(request, tenant);
        if (!brought.repeated().isEmpty()) {
            faults.json(request, response, Fault.repeated(brought.repeated()));
        } else if (row.isPresent() && row.get().provider().upstream() instanceof Upstream.Oidc settings) {
            IdentityProvider provider = row.get().provider();
            try {
                UpstreamLogoutToken.Result.Valid token =
                        oidc.signedOut(provider, settings, brought.oneOrEmpty("logout_token"));
                endings.end(
                        provider,
                        token.id(),
                        token.expires(),
                        new Named(token.subject(), token.session().stream().toList()));
                response.send();
            } catch (UpstreamFault e) {
                log(request, provider, e);
                faults.json(request, response, fault(e));
            }
        } else {
            faults.json(request, response, Realms.UNKNOWN);
        }
    }

    /// `GET .../front-channel-logout`: in a hidden frame of the provider's page (OpenID Connect Front-Channel
    /// Logout §2). Our cookies are kept out of it; the session's name, which only the provider and we know,
    /// says which.
    public void frontChannel(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters brought = Parameters.parse(request.query().rawValue());
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Optional<Row> row = realms.enabled(request, tenant);
        if (!brought.repeated().isEmpty()) {
            faults.page(request, response, Fault.repeated(brought.repeated()));
        } else if (row.isPresent() && row.get().provider().upstream() instanceof Upstream.Oidc settings) {
            if (!brought.oneOrEmpty("iss").equals(settings.issuer())
                    || brought.oneOrEmpty("sid").isEmpty()) {
                faults.page(
                        request,
                        response,
                        Fault.malformed("iss and sid must name the provider and the session that ended there."));
                return;
            }
            endings.end(row.get().provider(), new Named(Optional.empty(), List.of(brought.oneOrEmpty("sid"))));
            sendSignedOut(response, tenant);
        } else {
            faults.page(request, response, Realms.UNKNOWN);
        }
    }

    /// `GET .../signed-out`: a SAML provider wants a session to end, or the session there has ended after the
    /// one here. Then nothing is done on anybody's word.
    public void signedOut(ServerRequest request, ServerResponse response, Tenant tenant) {
        String query = request.query().rawValue();
        Parameters brought = Parameters.parse(query);
        if (brought.one("SAMLRequest").isPresent()) {
            asked(request, response, tenant, () -> {
                RedirectBinding.Received received = RedirectBinding.read(query, "SAMLRequest");
                return new Asked(SamlLogout.redirected(received), received.relayState());
            });
            return;
        }
        String state = brought.one("state").orElse(brought.oneOrEmpty("RelayState"));
        Optional<String> back = signOuts.back(request, response, tenant, state);
        if (back.isPresent()) {
            redirect(response, back.get());
        } else {
            sendSignedOut(response, tenant);
        }
    }

    /// `POST .../signed-out`: the same by POST, to which browsers add no cookie of ours.
    public void posted(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters brought = Bodies.form(request);
        Optional<String> asked = brought.one("SAMLRequest");
        if (!brought.repeated().isEmpty()) {
            faults.page(request, response, Fault.repeated(brought.repeated()));
        } else if (asked.isPresent()) {
            asked(
                    request,
                    response,
                    tenant,
                    () -> new Asked(SamlLogout.posted(PostBinding.read(asked.get())), brought.one("RelayState")));
        } else {
            redirect(
                    response,
                    request.path().path() + "?RelayState=" + Parameters.encode(brought.oneOrEmpty("RelayState")));
        }
    }

    private record Asked(SamlLogout.Signed message, Optional<String> relayState) {}

    @FunctionalInterface
    private interface Reading {
        Asked read() throws RefusedMessage;
    }

    private void asked(ServerRequest request, ServerResponse response, Tenant tenant, Reading reading) {
        Optional<Row> row = realms.enabled(request, tenant);
        if (row.isEmpty() || !(row.get().provider().upstream() instanceof Upstream.Saml settings)) {
            faults.page(request, response, Realms.UNKNOWN);
            return;
        }
        IdentityProvider provider = row.get().provider();
        try {
            Asked asked = reading.read();
            LogoutRequest message = saml.read(provider, settings, asked.message());
            Optional<BrowserSessions.Current> current = sessions.current(request, tenant.id());
            List<SessionStore.Row> ended = endings.end(
                    provider,
                    message.header().id(),
                    message.header().issued().plus(SamlLogout.AGE_MAX),
                    new Named(message.nameId().map(NameId::value), message.sessionIndexes()));
            Optional<String> answer = saml.answer(row.get(), settings, message, asked.relayState());
            Optional<SessionStore.Row> here = ended.stream()
                    .filter(one -> current.filter(c -> c.session().id().equals(one.id()))
                            .isPresent())
                    .findFirst()
                    // a POST comes without our cookie, and from this browser all the same
                    .or(() -> ended.size() == 1 ? Optional.of(ended.getFirst()) : Optional.empty());
            if (here.isPresent() && applications.begin(request, response, tenant, here.get(), answer)) {
                return; // they are told first
            }
            if (answer.isPresent()) {
                redirect(response, answer.get());
            } else {
                sendSignedOut(response, tenant);
            }
        } catch (RefusedMessage e) {
            refuse(
                    request,
                    response,
                    provider,
                    new UpstreamFault(
                            Kind.INVALID,
                            "its logout request is not taken: "
                                    + OidcUpstream.printable(String.valueOf(e.getMessage()))));
        } catch (UpstreamFault e) {
            refuse(request, response, provider, e);
        }
    }

    private void refuse(
            ServerRequest request, ServerResponse response, IdentityProvider provider, UpstreamFault fault) {
        log(request, provider, fault);
        faults.page(
                request,
                response,
                new Fault(
                        "invalid_request",
                        fault.kind().number(),
                        fault.kind().status(),
                        pages.texts().of(fault.kind().text(), provider.displayName())));
    }

    private static Fault fault(UpstreamFault fault) {
        return new Fault(
                "invalid_request",
                fault.kind().number(),
                fault.kind().status(),
                "The logout token is not taken; the log of the service says why.");
    }

    private void sendSignedOut(ServerResponse response, Tenant tenant) {
        pages.send(
                response,
                200,
                MessagePage.done(
                        pages.texts().of("signedOut.heading"),
                        pages.texts().of("signedOut.text"),
                        Optional.of(new MessagePage.Link(pages.texts().of("signedOut.link"), portals.of(tenant)))));
    }

    private static void redirect(ServerResponse response, String location) {
        response.status(Status.SEE_OTHER_303)
                .header(HeaderNames.LOCATION, location)
                .send();
    }

    private static void log(ServerRequest request, IdentityProvider provider, UpstreamFault fault) {
        LOG.info(
                "sign-out elsewhere not taken provider={} kind={} problem={} exchange={}",
                provider.id(),
                fault.kind(),
                fault.why(),
                RequestFacts.of(request).exchange());
    }
}
