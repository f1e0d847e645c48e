package io.postern.identity;

import static io.postern.identity.AuthorizeLink.VERIFIER;
import static io.postern.identity.LoginHost.PASSWORD;
import static io.postern.identity.LoginHost.SPA_CALLBACK;
import static io.postern.identity.OidcClient.json;
import static io.postern.identity.OidcClient.number;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.account.Sessions;
import io.postern.domain.publish.Application;
import io.postern.identity.Browser.Answer;
import io.postern.identity.protocol.Opaque;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Stolen, reused and diverted authorization codes, PKCE downgrades, mix-up (RFC 9700 §2.1, §4.4, §4.5, §4.8).
class CodeAttackTest {
    @TempDir
    static Path folder;

    private static LoginHost host;
    private static GrantSite site;

    @BeforeAll
    static void start() {
        host = new LoginHost(folder);
        site = new GrantSite(host);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    /// A request for the page `spa`, a public client.
    private static AuthorizeLink spa() {
        return AuthorizeLink.of("contoso", host.spa, SPA_CALLBACK);
    }

    /// A request for the server `portal`, which has a secret.
    private static AuthorizeLink portal() {
        return AuthorizeLink.of("contoso", site.portal, GrantSite.REDIRECT).with("scope", "openid offline_access");
    }

    private static Answer signedIn(AuthorizeLink link) {
        Browser browser = host.browser();
        return browser.signIn(browser.get(link.toString()), site.user.userPrincipalName(), PASSWORD);
    }

    private static String code(AuthorizeLink link) {
        Answer answer = signedIn(link);
        return answer.parameter("code").orElseThrow(() -> new AssertionError(answer.toString()));
    }

    /// @param changes name and value in turn; an empty value leaves the parameter out
    private static Answer redeem(String tenant, Map<String, String> form, String... changes) {
        var all = new LinkedHashMap<>(form);
        for (int i = 0; i < changes.length; i += 2) {
            all.put(changes[i], changes[i + 1]);
        }
        all.values().removeIf(String::isEmpty);
        return host.browser().post("/" + tenant + "/oauth2/v2.0/token", all);
    }

    private static Map<String, String> ofSpa(String code) {
        return form(code, host.spa.appId().value(), SPA_CALLBACK, "");
    }

    private static Map<String, String> ofPortal(String code) {
        return form(code, site.portal.appId().value(), GrantSite.REDIRECT, site.portalSecret);
    }

    private static Map<String, String> form(String code, String client, String redirectUri, String secret) {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "authorization_code");
        form.put("client_id", client);
        form.put("client_secret", secret);
        form.put("code", code);
        form.put("redirect_uri", redirectUri);
        form.put("code_verifier", VERIFIER);
        return form;
    }

    // --- reuse and theft

    @Test
    void aSecondUseEndsWhatTheFirstGave() {
        String code = code(portal());
        Answer first = redeem("contoso", ofPortal(code));
        String access = json(first).path("access_token").asString();
        int before = userInfo(access);

        Answer second = redeem("contoso", ofPortal(code));

        assertEquals(54005, number(second), second.body());
        assertEquals(200, before);
        assertEquals(401, userInfo(access));
        Answer refresh = site.ask(
                GrantSite.Way.REFRESH,
                Map.of("grant_type", "refresh_token", "refresh_token", OidcClient.refreshToken(json(first))));
        assertEquals(50132, number(refresh), refresh.body());
    }

    /// Else whoever finds a used code could sign its user out (docs/decisions/2026-11-22-code-replay.md).
    @Test
    void aSecondUseEndsNoSessionAndAnAccessTokenWithoutRefreshLastsAsLongAsThat() {
        String code = code(portal().with("scope", "openid"));
        String access =
                json(redeem("contoso", ofPortal(code))).path("access_token").asString();

        assertEquals(54005, number(redeem("contoso", ofPortal(code))));
        assertEquals(200, userInfo(access));

        host.store.write(s -> {
            s.sessions()
                    .of(host.contoso.id(), site.user.id())
                    .forEach(row -> Sessions.end(s, row, host.clock.instant(), "ended"));
            return true;
        });
        assertEquals(401, userInfo(access));
    }

    @Test
    void aThiefWithAUsedCodeGetsNothingAndEndsIt() {
        String code = code(portal());
        Answer first = redeem("contoso", ofPortal(code));

        Answer thief = redeem("contoso", ofSpa(code));

        assertEquals(54005, number(thief), thief.body());
        assertEquals(401, userInfo(json(first).path("access_token").asString()));
    }

