package io.postern.identity;

import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.signon.PartnerCertificate;
import io.postern.domain.signon.SamlSignOn;
import io.postern.fixtures.Pem;
import io.postern.fixtures.ProcessFixture;
import io.postern.fixtures.TempFolder;
import io.postern.saml.xml.SigningKey;
import io.postern.store.SamlCertificate;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Whether our signatures hold, says a program that shares no line with us or the JDK: xmlsec1.
class XmlsecTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private LoginHost host;
    private Browser browser;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        browser = host.browser();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    @ParameterizedTest
    @CsvSource({"ASSERTION,SHA256", "ASSERTION,SHA1", "RESPONSE,SHA256", "RESPONSE,SHA1"})
    void responsesHold(SamlSignOn.Signing.Option option, SamlSignOn.Signing.Algorithm algorithm) throws IOException {
        SamlSite site = SamlSite.register(
                host,
                "x",
                s -> SamlSite.with(
                        s,
                        new SamlSignOn.Signing(option, algorithm, true),
                        SamlSignOn.Encryption.NONE,
                        ClaimsPolicy.DEFAULT));
        Browser.Answer page = signIn(site.link(site.request()));
        String xml = new String(Base64.getDecoder().decode(page.hidden().get("SAMLResponse")), StandardCharsets.UTF_8);
        String id = option == SamlSignOn.Signing.Option.ASSERTION
                ? "ID urn:oasis:names:tc:SAML:2.0:assertion:Assertion"
                : "ID urn:oasis:names:tc:SAML:2.0:protocol:Response";
        verify(site, xml, id);
    }

    @ParameterizedTest
    @EnumSource
    void encryptedAssertionsOpenForTheirReceiver(SamlSignOn.Encryption.Algorithm algorithm) {
        SigningKey own = SamlSite.ownKey();
        var partner = PartnerCertificate.parse("c", SamlSite.base64(own), "sp");
        SamlSite site = SamlSite.register(
                host,
                "secret",
                s -> SamlSite.with(
                        s,
                        SamlSignOn.Signing.DEFAULT,
                        new SamlSignOn.Encryption(List.of(partner), Optional.of(partner.keyId()), algorithm),
                        ClaimsPolicy.DEFAULT));
        Browser.Answer page = signIn(site.link(site.request()));
        String xml = new String(Base64.getDecoder().decode(page.hidden().get("SAMLResponse")), StandardCharsets.UTF_8);
        assertFalse(xml.contains("b.simon"), xml);
        try (TempFolder files = TempFolder.create("xmlsec")) {
            files.write("sp.key", Pem.of(own.key()));
            files.write("response.xml", xml);
            String opened = ProcessFixture.run(
                    "xmlsec1",
                    List.of(
                            "xmlsec1",
                            "--decrypt",
                            "--privkey-pem",
                            files.file("sp.key").toString(),
                            files.file("response.xml").toString()),
                    TIMEOUT);
            assertTrue(opened.contains("b.simon@contoso.example"), opened);
        }
    }

    @Test
    void saml11TokensAndMetadataHold() throws IOException {
        SamlSite site = SamlSite.register(host, "old", s -> s);
        Browser.Answer page = signIn(
                "/contoso/wsfed?wa=wsignin1.0&wtrealm=" + URLEncoder.encode(site.entityId, StandardCharsets.UTF_8));
        verify(site, page.hidden().get("wresult"), "AssertionID urn:oasis:names:tc:SAML:1.0:assertion:Assertion");
        String metadata = browser.get(
                        "/contoso/federationmetadata/2007-06/federationmetadata.xml?appid=" + site.application.appId())
                .body();
        verify(site, metadata, "ID urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor");
    }

    private Browser.Answer signIn(String link) {
        return browser.signIn(browser.get(link), "b.simon@contoso.example", PASSWORD);
    }

    private void verify(SamlSite site, String xml, String id) throws IOException {
        try (TempFolder files = TempFolder.create("xmlsec")) {
            SamlCertificate certificate = host.store
                    .read(s -> s.samlCertificates().list(host.contoso.id(), site.application.appId()))
                    .getFirst();
            files.write("idp.pem", Pem.of(List.of(certificate.certificate())));
            files.write("good.xml", xml);
            files.write("changed.xml", xml.replace("contoso", "c0ntoso").replace("claims/name", "claims/nane"));
            ProcessFixture.run("xmlsec1", command(files, id, "good.xml"), TIMEOUT);
            try (ProcessFixture changed = ProcessFixture.start("xmlsec1", command(files, id, "changed.xml"))) {
                assertNotEquals(0, changed.awaitExit(TIMEOUT), "a changed message must not pass");
            }
            assertNotEquals(Files.readString(files.file("good.xml")), Files.readString(files.file("changed.xml")));
        }
    }

    private static List<String> command(TempFolder files, String id, String name) {
        String[] attribute = id.split(" ");
        return List.of(
                "xmlsec1",
                "--verify",
                "--id-attr:" + attribute[0],
                attribute[1],
                "--pubkey-cert-pem",
                files.file("idp.pem").toString(),
                files.file(name).toString());
    }
}
