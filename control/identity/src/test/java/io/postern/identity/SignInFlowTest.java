package io.postern.identity;

import static io.postern.identity.AuthorizeLink.VERIFIER;
import static io.postern.identity.LoginHost.CALLBACK;
import static io.postern.identity.LoginHost.PASSWORD;
import static io.postern.identity.LoginHost.SPA_CALLBACK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.account.Accounts;
import io.postern.identity.Browser.Answer;
import io.postern.token.JwtVerifier;
import io.postern.web.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The whole way of a person: authorize, sign in, code, tokens, session, sign-out.
class SignInFlowTest {
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

    private AuthorizeLink wiki() {
        return AuthorizeLink.of("contoso", host.wiki, CALLBACK);
    }

    private AuthorizeLink spa() {
        return AuthorizeLink.of("contoso", host.spa, SPA_CALLBACK);
    }

    private Answer signedIn(AuthorizeLink link) {
        return browser.signIn(browser.get(link.toString()), "b.simon@contoso.example", PASSWORD);
    }

    private Answer redeem(String code, Map<String, String> more) {
        var form = new java.util.LinkedHashMap<String, String>();
        form.put("grant_type", "authorization_code");
        form.put("client_id", host.wiki.appId().value());
        form.put("client_secret", host.edgeSecret(host.wiki));
        form.put("code", code);
        form.put("redirect_uri", CALLBACK);
        form.put("code_verifier", VERIFIER);
        form.putAll(more);
        form.values().removeIf(String::isEmpty);
        return host.browser().post("/contoso/oauth2/v2.0/token", form);
    }

    private JwtVerifier.Result verify(String token, String audience) {
        JsonNode keys = json(browser.get("/contoso/discovery/v2.0/keys")).path("keys");
        var trusted = new java.util.ArrayList<JwtVerifier.TrustedKey>();
        keys.forEach(key -> trusted.add(new JwtVerifier.TrustedKey(
                key.path("kid").asString(), host.address.issuer(host.contoso.id()), key.toString())));
        return new JwtVerifier(trusted).verify(token, Set.of(audience), host.clock.instant());
    }

    private static JsonNode json(Answer answer) {
        return Json.MAPPER.readTree(answer.body());
    }

    @Nested
    class CodeFlow {
        @Test
        void leadsFromAuthorizeToTokensWithTheClaimsOfTheContract() {
            Answer callback = signedIn(wiki());

            assertEquals(303, callback.status());
            assertTrue(callback.location().orElse("").startsWith(CALLBACK + "?"), callback.toString());
            assertEquals(Optional.of("the state"), callback.parameter("state"));
            assertEquals(Optional.of(host.address.issuer(host.contoso.id())), callback.parameter("iss"));
            Answer tokens = redeem(callback.parameter("code").orElseThrow(), Map.of("client_info", "1"));
            assertEquals(200, tokens.status(), tokens.body());
            assertEquals("no-store", tokens.fields().get("cache-control"));
            assertEquals("Bearer", json(tokens).path("token_type").asString());
            assertFalse(json(tokens).path("client_info").asString().isEmpty());
            String appId = host.wiki.appId().value();
            var claims = ((JwtVerifier.Result.Valid)
                            verify(json(tokens).path("id_token").asString(), appId))
                    .claims();
            assertEquals("https://login.postern.localhost:8443/" + host.contoso.id() + "/v2.0", claims.get("iss"));
            assertEquals(host.simon.id().value(), claims.get("oid"));
            assertEquals(host.contoso.id().value(), claims.get("tid"));
            assertEquals("b.simon@contoso.example", claims.get("preferred_username"));
            assertEquals("B. Simon", claims.get("name"));
            assertEquals("the nonce", claims.get("nonce"));
            assertEquals("2.0", claims.get("ver"));
            assertEquals(host.clock.instant().getEpochSecond(), ((Number) claims.get("auth_time")).longValue());
            assertTrue(claims.containsKey("sid") && claims.containsKey("sub"));
        }

        @Test
        void signsInSilentlyTheSecondTime() {
            signedIn(wiki());

            Answer second = browser.get(wiki().toString());

            assertEquals(302, second.status());
            assertTrue(second.parameter("code").isPresent());
        }

