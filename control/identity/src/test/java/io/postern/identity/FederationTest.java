package io.postern.identity;

import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.identity.Browser.Answer;
import io.postern.saml.SamlNames;
import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Limits;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SafeXml;
import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.XmlVerifier;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/// WS-Federation passive sign-in. That the signature of its SAML 1.1 token holds, a program that is none of ours
/// says: `XmlsecTest`.
class FederationTest extends OneSamlSite {
    private static final String SAML11 = "urn:oasis:names:tc:SAML:1.0:assertion";

    FederationTest() {
        super("old", false);
    }

    private String link(String more) {
        return "/contoso/wsfed?wa=wsignin1.0&wtrealm=" + encode(site.entityId) + more;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Element token(Answer page, String namespace) throws RefusedMessage {
        Element result = SafeXml.parse(page.hidden().get("wresult"), Limits.MESSAGE);
        return Elements.descendants(result).stream()
                .filter(e -> Elements.is(e, namespace, "Assertion"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(page.hidden().get("wresult")));
    }

    @Test
    void postsASaml11TokenWithItsContext() throws RefusedMessage {
        Answer page = browser.signIn(browser.get(link("&wctx=rm%3D0%26id%3Dpassive")), USER, PASSWORD);
        assertEquals(SamlSite.ACS, page.action());
        assertEquals("wsignin1.0", page.hidden().get("wa"));
        assertEquals("rm=0&id=passive", page.hidden().get("wctx"));
        Element token = token(page, SAML11);
        assertEquals(site.issuer(), token.getAttribute("Issuer"));
        String text = page.hidden().get("wresult");
        assertTrue(text.contains("AttributeName=\"name\""), text);
        assertTrue(text.contains("<saml:Audience>" + site.entityId), text);
        assertTrue(XmlVerifier.isSigned(token));
    }

    @Test
    void givesASaml20TokenWhereTheRequestAsks() throws RefusedMessage {
        String wreq = "<t:RequestSecurityToken xmlns:t=\"http://schemas.xmlsoap.org/ws/2005/02/trust\"><t:TokenType>"
                + SamlNames.ASSERTION + "</t:TokenType></t:RequestSecurityToken>";
        Answer page = browser.signIn(browser.get(link("&wreq=" + encode(wreq))), USER, PASSWORD);
        Element token = token(page, SamlNames.ASSERTION);
        new XmlVerifier(List.of(site.providerKey), SignatureAlgorithm.STRONG).verify(token);
    }

    @Test
    void replyAddressMustBeRegistered() {
        Answer other = browser.signIn(browser.get(link("&wreply=" + encode(SamlSite.SECOND_ACS))), USER, PASSWORD);
        assertEquals(SamlSite.SECOND_ACS, other.action());
        for (String reply : List.of(SamlSite.ACS + "/", "https://evil.example/", "//sp.example.com/acs")) {
            assertTrue(browser.get(link("&wreply=" + encode(reply))).body().contains("AADSTS50011"));
        }
    }

    @Test
    void wfreshAsksAgain() {
        browser.signIn(browser.get(link("")), USER, PASSWORD);
        assertEquals(SamlSite.ACS, browser.get(link("")).action());
        assertEquals("/contoso/login", browser.get(link("&wfresh=0")).action());
        host.clock.advance(Duration.ofMinutes(11));
        assertEquals("/contoso/login", browser.get(link("&wfresh=10")).action());
        assertEquals(SamlSite.ACS, browser.get(link("&wfresh=60")).action());
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertTrue(browser.get("/contoso/wsfed").body().contains("AADSTS900144"));
        assertTrue(browser.get("/contoso/wsfed?wa=wattr1.0").body().contains("AADSTS90014"));
        assertTrue(browser.get("/contoso/wsfed?wa=wsignin1.0&wtrealm=urn:none")
                .body()
                .contains("AADSTS700016"));
        assertTrue(browser.get(link("&wtrealm=x")).body().contains("AADSTS9000411"));
    }

    @Test
    void signsOutAndComesBackToARegisteredAddressOnly() {
        browser.signIn(browser.get(link("")), USER, PASSWORD);
        Answer page = browser.followRedirects(browser.signOut(
                browser.followRedirects(browser.get("/contoso/wsfed?wa=wsignout1.0&wreply=" + encode(SamlSite.ACS)))));
        assertEquals(List.of("https://old.example.com/slo?wa=wsignoutcleanup1.0"), page.frames());
        Answer back = browser.followRedirects(browser.get("/contoso/signed-out"));
        assertEquals(SamlSite.ACS, back.location().orElse(""));
        assertEquals("/contoso/login", browser.get(link("")).action());
        Answer evil = browser.followRedirects(
                browser.get("/contoso/wsfed?wa=wsignout1.0&wreply=" + encode("https://evil.example/")));
        assertFalse(evil.location().isPresent());
    }
}
