package io.postern.identity;

import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.publish.Application;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Single logout among three service providers of one browser.
class SamlLogoutTest {
    private static final String USER = "b.simon@contoso.example";
    private static final String PAGE = "/contoso/signed-out";
    private static final String COOKIE = "__Host-postern-logout";

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

    /// Whom the address tells.
    private SamlSite addressee(String url) {
        return sites.entrySet().stream()
                .filter(e -> url.startsWith("https://" + e.getKey() + ".example.com/"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(url))
                .getValue();
    }

    private SamlSite addressee(Answer answer) {
        return addressee(answer.location().orElseThrow(() -> new AssertionError(answer.toString())));
    }

    private Set<SamlSite> addressees(Answer page) {
        return page.frames().stream().map(this::addressee).collect(Collectors.toSet());
    }

    private static LogoutRequest request(String url) throws RefusedMessage {
        return LogoutRequest.read(RedirectBinding.read(url.substring(url.indexOf('?') + 1), "SAMLRequest")
                .root());
    }

    private Answer answer(String entityId, String inResponseTo, Status status, String... fields) {
        var response = new LogoutResponse(
                Header.of(host.clock.instant(), "https://x/", entityId), Optional.of(inResponseTo), status);
        return browser.get(
                "/contoso/saml2?" + RedirectBinding.write("SAMLResponse", response.write(), Optional.empty(), null),
                fields);
    }

    /// The service provider does as the frame asks it.
    private void obey(String frame, Status status) throws RefusedMessage {
        SamlSite site = addressee(frame);
        var received = RedirectBinding.read(frame.substring(frame.indexOf('?') + 1), "SAMLRequest");
        received.verify(new XmlVerifier(List.of(site.providerKey), SignatureAlgorithm.STRONG));
        LogoutRequest request = LogoutRequest.read(received.root());
        assertEquals(site.issuer(), request.header().issuer());
        assertEquals(USER, request.nameId().orElseThrow().value());
        assertEquals(1, request.sessionIndexes().size());
        Answer noted = answer(site.entityId, request.header().id(), status, "sec-fetch-dest", "iframe");
        assertEquals(200, noted.status(), "a frame stays a frame: " + noted);
    }

    private Status said(Answer answer) throws RefusedMessage {
        return LogoutResponse.read(message(answer, "SAMLResponse").root()).status();
    }

    /// The page that tells the applications, as a browser opens it after its session ended.
    private Answer page(Answer ended) {
        assertEquals(Optional.of(PAGE), ended.location(), ended.toString());
        return browser.get(PAGE);
    }

    @Test
    void everyOtherServiceProviderIsAskedAndTheFirstIsAnswered() throws RefusedMessage {
        Assertion one = signIn("one");
        signIn("two");
        signIn("three");
        Answer page = page(browser.get(logout("one", one.subject(), List.of(one.id()), null)));
        assertEquals(Set.of(sites.get("two"), sites.get("three")), addressees(page));
        for (String frame : page.frames()) {
            obey(frame, Status.SUCCESS);
        }
        Answer answer = browser.followRedirects(browser.get(PAGE));
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
    void goesOnWithoutScriptsAndWithoutAnybodysAnswer() throws RefusedMessage {
        Assertion one = signIn("one");
        signIn("two");
        signIn("three");
        Answer page = page(browser.get(logout("one", one.subject(), List.of(one.id()), null)));
        assertEquals("5; url=" + PAGE, page.fields().get("refresh"));
        String policy = page.fields().get("content-security-policy");
        assertTrue(policy.contains("frame-src 'self' https: https://"), policy);
        String three = page.frames().stream()
                .filter(frame -> addressee(frame).equals(sites.get("three")))
                .findFirst()
                .orElseThrow();
        obey(three, Status.SUCCESS);

        Answer report = browser.get(PAGE); // five seconds later, or by the link
        assertEquals(200, report.status());
        assertEquals(List.of(), report.frames(), "told once");
        assertTrue(report.body().contains("<strong>three</strong><span>Signed out</span>"), report.body());
        assertTrue(report.body().contains("<strong>two</strong><span>Did not answer"), report.body());
        Answer answer = browser.get(PAGE + "/onward");
        assertEquals(sites.get("one"), addressee(answer));
        assertEquals(Optional.of(SamlNames.STATUS_PARTIAL_LOGOUT), said(answer).detail());
    }

    @Test
    void whoDidNotAnswerCanBeAskedAgainInTheWholeWindow() throws RefusedMessage {
        signIn("one");
        page(browser.signOut("/contoso/oauth2/v2.0/logout"));
        Answer report = browser.get(PAGE);
        Matcher link =
                Pattern.compile("href=\"(https://one.example.com/slo[^\"]+)\"").matcher(report.body());
        assertTrue(link.find(), report.body());
        String url = link.group(1).replace("&amp;", "&");
        Answer back = answer(
                sites.get("one").entityId, request(url).header().id(), Status.SUCCESS, "sec-fetch-dest", "document");
        Answer end = browser.followRedirects(back);
        assertTrue(end.body().contains("<strong>one</strong><span>Signed out</span>"), end.body());
    }

    @Test
    void tellsThatSomebodyRefused() throws RefusedMessage {
        Assertion one = signIn("one");
        signIn("two");
        Answer page = page(browser.get(logout("one", one.subject(), List.of(one.id()), null)));
        obey(page.frames().getFirst(), Status.of(SamlNames.STATUS_RESPONDER, SamlNames.STATUS_REQUEST_DENIED, "no"));
        assertTrue(browser.get(PAGE).body().contains("<strong>two</strong><span>You may still be signed in there"));
        assertEquals(
                Optional.of(SamlNames.STATUS_PARTIAL_LOGOUT),
                said(browser.get(PAGE + "/onward")).detail());
    }

    @Test
    void logoutBegunHereTellsEverybodyWhateverItsProtocolAndEndsHere() throws RefusedMessage {
        signIn("one");
        signIn("two");
        browser.get("/contoso/wsfed?wa=wsignin1.0&wtrealm=" + Browser.encode(sites.get("three").entityId));
        frontChannel(host.spa, "https://spa.example.com/out");
        new OidcClient(host, host.spa, LoginHost.SPA_CALLBACK).code(browser, host.simon, "openid");

        Answer page = page(browser.signOut("/contoso/oauth2/v2.0/logout"));
        assertEquals(4, page.frames().size(), page.frames().toString());
        for (String frame : page.frames()) {
            if (frame.startsWith("https://spa.example.com/out?iss=")) {
                assertTrue(frame.contains("&sid="), frame);
            } else if (frame.startsWith("https://three.example.com/")) {
                assertEquals("https://three.example.com/slo?wa=wsignoutcleanup1.0", frame);
            } else {
                obey(frame, Status.SUCCESS);
            }
        }
        Answer end = browser.get(PAGE);
        assertEquals(200, end.status());
        assertTrue(end.body().contains("<strong>one</strong><span>Signed out</span>"), end.body());
        assertTrue(end.body().contains("<strong>three</strong><span>Told to sign you out</span>"), end.body());
        assertTrue(end.body().contains("<strong>spa</strong><span>Told to sign you out</span>"), end.body());
        assertFalse(end.body().contains("not of every application"), end.body());
    }

    private void frontChannel(Application client, String url) {
        var settings = new ClientSettings(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                GroupClaims.NONE,
                Optional.of(url),
                Optional.empty(),
                Optional.empty());
        host.store.write(s -> {
            s.clientSettings().put(host.contoso.id(), client.id(), settings);
            return settings;
        });
    }

    @Test
    void leadsBackToWhereLogoutBeganWhenAllHaveAnswered() throws RefusedMessage {
        signIn("one");
        Answer page = page(browser.signOut("/contoso/oauth2/v2.0/logout?client_id=" + host.spa.appId()
                + "&post_logout_redirect_uri=" + Browser.encode(LoginHost.SPA_CALLBACK) + "&state=s"));
        obey(page.frames().getFirst(), Status.SUCCESS);
        assertEquals(
                Optional.of(LoginHost.SPA_CALLBACK + "?state=s"),
                browser.followRedirects(browser.get(PAGE)).location());
    }

    /// Neither the address nor the cookie lets anybody choose where the browser goes, or whose session is reported.
    @Test
    void theRoundCannotBeMadeUpOrMoved() throws RefusedMessage {
        signIn("one");
        browser.signOut("/contoso/oauth2/v2.0/logout");
        String sealed = browser.cookies.get(COOKIE);
        String home = "https://myapps.postern.localhost:8443/";
        for (String parameters : List.of("?ended=x", "?back=https://evil.example/", "?session=1&origin=2")) {
            Browser stranger = host.browser();
            assertFalse(stranger.get(PAGE + parameters).body().contains("evil.example"));
            assertEquals(
                    Optional.of(home),
                    stranger.get(PAGE + "/onward" + parameters).location());
        }
        char last = sealed.charAt(sealed.length() - 2);
        String changed = sealed.substring(0, sealed.length() - 2)
                + (last == 'A' ? 'B' : 'A')
                + sealed.charAt(sealed.length() - 1);
        for (String path : List.of("/contoso/signed-out", "/fabrikam/signed-out")) {
            Browser thief = host.browser();
            thief.cookies.put(COOKIE, path.startsWith("/fabrikam") ? sealed : changed);
            Answer page = thief.get(path);
            assertEquals(List.of(), page.frames());
            assertFalse(page.body().contains("<strong>one"), page.body());
        }
    }

    @Test
    void withoutASessionTheAnswerIsSuccessAtOnce() throws RefusedMessage {
        Answer answer = browser.get(logout("one", NameId.of(USER, SamlNames.NAMEID_EMAIL), List.of("_x"), null));
        assertEquals(
                Status.SUCCESS,
                LogoutResponse.read(message(answer, "SAMLResponse").root()).status());
    }

    /// Browsers keep our cookie out of frames on other sites: the index tells which session is meant.
    @Test
    void endsTheSessionThatItsIndexNamesThoughItsCookieStaysAway() throws RefusedMessage {
        Assertion one = signIn("one");
        Answer framed =
                host.browser().get(logout("one", one.subject(), List.of(one.id()), null), "sec-fetch-dest", "iframe");
        assertEquals(Status.SUCCESS, said(framed), "nobody else was to be told");
        assertEquals(
                "/contoso/login",
                browser.get(sites.get("two").link(sites.get("two").request())).action());
    }

    @Test
    void saysThatOthersWereNotToldWhereNoPageCanTellThem() throws RefusedMessage {
        Assertion one = signIn("one");
        signIn("two");
        Status partial = said(host.browser().get(logout("one", one.subject(), List.of(one.id()), null)));
        assertEquals(Optional.of(SamlNames.STATUS_PARTIAL_LOGOUT), partial.detail());
        assertEquals(
                "/contoso/login",
                browser.get(sites.get("three").link(sites.get("three").request()))
                        .action());
    }

    @Test
    void theIndexOfOneServiceProviderIsNoGoodForAnother() throws RefusedMessage {
        Assertion one = signIn("one");
        signIn("two");
        host.browser().get(logout("two", one.subject(), List.of(one.id()), null));
        assertNotEquals(
                "/contoso/login",
                browser.get(sites.get("three").link(sites.get("three").request()))
                        .action());
    }

    /// What browsers refuse to keep would end the round before anybody was told.
    @Test
    void theCookieOfTheRoundFitsWhateverTheServiceProviderSends() throws RefusedMessage {
        for (String state : List.of("\u00e9".repeat(1000), "s".repeat(20_000))) {
            Assertion one = signIn("one");
            signIn("two");
            var request = new LogoutRequest(
                    Header.of(host.clock.instant(), "https://x/", sites.get("one").entityId),
                    Optional.of(one.subject()),
                    List.of(one.id()));
            Answer page = page(browser.get("/contoso/saml2?"
                    + RedirectBinding.write("SAMLRequest", request.write(), Optional.of(state), null)));

            assertTrue(page.body().contains("two"), page.body());
            assertTrue(COOKIE.length() + browser.cookies.get(COOKIE).length() < 4000, "a cookie has 4096 octets");
            assertEquals(Set.of(sites.get("two")), addressees(page));
        }
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
        assertTrue(sites.values().containsAll(addressees(page(browser.submit(page, Map.of())))));
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

    /// Whoever signs out keeps the signed address of it, and may lead others there.
    @Test
    void aSignedRequestAboutSomebodyElseSignsNobodyOut() throws RefusedMessage {
        sites.put("strict", SamlSite.register(host, "strict", SamlSite::requiringSignatures));
        SamlSite strict = sites.get("strict");
        String signIn = strict.link(strict.request(), strict.signer());
        browser.signIn(browser.get(signIn), USER, PASSWORD);
        NameId other = NameId.of("m.allory@contoso.example", SamlNames.NAMEID_EMAIL);

        for (List<String> indexes : List.of(List.of("_hers"), List.<String>of())) {
            Answer page = browser.get(logout("strict", other, indexes, strict.signer()));
            assertEquals("/contoso/oauth2/v2.0/logout", page.action(), page.toString());
        }
        assertNotEquals(
                "/contoso/login",
                browser.get(strict.link(strict.request(), strict.signer())).action());
    }

    @Test
    void answersThatNobodyWaitsForAreRefused() throws RefusedMessage {
        Assertion one = signIn("one");
        signIn("two");
        Answer page = page(browser.get(logout("one", one.subject(), List.of(one.id()), null)));
        String asked = request(page.frames().getFirst()).header().id();
        assertTrue(answer(sites.get("two").entityId, "_other", Status.SUCCESS)
                .body()
                .contains("AADSTS75005"));
        assertTrue(answer(sites.get("two").entityId, "", Status.SUCCESS).body().contains("AADSTS75005"));
        // of somebody else than the one that was asked
        assertTrue(answer(sites.get("three").entityId, asked, Status.SUCCESS)
                .body()
                .contains("AADSTS75005"));
        // answered once; nobody waits any more
        answer(sites.get("two").entityId, asked, Status.SUCCESS);
        assertTrue(
                answer(sites.get("two").entityId, asked, Status.SUCCESS).body().contains("AADSTS75005"));
    }

    @Test
    void takesLogoutByRedirectOnly() {
        var request = new LogoutRequest(
                Header.of(host.clock.instant(), "https://x/", sites.get("one").entityId), Optional.empty(), List.of());
        Answer page = browser.post("/contoso/saml2", Map.of("SAMLRequest", PostBinding.write(request.write())));
        assertTrue(page.body().contains("AADSTS75003"), page.body());
    }
}
