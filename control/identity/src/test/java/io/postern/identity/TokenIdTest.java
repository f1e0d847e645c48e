package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.identity.Browser.Answer;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.web.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// 5.1 `uniqueTokenIdentifier`: from a token to the line of the sign-in log that tells of it, and back.
class TokenIdTest {
    private static final Pattern ASSERTION = Pattern.compile("Assertion[^>]* (?:ID|AssertionID)=\"([^\"]+)\"");

    @TempDir
    Path folder;

    private LoginHost host;
    private OidcClient client;
    private Browser browser;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        client = new OidcClient(host, host.spa, LoginHost.SPA_CALLBACK);
        browser = host.browser();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private String noted() {
        String text = host.store
                .read(s -> s.logs().find(host.contoso.id(), LogKind.SIGN_IN, LogQuery.newest(1)))
                .getFirst()
                .text();
        return Json.MAPPER.readTree(text).path("uniqueTokenIdentifier").asString();
    }

    private static String uti(JsonNode tokens, String name) {
        return OidcClient.claims(tokens, name).path("uti").asString();
    }

    @Test
    void isThatOfTheTokensThatACodeGives() {
        String first = client.code(browser, host.simon, "openid");
        String firstNoted = noted();
        JsonNode tokens = OidcClient.json(client.redeem(first));

        assertEquals(firstNoted, uti(tokens, "access_token"));
        assertEquals(firstNoted, uti(tokens, "id_token"));

        String second = client.code(browser, host.simon, "openid");
        assertEquals(noted(), uti(OidcClient.json(client.redeem(second)), "access_token"), "by the session alone");
        assertNotEquals(firstNoted, noted());
    }

    @Test
    void isThatOfTheTokensThatADeviceGets() {
        JsonNode code = OidcClient.json(client.post("/contoso/oauth2/v2.0/devicecode", Map.of("scope", "openid")));
        Answer named = browser.submit(
                browser.get("/device"),
                Map.of("user_code", code.path("user_code").asString()));
        Answer confirm = browser.signIn(named, host.simon.userPrincipalName(), LoginHost.PASSWORD);
        String noted = noted();
        browser.submit(confirm, Map.of("answer", "allow"));

        JsonNode tokens = OidcClient.json(client.token(Map.of(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:device_code",
                "device_code",
                code.path("device_code").asString())));

        assertTrue(!noted.isEmpty());
        assertEquals(noted, uti(tokens, "access_token"));
    }

    @Test
    void isThatOfTheAssertion() {
        SamlSite site = SamlSite.register(host, "wages", UnaryOperator.identity());
        Answer saml = browser.signIn(
                browser.get(site.link(site.request())), host.simon.userPrincipalName(), LoginHost.PASSWORD);
        String response =
                new String(Base64.getDecoder().decode(saml.hidden().get("SAMLResponse")), StandardCharsets.UTF_8);

        assertEquals(noted(), assertionId(response));

        Answer federation = browser.get("/contoso/wsfed?wa=wsignin1.0&wtrealm=" + Browser.encode(site.entityId));
        assertEquals(noted(), assertionId(String.valueOf(federation.hidden().get("wresult"))));
    }

    private static String assertionId(String xml) {
        Matcher found = ASSERTION.matcher(xml.replace("&quot;", "\""));
        assertTrue(found.find(), xml);
        return found.group(1);
    }
}
