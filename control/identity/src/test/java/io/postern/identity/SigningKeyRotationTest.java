package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.identity.key.SigningKeys;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import io.postern.web.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SigningKeyRotationTest {
    @TempDir
    Path folder;

    private LoginHost host;
    private SigningKeys keys;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        keys = new SigningKeys(host.store, new Sealer(KeyRing.generate(), "signing-key"), host.address, host.clock);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private void rotate() {
        keys.rotateIfDue(host.clock.instant());
    }

    private List<String> published() {
        return keys.published(host.contoso.id()).stream()
                .map(row -> row.keyId())
                .toList();
    }

    @Test
    void publishesTheSuccessorADayBeforeItSignsAndTheOldOneUntilItsTokensAreGone() {
        rotate();
        String first = keys.current(host.contoso.id()).keyId();
        rotate();
        assertEquals(List.of(first), published());

        host.clock.advance(Duration.ofDays(89));
        rotate();
        rotate();
        assertEquals(2, published().size());
        assertEquals(first, keys.current(host.contoso.id()).keyId());

        host.clock.advance(Duration.ofHours(24));
        String second = keys.current(host.contoso.id()).keyId();
        assertNotEquals(first, second);
        assertTrue(published().contains(first));

        host.clock.advance(Duration.ofHours(26));
        assertEquals(List.of(second), published());
    }

    @Test
    void keepsTenantsApart() {
        rotate();

        assertNotEquals(
                keys.current(host.contoso.id()).keyId(),
                keys.current(host.fabrikam.id()).keyId());
    }

    @Test
    void sealsPrivateKeysAndSaysSoWhenTheKeyFileIsAnother() {
        rotate();
        var row = keys.published(host.contoso.id()).getFirst();
        var stranger =
                new SigningKeys(host.store, new Sealer(KeyRing.generate(), "signing-key"), host.address, host.clock);

        var fault = assertThrows(IllegalStateException.class, () -> stranger.current(host.contoso.id()));

        assertFalse(row.sealedPrivateJwk().contains("\"d\""));
        assertTrue(fault.getMessage().contains("key file"), fault.getMessage());
    }

    private int userInfo(JsonNode tokens) {
        return host.browser()
                .get(
                        "/contoso/oauth2/v2.0/userinfo",
                        "authorization",
                        "Bearer " + tokens.path("access_token").asString())
                .status();
    }

    private static String keyOf(JsonNode tokens) {
        String head = tokens.path("access_token").asString().split("\\.")[0];
        return Json.MAPPER
                .readTree(Base64.getUrlDecoder().decode(head))
                .path("kid")
                .asString();
    }

    @Test
    void tokensOfTheOldKeyAndOfTheNewAreGoodWhileTheyTakeTurns() {
        var client = new OidcClient(host, host.spa, LoginHost.SPA_CALLBACK);
        host.identity.rotateKeys();
        host.clock.advance(Duration.ofDays(89));
        host.identity.rotateKeys();
        host.clock.advance(Duration.ofMinutes(23 * 60 + 45));
        JsonNode before = client.signIn(host.simon, "openid");
        host.clock.advance(Duration.ofMinutes(30));

        JsonNode after = client.signIn(host.simon, "openid");

        assertNotEquals(keyOf(before), keyOf(after));
        assertEquals(200, userInfo(before));
        assertEquals(200, userInfo(after));
        JsonNode published = OidcClient.json(host.browser().get("/contoso/discovery/v2.0/keys"));
        List<String> ids = new ArrayList<>();
        published.path("keys").forEach(key -> ids.add(key.path("kid").asString()));
        assertTrue(ids.containsAll(List.of(keyOf(before), keyOf(after))), ids.toString());
    }
}