    @Test
    void ofManyRedemptionsAtOnceOneGetsTokensAndTheyEnd() throws Exception {
        String code = code(portal());
        Callable<Answer> redemption = () -> redeem("contoso", ofPortal(code));
        List<Answer> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> one : threads.invokeAll(
                    IntStream.range(0, 10).mapToObj(_ -> redemption).toList())) {
                answers.add(one.get());
            }
        }

        assertEquals(1, answers.stream().filter(a -> a.status() == 200).count());
        assertEquals(9, answers.stream().filter(a -> number(a) == 54005).count());
    }

    @Test
    void aCodeIsOfOneClientOneAddressAndAShortTime() {
        Answer other = redeem("contoso", ofSpa(code(portal())));
        Answer otherAddress = redeem("contoso", ofSpa(code(spa())), "redirect_uri", "http://127.0.0.1/cb");
        Answer noAddress = redeem("contoso", ofSpa(code(spa())), "redirect_uri", "");
        String late = code(spa());
        host.clock.advance(Duration.ofMinutes(5));
        Answer tooLate = redeem("contoso", ofSpa(late));

        assertEquals(70000, number(other), other.body());
        assertEquals(500112, number(otherAddress), otherAddress.body());
        assertEquals(500112, number(noAddress), noAddress.body());
        assertEquals(70008, number(tooLate), tooLate.body());
    }

    @Test
    void aCodeForAnAddressThatWasTakenAwaySinceGivesNothing() {
        String code = code(portal());
        redirects(List.of());
        Answer answer = redeem("contoso", ofPortal(code));
        redirects(site.portal.redirectUris());

        assertEquals(500112, number(answer), answer.body());
        assertEquals(54005, number(redeem("contoso", ofPortal(code))), "and the code is spent");
    }

    private static void redirects(List<String> uris) {
        Application portal = site.portal;
        var changed = new Application(
                portal.tenant(),
                portal.id(),
                portal.appId(),
                portal.displayName(),
                portal.identifierUris(),
                uris,
                portal.homePageUrl(),
                portal.publishing(),
                portal.group(),
                portal.publicClient(),
                portal.system(),
                portal.created(),
                portal.appRoles());
        host.store.write(s -> s.applications().update(changed));
    }

    @Test
    void aMissingSecretDoesNotSpendTheCode() {
        String code = code(portal());

        assertEquals(7000218, number(redeem("contoso", ofPortal(code), "client_secret", "")));
        assertEquals(200, redeem("contoso", ofPortal(code)).status());
    }

    // --- mix-up (RFC 9207)

    @ParameterizedTest
    @CsvSource({"query, none", "fragment, none", "query, ''", "fragment, ''"})
    void everyAnswerNamesItsIssuer(String mode, String prompt) {
        AuthorizeLink link = spa().with("response_mode", mode);
        Answer answer = prompt.isEmpty()
                ? signedIn(link)
                : host.browser().get(link.with("prompt", prompt).toString());

        assertEquals(Optional.of(host.address.issuer(host.contoso.id())), answer.parameter("iss"), answer.toString());
        assertTrue(answer.parameter(prompt.isEmpty() ? "code" : "error").isPresent());
    }

    @Test
    void aPostedAnswerNamesItsIssuerAndTheMetadataPromiseIt() {
        Answer form = signedIn(spa().with("response_mode", "form_post"));
        var metadata = json(host.browser().get("/contoso/v2.0/.well-known/openid-configuration"));

        assertEquals(host.address.issuer(host.contoso.id()), form.hidden().get("iss"), form.body());
        assertTrue(
                metadata.path("authorization_response_iss_parameter_supported").asBoolean());
        assertEquals(
                host.address.issuer(host.contoso.id()), metadata.path("issuer").asString());
    }

    /// What an attacker gains who makes a client send a code to his own tenant: nothing, and the code is not spent.
    @Test
    void anotherTenantsEndpointKnowsNoCodeOfOurs() {
        String code = code(portal());
        var theirs =
                host.application(host.fabrikam, "theirs", List.of(GrantSite.REDIRECT), Optional.empty(), false, false);
        String secret = host.secretOf(theirs, Optional.empty());

        Answer same = redeem("fabrikam", ofPortal(code));
        Answer own =
                redeem("contoso", ofPortal(code), "client_id", theirs.appId().value(), "client_secret", secret);

        assertEquals(700016, number(same), same.body());
        assertEquals(700016, number(own), own.body());
        assertEquals(200, redeem("contoso", ofPortal(code)).status());
    }

    @Test
    void aClientOfAnotherTenantCannotRedeemAStolenCode() {
        var theirs =
                host.application(host.fabrikam, "theirs", List.of(GrantSite.REDIRECT), Optional.empty(), false, false);
        Answer stolen = redeem(
                "fabrikam",
                ofPortal(code(portal())),
                "client_id",
                theirs.appId().value(),
                "client_secret",
                host.secretOf(theirs, Optional.empty()));

        assertEquals(70000, number(stolen), stolen.body());
    }

    // --- PKCE

    static Stream<Arguments> downgrades() {
        String challenge = Opaque.challenge(VERIFIER);
        return Stream.of(
                Arguments.of("no challenge at all", "", ""),
                Arguments.of("a challenge without a method, which means plain", challenge, ""),
                Arguments.of("plain", challenge, "plain"),
                Arguments.of("plain, by the verifier itself", VERIFIER, "plain"),
                Arguments.of("the method in small letters", challenge, "s256"),
                Arguments.of("a method that nobody knows", challenge, "S512"),
                Arguments.of("a method without a challenge", "", "S256"),
                Arguments.of("a challenge too short", challenge.substring(1), "S256"),
                Arguments.of("a challenge too long", challenge + "A", "S256"),
                Arguments.of("padding", challenge.substring(1) + "=", "S256"),
                Arguments.of("characters of plain Base64", "+/" + challenge.substring(2), "S256"),
                Arguments.of("a blank", " " + challenge.substring(1), "S256"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("downgrades")
    void aPublicClientCannotBeTalkedOutOfIt(String name, String challenge, String method) {
        Answer answer = host.browser().get(with(spa(), challenge, method).toString());

        assertTrue(answer.location().orElse("").startsWith(SPA_CALLBACK), answer.toString());
        assertEquals(Optional.of("invalid_request"), answer.parameter("error"));
        assertTrue(answer.parameter("error_description").orElse("").startsWith("AADSTS9002325"), answer.toString());
    }

    /// It may leave it out, for it has a secret; but not half of it.
    @ParameterizedTest(name = "{0}")
    @MethodSource("downgrades")
    void aServerUsesItWholeOrNotAtAll(String name, String challenge, String method) {
        Answer answer = host.browser().get(with(portal(), challenge, method).toString());

        if (challenge.isEmpty() && method.isEmpty()) {
            assertEquals(200, answer.status(), answer.toString());
        } else {
            assertTrue(answer.parameter("error_description").orElse("").startsWith("AADSTS9002325"), answer.toString());
        }
    }

    private static AuthorizeLink with(AuthorizeLink link, String challenge, String method) {
        link.without("code_challenge").without("code_challenge_method");
        if (!challenge.isEmpty()) {
            link.with("code_challenge", challenge);
        }
        return method.isEmpty() ? link : link.with("code_challenge_method", method);
    }

    static Stream<Arguments> verifiers() {
        return Stream.of(
                Arguments.of("missing", ""),
                Arguments.of("another one", VERIFIER.replace('d', 'e')),
                Arguments.of("the challenge, which the attacker saw", Opaque.challenge(VERIFIER)),
                Arguments.of("in other letters", VERIFIER.toUpperCase(java.util.Locale.ROOT)),
                Arguments.of("with a blank", VERIFIER + " "),
                Arguments.of("with a line end", VERIFIER + "\n"),
                Arguments.of("with more behind it", VERIFIER + "A"),
                Arguments.of("cut", VERIFIER.substring(1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("verifiers")
    void theVerifierMustBeTheOneOfTheChallenge(String name, String verifier) {
        Answer page = redeem("contoso", ofSpa(code(spa())), "code_verifier", verifier);
        Answer server = redeem("contoso", ofPortal(code(portal())), "code_verifier", verifier);

        assertEquals(501481, number(page), page.body());
        assertEquals(501481, number(server), server.body());
    }

    /// RFC 7636 §4.1: 43 to 128 characters of a small alphabet, also where the hash would match.
    @ParameterizedTest
    @CsvSource({"42, a", "129, a", "43, +", "43, ä", "0, a"})
    void aVerifierOfAnotherShapeIsNone(int length, String character) {
        String verifier = character.repeat(length);
        Answer answer = redeem(
                "contoso",
                ofSpa(code(spa().with("code_challenge", Opaque.challenge(verifier)))),
                "code_verifier",
                verifier);

        assertEquals(501481, number(answer), answer.body());
    }

    @ParameterizedTest
    @CsvSource({"43, a", "128, ~"})
    void theShortestAndTheLongestOneAreTaken(int length, String character) {
        String verifier = character.repeat(length);

        assertEquals(
                200,
                redeem(
                                "contoso",
                                ofSpa(code(spa().with("code_challenge", Opaque.challenge(verifier)))),
                                "code_verifier",
                                verifier)
                        .status());
    }

    /// RFC 9700 §4.8.2: somebody cut the challenge out of the request of a client that uses it.
    @Test
    void aVerifierWithoutAChallengeIsNoticed() {
        Answer answer = redeem("contoso", ofPortal(code(with(portal(), "", ""))));

        assertEquals(501481, number(answer), answer.body());
    }

    private static int userInfo(String token) {
        return host.browser()
                .get("/contoso/oauth2/v2.0/userinfo", "authorization", "Bearer " + token)
                .status();
    }
}
