package io.postern.identity;

import static io.postern.identity.AuthorizeLink.VERIFIER;
import static io.postern.identity.LoginHost.CALLBACK;
import static io.postern.identity.LoginHost.PASSWORD;
import static io.postern.identity.LoginHost.SPA_CALLBACK;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.publish.Application;
import io.postern.identity.Browser.Answer;
import io.postern.store.User;
import io.postern.web.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Attacks of RFC 9700 and the codes of section 6.2.
class OAuthAttackTest {
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

    private String code(AuthorizeLink link) {
        return browser.signIn(browser.get(link.toString()), "b.simon@contoso.example", PASSWORD)
                .parameter("code")
                .orElseThrow();
    }

    private AuthorizeLink wiki() {
        return AuthorizeLink.of("contoso", host.wiki, CALLBACK);
    }

    private AuthorizeLink spa() {
        return AuthorizeLink.of("contoso", host.spa, SPA_CALLBACK);
    }

    private Map<String, String> redemption(String code) {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "authorization_code");
        form.put("client_id", host.wiki.appId().value());
        form.put("client_secret", host.edgeSecret(host.wiki));
        form.put("code", code);
        form.put("redirect_uri", CALLBACK);
        form.put("code_verifier", VERIFIER);
        return form;
    }

    private void assertRefused(int status, String error, int number, Map<String, String> form) {
        Answer answer = host.browser().post("/contoso/oauth2/v2.0/token", form);
        JsonNode body = Json.MAPPER.readTree(answer.body());
        assertEquals(number, body.path("error_codes").get(0).asInt(), answer.body());
        assertEquals(error, body.path("error").asString());
        assertEquals(status, answer.status());
        assertTrue(body.path("error_description").asString().startsWith("AADSTS" + number + ": "));
        assertTrue(body.has("trace_id") && body.has("correlation_id") && body.has("timestamp"), answer.body());
        assertFalse(answer.body().contains("access_token"));
    }

    @Test
    void refusesAReplayedCode() {
        Map<String, String> form = redemption(code(wiki()));
        assertEquals(
                200, host.browser().post("/contoso/oauth2/v2.0/token", form).status());

        assertRefused(400, "invalid_grant", 54005, form);
    }

    @Test
    void refusesACodeAfterItsTime() {
        Map<String, String> form = redemption(code(wiki()));
        host.clock.advance(Duration.ofMinutes(6));

        assertRefused(400, "invalid_grant", 70008, form);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "aBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"})
    void refusesAWrongVerifier(String verifier) {
        Map<String, String> form = redemption(code(wiki()));
        form.put("code_verifier", verifier);

        assertRefused(400, "invalid_grant", 501481, form);
    }

    @Test
    void refusesAVerifierWhenTheChallengeWasCutOut() { // RFC 9700 §4.8: PKCE downgrade
        Map<String, String> form =
                redemption(code(wiki().without("code_challenge").without("code_challenge_method")));

        assertRefused(400, "invalid_grant", 501481, form);
    }

    @Test
    void refusesTheCodeOfAnotherClient() { // RFC 9700 §4.5: code injection
        Map<String, String> form = redemption(code(spa()));
        form.put("redirect_uri", SPA_CALLBACK);

        assertRefused(400, "invalid_grant", 70000, form);
    }

    @Test
    void refusesAnotherRedirectUri() {
        Map<String, String> form = redemption(code(wiki()));
        form.put("redirect_uri", CALLBACK + "/");

        assertRefused(400, "invalid_grant", 500112, form);
    }

    @Test
    void spendsTheCodeOnAFailedTry() {
        Map<String, String> form = redemption(code(wiki()));
        var wrong = new LinkedHashMap<>(form);
        wrong.put("code_verifier", VERIFIER.toLowerCase(java.util.Locale.ROOT));
        host.browser().post("/contoso/oauth2/v2.0/token", wrong);

        assertRefused(400, "invalid_grant", 54005, form);
    }

    @Test
    void refusesAWrongOrMissingSecret() {
        Map<String, String> form = redemption(code(wiki()));
        form.put("client_secret", host.edgeSecret(host.spa));
        assertRefused(401, "invalid_client", 7000215, form);
        form.remove("client_secret");
        assertRefused(401, "invalid_client", 7000218, form);
    }

    @Test
    void refusesASecretOfAPublicClient() {
        Map<String, String> form = redemption(code(spa()));
        form.put("client_id", host.spa.appId().value());

        assertRefused(401, "invalid_client", 700025, form);
    }

    @Test
    void refusesTheSecretOfAnotherApplication() {
        Application other = host.application(host.contoso, "job", List.of(), Optional.empty(), false, false);
        Map<String, String> form = redemption(code(wiki()));
        form.put("client_secret", host.secretOf(other, Optional.empty()));

        assertRefused(401, "invalid_client", 7000215, form);
    }

    @Test
    void takesTheSecretByBasicButNotTwice() {
        Map<String, String> form = redemption(code(wiki()));
        String basic = "Basic "
                + Base64.getEncoder()
                        .encodeToString((host.wiki.appId() + ":" + host.edgeSecret(host.wiki))
                                .getBytes(StandardCharsets.UTF_8));
        String path = "/contoso/oauth2/v2.0/token";

        int twice = browser.post(path, form, "authorization", basic).status();
        form.remove("client_secret");
        int once = browser.post(path, form, "authorization", basic).status();

        assertEquals(400, twice);
        assertEquals(200, once);
    }

    @Test
    void refusesPlainAndMissingChallengesOfPublicClients() {
        for (AuthorizeLink link : List.of(
                spa().without("code_challenge").without("code_challenge_method"),
                spa().without("code_challenge_method"),
                spa().with("code_challenge_method", "plain"),
                spa().with("code_challenge", "short"))) {
            Answer answer = browser.get(link.toString());
            assertEquals(Optional.of("invalid_request"), answer.parameter("error"), link.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_id", "redirect_uri", "scope", "state", "nonce", "anything"})
    void refusesDuplicateParametersOfAuthorize(String name) { // RFC 6749 §3.1
        Answer answer = browser.get(wiki().with(name, "a") + "&" + name + "=b");

        assertEquals(400, answer.status());
        assertEquals(Optional.empty(), answer.location());
    }

    @Test
    void refusesDuplicateParametersOfToken() {
        Answer answer = browser.postRaw("/contoso/oauth2/v2.0/token", "grant_type=x&grant_type=x");

        assertEquals(400, answer.status());
        assertTrue(answer.body().contains("9000411"), answer.body());
    }

    @ParameterizedTest
    @CsvSource({
        "response_type, token, unsupported_response_type, 700051",
        "response_type, code id_token, unsupported_response_type, 700051",
        "response_mode, web_message, invalid_request, 90014",
        "prompt, none login, invalid_request, 90014",
        "prompt, create, invalid_request, 90014",
        "max_age, soon, invalid_request, 90014",
        "scope, everything, invalid_scope, 70011",
        "scope, api://00000000-0000-0000-0000-000000000001/.default, invalid_scope, 70011",
        "request, eyJ, request_not_supported, 90014",
        "request_uri, https://evil.example/, request_uri_not_supported, 90014"
    })
    void tellsTheClientWhatIsWrong(String name, String value, String error, int number) {
        Answer answer = browser.get(spa().with(name, value).toString());

        assertEquals(302, answer.status());
        assertTrue(answer.location().orElse("").startsWith(SPA_CALLBACK + "?"), answer.toString());
        assertEquals(Optional.of(error), answer.parameter("error"));
        assertTrue(answer.parameter("error_description").orElse("").startsWith("AADSTS" + number));
        assertEquals(Optional.of("the state"), answer.parameter("state"));
    }

    @Test
    void answersUnknownTenantsAndApplicationsOnAPage() {
        Answer tenant = browser.get(wiki().toString().replace("/contoso/", "/nowhere/"));
        Answer common = browser.get(wiki().toString().replace("/contoso/", "/common/"));
        Answer app = browser.get(
                wiki().with("client_id", "00000000-0000-0000-0000-000000000001").toString());
        Answer foreign = browser.get(wiki().toString().replace("/contoso/", "/fabrikam/"));
        Answer none = browser.get(wiki().without("client_id").toString());

        assertTrue(tenant.status() == 400 && tenant.body().contains("AADSTS90002"), tenant.body());
        assertTrue(common.status() == 400 && common.body().contains("AADSTS50059"), common.body());
        assertTrue(app.status() == 400 && app.body().contains("AADSTS700016"), app.body());
        assertTrue(foreign.status() == 400 && foreign.body().contains("AADSTS700016"), foreign.body());
        assertTrue(none.status() == 400 && none.body().contains("AADSTS900144"), none.body());
    }

    @Test
    void refusesADisabledApplicationEverywhere() {
        Map<String, String> form = redemption(code(wiki()));
        host.setEnabled(host.wiki, false);

        assertRefused(400, "unauthorized_client", 7000112, form);
        assertTrue(browser.get(wiki().toString()).body().contains("AADSTS7000112"));
    }

    @Test
    void keepsOutWhoIsNotAssigned() {
        User other = host.user(host.contoso, "o.ther", "O. Ther");

        Answer answer = browser.signIn(browser.get(wiki().toString()), other.userPrincipalName(), PASSWORD);
        Answer bySpa = browser.get(spa().with("scope", "openid api://" + host.wiki.appId() + "/user_impersonation")
                .toString());

        assertTrue(answer.status() == 403 && answer.body().contains("AADSTS50105"), answer.body());
        assertTrue(bySpa.status() == 403, "another client is no way around: " + bySpa);
        assertEquals(
                Optional.of("access_denied"),
                browser.get(wiki().with("prompt", "none").toString()).parameter("error"));
    }

    @Test
    void keepsOrdinaryWebApplicationsFromActingAsAdministrators() {
        AuthorizeLink link = wiki().with("scope", "openid https://api.postern.localhost/.default");

        Answer page = browser.signIn(browser.get(link.toString()), "b.simon@contoso.example", PASSWORD);
        Answer silent = browser.get(link.with("prompt", "none").toString());

        assertTrue(page.status() == 403 && page.body().contains("AADSTS90094"), page.toString());
        assertTrue(silent.parameter("error_description").orElse("").startsWith("AADSTS65001"), silent.toString());
    }

    @Test
    void keepsOneWebApplicationFromActingForItsUserAtAnother() {
        var other = host.application(
                host.contoso,
                "other",
                List.of("https://other-contoso.postern.localhost/cb"),
                Optional.empty(),
                false,
                false);
        var link = AuthorizeLink.of("contoso", other, "https://other-contoso.postern.localhost:8443/cb");

        link.with("scope", "openid api://" + host.wiki.appId() + "/user_impersonation");
        Answer page = browser.signIn(browser.get(link.toString()), "b.simon@contoso.example", PASSWORD);
        Answer silent = browser.get(link.with("prompt", "none").toString());

        assertTrue(page.status() == 200 && page.location().isEmpty(), "the user is asked first: " + page);
        assertTrue(silent.parameter("error_description").orElse("").startsWith("AADSTS65001"), silent.toString());
    }

    @Test
    void escapesWhatTheRequestBringsIntoPages() {
        Answer page =
                browser.get(wiki().with("login_hint", "\"><script>x</script>").toString());
        Answer fault =
                browser.get(wiki().with("client_id", "<script>x</script>").toString());

        assertFalse(page.body().contains("<script>x"));
        assertFalse(fault.body().contains("<script>x"));
    }

    @Test
    void issuesAppOnlyTokensForASecret() {
        Application job = host.application(host.contoso, "job", List.of(), Optional.empty(), false, false);
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "client_credentials");
        form.put("client_id", job.appId().value());
        form.put("client_secret", host.secretOf(job, Optional.empty()));
        form.put("scope", "https://api.postern.localhost/.default");

        Answer answer = browser.post("/contoso/oauth2/v2.0/token", form);

        assertEquals(200, answer.status(), answer.body());
        JsonNode claims = Json.MAPPER.readTree(Base64.getUrlDecoder()
                .decode(Json.MAPPER
                        .readTree(answer.body())
                        .path("access_token")
                        .asString()
                        .split("\\.")[1]));
        assertEquals("app", claims.path("idtyp").asString());
        assertEquals("https://api.postern.localhost", claims.path("aud").asString());
        assertEquals(host.principal(job).id().value(), claims.path("oid").asString());
        assertFalse(claims.has("scp"));
        form.put("client_secret", host.secretOf(job, Optional.of(host.clock.instant())));
        assertRefused(401, "invalid_client", 7000222, form);
        form.put("client_id", host.spa.appId().value());
        form.remove("client_secret");
        assertRefused(401, "invalid_client", 7000218, form);
    }

    @Test
    void knowsTwoGrants() {
        assertRefused(400, "unsupported_grant_type", 70003, Map.of("grant_type", "password"));
        assertRefused(400, "invalid_request", 900144, Map.of("client_id", "x"));
    }

    @Test
    void takesFormsOnly() {
        Answer answer = browser.get("/contoso/oauth2/v2.0/token");

        assertEquals(404, answer.status());
    }
}
