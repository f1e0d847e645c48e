package io.postern.identity;

import static io.postern.identity.FakeSamlProvider.attribute;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.IdentityProviderId;
import io.postern.domain.federation.ClaimMap;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.IdentityProvider.Newcomers;
import io.postern.domain.federation.Upstream;
import io.postern.identity.Browser.Answer;
import io.postern.saml.NameId;
import io.postern.saml.xml.SigningKey;
import io.postern.store.IdentityProviderStore;
import io.postern.store.User;
import io.postern.token.SealedPrivateKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A login host whose tenant contoso takes the word of one upstream SAML identity provider, new for each test.
abstract class OneSamlUpstreamSite {
    static final SigningKey OWN = SamlSite.key("postern-sp");
    static final String NAME =
            ClaimMap.SAML.claim(ClaimMap.USER_PRINCIPAL_NAME).orElseThrow();

    @TempDir
    Path folder;

    final IdentityProviderId id = IdentityProviderId.random();
    LoginHost host;
    Browser browser;
    FakeSamlProvider upstream;
    IdentityProvider provider;

    @BeforeEach
    void start() {
        upstream = new FakeSamlProvider();
        host = LoginHost.trusting(folder, FakeSamlProvider.AUTHORITY);
        browser = host.browser();
        register(false, true);
    }

    @AfterEach
    void stop() {
        host.close();
        upstream.close();
    }

    void register(boolean trustsMfa, boolean byUrl) {
        provider = new IdentityProvider(
                host.contoso.id(),
                id,
                "Partner",
                true,
                true,
                List.of("contoso.example"),
                Optional.empty(),
                new Upstream.Saml(
                        FakeSamlProvider.ENTITY,
                        byUrl ? Optional.of(upstream.origin() + "/metadata") : Optional.empty(),
                        "sp-key",
                        SamlSite.base64(OWN),
                        false),
                Newcomers.MEMBERS,
                trustsMfa,
                true,
                ClaimMap.SAML,
                List.of());
        host.store.write(s -> {
            s.identityProviders()
                    .put(new IdentityProviderStore.Row(
                            provider, SealedPrivateKey.seal(host.samlKeys, "sp-key", OWN.key()), host.clock.instant()));
            return provider;
        });
    }

    AuthorizeLink link() {
        return AuthorizeLink.of("contoso", host.spa, LoginHost.SPA_CALLBACK);
    }

    Answer leave() {
        Answer away = browser.submit(browser.get(link().toString()), Map.of("username", "alice@contoso.example"));
        assertEquals(303, away.status(), away.body());
        return away;
    }

    /// As a browser does: the first POST comes from elsewhere, without our cookies.
    Answer post(Map<String, String> fields) {
        String acs = "/" + host.contoso.id() + "/federation/" + provider.id() + "/acs";
        Answer bounced = host.browser().post(acs, fields, "origin", upstream.origin(), "sec-fetch-site", "cross-site");
        assertEquals(200, bounced.status(), bounced.body());
        assertEquals(acs, bounced.action());
        return browser.staysNot(browser.submit(bounced, Map.of()));
    }

    Answer arrive(NameId subject, String name) {
        return post(upstream.answer(leave(), host.clock.instant(), subject, attribute(NAME, name)));
    }

    static void refused(Answer answer, int number) {
        assertTrue(answer.parameter("code").isEmpty(), answer.location().orElse(""));
        assertTrue(answer.body().contains("AADSTS" + number), answer.status() + answer.body());
    }

    static void signedIn(Answer answer) {
        assertTrue(answer.parameter("code").isPresent(), answer.status() + answer.body());
    }

    List<String> users() {
        return host.store.read(s -> s.users().list(host.contoso.id(), "", 10)).stream()
                .map(User::userPrincipalName)
                .toList();
    }
}
