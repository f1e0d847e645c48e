package io.postern.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.TenantId;
import io.postern.domain.event.Cause;
import io.postern.domain.publish.Branding;
import io.postern.domain.publish.SignInSettings;
import io.postern.domain.publish.TenantSettings;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.domain.snapshot.Snapshot;
import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.RequestHead;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The language of error pages: what the user chose, what the browser accepts, what the tenant prefers, English.
class ErrorLanguageTest {
    private static final String COOKIE = "__Host-postern-language";
    private static final String ACCEPT = "accept-language";

    private final ErrorPages pages = new ErrorPages();

    /// @param language of the only tenant
    private static ClientFacts client(Optional<String> language) {
        return client(Map.of(Pictures.TENANT, "contoso"), language);
    }

    private static ClientFacts client(Map<TenantId, String> tenants, Optional<String> language) {
        PublishedApplication wiki = Pictures.passthrough("https://wiki.postern.test/");
        Snapshot plain = Pictures.of(List.of(wiki));
        var settings =
                new TenantSettings(Optional.empty(), Optional.empty(), Branding.NONE, language, SignInSettings.DEFAULT);
        return Requests.client(new Snapshot(
                plain.version(),
                plain.baseDomain(),
                tenants,
                plain.applications(),
                plain.certificates(),
                plain.tunnelCertificate(),
                plain.connectorAuthority(),
                plain.connectors(),
                plain.verificationKeys(),
                plain.revocations(),
                Map.of(Pictures.TENANT, settings),
                plain.orderProofs(),
                List.of()));
    }

    private String language(RequestHead head, ClientFacts client) {
        return language(pages.page(Cause.NO_CONNECTOR, head, client));
    }

    /// What the page says of itself, in the field and in itself.
    private static String language(Answer page) {
        String language = page.body().replaceAll("(?s).*<html lang=\"(..)\".*", "$1");
        assertEquals(language, page.fields().get("content-language").toString());
        return language;
    }

    @ParameterizedTest
    @EnumSource
    void everyCauseHasItsPageInGerman(Cause cause) {
        ErrorKind kind = ErrorKind.of(cause);
        Answer page = pages.page(
                cause,
                Requests.page("/", ACCEPT, "de"),
                client(Optional.empty()),
                kind == ErrorKind.MAINTENANCE
                        ? Remark.maintenance(Pictures.passthrough("https://wiki.postern.test/"))
                        : Remark.NONE);
        Texts.Said german = Texts.of("de").said(kind);
        Texts.Said english = Texts.ENGLISH.said(kind);

        assertEquals("de", language(page));
        assertTrue(page.body().contains("<h1>" + german.heading() + "</h1>"));
        assertTrue(page.body().contains(kind.status() + " " + german.status()));
        german.advice().forEach(line -> assertTrue(page.body().contains("<li>" + line + "</li>"), line));
        for (String text : List.of(english.heading(), english.explanation(), "What to do", "Exchange id")) {
            assertFalse(page.body().contains(text), text);
        }
        assertEquals(
                kind == ErrorKind.MAINTENANCE,
                page.body().contains("<blockquote>„Wiki“ wird gewartet und kommt wieder.</blockquote>"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7 | de",
                "en-GB,en;q=0.9,de;q=0.8 | en",
                "fr, de-CH;q=0.7, en;q=0.5 | de",
                "fr, en;q=0.1, de;q=0 | en",
                "fr | en"
            })
    void isTheBrowsers(String accept, String language) {
        assertEquals(language, language(Requests.page("/", ACCEPT, accept), client(Optional.empty())));
    }

    @Test
    void isTheTenantsWhereTheBrowserSaysNoneOfOurs() {
        ClientFacts german = client(Optional.of("de"));

        assertEquals("de", language(Requests.page("/"), german));
        assertEquals("de", language(Requests.page("/", ACCEPT, "fr, *;q=0.1"), german));
        assertEquals("en", language(Requests.page("/", ACCEPT, "fr, en;q=0.1"), german));
        assertEquals("en", language(Requests.page("/"), client(Optional.empty())));
    }

    @Test
    void isOfTheTenantWhoseHostItIs() {
        ClientFacts two = client(Map.of(Pictures.TENANT, "contoso", TenantId.random(), "fabrikam"), Optional.of("de"));
        RequestHead page = Requests.page("/");
        var elsewhere = new RequestHead("GET", "hr.postern.test", "/", page.fields(), false, false);

        assertEquals("de", language(page, two));
        assertEquals("en", language(elsewhere, two), "nothing tells whose name it is");
    }

    @Test
    void isWhatTheUserChoseWhereTheBrowserTellsIt() {
        ClientFacts german = client(Optional.of("de"));

        assertEquals("en", language(Requests.page("/", "cookie", "a=b; " + COOKIE + "=en", ACCEPT, "de"), german));
        assertEquals("de", language(Requests.page("/", "cookie", COOKIE + "=xx", ACCEPT, "de"), german));
        assertEquals(
                "de",
                language(Requests.page("/", "cookie", COOKIE + "=en; " + COOKIE + "=en", ACCEPT, "de"), german),
                "twice is planted");
    }

    @Test
    void fieldsOfSeveralLinesAreOne() {
        assertEquals("de", language(Requests.page("/", ACCEPT, "fr", ACCEPT, "de;q=0.3"), client(Optional.empty())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"de,", "a-", ",", "-", ";q=", "de;q=0.1", " ", "\u00e4", "*-", "q=1;"})
    void sixtyFourKibibytesOfGarbageAskForNothing(String piece) {
        String garbage = piece.repeat(64 * 1024 / piece.length());

        assertEquals("en", language(Requests.page("/", ACCEPT, garbage), client(Optional.empty())));
        assertEquals("de", language(Requests.page("/", ACCEPT, garbage), client(Optional.of("de"))));
    }

    @Test
    void ofOurOwnFaultDoesNotLeanOnTheTenant() {
        Answer fault = pages.page(Cause.INTERNAL, Requests.page("/"), client(Optional.of("de")));

        assertEquals("en", language(fault));
        assertEquals(
                "de", language(pages.page(Cause.INTERNAL, Requests.page("/", ACCEPT, "de"), client(Optional.empty()))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "*/*"})
    void whatProgramsReadIsEnglish(String accept) {
        RequestHead head = Requests.head("GET", "/", "accept", accept, ACCEPT, "de", "cookie", COOKIE + "=de");
        var remark = Remark.maintenance(Pictures.passthrough("https://wiki.postern.test/"));
        Answer answer = pages.page(Cause.MAINTENANCE, head, client(Optional.of("de")), remark);

        assertTrue(answer.body().contains("“Wiki” is under maintenance"), answer.body());
        assertEquals("en", answer.fields().get("content-language").toString());
    }
}
