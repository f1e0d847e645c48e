package io.postern.identity.federation;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.account.Actor;
import io.postern.account.Federation;
import io.postern.domain.federation.Arrival;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.Upstream;
import io.postern.identity.federation.UpstreamFault.Kind;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.signin.SignIn;
import io.postern.store.IdentityProviderStore.Row;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.web.Bodies;
import io.postern.web.FormPostPage;
import io.postern.web.Pages;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where browsers come back to from upstream identity providers: `/{tenant}/federation/{provider}/...`.
public final class UpstreamEndpoint {
    /// How much earlier than the question a new sign-in there may say it was, for clocks that differ.
    private static final long CLOCKS_SECONDS = 60;

    private static final String BOUNCED = "again";
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamEndpoint.class);

    private interface Reading {
        Word read(Departure departure) throws UpstreamFault;
    }

    private final Realms realms;
    private final Departures departures;
    private final OidcUpstream oidc;
    private final SamlUpstream saml;
    private final SignOuts signOuts;
    private final Federation accounts;
    private final BrowserSessions sessions;
    private final SignIn signIn;
    private final Pages pages;
    private final FaultWriter faults;
    private final Clock clock;

    UpstreamEndpoint(
            Realms realms,
            Departures departures,
            OidcUpstream oidc,
            SamlUpstream saml,
            SignOuts signOuts,
            Federation accounts,
            BrowserSessions sessions,
            SignIn signIn,
            Pages pages,
            FaultWriter faults,
            Clock clock) {
        this.realms = realms;
        this.departures = departures;
        this.oidc = oidc;
        this.saml = saml;
        this.signOuts = signOuts;
        this.accounts = accounts;
        this.sessions = sessions;
        this.signIn = signIn;
        this.pages = pages;
        this.faults = faults;
        this.clock = clock;
    }

    /// `GET .../callback`: the answer of an OpenID Provider.
    public void callback(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters brought = Parameters.parse(request.query().rawValue());
        Optional<Row> row = realms.enabled(request, tenant);
        if (!brought.repeated().isEmpty()) {
            faults.page(request, response, Fault.repeated(brought.repeated()));
        } else if (row.isPresent() && row.get().provider().upstream() instanceof Upstream.Oidc settings) {
            arrive(
                    request,
                    response,
                    tenant,
                    row.get(),
                    brought.oneOrEmpty("state"),
                    departure -> oidc.answer(row.get(), settings, departure, brought));
        } else {
            faults.page(request, response, Realms.UNKNOWN);
        }
    }

    /// `POST .../acs`: the answer of a SAML identity provider. Browsers send our cookies with it only from a
    /// page of our own, so the first time it is handed on to itself by one.
    public void consume(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters brought = Bodies.form(request);
        Optional<Row> row = realms.enabled(request, tenant);
        if (!brought.repeated().isEmpty()) {
            faults.page(request, response, Fault.repeated(brought.repeated()));
        } else if (row.isPresent() && row.get().provider().upstream() instanceof Upstream.Saml settings) {
            String state = brought.oneOrEmpty("RelayState");
            if (brought.one(BOUNCED).isEmpty()) {
                var fields = new LinkedHashMap<String, String>();
                fields.put("SAMLResponse", brought.oneOrEmpty("SAMLResponse"));
                fields.put("RelayState", state);
                fields.put(BOUNCED, "1");
                pages.send(
                        response,
                        200,
                        FormPostPage.of(
                                Addresses.path(tenant.id(), row.get().provider().id()) + "/acs",
                                fields,
                                List.of("https:")));
                return;
            }
            arrive(
                    request,
                    response,
                    tenant,
                    row.get(),
                    state,
                    departure -> saml.answer(row.get(), settings, departure, brought.oneOrEmpty("SAMLResponse")));
        } else {
            faults.page(request, response, Realms.UNKNOWN);
        }
    }

    /// `GET .../metadata`: of our side, for the administrator of a SAML identity provider.
    public void metadata(ServerRequest request, ServerResponse response, Tenant tenant) {
        Optional<Row> row = realms.enabled(request, tenant);
        if (row.isPresent() && row.get().provider().upstream() instanceof Upstream.Saml settings) {
            response.header(HeaderNames.CONTENT_TYPE, "application/samlmetadata+xml")
                    .header(HeaderNames.CONTENT_DISPOSITION, "inline; filename=\"metadata.xml\"");
            response.send(saml.metadata(row.get(), settings).getBytes(StandardCharsets.UTF_8));
        } else {
            faults.page(request, response, Realms.UNKNOWN);
        }
    }

    private void arrive(
            ServerRequest request, ServerResponse response, Tenant tenant, Row row, String state, Reading reading) {
        IdentityProvider provider = row.provider();
        Departure departure;
        try {
            departure = departures.take(request, response, tenant, provider.id(), state);
        } catch (UpstreamFault e) {
            log(request, provider, e);
            faults.page(
                    request,
                    response,
                    new Fault(
                            "invalid_request",
                            e.kind().number(),
                            e.kind().status(),
                            pages.texts().of(e.kind().text(), provider.displayName())));
            return;
        }
        try {
            Word word = reading.read(departure);
            checkAge(departure, word);
            if (departure.user().isEmpty()) {
                welcome(request, response, tenant, row, departure, word);
            } else {
                link(request, response, tenant, provider, departure, word);
            }
        } catch (UpstreamFault e) {
            log(request, provider, e);
            if (departure.user().isEmpty()) {
                signIn.notArrived(request, response, tenant, departure.errand(), Realms.mishap(provider, e));
            } else {
                faults.page(
                        request,
                        response,
                        new Fault(
                                "access_denied",
                                e.kind().number(),
                                e.kind().status(),
                                pages.texts().of(e.kind().text(), provider.displayName())));
            }
        }
    }

    private static void checkAge(Departure departure, Word word) throws UpstreamFault {
        if (departure.ageMax() < 0) {
            return;
        }
        Instant earliest = departure.began().minusSeconds(departure.ageMax() + CLOCKS_SECONDS);
        if (word.authenticated().isEmpty()) {
            throw new UpstreamFault(Kind.NOT_FRESH, "it does not say when the user signed in (auth_time)");
        }
        if (word.authenticated().get().isBefore(earliest)) {
            throw new UpstreamFault(
                    Kind.NOT_FRESH,
                    "the user signed in there at " + word.authenticated().get() + ", and again was asked for");
        }
    }

    private void welcome(
            ServerRequest request, ServerResponse response, Tenant tenant, Row row, Departure departure, Word word)
            throws UpstreamFault {
        IdentityProvider provider = row.provider();
        User user = taken(provider, accounts.arrive(tenant, provider, word.stated(), actor(request, provider)));
        if (!user.accountEnabled()) {
            throw new UpstreamFault(Kind.DISABLED, "the account '" + user.userPrincipalName() + "' is disabled");
        }
        Instant now = clock.instant();
        Optional<Instant> mfa = provider.trustsMfa() && word.multiFactor()
                ? Optional.of(
                        word.authenticated().filter(at -> at.isBefore(now)).orElse(now))
                : Optional.empty();
        signIn.arrived(
                request, response, tenant, departure.errand(), user, mfa, signOuts.realm(provider, word.session()));
    }

    /// Only for the user who is signed in in this browser still.
    private void link(
            ServerRequest request,
            ServerResponse response,
            Tenant tenant,
            IdentityProvider provider,
            Departure departure,
            Word word)
            throws UpstreamFault {
        User user = sessions.current(request, tenant.id())
                .map(BrowserSessions.Current::user)
                .filter(current -> current.id().value().equals(departure.user()))
                .orElseThrow(() -> new UpstreamFault(Kind.STALE, "the user has signed out meanwhile"));
        RequestFacts facts = RequestFacts.of(request);
        taken(
                provider,
                accounts.link(
                        user, provider, word.stated(), Actor.self(user, facts.clientAddress(), facts.correlation())));
        response.status(Status.SEE_OTHER_303)
                .header(HeaderNames.LOCATION, "/" + tenant.name() + "/linked-accounts")
                .send();
    }

    private static User taken(IdentityProvider provider, Federation.Result result) throws UpstreamFault {
        return switch (result) {
            case Federation.Result.Known(User user) -> user;
            case Federation.Result.Refused(Arrival.Reason reason) ->
                throw switch (reason) {
                    case UNKNOWN ->
                        new UpstreamFault(
                                Kind.UNKNOWN,
                                "nobody is linked to this person, and '" + provider.displayName()
                                        + "' brings nobody new; make an account, or allow newcomers");
                    case ADMINISTRATOR ->
                        new UpstreamFault(
                                Kind.TAKEN,
                                "the account is an administrator's, and its name alone leads to it; remove such a link"
                                        + " (postern federation unlink), and he signs in here and links the account"
                                        + " himself");
                    case OTHER_PERSON ->
                        new UpstreamFault(
                                Kind.TAKEN,
                                "the account of this name is linked to another person of the provider; remove that"
                                        + " link first");
                    case NAME_TAKEN ->
                        new UpstreamFault(
                                Kind.TAKEN,
                                "the name is somebody else's here, and the provider does not speak for its domain");
                };
        };
    }

    private static Actor actor(ServerRequest request, IdentityProvider provider) {
        RequestFacts facts = RequestFacts.of(request);
        return new Actor("", provider.displayName(), "", Optional.of(facts.clientAddress()), facts.correlation());
    }

    private static void log(ServerRequest request, IdentityProvider provider, UpstreamFault fault) {
        LOG.info(
                "sign-in elsewhere failed provider={} kind={} problem={} exchange={}",
                provider.id(),
                fault.kind(),
                fault.why(),
                RequestFacts.of(request).exchange());
    }
}
