package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.IdentityProviderId;
import io.postern.domain.federation.ClaimMap;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.IdentityProvider.Newcomers;
import io.postern.domain.federation.Upstream;
import io.postern.domain.publish.Application;
import io.postern.domain.signon.ReplyUrl;
import io.postern.domain.signon.SamlSignOn;
import io.postern.fixtures.TestCertificates;
import io.postern.identity.Browser.Answer;
import io.postern.saml.xml.SigningKey;
import io.postern.store.IdentityProviderStore;
import io.postern.store.User;
import io.postern.token.SealedPrivateKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two whole identity providers, one of which takes the word of the other, by OpenID Connect and by SAML.
class PosternUpstreamTest {
    private static final TestCertificates AUTHORITY = TestCertificates.authority("postern-upstream");
    private static final TestCertificates.Issued CERTIFICATE =
            AUTHORITY.server("login.postern.localhost", "*.postern.localhost");
    private static final SigningKey OWN = SamlSite.key("postern-sp");

    @TempDir
    Path here;

    @TempDir
    Path there;

    private LoginHost host;
    private LoginHost upstream;
    private Browser browser;
    private Browser browserThere;
    private IdentityProviderId id;

    @BeforeEach
    void start() {
        host = LoginHost.trusting(here, AUTHORITY);
        upstream = LoginHost.secure(there, CERTIFICATE);
        browser = host.browser();
        browserThere = new Browser(
                HttpClient.newBuilder()
                        .sslContext(SpBrowser.trusting(AUTHORITY))
                        .build(),
                "https://login.postern.localhost:" + upstream.address.publicPort(),
                "192.0.2.1");
        id = IdentityProviderId.random();
    }

    @AfterEach
    void stop() {
        host.close();
        upstream.close();
    }

    private void register(Upstream settings, ClaimMap claims, String sealed) {
        var provider = new IdentityProvider(
                host.contoso.id(),
                id,
                "Upstream",
                true,
                true,
                List.of(),
                Optional.empty(),
                settings,
                Newcomers.GUESTS,
                false,
                true,
                claims,
                List.of());
        host.store.write(s -> {
            s.identityProviders().put(new IdentityProviderStore.Row(provider, sealed, host.clock.instant()));
            return provider;
        });
    }

    private String own() {
        return Browser.ORIGIN + "/" + host.contoso.id() + "/federation/" + id;
    }

    private Answer leave() {
        Answer page = browser.get(
                AuthorizeLink.of("contoso", host.spa, LoginHost.SPA_CALLBACK).toString());
        return browser.submit(page, Map.of("provider", id.value()));
    }

    private static String path(Answer redirect) {
        URI uri = URI.create(redirect.location().orElseThrow(() -> new AssertionError(redirect)));
        return uri.getRawPath() + "?" + uri.getRawQuery();
    }

    private List<String> users() {
        return host.store.read(s -> s.users().list(host.contoso.id(), "", 10)).stream()
                .map(User::userPrincipalName)
                .toList();
    }

    @Test
    void byOpenIdConnect() {
        Application client = upstream.application(
                upstream.contoso, "here", List.of(own() + "/callback"), Optional.empty(), false, false);
        String secret = upstream.secretOf(client, Optional.empty());
        register(
                new Upstream.Oidc(
                        upstream.address.issuer(upstream.contoso.id()),
                        client.appId().value(),
                        Upstream.ClientProof.SECRET,
                        Upstream.Oidc.SCOPES),
                ClaimMap.OIDC,
                host.federationSecrets.seal(secret.getBytes(StandardCharsets.UTF_8), id.value()));

        Answer there =
                browserThere.signIn(browserThere.get(path(leave())), "b.simon@contoso.example", LoginHost.PASSWORD);
        if (there.location().isEmpty()) {
            there = browserThere.submit(there, Map.of("answer", "allow"));
        }
        Answer back = browser.staysNot(browser.get(path(there)));

        assertTrue(back.parameter("code").isPresent(), back.toString());
        assertEquals(List.of("b.simon@contoso.example", "b.simon_contoso.example#ext#@contoso.example"), users());

        Answer out = browser.signOut("/contoso/oauth2/v2.0/logout");
        Answer outThere = browserThere.signOut(path(out));
        assertTrue(
                upstream.store
                        .read(s -> s.sessions().of(upstream.contoso.id(), upstream.simon.id()))
                        .isEmpty(),
                outThere.toString());
    }

    @Test
    void bySaml() {
        String metadata = "https://login.postern.localhost:" + upstream.address.publicPort() + "/"
                + upstream.contoso.id() + "/federationmetadata/2007-06/federationmetadata.xml";
        SamlSite.register(
                upstream,
                "here",
                s -> new SamlSignOn(
                        s.tenant(),
                        s.application(),
                        s.mode(),
                        List.of(own()),
                        List.of(new ReplyUrl(own() + "/acs", OptionalInt.of(0), true)),
                        s.signOnUrl(),
                        Optional.empty(),
                        Optional.of(own() + "/signed-out"),
                        s.signing(),
                        s.requests(),
                        s.encryption(),
                        s.notificationAddresses(),
                        s.claims()));
        register(
                new Upstream.Saml(
                        "https://login.postern.localhost:" + upstream.address.publicPort() + "/" + upstream.contoso.id()
                                + "/",
                        Optional.of(metadata),
                        "sp-key",
                        SamlSite.base64(OWN),
                        false),
                ClaimMap.SAML,
                SealedPrivateKey.seal(host.samlKeys, "sp-key", OWN.key()));

        Answer there =
                browserThere.signIn(browserThere.get(path(leave())), "b.simon@contoso.example", LoginHost.PASSWORD);
        assertEquals(own() + "/acs", there.action(), there.body());
        Answer bounced = host.browser().post(URI.create(there.action()).getRawPath(), there.hidden());
        Answer back = browser.staysNot(browser.submit(bounced, Map.of()));

        assertTrue(back.parameter("code").isPresent(), back.status() + back.body());
        assertEquals(List.of("b.simon@contoso.example", "b.simon_contoso.example#ext#@contoso.example"), users());
    }
}
