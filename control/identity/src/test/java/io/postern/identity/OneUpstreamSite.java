package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.IdentityProviderId;
import io.postern.domain.UserId;
import io.postern.domain.federation.ClaimMap;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.IdentityProvider.Newcomers;
import io.postern.domain.federation.Upstream;
import io.postern.identity.Browser.Answer;
import io.postern.store.IdentityProviderStore;
import io.postern.store.User;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A login host whose tenant contoso takes the word of one upstream OpenID Provider, new for each test.
abstract class OneUpstreamSite {
    static final String NAME = "Partner Login";

    @TempDir
    Path folder;

    LoginHost host;
    Browser browser;
    FakeOpenIdProvider upstream;
    IdentityProvider provider;

    @BeforeEach
    void start() {
        upstream = new FakeOpenIdProvider();
        host = LoginHost.trusting(folder, FakeOpenIdProvider.AUTHORITY);
        browser = host.browser();
        provider = store(fresh());
    }

    @AfterEach
    void stop() {
        host.close();
        upstream.close();
    }

    IdentityProvider fresh() {
        return new IdentityProvider(
                host.contoso.id(),
                IdentityProviderId.random(),
                NAME,
                true,
                true,
                List.of(),
                Optional.of("partner"),
                new Upstream.Oidc(upstream.issuer(), "postern", Upstream.ClientProof.SECRET, Upstream.Oidc.SCOPES),
                Newcomers.GUESTS,
                false,
                true,
                ClaimMap.OIDC,
                List.of());
    }

    /// In place of what was registered before.
    IdentityProvider register(UnaryOperator<IdentityProvider> change) {
        return store(change.apply(provider));
    }

    IdentityProvider store(IdentityProvider registered) {
        provider = registered;
        String sealed = host.federationSecrets.seal(
                "s3cret & more".getBytes(StandardCharsets.UTF_8), provider.id().value());
        host.store.write(s -> {
            s.identityProviders().put(new IdentityProviderStore.Row(provider, sealed, host.clock.instant()));
            return provider;
        });
        return provider;
    }

    IdentityProvider with(Newcomers newcomers, boolean trustsMfa, String... domains) {
        return register(p -> new IdentityProvider(
                p.tenant(),
                p.id(),
                p.displayName(),
                p.enabled(),
                p.shown(),
                List.of(domains),
                p.hint(),
                p.upstream(),
                newcomers,
                trustsMfa,
                p.signsOut(),
                p.claims(),
                p.groups()));
    }

    AuthorizeLink link() {
        return AuthorizeLink.of("contoso", host.spa, LoginHost.SPA_CALLBACK);
    }

    /// Sent to the upstream from the sign-in page.
    Answer leave() {
        Answer page = browser.get(link().toString());
        assertEquals(200, page.status(), page.body());
        Answer away = browser.submit(page, Map.of("provider", provider.id().value()));
        assertEquals(303, away.status(), away.body());
        assertTrue(away.location().orElse("").startsWith(upstream.issuer() + "/authorize?"));
        return away;
    }

    Answer arrive(Map<String, Object> claims) {
        return browser.staysNot(
                browser.get(upstream.answer(FakeOpenIdProvider.question(leave()), host.clock.instant(), claims)));
    }

    /// Who is signed in, where the answer leads back to the application.
    User signedIn(Answer answer) {
        assertTrue(answer.parameter("code").isPresent(), answer.status() + " " + answer.location() + answer.body());
        var sessions = host.store.read(s -> s.users().list(host.contoso.id(), "", 100)).stream()
                .filter(u -> host.store.read(s -> s.sessions().of(u.tenant(), u.id())).stream()
                        .anyMatch(row -> row.lastUsed().equals(host.clock.instant())))
                .toList();
        assertEquals(1, sessions.size(), sessions.toString());
        return sessions.getFirst();
    }

    static void refused(Answer answer, int number) {
        assertTrue(answer.parameter("code").isEmpty(), answer.location().orElse(""));
        assertTrue(answer.body().contains("AADSTS" + number), answer.status() + answer.body());
    }

    List<UserId> linked(User user) {
        return host.store.read(s -> s.federatedIdentities().of(user.tenant(), user.id())).stream()
                .map(row -> row.user())
                .toList();
    }
}
