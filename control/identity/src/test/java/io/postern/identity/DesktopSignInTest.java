package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.account.desktop.Keytab;
import io.postern.domain.publish.SignInSettings;
import io.postern.fixtures.KerberosRealm;
import io.postern.fixtures.TicketMint;
import io.postern.identity.Browser.Answer;
import io.postern.store.DesktopSignIn;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.store.User;
import io.postern.web.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Sign-in by the ticket of a computer in the domain (DSK-1 to DSK-4), with a real KDC and real tickets.
class DesktopSignInTest {
    private static final String HOST = "login.postern.localhost";
    private static final String OFFICE = "10.1.2.3";

    @TempDir
    static Path folder;

    private static LoginHost host;
    private static KerberosRealm realm;
    private static TicketMint mint;
    private static Map<String, String> alice;
    private static Path keytab;
    private static User user;

    @BeforeAll
    static void open() {
        host = new LoginHost(folder);
        host.set(new SignInSettings(SignInSettings.MfaNeed.NOBODY, false, false, Optional.empty()));
        realm = KerberosRealm.start();
        realm.addUser("alice");
        realm.addUser("nobody");
        alice = realm.signedIn("alice");
        keytab = realm.keytab("HTTP/" + HOST, "aes256-cts:normal");
        mint = new TicketMint();
        user = host.user(host.contoso, "alice", "Alice");
        host.assign(user, host.wiki);
    }

    @AfterAll
    static void close() {
        mint.close();
        realm.close();
        host.close();
    }

    @BeforeEach
    void allow() throws IOException {
        set(true, List.of("10.0.0.0/8"), Files.readAllBytes(keytab));
    }

    private static void set(boolean enabled, List<String> networks, byte[] file) {
        host.store.write(s -> {
            s.desktopSignIns()
                    .put(new DesktopSignIn(
                            host.contoso.id(),
                            enabled,
                            Keytab.read(file).principal(),
                            "contoso.example",
                            networks,
                            host.desktopKeys.seal(file, host.contoso.id().value())));
            return true;
        });
    }

    private static String link() {
        return AuthorizeLink.of("contoso", host.wiki, LoginHost.CALLBACK).toString();
    }

    private static JsonNode newest() {
        return Json.MAPPER.readTree(host.store
                .read(s -> s.logs().find(host.contoso.id(), LogKind.SIGN_IN, LogQuery.newest(1)))
                .getFirst()
                .text());
    }

    private static int newestError() {
        return newest().path("status").path("errorCode").asInt();
    }

    private static void assertForm(Answer answer) {
        assertEquals(200, answer.status(), answer.body());
        assertTrue(answer.body().contains("name=\"username\""));
        assertFalse(answer.fields().containsKey("www-authenticate"), "a browser would put up a window of its own");
    }

    @Test
    void signsInByTheTicket() {
        Browser browser = host.browser(OFFICE);

        Answer asked = browser.get(link());
        Answer done = browser.get(link(), "authorization", mint.ticket(alice, HOST));

        assertEquals(401, asked.status());
        assertEquals("Negotiate", asked.fields().get("www-authenticate"));
        assertTrue(asked.body().contains("name=\"username\""), "who has no ticket sees the form");
        assertTrue(done.parameter("code").isPresent(), done.toString());
        assertEquals(user.id().value(), newest().path("userId").asString());
        assertEquals(
                "Windows integrated authentication",
                newest().path("authenticationDetails")
                        .path(0)
                        .path("authenticationMethod")
                        .asString());
    }

    @Test
    void aTicketIsTakenOnce() {
        String ticket = mint.ticket(alice, HOST);
        assertTrue(host.browser(OFFICE)
                .get(link(), "authorization", ticket)
                .parameter("code")
                .isPresent());

        assertForm(host.browser(OFFICE).get(link(), "authorization", ticket));
        assertEquals(81004, newestError());
    }

    @Test
    void nobodyElseIsAskedNorHeard() {
        assertForm(host.browser("192.0.2.1").get(link()));
        assertForm(host.browser("192.0.2.1").get(link(), "authorization", mint.ticket(alice, HOST)));
    }

    @Test
    void nobodyIsAskedWhereItIsOff() throws IOException {
        set(false, List.of("10.0.0.0/8"), Files.readAllBytes(keytab));
        assertForm(host.browser(OFFICE).get(link(), "authorization", mint.ticket(alice, HOST)));
    }

