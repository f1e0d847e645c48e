package io.postern.identity.federation;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.Upstream;
import io.postern.identity.protocol.Opaque;
import io.postern.identity.session.UpstreamSignOut;
import io.postern.identity.signin.HomeRealm;
import io.postern.store.FederatedIdentityStore;
import io.postern.store.IdentityProviderStore;
import io.postern.store.SessionStore;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Cookies;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends sessions at upstreams with those here that came from them. An upstream that cannot be asked keeps
/// nobody signed in here.
final class SignOuts implements UpstreamSignOut {
    private static final String COOKIE = "__Host-postern-upstream-out";
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    /// Beyond it, addresses are cut off on their way.
    private static final int URL_MAX = 7_000;

    private static final Logger LOG = LoggerFactory.getLogger(SignOuts.class);

    private final Store store;
    private final Sealer handles;
    private final Sealer rounds;
    private final OidcUpstream oidc;
    private final SamlUpstream saml;

    SignOuts(Store store, KeyRing ring, OidcUpstream oidc, SamlUpstream saml) {
        this.store = store;
        this.handles = new Sealer(ring, "upstream-session");
        this.rounds = new Sealer(ring, "upstream-sign-out");
        this.oidc = oidc;
        this.saml = saml;
    }

    HomeRealm realm(IdentityProvider provider, Word.Session session) {
        return new HomeRealm(
                provider.id(),
                handles.seal(
                        session.handle().getBytes(StandardCharsets.UTF_8),
                        provider.id().value()),
                hash(session.subject()),
                hash(session.index()));
    }

    /// By which a session is found again; nothing of it is to be read in the database.
    static String hash(String name) {
        return name.isEmpty() ? "" : Opaque.hash(name);
    }

    Optional<String> handle(FederatedIdentityStore.Session session) {
        return handles.open(session.sealed(), session.provider().value())
                .map(plain -> new String(plain, StandardCharsets.UTF_8));
    }

    @Override
    public Optional<String> leave(
            ServerResponse response, Tenant tenant, SessionStore.Row ended, Optional<String> back) {
        Optional<FederatedIdentityStore.Session> session =
                store.read(s -> s.federatedIdentities().session(ended.tenant(), ended.id()));
        if (session.isEmpty() || !ended.tenant().equals(tenant.id())) {
            return back;
        }
        store.write(s -> {
            s.federatedIdentities().end(ended.tenant(), ended.id());
            return true;
        });
        Optional<IdentityProviderStore.Row> row = store.read(
                s -> s.identityProviders().find(tenant.id(), session.get().provider()));
        Optional<String> handle = handle(session.get());
        if (row.isEmpty()
                || handle.isEmpty()
                || !row.get().provider().enabled()
                || !row.get().provider().signsOut()) {
            return back;
        }
        String state = Opaque.random();
        Optional<String> url = url(row.get(), handle.get(), state).filter(u -> u.length() <= URL_MAX);
        url.ifPresent(u -> Cookies.set(
                response,
                COOKIE,
                rounds.seal(
                        (state + " " + back.orElse("")).getBytes(StandardCharsets.UTF_8),
                        tenant.id().value()),
                LIFETIME));
        return url.isPresent() ? url : back;
    }

    private Optional<String> url(IdentityProviderStore.Row row, String handle, String state) {
        try {
            return switch (row.provider().upstream()) {
                case Upstream.Oidc settings -> oidc.signOut(row.provider(), settings, handle, state);
                case Upstream.Saml settings -> saml.signOut(row, settings, handle, state);
            };
        } catch (UpstreamFault e) {
            LOG.warn(
                    "not signed out upstream provider={} problem={}",
                    row.provider().id(),
                    e.why());
            return Optional.empty();
        }
    }

    /// Where a browser goes that comes back from there; empty for nowhere in particular.
    Optional<String> back(ServerRequest request, ServerResponse response, Tenant tenant, String state) {
        Optional<String[]> round = Cookies.read(request, COOKIE)
                .flatMap(cookie -> rounds.open(cookie, tenant.id().value()))
                .map(plain -> new String(plain, StandardCharsets.UTF_8).split(" ", 2))
                .filter(parts -> parts[0].equals(state));
        Cookies.clear(response, COOKIE);
        return round.map(parts -> parts[1]).filter(url -> !url.isEmpty());
    }
}
