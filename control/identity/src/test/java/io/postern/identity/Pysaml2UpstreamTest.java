package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.IdentityProviderId;
import io.postern.domain.federation.ClaimMap;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.IdentityProvider.Newcomers;
import io.postern.domain.federation.Upstream;
import io.postern.fixtures.Pysaml2IdentityProvider;
import io.postern.fixtures.TestCertificates;
import io.postern.identity.Browser.Answer;
import io.postern.saml.xml.SigningKey;
import io.postern.store.IdentityProviderStore;
import io.postern.store.User;
import io.postern.token.SealedPrivateKey;
import io.postern.web.Json;
import io.postern.web.Parameters;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// An identity provider that is not ours: pysaml2 takes our signed requests and our metadata, and we its answers.
class Pysaml2UpstreamTest {
    private static final SigningKey OWN = SamlSite.key("postern-sp");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void signsUsersInAndOutButTakesNoWeakCipher(boolean encrypted) {
        SigningKey key = SamlSite.key("idp.python.example.com"); // RSA, as xmlsec1 signs
        var keys = new TestCertificates.Issued(key.key(), List.of(key.certificate()));
        try (var host = new LoginHost(folder)) {
            host.clock.advance(Duration.between(host.clock.instant(), Instant.now()));
            IdentityProvider provider = register(host);
            Browser browser = host.browser();
            String ours = browser.get("/contoso/federation/" + provider.id() + "/metadata")
                    .body();
            try (var upstream = Pysaml2IdentityProvider.start(keys, ours)) {
                JsonNode metadata = ask(upstream, Map.of("do", "metadata"));
                host.store.write(s -> {
                    s.identityProviders()
                            .keep(
                                    provider.tenant(),
                                    provider.id(),
                                    new IdentityProviderStore.Document(
                                            "metadata",
                                            metadata.path("metadata").asString(),
                                            host.clock.instant()));
                    return true;
                });
                Answer away = browser.submit(
                        browser.get(AuthorizeLink.of("contoso", host.spa, LoginHost.SPA_CALLBACK)
                                .toString()),
                        Map.of("provider", provider.id().value()));
                JsonNode answer = ask(
                        upstream,
                        Map.of(
                                "do", "answer",
                                "from", entityId(host, provider),
                                "request", query(away).oneOrEmpty("SAMLRequest"),
                                "relayState", query(away).oneOrEmpty("RelayState"),
                                "algorithm", query(away).oneOrEmpty("SigAlg"),
                                "signature", query(away).oneOrEmpty("Signature"),
                                "subject", "python-1",
                                "told", Map.of("mail", List.of("alice@partner.example")),
                                "encrypt", encrypted));
                assertTrue(answer.path("fault").isMissingNode(), answer.toString());
                String response = Base64.getEncoder()
                        .encodeToString(answer.path("response").asString().getBytes(StandardCharsets.UTF_8));
                String acs = URI.create(answer.path("destination").asString()).getRawPath();
                Answer bounced = host.browser()
                        .post(
                                acs,
                                Map.of(
                                        "SAMLResponse",
                                        response,
                                        "RelayState",
                                        query(away).oneOrEmpty("RelayState")));
                Answer back = browser.staysNot(browser.submit(bounced, Map.of()));

                if (encrypted) { // with Triple DES, which notices no change
                    assertTrue(back.body().contains("AADSTS50008"), back.status() + back.body());
                    return;
                }
                assertTrue(back.parameter("code").isPresent(), back.status() + back.body());
                assertEquals(
                        List.of("alice_partner.example#ext#@contoso.example", "b.simon@contoso.example"),
                        host.store.read(s -> s.users().list(host.contoso.id(), "", 10)).stream()
                                .map(User::userPrincipalName)
                                .toList());
                Answer out = browser.signOut("/contoso/oauth2/v2.0/logout");
                assertEquals(
                        "python-1",
                        ask(
                                        upstream,
                                        Map.of(
                                                "do", "logout",
                                                "from", entityId(host, provider),
                                                "request", query(out).oneOrEmpty("SAMLRequest"),
                                                "relayState", query(out).oneOrEmpty("RelayState"),
                                                "algorithm", query(out).oneOrEmpty("SigAlg"),
                                                "signature", query(out).oneOrEmpty("Signature")))
                                .path("user")
                                .asString());
            }
        }
    }

    private static IdentityProvider register(LoginHost host) {
        var provider = new IdentityProvider(
                host.contoso.id(),
                IdentityProviderId.random(),
                "Python",
                true,
                true,
                List.of(),
                Optional.empty(),
                new Upstream.Saml(
                        Pysaml2IdentityProvider.ENTITY_ID, Optional.empty(), "sp-key", SamlSite.base64(OWN), true),
                Newcomers.GUESTS,
                false,
                true,
                ClaimMap.SAML.with(Map.of(
                        ClaimMap.USER_PRINCIPAL_NAME, "urn:oid:0.9.2342.19200300.100.1.3",
                        ClaimMap.MAIL, "urn:oid:0.9.2342.19200300.100.1.3")),
                List.of());
        host.store.write(s -> {
            s.identityProviders()
                    .put(new IdentityProviderStore.Row(
                            provider, SealedPrivateKey.seal(host.samlKeys, "sp-key", OWN.key()), host.clock.instant()));
            return provider;
        });
        return provider;
    }

    private static String entityId(LoginHost host, IdentityProvider provider) {
        return Browser.ORIGIN + "/" + host.contoso.id() + "/federation/" + provider.id();
    }

    private static Parameters query(Answer redirect) {
        return Parameters.parse(URI.create(redirect.location().orElseThrow(() -> new AssertionError(redirect)))
                .getRawQuery());
    }

    private static JsonNode ask(Pysaml2IdentityProvider upstream, Map<String, Object> command) {
        return Json.MAPPER.readTree(upstream.ask(Json.MAPPER.writeValueAsString(command)));
    }
}
