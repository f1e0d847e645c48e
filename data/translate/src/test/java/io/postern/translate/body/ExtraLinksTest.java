package io.postern.translate.body;

import static io.postern.translate.body.Translated.html;
import static io.postern.translate.body.Translated.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.postern.translate.LinkPlace;
import io.postern.translate.LinkRules;
import io.postern.translate.UrlMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What goes beyond the original: each a switch of its own.
class ExtraLinksTest {
    @Test
    void textsInScripts() {
        String page = "<script>a='http://benefits.corp/x';b=\"http:\\/\\/benefits.corp\\/y\";c=`http://benefits.corp`"
                + ";d='see http://benefits.corp/';e=\"\\\"http://benefits.corp/\"</script>";
        assertEquals(page, html(page));
        assertEquals(
                "<script>a='https://benefits.example.com/x';b=\"https:\\/\\/benefits.example.com\\/y\""
                        + ";c=`https://benefits.example.com`"
                        + ";d='see http://benefits.corp/';e=\"\\\"http://benefits.corp/\"</script>",
                with(LinkPlace.SCRIPT, BodyKind.HTML, page));
    }

    @Test
    void textsInJson() {
        assertEquals(
                "{\"a\":\"https://benefits.example.com/x\",\"b\":\"https:\\/\\/benefits.example.com\\/\",\"c\":\"'http://benefits.corp\"}",
                with(
                        LinkPlace.JSON,
                        BodyKind.JSON,
                        "{\"a\":\"http://benefits.corp/x\",\"b\":\"http:\\/\\/benefits.corp\\/\",\"c\":\"'http://benefits.corp\"}"));
    }

    @Test
    void candidatesOfSrcset() {
        assertEquals(
                "<img srcset='https://benefits.example.com/a 1x, /b 2x,https://benefits.example.com/c'>",
                with(
                        LinkPlace.SRCSET,
                        BodyKind.HTML,
                        "<img srcset='http://benefits.corp/a 1x, /b 2x,http://benefits.corp/c'>"));
    }

    @Test
    void linksInXml() {
        assertEquals(
                "<svg><use xlink:href='https://benefits.example.com/#a'/><t>http://benefits.corp/</t></svg>",
                with(
                        LinkPlace.XML,
                        BodyKind.XML,
                        "<svg><use xlink:href='http://benefits.corp/#a'/><t>http://benefits.corp/</t></svg>"));
    }

    @Test
    void percentEncodedUrls() {
        String page = "<a href='/login?a=1&amp;to=http%3A%2F%2Fbenefits.corp%2Fx%3Fy&amp;b=http%3a//benefits.corp/'>";
        assertEquals(page, html(page));
        assertEquals(
                "<a href='/login?a=1&amp;to=https%3A%2F%2Fbenefits.example.com%2Fx%3Fy&amp;b=http%3a//benefits.corp/'>",
                with(LinkPlace.PERCENT_ENCODED, BodyKind.HTML, page));
    }

    private static List<String> seen(String page) {
        List<String> seen = new ArrayList<>();
        String out = Translated.translated(
                BodyKind.HTML,
                Translated.watched((place, url, verdict, becomes) -> seen.add(place + " " + url + " " + verdict
                        + becomes.map(b -> " " + b).orElse(""))),
                page);
        assertEquals(html(page), out);
        return seen;
    }

    /// The dry run sees what is not translated, and says why; the page is the same as without it.
    @Test
    void observerHearsOfEveryInternalLink() {
        assertEquals(
                List.of(
                        "ATTRIBUTE http://expenses.corp:8080/ TRANSLATED https://expenses.example.com/",
                        "ATTRIBUTE http://feedback.corp/f NOT_PUBLISHED",
                        "ATTRIBUTE http://travel.corp/ FOLDER_NOT_PUBLISHED",
                        "SCRIPT http://benefits.corp/s PLACE_SWITCHED_OFF https://benefits.example.com/s",
                        "ATTRIBUTE http://…@benefits.corp/ UNREADABLE",
                        "STYLE http://benefits.corp/i.png TRANSLATED https://benefits.example.com/i.png",
                        "ATTRIBUTE http://10.1.2.3/x NOT_PUBLISHED",
                        "ATTRIBUTE http://172.20.0.1/x NOT_PUBLISHED"),
                seen(
                        "<a href=http://expenses.corp:8080/?x><a href=http://feedback.corp/f><a href=http://travel.corp/>"
                                + "<a href=https://www.example.org/><script>'http://benefits.corp/s'</script>"
                                + "<a href=https://benefits.example.com/><a href=http://anna:x@benefits.corp/>"
                                + "<p style='a:url(http://benefits.corp/i.png)'><a href=http://10.1.2.3/x>"
                                + "<a href=http://172.20.0.1/x><a href=http://172.32.0.1/x><a href=/x><a href=mailto:a@b.corp>"));
    }

    /// PUB-9: an application that publishes a folder, whose pages link beside it.
    @Test
    void observerHearsOfPathsBesideThePublishedFolder() {
        List<String> seen = new ArrayList<>();
        var rules = Translated.rules(Translated.TRAVEL, Translated.ORIGINAL)
                .watched((place, url, verdict, becomes) ->
                        seen.add(url + " " + verdict + becomes.map(b -> " " + b).orElse("")));
        String page = "<a href=/trips/x?y><img src=/static/logo.png><a href=other>";
        assertEquals(
                "<a href=/t/x?y><img src=/static/logo.png><a href=other>",
                Translated.translated(BodyKind.HTML, rules, page));
        assertEquals(List.of("/trips/x TRANSLATED /t/x", "/static/logo.png FOLDER_NOT_PUBLISHED"), seen);
    }

    /// The version goes into entity tags: it changes with everything that changes pages.
    @Test
    void versionOfTheRulesChangesWithTheMapThePlacesAndTheApplication() {
        var rules = Translated.rules(Translated.BENEFITS, Translated.ORIGINAL);
        assertEquals(
                rules.version(),
                Translated.rules(Translated.BENEFITS, Translated.ORIGINAL).version());
        assertEquals(
                rules.version(),
                rules.watched((place, url, verdict, becomes) -> {}).version());
        assertNotEquals(
                rules.version(),
                Translated.rules(Translated.BENEFITS, Translated.ALL).version());
        assertNotEquals(
                rules.version(),
                Translated.rules(Translated.TRAVEL, Translated.ORIGINAL).version());
        var fewer = new UrlMap(List.of(Translated.BENEFITS, Translated.EXPENSES));
        var more = new UrlMap(List.of(Translated.EXPENSES, Translated.BENEFITS, Translated.TRAVEL));
        assertNotEquals(version(fewer), version(more));
        assertEquals(version(fewer), version(new UrlMap(List.of(Translated.EXPENSES, Translated.BENEFITS))));
    }

    private static long version(UrlMap map) {
        return new LinkRules(map, Translated.BENEFITS, Translated.ORIGINAL, Optional.empty()).version();
    }
}
