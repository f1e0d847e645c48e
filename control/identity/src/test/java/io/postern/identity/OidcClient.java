package io.postern.identity;

import static io.postern.identity.AuthorizeLink.VERIFIER;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.domain.publish.Application;
import io.postern.identity.Browser.Answer;
import io.postern.store.User;
import io.postern.web.Json;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A client of the provider as a test plays it: signs a user in by code and redeems what it gets.
final class OidcClient {
    static final String TOKEN = "/contoso/oauth2/v2.0/token";

    private final LoginHost host;
    private final Application application;
    private final String redirectUri;
    private final Map<String, String> proof = new LinkedHashMap<>();

    OidcClient(LoginHost host, Application application, String redirectUri) {
        this.host = host;
        this.application = application;
        this.redirectUri = redirectUri;
    }

    OidcClient withSecret(String secret) {
        proof.put("client_secret", secret);
        return this;
    }

    AuthorizeLink link(String scope) {
        return AuthorizeLink.of("contoso", application, redirectUri).with("scope", scope);
    }

    /// Signs in and allows what is asked.
    String code(Browser browser, User user, String scope) {
        Answer page = browser.get(link(scope).toString());
        if (page.location().isEmpty() && page.body().contains("name=\"username\"")) {
            page = browser.signIn(page, user.userPrincipalName(), LoginHost.PASSWORD);
        }
        if (page.location().isEmpty() && page.body().contains("value=\"allow\"")) {
            page = browser.submit(page, Map.of("answer", "allow"));
        }
        Answer last = page;
        return page.parameter("code").orElseThrow(() -> new AssertionError(last.toString()));
    }

    Answer redeem(String code) {
        return token(Map.of(
                "grant_type", "authorization_code",
                "code", code,
                "redirect_uri", redirectUri,
                "code_verifier", VERIFIER));
    }

    Answer refresh(String refreshToken, String... more) {
        var form = new LinkedHashMap<>(Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
        for (int i = 0; i < more.length; i += 2) {
            form.put(more[i], more[i + 1]);
        }
        return token(form);
    }

    Answer token(Map<String, String> form) {
        return post(TOKEN, form);
    }

    Answer post(String path, Map<String, String> form) {
        var all = new LinkedHashMap<String, String>();
        all.put("client_id", application.appId().value());
        all.putAll(proof);
        all.putAll(form);
        return host.browser().post(path, all);
    }

    /// Tokens of a fresh sign-in.
    JsonNode signIn(User user, String scope) {
        Answer answer = redeem(code(host.browser(), user, scope));
        assertEquals(200, answer.status(), answer.body());
        return json(answer);
    }

    static JsonNode json(Answer answer) {
        return Json.MAPPER.readTree(answer.body());
    }

    static String refreshToken(JsonNode tokens) {
        return tokens.path("refresh_token").asString();
    }

    static JsonNode claims(JsonNode tokens, String name) {
        return Json.MAPPER.readTree(
                Base64.getUrlDecoder().decode(tokens.path(name).asString().split("\\.")[1]));
    }

    /// The number that administrators search for; zero when it was no refusal.
    static int number(Answer answer) {
        return json(answer).path("error_codes").path(0).asInt(0);
    }
}
