package io.postern.identity;

import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.identity.Browser.Answer;
import io.postern.saml.Assertion;
import io.postern.saml.AuthnRequest;
import io.postern.saml.Header;
import io.postern.saml.LogoutRequest;
import io.postern.saml.LogoutResponse;
import io.postern.saml.NameId;
import io.postern.saml.PostBinding;
import io.postern.saml.RedirectBinding;
import io.postern.saml.SamlNames;
import io.postern.saml.Status;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.XmlSigner;
import io.postern.saml.xml.XmlVerifier;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Single logout among three service providers of one browser.
class SamlLogoutTest {
    private static final String USER = "b.simon@contoso.example";

    @TempDir
    Path folder;

    private LoginHost host;
    private Browser browser;
    private final Map<String, SamlSite> sites = new java.util.TreeMap<>();

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        browser = host.browser();
        for (String name : List.of("one", "two", "three")) {
            sites.put(name, SamlSite.register(host, name, UnaryOperator.identity()));
        }
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private Assertion signIn(String name) throws RefusedMessage {
        SamlSite site = sites.get(name);
        AuthnRequest asked = site.request();
        Answer page = browser.get(site.link(asked));
        if (page.action().equals("/contoso/login")) {
            page = browser.signIn(page, USER, PASSWORD);
        }
        return site.read(page, Optional.of(asked.header().id()));
    }

    private String logout(String name, NameId who, List<String> indexes, XmlSigner signer) {
        var request = new LogoutRequest(
                Header.of(host.clock.instant(), "https://x/", sites.get(name).entityId), Optional.of(who), indexes);
        return "/contoso/saml2?" + RedirectBinding.write("SAMLRequest", request.write(), Optional.of("r&s"), signer);
    }

    private static RedirectBinding.Received message(Answer answer, String parameter) throws RefusedMessage {
        String location = answer.location().orElseThrow(() -> new AssertionError(answer.toString()));
        return RedirectBinding.read(location.substring(location.indexOf('?') + 1), parameter);
    }

