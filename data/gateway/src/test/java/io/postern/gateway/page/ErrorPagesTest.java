package io.postern.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.event.Cause;
import io.postern.domain.publish.Branding;
import io.postern.gateway.Pictures;
import io.postern.gateway.Requests;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ClientFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

class ErrorPagesTest {
    private final ErrorPages pages = new ErrorPages();
    private final ClientFacts client =
            Requests.client(Pictures.of(List.of(Pictures.passthrough("https://wiki.postern.test/"))));

    private static String field(Answer answer, String name) {
        CharSequence value = answer.fields().get(name);
        return value == null ? "" : value.toString();
    }

    @ParameterizedTest
    @EnumSource
    void everyCauseHasAPageWithStatusIdAndTime(Cause cause) throws IOException {
        ErrorKind kind = ErrorKind.of(cause);
        Answer answer = pages.page(cause, Requests.page("/secret?token=1"), client);

        assertEquals(kind.status(), answer.status());
        assertTrue(answer.body()
                .contains(kind.status() + " " + Texts.ENGLISH.said(kind).status()));
        assertTrue(answer.body().contains(Requests.EXCHANGE));
        assertTrue(answer.body().contains("2026-11-21T10:00:00Z"));
        assertTrue(answer.body().contains("What to do"));
        assertFalse(answer.body().contains("token=1"), "nothing of the request is repeated");
        assertFalse(answer.body().contains("corp.internal"), "nothing inside is named");
        Path shown = Files.createDirectories(Path.of("target", "pages"));
        Files.writeString(shown.resolve(kind.outcome() + ".html"), answer.body());
    }

    @ParameterizedTest
    @EnumSource
    void everyAnswerIsKeptFromCachesAndSniffers(Cause cause) {
        Answer answer = pages.page(cause, Requests.page("/"), client);

        assertEquals("no-store", field(answer, "cache-control"));
        assertEquals("nosniff", field(answer, "x-content-type-options"));
        assertEquals("no-referrer", field(answer, "referrer-policy"));
    }

    @Test
    void pageAllowsItsOwnStyleAndNothingElse() throws Exception {
        Answer answer = pages.page(Cause.NOTHING_PUBLISHED, Requests.page("/"), client);
        String style = answer.body().split("<style>", 2)[1].split("</style>", 2)[0];
        byte[] hash = java.security.MessageDigest.getInstance("SHA-256")
                .digest(style.getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertEquals(
                "default-src 'none'; style-src 'sha256-"
                        + java.util.Base64.getEncoder().encodeToString(hash)
                        + "'; base-uri 'none'; form-action 'none'",
                field(answer, "content-security-policy"));
        assertFalse(answer.body().contains("<script"));
        assertFalse(answer.body().contains("http://") || answer.body().contains("https://"));
        assertFalse(answer.body().contains(" style=\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html,application/xhtml+xml,*/*;q=0.8 | text/html; charset=utf-8",
                "application/json, text/plain, */* | application/json",
                "application/problem+json | application/json",
                "APPLICATION/JSON | application/json",
                "*/* | text/plain; charset=utf-8",
                "image/png | text/plain; charset=utf-8"
            })
    void formFollowsAccept(String accept, String contentType) {
        Answer answer = pages.page(Cause.CONNECT, Requests.head("GET", "/", "accept", accept), client);

        assertEquals(contentType, field(answer, "content-type"));
    }

    @Test
    void jsonNamesCodeStatusIdAndTime() {
        Answer answer = pages.page(Cause.NO_CONNECTOR, Requests.head("GET", "/", "accept", "application/json"), client);
        var error = JsonMapper.shared().readTree(answer.body()).path("error");

        assertEquals("gateway_timeout", error.path("code").asString());
        assertEquals(504, error.path("status").asInt());
        assertEquals(Requests.EXCHANGE, error.path("exchange").asString());
        assertEquals("2026-11-21T10:00:00Z", error.path("time").asString());
    }

    @Test
    void textIsThreeLines() {
        Answer answer = pages.page(Cause.NO_CONNECTOR, Requests.head("GET", "/"), client);

        assertEquals(3, answer.body().lines().count());
        assertTrue(answer.body().startsWith("504 Gateway Timeout\n"));
    }

    @Test
    void foreignWordsAreEscaped() throws IOException {
        var remark = Remark.said(
                "AADSTS50105: <script>alert(1)</script> & \"quotes\" 'too' {0}",
                "https://wiki.postern.test/?a=\"><img src=x>&b='");
        Answer answer = pages.page(Cause.NOT_ASSIGNED, Requests.page("/"), client, remark);

        assertTrue(answer.body()
                .contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot; &#39;too&#39; {0}"));
        assertTrue(answer.body()
                .contains("href=\"https://wiki.postern.test/?a=&quot;&gt;&lt;img src=x&gt;&amp;b=&#39;\""));
        assertFalse(answer.body().contains("<img"));
        Files.writeString(Files.createDirectories(Path.of("target", "pages")).resolve("remark.html"), answer.body());
    }

    @Test
    void aRequestWithABodyIsNotOfferedAgain() {
        var post = Requests.head("POST", "/", "accept", "text/html");

        assertFalse(pages.page(Cause.CONNECT, post, client).body().contains("Try again</a>"));
        assertTrue(pages.page(Cause.CONNECT, Requests.page("/"), client).body().contains("Try again</a>"));
    }

    @Test
    void methodNotAllowedNamesTheMethod() {
        assertEquals("GET", field(pages.page(Cause.METHOD_NOT_ALLOWED, Requests.page("/"), client), "allow"));
    }

    private static final String PIXEL =
            "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"; // a GIF of one pixel

    private static ClientFacts branded(Branding brand) {
        return Requests.client(
                Pictures.branded(Pictures.of(List.of(Pictures.passthrough("https://wiki.postern.test/"))), brand));
    }

    @Test
    void aTenantsNameColourAndLogoStandOnItsPages() throws IOException {
        var brand = new Branding(Optional.of("Contoso <GmbH>"), Optional.of("#ffd54f"), Optional.of(PIXEL));
        Answer answer = pages.page(Cause.MAINTENANCE, Requests.page("/"), branded(brand));

        assertTrue(answer.body().contains("<span>Contoso &lt;GmbH&gt;</span>"));
        assertTrue(answer.body().contains("--accent: #ffd54f"));
        assertTrue(answer.body().contains("--accent-ink: #000000"), "black is read better on light yellow");
        assertTrue(answer.body().contains("src=\"data:image/gif;base64," + PIXEL + "\""));
        assertTrue(field(answer, "content-security-policy").contains("img-src data:"));
        Files.writeString(Files.createDirectories(Path.of("target", "pages")).resolve("branded.html"), answer.body());
    }

    @ParameterizedTest
    @CsvSource({"red", "'#fff'", "'#0f5c5a;}'", "'#GGGGGG'"})
    void nothingButAColourIsAColour(String colour) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Branding(Optional.empty(), Optional.of(colour), Optional.empty()));
    }

    @Test
    void aLogoIsAnImageThatHoldsNoScript() {
        String svg = java.util.Base64.getEncoder()
                .encodeToString("<svg/>".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Branding(Optional.empty(), Optional.empty(), Optional.of(svg)));
    }
}
