package io.postern.identity;

import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.signon.PartnerCertificate;
import io.postern.domain.signon.ReplyUrl;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.signon.SignOnMode;
import io.postern.fixtures.Pysaml2ServiceProvider;
import io.postern.fixtures.TestCertificates;
import io.postern.saml.metadata.SpMetadata;
import io.postern.saml.xml.RefusedMessage;
import io.postern.web.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// pysaml2 signs its users on here: signed requests, its default demands, and logout.
class Pysaml2Test extends OneSamlSite {
    Pysaml2Test() {
        super("python", true);
    }

    @Test
    void signsInAndOutByItsDefaults() throws Exception {
        try (Pysaml2ServiceProvider sp = provider("{}")) {
            configure(sp, SamlSignOn.Signing.Option.BOTH, false);
            signsIn(sp, "{}");
            JsonNode logout = ask(sp, "{\"do\": \"logout\"}");
            Browser.Answer answered = get(logout);
            JsonNode end = ask(
                    sp,
                    Json.MAPPER
                            .createObjectNode()
                            .put("do", "logout_response")
                            .put("value", answered.parameter("SAMLResponse").orElseThrow())
                            .toString());
            assertEquals("True", end.path("status").asString(), end.toString());
        }
    }

    @Test
    void readsEncryptedAssertions() throws Exception {
        try (Pysaml2ServiceProvider sp = provider("{}")) {
            configure(sp, SamlSignOn.Signing.Option.BOTH, true);
            signsIn(sp, "{}");
        }
    }

    /// `want_response_signed` is on by default in pysaml2; ours, like the original, signs the assertion by default, and
    /// what is said about the user stands in the assertion.
    @Test
    void takesTheDefaultSigningWithOneSwitch() throws Exception {
        try (Pysaml2ServiceProvider sp = provider("{\"want_response_signed\": false}")) {
            configure(sp, SamlSignOn.Signing.Option.ASSERTION, false);
            signsIn(sp, "{\"force_authn\": \"true\"}");
        }
    }

    private void signsIn(Pysaml2ServiceProvider sp, String asking) {
        Browser.Answer page =
                browser.signIn(get(ask(sp, "{\"do\": \"login\", \"asking\": " + asking + "}")), USER, PASSWORD);
        assertEquals("https://python.example.com/acs", page.action());
        assertEquals("deep", page.hidden().get("RelayState"));
        JsonNode said = ask(
                sp,
                Json.MAPPER
                        .createObjectNode()
                        .put("do", "response")
                        .put("value", page.hidden().get("SAMLResponse"))
                        .toString());
        assertEquals(Pysaml2ServiceProvider.ENTITY_ID, said.path("audience").asString(), said.toString());
        assertTrue(said.path("user").asString().length() > 10, said.toString());
    }

    private JsonNode ask(Pysaml2ServiceProvider sp, String command) {
        return Json.MAPPER.readTree(sp.ask(command));
    }

    private Browser.Answer get(JsonNode answer) {
        String location = answer.path("location").asString();
        assertTrue(location.startsWith(Browser.ORIGIN + "/"), answer.toString());
        return browser.get(location.substring(Browser.ORIGIN.length()));
    }

    private Pysaml2ServiceProvider provider(String relaxed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        TestCertificates.Issued keys = TestCertificates.authority("python").server(generator.generateKeyPair(), "sp");
        String idp = browser.get(
                        "/contoso/federationmetadata/2007-06/federationmetadata.xml?appid=" + site.application.appId())
                .body();
        return Pysaml2ServiceProvider.start(keys, idp, relaxed);
    }

    private void configure(Pysaml2ServiceProvider sp, SamlSignOn.Signing.Option option, boolean encrypt)
            throws RefusedMessage, GeneralSecurityException {
        SpMetadata read = SpMetadata.read(
                ask(sp, "{\"do\": \"metadata\"}").path("metadata").asString().getBytes(StandardCharsets.UTF_8));
        assertTrue(read.requestsSigned());
        PartnerCertificate own = PartnerCertificate.parse(
                "c",
                Base64.getEncoder().encodeToString(read.signing().getFirst().getEncoded()),
                "sp");
        var settings = new SamlSignOn(
                host.contoso.id(),
                site.application.appId(),
                SignOnMode.SAML,
                List.of(read.entityId()),
                read.replies().stream()
                        .map(r -> new ReplyUrl(r.url(), r.index(), r.isDefault()))
                        .toList(),
                Optional.empty(),
                Optional.empty(),
                read.logoutUrl(),
                new SamlSignOn.Signing(option, SamlSignOn.Signing.Algorithm.SHA256, true),
                new SamlSignOn.Requests(true, false, List.of(own)),
                new SamlSignOn.Encryption(
                        List.of(own),
                        encrypt ? Optional.of(own.keyId()) : Optional.empty(),
                        SamlSignOn.Encryption.Algorithm.AES256_CBC),
                List.of(),
                ClaimsPolicy.DEFAULT);
        host.store.write(s -> {
            s.samlSignOns().put(settings);
            return settings;
        });
    }
}