        @Test
        void keepsAStateOf32KiB() {
            String state = "%2F&=\"<é ".repeat(3_640); // some 32 KiB before encoding
            AuthorizeLink link = wiki().with("state", state);
            Answer page = browser.post(link.path(), link.parameters());

            Answer callback = browser.signIn(page, "b.simon@contoso.example", PASSWORD);

            assertEquals(Optional.of(state), callback.parameter("state"));
        }

        @Test
        void carriesEveryParameterThroughAWrongPassword() {
            Answer again = browser.signIn(browser.get(wiki().toString()), "b.simon@contoso.example", "wrong one");

            Answer callback = browser.signIn(again, "B.Simon@Contoso.example ", PASSWORD);

            assertEquals(Optional.of("the state"), callback.parameter("state"));
            assertEquals(
                    200,
                    redeem(callback.parameter("code").orElseThrow(), Map.of()).status());
        }

        @ParameterizedTest
        @ValueSource(strings = {"contoso", "CONTOSO", "contoso.example"})
        void findsTheTenantByNameAndDomain(String tenant) {
            Answer page =
                    browser.get(AuthorizeLink.of(tenant, host.wiki, CALLBACK).toString());

            assertEquals(200, page.status());
        }

        @Test
        void answersInTheFragment() {
            Answer callback = signedIn(spa().with("response_mode", "fragment"));

            assertTrue(callback.location().orElse("").startsWith(SPA_CALLBACK + "#code="), callback.toString());
        }

        @Test
        void answersByForm() {
            Answer page = signedIn(spa().with("response_mode", "form_post"));

            assertEquals(200, page.status());
            assertEquals(SPA_CALLBACK, page.action());
            assertEquals("the state", page.hidden().get("state"));
            assertTrue(page.hidden().containsKey("code"));
            String policy = page.fields().get("content-security-policy");
            assertTrue(policy.contains("script-src 'self'") && !policy.contains("unsafe"), policy);
        }

        @Test
        void redeemsAPublicClientsCodeWithoutSecret() {
            String code = signedIn(spa()).parameter("code").orElseThrow();

            Answer tokens = redeem(
                    code,
                    Map.of("client_id", host.spa.appId().value(), "client_secret", "", "redirect_uri", SPA_CALLBACK));

            assertEquals(200, tokens.status(), tokens.body());
            assertEquals("*", tokens.fields().get("access-control-allow-origin"));
        }

        @Test
        void issuesAnAccessTokenForAPublishedApplication() {
            Answer page = signedIn(spa().with("scope", "openid api://" + host.wiki.appId() + "/user_impersonation"));
            String code = browser.submit(page, Map.of("answer", "allow"))
                    .parameter("code")
                    .orElseThrow();

            Answer tokens = redeem(
                    code,
                    Map.of("client_id", host.spa.appId().value(), "client_secret", "", "redirect_uri", SPA_CALLBACK));

            var claims = ((JwtVerifier.Result.Valid) verify(
                            json(tokens).path("access_token").asString(),
                            host.wiki.appId().value()))
                    .claims();
            assertEquals("user_impersonation", claims.get("scp"));
            assertEquals(host.spa.appId().value(), claims.get("azp"));
            long minutes = json(tokens).path("expires_in").asLong() / 60;
            assertTrue(minutes >= 60 && minutes <= 90, "minutes: " + minutes);
        }

        @Test
        void answersUserInfoOnlyForItsOwnTokens() {
            JsonNode tokens = json(redeem(signedIn(wiki()).parameter("code").orElseThrow(), Map.of()));
            String path = "/contoso/oauth2/v2.0/userinfo";

            Answer mine = browser.get(
                    path,
                    "authorization",
                    "Bearer " + tokens.path("access_token").asString());
            Answer other = browser.get(
                    path, "authorization", "Bearer " + tokens.path("id_token").asString());

            assertEquals("B. Simon", json(mine).path("name").asString());
            assertEquals(401, other.status());
        }
    }

    @Nested
    class Prompts {
        @Test
        void noneWithoutSessionIsRefusedToTheClient() {
            Answer answer = browser.get(spa().with("prompt", "none").toString());

            assertEquals(Optional.of("login_required"), answer.parameter("error"));
            assertTrue(answer.parameter("error_description").orElse("").startsWith("AADSTS50058"), answer.toString());
            assertEquals(Optional.of("the state"), answer.parameter("state"));
        }

