package io.postern.identity;

import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.signon.PartnerCertificate;
import io.postern.domain.signon.ReplyUrl;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.signon.SignOnMode;
import io.postern.fixtures.SamlServiceProvider;
import io.postern.fixtures.TestCertificates;
import io.postern.saml.metadata.SpMetadata;
import io.postern.saml.xml.RefusedMessage;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Service providers that others wrote, as strict as their packages ship them, through real flows: their metadata
/// is read, they ask, the user signs in on the real pages, they take the answer, and logout goes both ways.
class SamlServiceProvidersTest extends OneSamlSite {
    private final TestCertificates authority = TestCertificates.authority("sp-tls");

    SamlServiceProvidersTest() {
        super("app", true);
    }

    enum Variant {
        ASSERTION,
        RESPONSE,
        BOTH,
        ENCRYPTED_GCM,
        ENCRYPTED_CBC
    }

    @ParameterizedTest
    @EnumSource
    void mellonSignsInAndOut(Variant variant) throws RefusedMessage {
        try (SamlServiceProvider sp = SamlServiceProvider.mellon(tls(), metadata(site, ""));
                var user = new SpBrowser(authority, sp.port())) {
            configure(site, metadataOf(user.get("/mellon/metadata"), sp), variant);
            signsIn(user, sp);
            signsOutThere(user, sp, "/mellon/logout?ReturnTo=" + user.origin() + "/");
            signsIn(user, sp);
            signsOutHere(user, sp);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shibbolethSignsInAndOut(Variant variant) throws RefusedMessage {
        try (SamlServiceProvider sp =
                        SamlServiceProvider.shibboleth(tls(), metadata(site, "&roledescriptor=no"), site.issuer());
                var user = new SpBrowser(authority, sp.port())) {
            configure(site, metadataOf(user.get("/Shibboleth.sso/Metadata"), sp), variant);
            signsIn(user, sp);
            signsOutThere(user, sp, "/Shibboleth.sso/Logout");
            signsIn(user, sp);
            signsOutHere(user, sp);
        }
    }

    private static String metadataOf(SpBrowser.Answer answer, SamlServiceProvider sp) {
        assertEquals(200, answer.status(), answer + sp.log());
        return answer.body();
    }

    private void signsIn(SpBrowser user, SamlServiceProvider sp) {
        Browser.Answer page = browser.signIn(login(user.follow(user.get("/secret/"))), USER, PASSWORD);
        SpBrowser.Answer secret = user.follow(user.post(page.action(), page.hidden()));
        assertEquals(Optional.of(USER), secret.user(), secret + sp.log());
    }

    private void signsOutThere(SpBrowser user, SamlServiceProvider sp, String logout) {
        Browser.Answer answered = login(user.follow(user.get(logout)));
        SpBrowser.Answer end =
                user.follow(user.get(answered.location().orElseThrow(() -> new AssertionError(answered + sp.log()))));
        assertTrue(end.status() < 500, end + sp.log());
        // both sessions are over
        assertEquals("/contoso/login", login(user.follow(user.get("/secret/"))).action(), sp.log());
    }

    private void signsOutHere(SpBrowser user, SamlServiceProvider sp) {
        Browser.Answer page = browser.followRedirects(browser.signOut("/contoso/oauth2/v2.0/logout"));
        login(user.follow(user.get(page.frames().getFirst())));
        Browser.Answer end = browser.get("/contoso/signed-out");
        assertTrue(end.body().contains("<span>Signed out</span>"), end + sp.log());
        assertTrue(user.follow(user.get("/secret/")).location().orElse("").startsWith(Browser.ORIGIN), sp.log());
    }

    /// Two service providers of one session, and one of them is gone: the other is signed out, and the page tells.
    @Test
    void oneThatIsStoppedKeepsNobody() throws RefusedMessage {
        SamlSite second = SamlSite.register(host, "second", UnaryOperator.identity());
        try (SamlServiceProvider shibboleth =
                        SamlServiceProvider.shibboleth(tls(), metadata(site, "&roledescriptor=no"), site.issuer());
                var there = new SpBrowser(authority, shibboleth.port())) {
            try (SamlServiceProvider mellon = SamlServiceProvider.mellon(tls(), metadata(second, ""));
                    var user = new SpBrowser(authority, mellon.port())) {
                configure(second, metadataOf(user.get("/mellon/metadata"), mellon), Variant.ASSERTION);
                signsIn(user, mellon);
            }
            configure(site, metadataOf(there.get("/Shibboleth.sso/Metadata"), shibboleth), Variant.ASSERTION);
            Browser.Answer answer = login(there.follow(there.get("/secret/")));
            there.follow(there.post(answer.action(), answer.hidden()));

            Browser.Answer page = browser.followRedirects(browser.signOut("/contoso/oauth2/v2.0/logout"));
            assertEquals(2, page.frames().size(), page.body());
            String alive = page.frames().stream()
                    .filter(frame -> frame.startsWith(there.origin() + "/"))
                    .findFirst()
                    .orElseThrow();
            login(there.follow(there.get(alive)));

            Browser.Answer end = browser.get("/contoso/signed-out");
            assertTrue(end.body().contains("<strong>app</strong><span>Signed out</span>"), end + shibboleth.log());
            assertTrue(end.body().contains("<strong>second</strong><span>Did not answer"), end.body());
        }
    }

    /// Follows the redirect to the login host.
    private Browser.Answer login(SpBrowser.Answer redirect) {
        String location = redirect.location().orElseThrow(() -> new AssertionError(redirect.toString()));
        assertTrue(location.startsWith(Browser.ORIGIN + "/"), location);
        return browser.get(location.substring(Browser.ORIGIN.length()));
    }

    private TestCertificates.Issued tls() {
        return authority.server("localhost");
    }

    private String metadata(SamlSite of, String more) {
        return browser.get("/contoso/federationmetadata/2007-06/federationmetadata.xml?appid=" + of.application.appId()
                        + more)
                .body();
    }

    /// What importing the service provider's metadata fills in; signed requests are demanded of whoever signs them.
    private void configure(SamlSite of, String metadata, Variant variant) throws RefusedMessage {
        SpMetadata sp = SpMetadata.read(metadata.getBytes(StandardCharsets.UTF_8));
        List<PartnerCertificate> signing =
                sp.signing().stream().map(SamlServiceProvidersTest::partner).toList();
        List<PartnerCertificate> encryption =
                sp.encryption().stream().map(SamlServiceProvidersTest::partner).toList();
        SamlSignOn.Signing.Option option = variant.name().startsWith("ENCRYPTED")
                ? SamlSignOn.Signing.Option.BOTH
                : SamlSignOn.Signing.Option.valueOf(variant.name());
        var settings = new SamlSignOn(
                host.contoso.id(),
                of.application.appId(),
                SignOnMode.SAML,
                List.of(sp.entityId()),
                sp.replies().stream()
                        .map(r -> new ReplyUrl(r.url(), r.index(), r.isDefault()))
                        .toList(),
                Optional.empty(),
                Optional.empty(),
                sp.logoutUrl(),
                new SamlSignOn.Signing(option, SamlSignOn.Signing.Algorithm.SHA256, true),
                new SamlSignOn.Requests(sp.requestsSigned(), false, sp.requestsSigned() ? signing : List.of()),
                new SamlSignOn.Encryption(
                        encryption,
                        variant.name().startsWith("ENCRYPTED")
                                ? Optional.of(encryption.getFirst().keyId())
                                : Optional.empty(),
                        variant == Variant.ENCRYPTED_GCM
                                ? SamlSignOn.Encryption.Algorithm.AES256_GCM
                                : SamlSignOn.Encryption.Algorithm.AES256_CBC),
                List.of(),
                ClaimsPolicy.DEFAULT);
        host.store.write(s -> {
            s.samlSignOns().put(settings);
            return settings;
        });
    }

    private static PartnerCertificate partner(X509Certificate certificate) {
        try {
            return PartnerCertificate.parse("c", Base64.getEncoder().encodeToString(certificate.getEncoded()), "sp");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