    /// The service provider that the redirect leads to.
    private SamlSite addressee(Answer answer) {
        String location = answer.location().orElseThrow(() -> new AssertionError(answer.toString()));
        return sites.entrySet().stream()
                .filter(e -> location.startsWith("https://" + e.getKey() + ".example.com/slo?"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(location))
                .getValue();
    }

    /// The service provider does as it was asked. @return where the browser is sent
    private Answer obey(Answer asked, Status status) throws RefusedMessage {
        SamlSite site = addressee(asked);
        var received = message(asked, "SAMLRequest");
        received.verify(new XmlVerifier(List.of(site.providerKey), SignatureAlgorithm.STRONG));
        LogoutRequest request = LogoutRequest.read(received.root());
        assertEquals(site.issuer(), request.header().issuer());
        assertEquals(USER, request.nameId().orElseThrow().value());
        assertEquals(1, request.sessionIndexes().size());
        var response = new LogoutResponse(
                Header.of(host.clock.instant(), "https://x/", site.entityId),
                Optional.of(request.header().id()),
                status);
        return browser.get(
                "/contoso/saml2?" + RedirectBinding.write("SAMLResponse", response.write(), Optional.empty(), null));
    }

    @Test
    void everyOtherServiceProviderIsAskedAndTheFirstIsAnswered() throws RefusedMessage {
        Assertion one = signIn("one");
        signIn("two");
        signIn("three");
        Answer answer = browser.get(logout("one", one.subject(), List.of(one.id()), null));
        Set<SamlSite> asked = new HashSet<>();
        asked.add(addressee(answer));
        answer = obey(answer, Status.SUCCESS);
        asked.add(addressee(answer));
        answer = obey(answer, Status.SUCCESS);
        assertEquals(Set.of(sites.get("two"), sites.get("three")), asked);
        assertEquals(sites.get("one"), addressee(answer));
        var received = message(answer, "SAMLResponse");
        received.verify(new XmlVerifier(List.of(sites.get("one").providerKey), SignatureAlgorithm.STRONG));
        LogoutResponse response = LogoutResponse.read(received.root());
        assertEquals(Status.SUCCESS, response.status());
        assertEquals(Optional.of("r&s"), received.relayState());
        assertEquals(
                "/contoso/login",
                browser.get(sites.get("two").link(sites.get("two").request())).action());
    }

    @Test
    void tellsThatSomebodyCouldNotBeToldOrRefused() throws RefusedMessage {
        Assertion one = signIn("one");
        signIn("two");
        Answer answer = obey(
                browser.get(logout("one", one.subject(), List.of(one.id()), null)),
                Status.of(SamlNames.STATUS_RESPONDER, SamlNames.STATUS_REQUEST_DENIED, "no"));
        assertEquals(
                Optional.of(SamlNames.STATUS_PARTIAL_LOGOUT),
                LogoutResponse.read(message(answer, "SAMLResponse").root())
                        .status()
                        .detail());
    }

    @Test
    void logoutBegunHereTellsEverybodyAndEndsHere() throws RefusedMessage {
        signIn("one");
        signIn("two");
        Answer answer = browser.get("/contoso/oauth2/v2.0/logout");
        answer = obey(answer, Status.SUCCESS);
        answer = browser.followRedirects(obey(answer, Status.SUCCESS));
        assertEquals(200, answer.status());
        assertTrue(answer.body().contains("signed out"), answer.body());
    }

    @Test
    void withoutASessionTheAnswerIsSuccessAtOnce() throws RefusedMessage {
        Answer answer = browser.get(logout("one", NameId.of(USER, SamlNames.NAMEID_EMAIL), List.of("_x"), null));
        assertEquals(
                Status.SUCCESS,
                LogoutResponse.read(message(answer, "SAMLResponse").root()).status());
    }

    @Test
    void strangersPageCannotSignAnybodyOut() throws RefusedMessage {
        signIn("one");
        Answer page = browser.get(logout("one", NameId.of(USER, SamlNames.NAMEID_EMAIL), List.of("_guessed"), null));
        assertEquals(200, page.status());
        assertEquals("/contoso/oauth2/v2.0/logout", page.action());
        assertNotEquals(
                "/contoso/login",
                browser.get(sites.get("two").link(sites.get("two").request())).action());
        // who means it presses the button, and then everybody is told
        assertTrue(sites.containsValue(addressee(browser.submit(page, Map.of()))));
    }

    @Test
    void aSignedRequestNeedsNoIndexAndAForgedOneIsRefused() throws RefusedMessage {
        sites.put("strict", SamlSite.register(host, "strict", SamlSite::requiringSignatures));
        SamlSite strict = sites.get("strict");
        AuthnRequest asked = strict.request();
        Answer page = browser.signIn(browser.get(strict.link(asked, strict.signer())), USER, PASSWORD);
        Assertion said = strict.read(page, Optional.of(asked.header().id()));
        var stranger = new XmlSigner(SamlSite.key("stranger"), SignatureAlgorithm.RSA_SHA256);
        for (XmlSigner signer : new XmlSigner[] {null, stranger}) {
            Answer refused = browser.get(logout("strict", said.subject(), List.of(said.id()), signer));
            assertTrue(refused.body().contains("AADSTS76021"), refused.body());
        }
        Answer answer = browser.get(logout("strict", said.subject(), List.of(), strict.signer()));
        assertEquals(
                Status.SUCCESS,
                LogoutResponse.read(message(answer, "SAMLResponse").root()).status());
    }

    @Test
    void answersThatNobodyWaitsForAreRefused() throws RefusedMessage {
        Assertion one = signIn("one");
        signIn("two");
        Answer asked = browser.get(logout("one", one.subject(), List.of(one.id()), null));
        var foreign = new LogoutResponse(
                Header.of(host.clock.instant(), "https://x/", sites.get("two").entityId),
                Optional.of("_other"),
                Status.SUCCESS);
        String link =
                "/contoso/saml2?" + RedirectBinding.write("SAMLResponse", foreign.write(), Optional.empty(), null);
        assertTrue(browser.get(link).body().contains("AADSTS75005"));
        assertTrue(host.browser().get(link).body().contains("AADSTS75005"));
        // of somebody else than the one that was asked
        var request = LogoutRequest.read(message(asked, "SAMLRequest").root());
        var other = new LogoutResponse(
                Header.of(host.clock.instant(), "https://x/", sites.get("three").entityId),
                Optional.of(request.header().id()),
                Status.SUCCESS);
        assertTrue(browser.get("/contoso/saml2?"
                        + RedirectBinding.write("SAMLResponse", other.write(), Optional.empty(), null))
                .body()
                .contains("AADSTS75005"));
    }

    @Test
    void takesLogoutByRedirectOnly() {
        var request = new LogoutRequest(
                Header.of(host.clock.instant(), "https://x/", sites.get("one").entityId), Optional.empty(), List.of());
        Answer page = browser.post("/contoso/saml2", Map.of("SAMLRequest", PostBinding.write(request.write())));
        assertTrue(page.body().contains("AADSTS75003"), page.body());
    }
}