        @Test
        void loginAsksAgainAndEndsWithACode() {
            signedIn(wiki());

            Answer page = browser.get(wiki().with("prompt", "login").toString());
            Answer callback = browser.signIn(page, "b.simon@contoso.example", PASSWORD);

            assertEquals(200, page.status());
            assertTrue(page.body().contains("value=\"b.simon@contoso.example\""), "name is filled in");
            assertTrue(callback.parameter("code").isPresent());
        }

        @Test
        void selectAccountOffersTheSessionOrAnother() {
            signedIn(wiki());
            AuthorizeLink link = wiki().with("prompt", "select_account");

            Answer same = browser.submit(browser.get(link.toString()), Map.of("account", "same"));
            Answer other = browser.submit(browser.get(link.toString()), Map.of("account", "other"));

            assertTrue(same.parameter("code").isPresent());
            assertTrue(other.body().contains("id=\"username\""));
        }

        @Test
        void maxAgeAsksAgainWhenTheSignInIsOlder() {
            signedIn(wiki());
            host.clock.advance(Duration.ofSeconds(61));

            assertEquals(
                    200, browser.get(wiki().with("max_age", "60").toString()).status());
            assertEquals(
                    302, browser.get(wiki().with("max_age", "62").toString()).status());
            assertEquals(
                    Optional.of("login_required"),
                    browser.get(wiki().with("max_age", "60")
                                    .with("prompt", "none")
                                    .toString())
                            .parameter("error"));
        }

        @Test
        void loginHintOfAnotherUserAsksForHim() {
            signedIn(wiki());

            Answer page = browser.get(
                    wiki().with("login_hint", "a.other@contoso.example").toString());

            assertTrue(page.body().contains("value=\"a.other@contoso.example\""));
        }
    }

    @Nested
    class Sessions {
        @Test
        void changeTheirSecretAtSignInAndNeverTakeAPlantedOne() {
            browser.cookies.put("__Host-postern-session", "planted-by-somebody");
            signedIn(wiki());
            String first = browser.cookies.get("__Host-postern-session");

            browser.signIn(browser.get(wiki().with("prompt", "login").toString()), "b.simon@contoso.example", PASSWORD);
            String second = browser.cookies.get("__Host-postern-session");

            assertNotEquals("planted-by-somebody", first);
            assertNotEquals(first, second);
            Browser thief = host.browser();
            thief.cookies.put("__Host-postern-session", first);
            assertEquals(200, thief.get(wiki().toString()).status(), "the old secret is dead");
        }

        @Test
        void endAfter24Hours() {
            signedIn(wiki());
            host.clock.advance(Duration.ofHours(24));

            assertEquals(200, browser.get(wiki().toString()).status());
        }

        @Test
        void doNotCountInAnotherTenant() {
            signedIn(wiki());
            var theirs = host.application(
                    host.fabrikam, "their", List.of("https://their.example/"), Optional.empty(), true, false);

            Answer page = browser.get(AuthorizeLink.of("fabrikam", theirs, "https://their.example/")
                    .toString());

            assertTrue(page.body().contains("id=\"username\""));
        }

        @Test
        void endWhenTheUserIsCutOff() {
            signedIn(wiki());
            host.clock.advance(Duration.ofSeconds(5));

            host.store.write(s -> {
                Accounts.cutOff(s, host.contoso.id(), host.simon.id(), host.clock.instant());
                return true;
            });

            assertEquals(200, browser.get(wiki().toString()).status());
        }

        @Test
        void endWhenTheAccountIsDisabled() {
            String code = signedIn(wiki()).parameter("code").orElseThrow();

            host.setEnabled(host.simon, false);

            assertEquals(200, browser.get(wiki().toString()).status());
            assertEquals(
                    50057,
                    json(redeem(code, Map.of())).path("error_codes").get(0).asInt());
        }

        @Test
        void areNotLeftInTheDatabaseInAUsableForm() {
            signedIn(wiki());
            String cookie = browser.cookies.get("__Host-postern-session");

            var row = host.store.read(
                    s -> s.sessions().of(host.contoso.id(), host.simon.id()).getFirst());

            assertNotEquals(cookie, row.secretHash());
            assertEquals(64, row.secretHash().length());
        }
    }

