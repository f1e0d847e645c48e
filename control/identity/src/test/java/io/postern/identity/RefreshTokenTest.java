package io.postern.identity;

import static io.postern.identity.LoginHost.SPA_CALLBACK;
import static io.postern.identity.OidcClient.claims;
import static io.postern.identity.OidcClient.json;
import static io.postern.identity.OidcClient.number;
import static io.postern.identity.OidcClient.refreshToken;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.account.Accounts;
import io.postern.account.Actor;
import io.postern.base.Secret;
import io.postern.domain.SessionId;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.publish.Application;
import io.postern.identity.Browser.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Refresh tokens: rotation, theft, and all that takes them back (4.6, RFC 9700 §4.14).
class RefreshTokenTest {
    private static final String SCOPE = "openid profile offline_access";

    @TempDir
    Path folder;

    private LoginHost host;
    private OidcClient client;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        client = new OidcClient(host, host.spa, SPA_CALLBACK);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private String first() {
        return refreshToken(client.signIn(host.simon, SCOPE));
    }

    private String refreshed(String token) {
        Answer answer = client.refresh(token);
        assertEquals(200, answer.status(), answer.body());
        return refreshToken(json(answer));
    }

    @Test
    void comeOnlyWithOfflineAccessAndConsent() {
        JsonNode without = client.signIn(host.simon, "openid profile");
        Answer page = host.browser().get(client.link(SCOPE).toString());
        Answer consent = host.browser().signIn(page, host.simon.userPrincipalName(), LoginHost.PASSWORD);

        assertFalse(without.has("refresh_token"));
        assertFalse(consent.location().isPresent(), "the user was not asked");
    }

    @Test
    void giveTokensAndASuccessorAndKeepTheTimeOfTheSignIn() {
        JsonNode tokens = client.signIn(host.simon, SCOPE);
        host.clock.advance(Duration.ofHours(2));

        JsonNode again = json(client.refresh(refreshToken(tokens)));

        assertNotEquals(refreshToken(tokens), refreshToken(again));
        assertTrue(again.has("access_token") && again.has("id_token"));
        assertEquals(
                claims(tokens, "id_token").path("auth_time"),
                claims(again, "id_token").path("auth_time"));
        assertEquals("pwd", claims(again, "id_token").path("amr").path(0).asString());
        assertEquals(
                claims(tokens, "access_token").path("sid"),
                claims(again, "access_token").path("sid"));
    }

    @Test
    void areStoredAsHashes() {
        String token = first();
        String family =
                claims(json(client.refresh(token)), "access_token").path("sid").asString();

        String row = host.store
                .read(s -> s.refreshFamilies().find(new SessionId(family)))
                .orElseThrow()
                .toString();

        // behind the mark and the family, which the row may know; the secret itself may have an underscore anywhere
        assertFalse(row.contains(token.substring("prt_".length() + 32 + 1)), row);
    }

    @Test
    void useOfAnOldOneEndsTheFamilyWithItsAccessTokens() {
        String stolen = first();
        String second = refreshed(stolen);
        Answer third = client.refresh(second);
        String accessToken = json(third).path("access_token").asString();

        Answer thief = client.refresh(stolen);
        Answer victim = client.refresh(refreshToken(json(third)));

        assertEquals(50173, number(thief), thief.body());
        assertEquals(50132, number(victim), victim.body());
        assertEquals(401, userInfo(accessToken).status());
        String sid = claims(json(third), "access_token").path("sid").asString();
        assertTrue(host.store.read(s -> s.revocations().sessions()).stream()
                .anyMatch(e -> e.session().value().equals(sid)));
        assertTrue(host.store.read(s -> s.audit().list(host.contoso.id(), 10)).stream()
                .anyMatch(e -> e.activity().equals("Revoke refresh token used twice")));
    }

    @Test
    void mayBeAskedForAgainWhenTheAnswerWasLost() {
        String token = first();

        String one = refreshed(token);
        host.clock.advance(Duration.ofSeconds(20));
        String again = refreshed(token);
        String after = refreshed(again);

        assertEquals(one, again);
        assertNotEquals(again, after);
    }

    @Test
    void mayNotBeAskedForAgainLaterOrAfterTheSuccessorWasUsed() {
        String late = first();
        refreshed(late);
        host.clock.advance(Duration.ofSeconds(31));
        String overtaken = refreshToken(client.signIn(host.simon, SCOPE));
        refreshed(refreshed(overtaken));

        assertEquals(50173, number(client.refresh(late)));
        assertEquals(50173, number(client.refresh(overtaken)));
    }