    /// An NTLM message, no token, no base64, another scheme.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Negotiate TlRMTVNTUAABAAAAl4II4gAAAAAAAAAAAAAAAAAAAAAKAGFKAAAADw==",
                "Negotiate AAAA",
                "Negotiate",
                "Negotiate ???",
                "Basic YWxpY2U6cHc="
            })
    void whatIsNoTicketShowsTheForm(String field) {
        assertForm(host.browser(OFFICE).get(link(), "authorization", field));
        assertTrue(List.of(81004, 81009).contains(newestError()), newest().toString());
    }

    @Test
    void aTicketThatWasTamperedWithShowsTheForm() {
        byte[] token = Base64.getDecoder().decode(mint.ticket(alice, HOST).substring("Negotiate ".length()));
        for (int at = token.length / 3; at < token.length; at += token.length / 7) {
            byte[] changed = token.clone();
            changed[at] ^= 1;
            assertForm(host.browser(OFFICE)
                    .get(
                            link(),
                            "authorization",
                            "Negotiate " + Base64.getEncoder().encodeToString(changed)));
        }
    }

    @Test
    void aTicketForAnotherServiceShowsTheForm() {
        realm.keytab("HTTP/other.postern.localhost", "aes256-cts:normal");

        assertForm(host.browser(OFFICE).get(link(), "authorization", mint.ticket(alice, "other.postern.localhost")));
    }

    @Test
    void whoIsNotInTheDirectorySeesTheForm() {
        String ticket = mint.ticket(realm.signedIn("nobody"), HOST);

        assertForm(host.browser(OFFICE).get(link(), "authorization", ticket));
        assertEquals(81011, newestError());
    }

    private static void become(User who, String account, String domain) {
        host.store.write(s -> {
            User now = s.users().find(who.tenant(), who.id()).orElseThrow();
            return s.users()
                    .update(now.withAttributes(now.attributes()
                            .with("onPremisesSamAccountName", Optional.of(account))
                            .with("onPremisesDomainName", Optional.of(domain))));
        });
    }

    @Test
    void whomSynchronisationKnowsIsFoundByHisAccount() {
        User beate = host.user(host.contoso, "beate.miller", "Beate Miller");
        host.assign(beate, host.wiki);
        become(beate, "BMiller", "corp.test");
        realm.addUser("bmiller");

        assertTrue(host.browser(OFFICE)
                .get(link(), "authorization", mint.ticket(realm.signedIn("bmiller"), HOST))
                .parameter("code")
                .isPresent());
        assertEquals(beate.id().value(), newest().path("userId").asString());
    }

    /// The ticket's account is not the one that the user of this name has.
    @ParameterizedTest
    @CsvSource({"cmiller, corp.test", "carol, other.test"})
    void aNameIsNoOtherAccounts(String account, String domain) {
        String name = "carol";
        User carol = host.store
                .read(s -> s.users().findByPrincipalName(name + "@contoso.example"))
                .orElseGet(() -> {
                    realm.addUser(name);
                    return host.user(host.contoso, name, "Carol");
                });
        become(carol, account, domain);

        assertForm(host.browser(OFFICE).get(link(), "authorization", mint.ticket(realm.signedIn(name), HOST)));
        assertEquals(81011, newestError());
    }

    @Test
    void whoIsAskedForByNameIsNobodyElse() {
        String hinted = AuthorizeLink.of("contoso", host.wiki, LoginHost.CALLBACK)
                .with("login_hint", "b.simon@contoso.example")
                .toString();

        Answer form = host.browser(OFFICE).get(hinted, "authorization", mint.ticket(alice, HOST));

        assertEquals(200, form.status());
        assertTrue(form.body().contains("name=\"password\""));
        assertEquals(81012, newestError());
    }

    @Test
    void whoIsDisabledSeesTheForm() {
        User gone = host.user(host.contoso, "gone", "Gone");
        realm.addUser("gone");
        String ticket = mint.ticket(realm.signedIn("gone"), HOST);
        host.setEnabled(gone, false);

        assertForm(host.browser(OFFICE).get(link(), "authorization", ticket));
        assertEquals(50057, newestError());
    }

    /// A ticket says what the computer knows since the morning: no fresh proof.
    @Test
    void aFreshProofIsTypedIn() {
        String fresh = AuthorizeLink.of("contoso", host.wiki, LoginHost.CALLBACK)
                .with("prompt", "login")
                .toString();

        assertForm(host.browser(OFFICE).get(fresh, "authorization", mint.ticket(alice, HOST)));
    }

    @Test
    void theSecondFactorIsAskedForAsEver() {
        host.set(new SignInSettings(SignInSettings.MfaNeed.EVERYBODY, false, false, Optional.empty()));
        try {
            Answer page = host.browser(OFFICE).get(link(), "authorization", mint.ticket(alice, HOST));

            assertTrue(page.location().isEmpty());
            assertTrue(page.action().endsWith("/register"), page.action());
        } finally {
            host.set(new SignInSettings(SignInSettings.MfaNeed.NOBODY, false, false, Optional.empty()));
        }
    }

    @Test
    void whoSignsOutStaysOut() {
        Browser browser = host.browser(OFFICE);
        browser.get(link(), "authorization", mint.ticket(alice, HOST));

        browser.signOut("/contoso/oauth2/v2.0/logout");

        assertForm(browser.get(link()));
    }
}