    @Nested
    class SignOut {
        @Test
        void endsTheSessionAndTellsTheGateways() {
            signedIn(wiki());
            long version = host.store.version();
            String cookie = browser.cookies.get("__Host-postern-session");

            Answer page = browser.signOut("/contoso/oauth2/v2.0/logout");

            assertEquals(200, page.status());
            assertTrue(page.body().contains("signed out"));
            assertFalse(browser.cookies.containsKey("__Host-postern-session"));
            assertEquals(1, host.store.read(s -> s.revocations().sessions()).size());
            assertTrue(host.store.version() > version);
            browser.cookies.put("__Host-postern-session", cookie);
            assertEquals(200, browser.get(wiki().toString()).status(), "the old cookie is worth nothing");
        }

        /// A published application is of the same site as we are, whoever writes its pages.
        @ParameterizedTest
        @ValueSource(strings = {"cross-site", "same-site", "same-origin", "none"})
        void asksFirstWhoeverSentTheBrowser(String site) {
            signedIn(wiki());

            Answer ask = browser.get("/contoso/oauth2/v2.0/logout", "sec-fetch-site", site);
            boolean still = browser.cookies.containsKey("__Host-postern-session");
            Answer done = browser.submit(ask, Map.of());

            assertTrue(still);
            assertTrue(done.body().contains("You are signed out"), done.body());
        }

        @Test
        void returnsOnlyToRegisteredAddresses() {
            Answer good = browser.get(
                    "/contoso/oauth2/v2.0/logout?state=s&post_logout_redirect_uri=" + Browser.encode(SPA_CALLBACK));
            Answer portal = browser.get("/contoso/oauth2/v2.0/logout?post_logout_redirect_uri="
                    + Browser.encode("https://myapps.postern.localhost:8443/"));
            Answer evil = browser.get(
                    "/contoso/oauth2/v2.0/logout?post_logout_redirect_uri=" + Browser.encode("https://evil.example/"));

            assertEquals(Optional.of(SPA_CALLBACK + "?state=s"), good.location());
            assertEquals(Optional.of("https://myapps.postern.localhost:8443/"), portal.location());
            assertEquals(Optional.empty(), evil.location());
        }

        @Test
        void makesCodesOfTheSessionVoid() {
            String code = signedIn(wiki()).parameter("code").orElseThrow();

            browser.signOut("/contoso/oauth2/v2.0/logout");

            assertEquals(
                    50132,
                    json(redeem(code, Map.of())).path("error_codes").get(0).asInt());
        }
    }

    @Nested
    class Metadata {
        @Test
        void namesEndpointsThatExist() {
            JsonNode document = json(browser.get("/contoso/v2.0/.well-known/openid-configuration"));

            assertEquals(
                    "https://login.postern.localhost:8443/" + host.contoso.id() + "/v2.0",
                    document.path("issuer").asString());
            for (String endpoint : List.of(
                    "authorization_endpoint",
                    "token_endpoint",
                    "userinfo_endpoint",
                    "end_session_endpoint",
                    "jwks_uri")) {
                String url = document.path(endpoint).asString();
                Answer answer = browser.followRedirects(browser.get(url.replace(Browser.ORIGIN, "")));
                assertNotEquals(404, endpoint.equals("token_endpoint") ? 0 : answer.status(), url);
            }
            assertEquals(
                    "S256",
                    document.path("code_challenge_methods_supported").get(0).asString());
            assertTrue(document.path("scopes_supported").toString().contains("offline_access"));
        }

        @Test
        void publishesPublicPartsOnly() {
            JsonNode key = json(browser.get("/contoso/discovery/v2.0/keys"))
                    .path("keys")
                    .get(0);

            assertTrue(key.has("n") && key.has("e") && key.has("kid"));
            assertFalse(key.has("d") || key.has("p") || key.has("q"), key.toString());
        }

        @Test
        void sendsVisitorsOfTheRootToTheirApps() {
            assertEquals(
                    Optional.of("https://myapps.postern.localhost:8443/"),
                    browser.get("/").location());
        }
    }
}