    @Test
    void manyRedemptionsAtOnceRotateOnce() throws Exception {
        String token = first();
        Set<String> successors = new HashSet<>();
        Callable<Answer> redemption = () -> client.refresh(token);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> one : threads.invokeAll(
                    IntStream.range(0, 12).mapToObj(i -> redemption).toList())) {
                assertEquals(200, one.get().status(), one.get().body());
                successors.add(refreshToken(json(one.get())));
            }
        }

        String next = refreshed(successors.iterator().next());
        String family =
                claims(json(client.refresh(next)), "access_token").path("sid").asString();

        assertEquals(1, successors.size(), "there is one successor");
        assertEquals(
                3,
                host.store
                        .read(s -> s.refreshFamilies().find(new SessionId(family)))
                        .orElseThrow()
                        .generation());
    }

    @Test
    void areBoundToTheirClient() {
        String token = first();
        var other = new OidcClient(host, host.wiki, LoginHost.CALLBACK).withSecret(host.edgeSecret(host.wiki));

        assertEquals(70000, number(other.refresh(token)));
        refreshed(token);
    }

    @Test
    void ofAClientWithASecretNeedTheSecret() {
        Application web = host.application(
                host.contoso, "web", List.of("https://web.example/cb"), Optional.empty(), false, false);
        var proved =
                new OidcClient(host, web, "https://web.example/cb").withSecret(host.secretOf(web, Optional.empty()));
        String token = refreshToken(proved.signIn(host.simon, SCOPE));

        Answer without = new OidcClient(host, web, "https://web.example/cb").refresh(token);

        assertEquals(7000218, number(without), without.body());
        assertEquals(200, proved.refresh(token).status());
    }

    @Test
    void outliveTheBrowserSessionButNotThePassword() {
        Browser browser = host.browser();
        JsonNode tokens = json(client.redeem(client.code(browser, host.simon, SCOPE)));
        browser.signOut("/contoso/oauth2/v2.0/logout");
        Answer afterSignOut = client.refresh(refreshToken(tokens));
        host.clock.advance(Duration.ofMinutes(1));
        host.accounts.setPassword(
                host.contoso.id(), host.simon.id(), Secret.of("another quiet gate"), false, Actor.service());

        assertEquals(200, afterSignOut.status(), afterSignOut.body());
        assertEquals(50173, number(client.refresh(refreshToken(json(afterSignOut)))));
    }

    @Test
    void endWhenTheUserIsDisabledDeletedOrRevoked() {
        String disabled = first();
        host.setEnabled(host.simon, false);
        Answer whileDisabled = client.refresh(disabled);
        host.setEnabled(host.simon, true);
        host.clock.advance(Duration.ofMinutes(1));
        host.store.write(s -> {
            Accounts.voidProofs(s, host.contoso.id(), host.simon.id(), host.clock.instant());
            return s;
        });
        Answer revoked = client.refresh(disabled);
        String deleted = first();
        host.store.write(s -> s.users().delete(host.contoso.id(), host.simon.id()));

        assertEquals(50057, number(whileDisabled));
        assertEquals(50173, number(revoked));
        assertEquals(70008, number(client.refresh(deleted)));
    }

    @Test
    void askPolicyEveryTime() {
        String token = first();
        String wiki = refreshToken(
                client.signIn(host.simon, "openid offline_access api://" + host.wiki.appId() + "/user_impersonation"));
        host.store.write(s -> {
            s.assignments()
                    .ofPrincipal(host.contoso.id(), host.simon.id().value())
                    .forEach(a -> s.assignments().delete(host.contoso.id(), a.id()));
            return s;
        });
        assertEquals(50105, number(client.refresh(wiki)));
        assertEquals(200, client.refresh(token).status());
        host.setEnabled(host.spa, false);
        assertEquals(7000112, number(client.refresh(token)));
    }

    @Test
    void endWithTheConsent() {
        String token = first();
        host.store.write(s -> {
            s.permissionGrants()
                    .list(host.contoso.id())
                    .forEach(g -> s.permissionGrants().delete(host.contoso.id(), g.id()));
            return s;
        });

        assertEquals(65001, number(client.refresh(token)));
    }

    @Test
    void scopesMayShrinkAndNotGrow() {
        String token = first();

        Answer fewer = client.refresh(token, "scope", "openid");
        Answer more = client.refresh(refreshToken(json(fewer)), "scope", SCOPE + " email");

        assertEquals("openid", json(fewer).path("scope").asString());
        assertEquals(65001, number(more), more.body());
    }

    @Test
    void slideFor90DaysOfUse() {
        String token = first();
        for (int month = 0; month < 6; month++) {
            host.clock.advance(Duration.ofDays(80));
            token = refreshed(token);
        }
        host.clock.advance(Duration.ofDays(90));

        assertEquals(700082, number(client.refresh(token)));
    }

    @Test
    void ofAPageEndADayAfterTheSignIn() {
        Application page = host.application(host.contoso, "page", List.of(), Optional.empty(), false, false);
        host.store.write(s -> {
            s.clientSettings()
                    .put(
                            host.contoso.id(),
                            page.id(),
                            new ClientSettings(
                                    List.of("https://page.example/"),
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    GroupClaims.NONE,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty()));
            return s;
        });
        var spa = new OidcClient(host, page, "https://page.example/");
        String token = refreshToken(spa.signIn(host.simon, SCOPE));

        host.clock.advance(Duration.ofHours(23));
        String second = refreshToken(json(spa.refresh(token)));
        host.clock.advance(Duration.ofHours(1));

        assertEquals(70008, number(spa.refresh(second)));
    }

    @Test
    void areTakenBackByTheirClient() {
        JsonNode tokens = client.signIn(host.simon, SCOPE);
        Map<String, String> form = Map.of("token", refreshToken(tokens));

        Answer revoked = client.post("/contoso/oauth2/v2.0/revoke", form);
        Answer unknown = client.post("/contoso/oauth2/v2.0/revoke", Map.of("token", "nonsense"));

        assertEquals(200, revoked.status());
        assertEquals(200, unknown.status());
        assertEquals(50132, number(client.refresh(refreshToken(tokens))));
        assertEquals(401, userInfo(tokens.path("access_token").asString()).status());
    }

    /// Every resource that is called reads the family in the access token, as its `sid`.
    @Test
    void cannotBeMadeUpToEndWhatASessionIdNames() {
        JsonNode tokens = client.signIn(host.simon, SCOPE);
        String sid = claims(tokens, "access_token").path("sid").asString();
        String second = refreshed(refreshToken(tokens));

        Answer madeUp = client.refresh("prt_" + sid.replace("-", "") + "_" + "A".repeat(43));

        assertEquals(70008, number(madeUp), madeUp.body());
        assertTrue(host.store.read(s -> s.audit().list(host.contoso.id(), 10)).stream()
                .noneMatch(e -> e.activity().equals("Revoke refresh token used twice")));
        assertEquals(200, client.refresh(second).status());
    }

    @Test
    void ofAClientThatProvesItselfAreNotTakenBackByWhoHoldsAnAccessToken() {
        var site = new GrantSite(host);
        OidcClient portal = new OidcClient(host, site.portal, GrantSite.REDIRECT).withSecret(site.portalSecret);
        JsonNode tokens = portal.signIn(site.user, "openid offline_access");
        Map<String, String> form = Map.of("token", tokens.path("access_token").asString());
        String path = "/contoso/oauth2/v2.0/revoke";

        Answer stranger = new OidcClient(host, site.portal, GrantSite.REDIRECT).post(path, form);
        Answer refreshed = portal.refresh(refreshToken(tokens));
        Answer itself = portal.post(path, form);

        assertEquals(7000218, number(stranger), stranger.body());
        assertEquals(200, refreshed.status(), refreshed.body());
        assertEquals(200, itself.status(), itself.body());
        assertEquals(50132, number(portal.refresh(refreshToken(json(refreshed)))));
    }

    @Test
    void aStolenCodeTakesThemBack() {
        String code = client.code(host.browser(), host.simon, SCOPE);
        JsonNode tokens = json(client.redeem(code));

        assertEquals(54005, number(client.redeem(code)));
        assertEquals(50132, number(client.refresh(refreshToken(tokens))));
    }

    private Answer userInfo(String accessToken) {
        return host.browser().get("/contoso/oauth2/v2.0/userinfo", "authorization", "Bearer " + accessToken);
    }
}
