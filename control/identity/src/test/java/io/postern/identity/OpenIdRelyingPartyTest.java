package io.postern.identity;

import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.publish.Application;
import io.postern.fixtures.OpenIdRelyingParty;
import io.postern.fixtures.TestCertificates;
import io.postern.identity.Browser.Answer;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// mod_auth_openidc as Debian ships it, through real flows over TLS: discovery, code with PKCE, a client secret, user
/// info, and the three ways of logout.
class OpenIdRelyingPartyTest {
    private static final TestCertificates AUTHORITY = TestCertificates.authority("openidc");
    private static final TestCertificates.Issued CERTIFICATE =
            AUTHORITY.server("login.postern.localhost", "rp.postern.localhost");
    private static final Pattern FRAME = Pattern.compile("<iframe [^>]*src=\"([^\"]+)\"");

    @TempDir
    Path folder;

    private LoginHost host;
    private OpenIdRelyingParty client;
    private SpBrowser user;
    private Browser browser;
    private Application application;
    private String login;

    @BeforeEach
    void start() throws NoSuchAlgorithmException {
        SSLContext trust = SpBrowser.trusting(AUTHORITY);
        SSLContext usual = SSLContext.getDefault();
        SSLContext.setDefault(trust); // the provider's own calls to clients take what is the process's
        try {
            host = LoginHost.secure(folder, CERTIFICATE);
        } finally {
            SSLContext.setDefault(usual);
        }
        host.clock.advance(Duration.between(host.clock.instant(), Instant.now())); // theirs is the real one
        login = "https://login.postern.localhost:" + host.address.publicPort();
        browser = new Browser(HttpClient.newBuilder().sslContext(trust).build(), login, "192.0.2.1");
        application = host.application(host.contoso, "app", List.of(), Optional.empty(), false, false);
        client = OpenIdRelyingParty.start(
                "rp.postern.localhost",
                CERTIFICATE,
                AUTHORITY.authority(),
                login + "/" + host.contoso.id() + "/v2.0/.well-known/openid-configuration",
                application.appId().value(),
                host.secretOf(application, Optional.empty()));
        user = new SpBrowser(AUTHORITY, client.origin());
        register(List.of(client.origin() + OpenIdRelyingParty.CALLBACK, client.origin() + "/left/"));
    }

    @AfterEach
    void stop() {
        user.close();
        client.close();
        host.close();
    }

    private void register(List<String> redirectUris) {
        host.store.write(s -> s.applications()
                .update(new Application(
                        application.tenant(),
                        application.id(),
                        application.appId(),
                        application.displayName(),
                        List.of(),
                        redirectUris,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        false,
                        application.created())));
    }

    private void logout(Optional<String> front, Optional<String> back) {
        var settings = new ClientSettings(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                GroupClaims.NONE,
                front.map(query -> client.origin() + OpenIdRelyingParty.CALLBACK + query),
                back.map(query -> client.origin() + OpenIdRelyingParty.CALLBACK + query),
                Optional.empty());
        host.store.write(s -> {
            s.clientSettings().put(host.contoso.id(), application.id(), settings);
            return settings;
        });
    }

    @Test
    void signsInAndOutByItself() {
        signsIn();
        SpBrowser.Answer left =
                user.get(OpenIdRelyingParty.CALLBACK + "?logout=" + Browser.encode(client.origin() + "/left/"));
        Answer ended = login(left);
        Answer again = login(user.get("/secret/"));

        assertTrue(left.location().orElse("").contains("id_token_hint="), left + client.log());
        assertEquals(Optional.of(client.origin() + "/left/"), ended.location(), ended + client.log());
        assertTrue(again.body().contains("name=\"username\""), "both sessions are over: " + again);
    }

    /// Mix-up (RFC 9207): an answer that another provider gave, though its code is ours.
    @Test
    void refusesAnAnswerOfAnotherIssuer() {
        SpBrowser.Answer asked = user.get("/secret/");
        Answer back = browser.signIn(login(asked), host.simon.userPrincipalName(), PASSWORD);
        String issuer = Browser.encode(host.address.issuer(host.contoso.id()));
        String location = back.location().orElseThrow();
        assertTrue(location.contains("iss=" + issuer), location);

        SpBrowser.Answer mixed = user.follow(user.get(
                location.replace("iss=" + issuer, "iss=" + Browser.encode(host.address.issuer(host.fabrikam.id())))));

        assertTrue(mixed.user().isEmpty(), mixed + client.log());
        assertTrue(client.log().contains("iss"), client.log());
    }

    @Test
    void hearsByTheBackChannelThatItsUserLeft() {
        logout(Optional.empty(), Optional.of("?logout=backchannel"));
        signsIn();

        browser.signOut("/contoso/oauth2/v2.0/logout");
        SpBrowser.Answer before = user.get("/secret/");
        host.identity.tellClients();
        SpBrowser.Answer after = user.get("/secret/");

        assertEquals(Optional.of(host.simon.userPrincipalName()), before.user(), before + client.log());
        assertTrue(after.location().orElse("").startsWith(login), after + client.log());
    }

    @Test
    void hearsByAFrameThatItsUserLeft() {
        logout(Optional.of("?logout=get"), Optional.empty());
        signsIn();

        Answer logout = browser.signOut("/contoso/oauth2/v2.0/logout");
        Answer page = browser.get(logout.location().orElseThrow());
        Matcher frame = FRAME.matcher(page.body());
        assertTrue(frame.find(), page.body());
        user.get(frame.group(1).replace("&amp;", "&"));
        SpBrowser.Answer after = user.get("/secret/");

        assertTrue(after.location().orElse("").startsWith(login), after + client.log());
    }

    private void signsIn() {
        SpBrowser.Answer asked = user.get("/secret/");
        assertTrue(asked.location().orElse("").contains("code_challenge_method=S256"), asked + client.log());
        Answer page = login(asked);
        Answer back = browser.signIn(page, host.simon.userPrincipalName(), PASSWORD);
        SpBrowser.Answer secret =
                user.follow(user.get(back.location().orElseThrow(() -> new AssertionError(back.toString()))));
        assertEquals(Optional.of(host.simon.userPrincipalName()), secret.user(), secret + client.log());
    }

    /// Follows the redirect to the login host.
    private Answer login(SpBrowser.Answer redirect) {
        String location = redirect.location().orElseThrow(() -> new AssertionError(redirect + client.log()));
        assertTrue(location.startsWith(login + "/"), location);
        return browser.get(location.substring(login.length()));
    }
}
