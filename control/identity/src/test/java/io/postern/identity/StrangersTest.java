package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.identity.Browser.Answer;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.web.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What people and programs that nobody knows can make the store keep.
class StrangersTest {
    private static final int FLOOD = 1_000;
    private static final int OF_ONE = 60;

    @TempDir
    Path folder;

    private LoginHost host;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private List<JsonNode> log() {
        return host.store.read(s -> s.logs().find(host.contoso.id(), LogKind.SIGN_IN, LogQuery.newest(5_000))).stream()
                .map(entry -> Json.MAPPER.readTree(entry.text()))
                .toList();
    }

    private List<JsonNode> about(int number) {
        return log().stream()
                .filter(e -> e.path("status").path("errorCode").asInt() == number)
                .toList();
    }

    private static String details(JsonNode entry) {
        return entry.path("status").path("additionalDetails").asString();
    }

    private void flood(String address, int times) {
        Browser stranger = host.browser(address);
        for (int i = 0; i < times; i++) {
            Answer answer = stranger.post(
                    "/contoso/oauth2/v2.0/token",
                    Map.of("grant_type", "refresh_token", "refresh_token", "x", "client_id", "nobody-" + i));
            assertEquals("AADSTS700016", answer.body().replaceAll("(?s).*(AADSTS[0-9]+).*", "$1"), answer.body());
        }
    }

    @Test
    void aFloodOfUnknownClientsFillsNoLogAndIsCounted() {
        flood("192.0.2.66", FLOOD);

        assertEquals(OF_ONE, log().size());
        assertEquals(FLOOD - OF_ONE, host.identity.leftOut());
        host.identity.tellLeftOut();
        assertEquals(OF_ONE, log().size(), "the minute is not over");

        host.clock.advance(Duration.ofMinutes(1));
        host.identity.tellLeftOut();
        host.identity.tellLeftOut();

        assertEquals(OF_ONE + 1, log().size());
        JsonNode told = log().getFirst();
        assertEquals("192.0.2.66", told.path("ipAddress").asString());
        assertEquals(700016, told.path("status").path("errorCode").asInt());
        assertEquals(
                "The last of 940 entries about nobody that were left out since 2026-11-21T08:00:01Z: the log takes 60 "
                        + "such entries a minute from 192.0.2.66.",
                details(told));
        flood("192.0.2.66", 1);
        assertEquals(OF_ONE + 2, log().size(), "a new minute");
    }

    @Test
    void tellsOfAllBeforeTheProcessEnds() {
        flood("192.0.2.66", OF_ONE + 5);

        host.identity.tellRest();

        assertTrue(details(log().getFirst()).startsWith("The last of 5 "), details(log().getFirst()));
    }

    @Test
    void aNetworkOfManyAddressesIsOneStranger() {
        for (int i = 0; i < 70; i++) {
            flood("2001:db8:1:2:0:0:0:" + Integer.toHexString(i), 1);
        }

        assertEquals(OF_ONE, log().size());
    }

    @Test
    void manyStrangersTogetherFillNoLog() {
        for (int i = 0; i < 40; i++) {
            flood("198.51.100." + i, 30);
        }

        assertEquals(1_000, log().size());
        host.clock.advance(Duration.ofMinutes(1));
        host.identity.tellLeftOut();
        assertEquals(1_001, log().size());
        assertTrue(details(log().getFirst()).endsWith("takes 1000 such entries a minute."), details(log().getFirst()));
    }

    /// From the same address, in the same minute.
    @Test
    void whatAUserDoesIsToldAllTheSame() {
        flood("192.0.2.66", FLOOD);
        Browser browser = host.browser("192.0.2.66");
        String link = AuthorizeLink.of("contoso", host.wiki, LoginHost.CALLBACK).toString();

        browser.signIn(browser.get(link), "b.simon@contoso.example", "not it");
        browser.signIn(browser.get(link), "b.simon@contoso.example", LoginHost.PASSWORD);

        assertEquals(1, about(50126).size());
        assertEquals(
                List.of(0, 50140, 50126),
                log().stream()
                        .filter(e -> e.path("userId")
                                .asString()
                                .equals(host.simon.id().value()))
                        .map(e -> e.path("status").path("errorCode").asInt())
                        .toList());
    }

    @Test
    void aProgramsIdAloneMakesNoEntryOfItsOwn() {
        Browser stranger = host.browser("192.0.2.66");
        for (int i = 0; i < 70; i++) {
            stranger.post(
                    "/contoso/oauth2/v2.0/token",
                    Map.of(
                            "grant_type", "client_credentials",
                            "scope", "https://api.example/.default",
                            "client_id", host.wiki.appId().value()));
        }

        assertEquals(OF_ONE, log().size());
        assertTrue(log().stream()
                .allMatch(e -> e.path("servicePrincipalId").asString("").isEmpty()));
    }

    @Test
    void oneAddressGetsFewDeviceCodesAMinute() {
        var client = new OidcClient(host, host.spa, LoginHost.SPA_CALLBACK);
        int codes = 0;
        for (int i = 1; i < FLOOD; i++) {
            codes += asked(client).status() == 200 ? 1 : 0;
        }
        Answer last = asked(client);

        assertEquals(30, codes);
        assertEquals(429, last.status());
        assertEquals("60", last.fields().get("retry-after"));
        assertEquals(
                "temporarily_unavailable", OidcClient.json(last).path("error").asString());
        assertEquals(OF_ONE, about(90055).size(), "and its refusals fill no log");
        Answer elsewhere = host.browser("192.0.2.2")
                .post(
                        "/contoso/oauth2/v2.0/devicecode",
                        Map.of("scope", "openid", "client_id", host.spa.appId().value()));
        assertEquals(200, elsewhere.status(), elsewhere.body());
        host.clock.advance(Duration.ofMinutes(1));
        assertEquals(200, asked(client).status());
    }

    private static Answer asked(OidcClient client) {
        return client.post("/contoso/oauth2/v2.0/devicecode", Map.of("scope", "openid"));
    }

    @Test
    void manyAddressesTogetherGetNotEndlesslyManyDeviceCodes() {
        int codes = 0;
        for (int i = 0; i < 1_100; i++) {
            Answer answer = host.browser("198.51." + i / 100 + "." + i % 100)
                    .post(
                            "/contoso/oauth2/v2.0/devicecode",
                            Map.of(
                                    "scope",
                                    "openid",
                                    "client_id",
                                    host.spa.appId().value()));
            codes += answer.status() == 200 ? 1 : 0;
        }

        assertEquals(1_000, codes);
    }
}
