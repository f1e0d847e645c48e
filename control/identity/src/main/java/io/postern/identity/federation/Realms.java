package io.postern.identity.federation;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.IdentityProviderId;
import io.postern.domain.TenantId;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.Upstream;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.Opaque;
import io.postern.identity.session.BrowserSessions;
import io.postern.identity.session.Proof;
import io.postern.identity.signin.Demand;
import io.postern.identity.signin.Errand;
import io.postern.identity.signin.HomeRealms;
import io.postern.identity.signin.Leaving;
import io.postern.saml.MessageId;
import io.postern.store.IdentityProviderStore.Row;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.web.RealmButton;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Finds the provider that a sign-in belongs to, and sends the browser there.
final class Realms implements HomeRealms {
    static final Fault UNKNOWN =
            new Fault("invalid_request", 50107, 404, "There is no such identity provider for sign-ins here.");

    private final Store store;
    private final BrowserSessions sessions;
    private final OidcUpstream oidc;
    private final SamlUpstream saml;
    private final Departures departures;
    private final Clock clock;

    Realms(
            Store store,
            BrowserSessions sessions,
            OidcUpstream oidc,
            SamlUpstream saml,
            Departures departures,
            Clock clock) {
        this.store = store;
        this.sessions = sessions;
        this.oidc = oidc;
        this.saml = saml;
        this.departures = departures;
        this.clock = clock;
    }

    @Override
    public boolean any(Tenant tenant) {
        return !enabled(tenant).isEmpty();
    }

    @Override
    public List<RealmButton> buttons(Tenant tenant) {
        return enabled(tenant).stream()
                .map(Row::provider)
                .filter(IdentityProvider::shown)
                .map(provider -> new RealmButton(provider.id().value(), provider.displayName()))
                .toList();
    }

    @Override
    public boolean byName(Tenant tenant) {
        return enabled(tenant).stream()
                .anyMatch(row -> !row.provider().domains().isEmpty());
    }

    @Override
    public Leaving leaveByName(ServerRequest request, ServerResponse response, Errand errand, String name) {
        String domain = IdentityProvider.domainOf(name);
        Optional<Row> row = domain.isEmpty()
                ? Optional.empty()
                : store.read(
                        s -> s.identityProviders().findByDomain(errand.tenant().id(), domain));
        return leave(request, response, errand, row, name.strip());
    }

    @Override
    public Leaving leaveByHint(ServerRequest request, ServerResponse response, Errand errand, String hint) {
        String wanted = hint.strip().toLowerCase(Locale.ROOT);
        Optional<Row> row = wanted.isEmpty()
                ? Optional.empty()
                : enabled(errand.tenant()).stream()
                        .filter(one -> one.provider().speaksFor(wanted)
                                || one.provider().hint().filter(wanted::equals).isPresent()
                                || one.provider().upstream().issuer().equals(hint.strip()))
                        .findFirst();
        return leave(request, response, errand, row, errand.loginHint());
    }

    @Override
    public Leaving leaveTo(ServerRequest request, ServerResponse response, Errand errand, String provider) {
        return leave(request, response, errand, row(errand.tenant().id(), provider), "");
    }

    @Override
    public Leaving leaveAgain(
            ServerRequest request, ServerResponse response, Errand errand, BrowserSessions.Current current) {
        return leave(request, response, errand, row(current), "");
    }

    @Override
    public Optional<String> of(BrowserSessions.Current current) {
        return row(current).map(row -> row.provider().displayName());
    }

    /// The provider of a path, if users may come from it.
    Optional<Row> enabled(ServerRequest request, Tenant tenant) {
        return row(tenant.id(), request.path().pathParameters().get("provider"))
                .filter(row -> row.provider().enabled());
    }

    Optional<Row> row(TenantId tenant, String id) {
        try {
            var provider = new IdentityProviderId(id);
            return store.read(s -> s.identityProviders().find(tenant, provider));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Sends a signed-in user to the provider with which he links his account.
    Leaving link(ServerResponse response, Tenant tenant, Row row, BrowserSessions.Current current) {
        return leave(
                response, tenant, row, departure(row, 0, "", current.user().id().value()), "");
    }

    private Optional<Row> row(BrowserSessions.Current current) {
        if (!current.session().methods().contains(Proof.FEDERATED)) {
            return Optional.empty();
        }
        TenantId tenant = current.user().tenant();
        return store.read(s -> s.federatedIdentities()
                .session(tenant, current.session().id())
                .flatMap(session -> s.identityProviders().find(tenant, session.provider())));
    }

    private List<Row> enabled(Tenant tenant) {
        return store.read(s -> s.identityProviders().list(tenant.id())).stream()
                .filter(row -> row.provider().enabled())
                .toList();
    }

    private Leaving leave(
            ServerRequest request, ServerResponse response, Errand errand, Optional<Row> found, String hint) {
        Optional<Row> row = found.filter(one -> one.provider().enabled());
        if (row.isEmpty()) {
            return new Leaving.Here();
        }
        return leave(
                response,
                errand.tenant(),
                row.get(),
                departure(row.get(), ageMax(request, errand), errand.sealed(), ""),
                hint);
    }

    /// Who has a session here and shall sign in all the same, proves it there too: its session is not asked.
    private long ageMax(ServerRequest request, Errand errand) {
        Demand demand = errand.demand();
        boolean again = demand.fresh()
                || sessions.current(request, errand.tenant().id()).isPresent();
        return again ? 0 : demand.maxAge().map(age -> age.toSeconds()).orElse(-1L);
    }

    private Departure departure(Row row, long ageMax, String errand, String user) {
        boolean isSaml = row.provider().upstream() instanceof Upstream.Saml;
        return new Departure(
                row.provider().id().value(),
                Opaque.random(),
                isSaml ? MessageId.random() : Opaque.random(),
                isSaml ? "" : Opaque.random(),
                clock.instant(),
                ageMax,
                errand,
                user);
    }

    private Leaving leave(ServerResponse response, Tenant tenant, Row row, Departure departure, String hint) {
        try {
            String url = switch (row.provider().upstream()) {
                case Upstream.Oidc settings -> oidc.question(row.provider(), settings, departure, hint);
                case Upstream.Saml settings -> saml.question(row, settings, departure);
            };
            departures.write(response, tenant, departure);
            response.status(Status.SEE_OTHER_303)
                    .header(HeaderNames.LOCATION, url)
                    .send();
            return new Leaving.Left();
        } catch (UpstreamFault e) {
            return new Leaving.Failed(mishap(row.provider(), e));
        }
    }

    static Leaving.Mishap mishap(IdentityProvider provider, UpstreamFault fault) {
        UpstreamFault.Kind kind = fault.kind();
        return new Leaving.Mishap(provider.displayName(), kind.number(), kind.status(), kind.text(), fault.why());
    }
}
